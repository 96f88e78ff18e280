// Typing in paper sheets by keyboard alone: a digit fills a field and goes on. The screen works without this file.
"use strict";

const sheet = document.getElementById("bogen");
const fields = [...sheet.querySelectorAll("input:not([type=hidden]), textarea, select, button")];
const after = (field) => fields[fields.indexOf(field) + 1] ?? field;

for (const field of sheet.querySelectorAll("[data-keys='1']")) {
  field.addEventListener("input", (event) => {
    if (event.inputType?.startsWith("insert") && field.value.length === 1) {
      after(field).focus();
    }
  });
  field.addEventListener("focus", () => { field.select(); });
}

sheet.addEventListener("keydown", (event) => {
  const field = event.target;
  const writes = field.matches("textarea") && event.shiftKey;
  if (event.key !== "Enter" || writes || field.matches("button")) {
    return;
  }
  event.preventDefault();
  if (event.ctrlKey || after(field).matches("button")) {
    sheet.requestSubmit();
  } else {
    after(field).focus();
  }
});

// The sheet can go only once, however often Enter is hit; the server stores it once in any case.
let sent = false;
sheet.addEventListener("submit", (event) => {
  if (sent) {
    event.preventDefault();
  }
  sent = true;
});
addEventListener("pageshow", () => { sent = false; });

(document.querySelector("[aria-invalid=true]") ?? fields[0]).focus();
