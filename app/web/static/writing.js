// Saving while somebody writes, a draft on this device until it is saved, and who else is here.
// Without this file the save button does the same, one step later.
"use strict";

const PAUSE = 1500;
const RETRY = 5000;
const FORTNIGHT = 14 * 24 * 3600 * 1000;
const PREFIX = "kompass-entwurf:";

forgetOldDrafts();
for (const form of document.querySelectorAll("form[data-autosave]")) {
  keepSaving(form);
}
for (const form of document.querySelectorAll("form[data-draft]")) {
  keepOnDevice(form);
}

// Sends what changes to the service, a moment after the last key.
function keepSaving(form) {
  const draft = draftOf(form, form.dataset.autosave, () => form.elements.version.value);
  const state = form.querySelector("[data-saving]");
  let timer = 0;
  let sending = false;
  let stopped = false;
  let sent = contents(form);

  const version = draft.restore();
  if (version !== null) {
    form.elements.version.value = version;
    wait(PAUSE);
    say(state, state.dataset.restored);
  }
  for (const kind of ["input", "change"]) {  // A change also comes when the field is left, long after it was saved.
    form.addEventListener(kind, () => { contents(form) === sent ? draft.drop() : draft.keep(); wait(PAUSE); });
  }
  form.addEventListener("submit", () => { clearTimeout(timer); stopped = true; draft.keep(true); });
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
    say(state, state.dataset.waiting);
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
      say(state, state.dataset.offline);
      clearTimeout(timer);
      timer = setTimeout(save, RETRY);
    }
  }

  async function read(response, now) {
    const isAnswer = (response.headers.get("Content-Type") || "").startsWith("application/json");
    if (!isAnswer) {
      say(state, state.dataset.away);
      return;
    }
    const answer = await response.json();
    if (answer.conflict) {
      stopped = true;  // From here on a person decides; the draft stays.
      say(state, state.dataset.conflict);
    } else if (answer.problem) {
      say(state, answer.problem);
    } else {
      // Also in what else stands on the page: taking over builds on what was just saved.
      for (const field of document.querySelectorAll("input[name=version]")) {
        field.value = answer.version;
      }
      sent = now;
      say(state, `${state.dataset.saved} ${answer.at}`);
      if (contents(form) === sent) {
        draft.drop();
      } else {
        draft.keep();
        wait(PAUSE);
      }
    }
  }
}

// Keeps a form that makes something new, which is saved as a whole or not at all. data-newest changes with every new one:
// so a form that was sent and did not arrive comes back, and one that arrived does not.
function keepOnDevice(form) {
  const draft = draftOf(form, form.dataset.draft, () => form.dataset.newest);
  const state = form.querySelector("[data-saving]");
  if (draft.restore() !== null) {
    say(state, state.dataset.restored);
  }
  const keep = () => { draft.keep(); say(state, state.dataset.kept); };
  form.addEventListener("input", keep);
  form.addEventListener("change", keep);
  form.addEventListener("submit", () => draft.keep(true));
}

// What somebody typed and nobody has saved yet, in the browser's own storage, with the version it was based on.
function draftOf(form, name, version) {
  const key = PREFIX + name;
  const first = contents(form);

  function keep(submitted = false) {
    const draft = { at: Date.now(), version: version(), fields: contents(form), submitted };
    try {
      localStorage.setItem(key, JSON.stringify(draft));
    } catch {
      // No room, or storage is forbidden: the save button is still there.
    }
  }

  function drop() {
    localStorage.removeItem(key);
  }

  // Puts back what was not saved last time; gives the version it was based on, so that a change since is noticed.
  function restore() {
    const draft = JSON.parse(localStorage.getItem(key) || "null");
    const arrived = draft && draft.submitted && draft.version !== version();
    if (!draft || arrived || draft.fields === first || "cameBack" in form.dataset) {
      drop();
      return null;
    }
    fill(form, JSON.parse(draft.fields));
    return draft.version;
  }

  return { keep, drop, restore };
}

function say(state, text) {
  if (state.textContent !== text) {
    state.textContent = text;
  }
}

// Once somebody has chosen between two versions, the draft has done its duty.
for (const choice of document.querySelectorAll("[data-drop-draft]")) {
  choice.addEventListener(choice.tagName === "FORM" ? "submit" : "click", () => {
    localStorage.removeItem(PREFIX + choice.dataset.dropDraft);
  });
}

// What a person can change in a form, as text to compare. A file cannot be kept: the browser would not give it back.
function contents(form) {
  const found = {};
  for (const element of changeable(form)) {
    found[element.name] = found[element.name] || [];
    if (element.type !== "radio" && element.type !== "checkbox") {
      found[element.name].push(element.value);
    } else if (element.checked) {
      found[element.name].push(element.value);
    }
  }
  return JSON.stringify(found);
}

function fill(form, fields) {
  for (const element of changeable(form)) {
    const values = fields[element.name];
    if (!values) {
      continue;
    }
    if (element.type === "radio" || element.type === "checkbox") {
      element.checked = values.includes(element.value);
    } else {
      element.value = values[0];
    }
  }
}

function changeable(form) {
  return [...form.elements].filter((element) => element.name && !["hidden", "submit", "file"].includes(element.type));
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
