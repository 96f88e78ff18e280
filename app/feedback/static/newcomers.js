// Questions appear as they apply. Without this file all are there, and what concerns somebody is for them to say.
"use strict";

const form = document.getElementById("fragebogen");
const ruled = form.querySelectorAll("[data-shown-if], [data-hidden-if]");

// The rules mean what questionnaires/answers.py says; a hidden question has no answer.
function chosen(question) {
  const boxes = form.querySelectorAll(`[name="${question}"]:checked`);
  return [...boxes].filter((box) => !box.matches(":disabled")).map((box) => box.value).filter(Boolean);
}

function holds([question, anyOf, noneOf]) {
  const options = chosen(question);
  return (!anyOf.length || anyOf.some((option) => options.includes(option))) && !noneOf.some((option) => options.includes(option));
}

function applies(fieldset) {
  const shownIf = JSON.parse(fieldset.dataset.shownIf ?? "[]");
  const hiddenIf = JSON.parse(fieldset.dataset.hiddenIf ?? "[]");
  return (!shownIf.length || shownIf.some(holds)) && !hiddenIf.some((rule) => chosen(rule[0]).length && holds(rule));
}

function show() {
  for (const fieldset of ruled) {
    fieldset.disabled = fieldset.hidden = !applies(fieldset);
  }
  for (const section of form.querySelectorAll("section")) {
    section.hidden = !section.querySelector(".fb-question:not([hidden])");
  }
}

form.addEventListener("change", show);
addEventListener("pageshow", show);
show();

// After a form came back with mistakes, the summary of them is where reading goes on.
document.querySelector(".wk-error-summary")?.focus();
