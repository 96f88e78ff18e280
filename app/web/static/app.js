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
