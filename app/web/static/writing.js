// Saving while somebody writes, a draft on this device until it is saved, and who else is here.
// Without this file the save button does the same, one step later.
"use strict";

const PAUSE = 1500;
const RETRY = 5000;
const FORTNIGHT = 14 * 24 * 3600 * 1000;
const PREFIX = "kompass-entwurf:";

for (const form of document.querySelectorAll("form[data-autosave]")) {
  keepSaving(form);
}

function keepSaving(form) {
  const key = PREFIX + form.dataset.autosave;
  const state = form.querySelector("[data-saving]");
  let timer = 0;
  let sending = false;
  let stopped = false;
  let sent = contents(form);

  restoreDraft();
  forgetOldDrafts();
  form.addEventListener("input", () => { keepDraft(); wait(PAUSE); });
  form.addEventListener("change", () => { keepDraft(); wait(PAUSE); });
  form.addEventListener("submit", () => { clearTimeout(timer); stopped = true; keepDraft(true); });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit(form.querySelector("button[value=next]"));
    }
  });
  window.addEventListener("online", () => wait(0));

  function wait(pause) {
    clearTimeout(timer);
    if (stopped || contents(form) === sent) {
      return;
    }
    say(state.dataset.waiting);
    timer = setTimeout(save, pause);
  }

  async function save() {
    if (sending || stopped) {
      wait(PAUSE);
      return;
    }
    sending = true;
    const body = new FormData(form);
    const now = contents(form);
    try {
      const response = await fetch(form.action, {
        method: "POST", body: new URLSearchParams(body), headers: { Accept: "application/json" }, redirect: "manual",
      });
      sending = false;
      await read(response, now);
    } catch {
      sending = false;
      say(state.dataset.offline);
      clearTimeout(timer);
      timer = setTimeout(save, RETRY);
    }
  }

  async function read(response, now) {
    const isAnswer = (response.headers.get("Content-Type") || "").startsWith("application/json");
    if (!isAnswer) {
      say(state.dataset.away);
      return;
    }
    const answer = await response.json();
    if (answer.conflict) {
      stopped = true;  // From here on a person decides; the draft stays.
      say(state.dataset.conflict);
    } else if (answer.problem) {
      say(answer.problem);
    } else {
      form.elements.version.value = answer.version;
      sent = now;
      say(`${state.dataset.saved} ${answer.at}`);
      if (contents(form) === sent) {
        localStorage.removeItem(key);
      } else {
        keepDraft();
        wait(PAUSE);
      }
    }
  }

  function keepDraft(submitted = false) {
    const draft = { at: Date.now(), version: form.elements.version.value, fields: contents(form), submitted };
    try {
      localStorage.setItem(key, JSON.stringify(draft));
    } catch {
      // No room, or storage is forbidden: the save button is still there.
    }
  }

  // What was not saved last time comes back with the version it was based on, so that a change since is noticed.
  function restoreDraft() {
    const draft = JSON.parse(localStorage.getItem(key) || "null");
    const arrived = draft && draft.submitted && draft.version !== form.elements.version.value;
    if (!draft || arrived || draft.fields === sent || "cameBack" in form.dataset) {
      localStorage.removeItem(key);
      return;
    }
    for (const element of form.elements) {
      const values = JSON.parse(draft.fields)[element.name];
      if (!values || element.type === "hidden") {
        continue;
      }
      if (element.type === "radio" || element.type === "checkbox") {
        element.checked = values.includes(element.value);
      } else if (element.type !== "submit") {
        element.value = values[0];
      }
    }
    form.elements.version.value = draft.version;
    wait(PAUSE);
    say(state.dataset.restored);
  }

  function say(text) {
    if (state.textContent !== text) {
      state.textContent = text;
    }
  }
}

// Once somebody has chosen between two versions, the draft has done its duty.
for (const choice of document.querySelectorAll("[data-drop-draft]")) {
  choice.addEventListener(choice.tagName === "FORM" ? "submit" : "click", () => {
    localStorage.removeItem(PREFIX + choice.dataset.dropDraft);
  });
}

// What a person can change in a form, as text to compare.
function contents(form) {
  const found = {};
  for (const element of form.elements) {
    if (element.name && element.type !== "hidden" && element.type !== "submit") {
      found[element.name] = found[element.name] || [];
      if (element.type !== "radio" && element.type !== "checkbox") {
        found[element.name].push(element.value);
      } else if (element.checked) {
        found[element.name].push(element.value);
      }
    }
  }
  return JSON.stringify(found);
}

function forgetOldDrafts() {
  for (const name of Object.keys(localStorage).filter((key) => key.startsWith(PREFIX))) {
    if (Date.now() - (JSON.parse(localStorage.getItem(name)).at || 0) > FORTNIGHT) {
      localStorage.removeItem(name);
    }
  }
}

// Who else has this open: asked every 20 seconds, and only while the page is looked at.
const present = document.querySelector("[data-present]");
if (present) {
  const token = document.querySelector("input[name=csrf_token]").value;
  const look = async () => {
    if (document.hidden) {
      return;
    }
    try {
      const response = await fetch(present.dataset.present, {
        method: "POST", headers: { "X-CSRFToken": token, Accept: "application/json" }, redirect: "manual",
      });
      if (response.ok) {
        const { others } = await response.json();
        const text = others.length ? `${present.dataset.text} ${others.join(", ")}` : "";
        if (present.textContent.trim() !== text) {
          present.textContent = text;
        }
      }
    } catch {
      // Offline: nothing to say.
    }
  };
  look();
  setInterval(look, 20000);
}
