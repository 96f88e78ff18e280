// Comforts for the workspace. Every page works without this file.
"use strict";

// After a form came back with mistakes, the summary of them is where reading goes on.
const summary = document.querySelector(".wk-error-summary");
if (summary) {
  summary.focus();
}

// Leaving a form with unsaved input asks once. Forms opt in with data-unsaved.
for (const form of document.querySelectorAll("form[data-unsaved]")) {
  let unsaved = false;
  form.addEventListener("input", () => { unsaved = true; });
  form.addEventListener("submit", () => { unsaved = false; });
  window.addEventListener("beforeunload", (event) => {
    if (unsaved) {
      event.preventDefault();
    }
  });
}

// A page about work that goes on loads itself again; without script there is a link for it.
const waiting = document.querySelector("[data-reload-after]");
if (waiting) {
  setTimeout(() => { location.reload(); }, Number(waiting.dataset.reloadAfter) * 1000);
}

// A group of the menu folds in again with Escape, and when the reader turns to something else.
const menus = document.querySelectorAll(".wk-navigation details");
const fold = (kept) => menus.forEach((menu) => { menu.open = menu.open && menu === kept; });
document.addEventListener("click", (event) => fold(event.target.closest(".wk-navigation details")));
document.addEventListener("focusin", (event) => fold(event.target.closest(".wk-navigation details")));
document.addEventListener("keydown", (event) => {
  const open = document.querySelector(".wk-navigation details[open]");
  if (event.key === "Escape" && open) {
    fold(null);
    open.querySelector("summary").focus();
  }
});
