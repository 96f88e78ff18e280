// What is typed stays on this device until it is sent, for a day at most; what was sent without a network is sent as soon
// as there is one. Without this file the form is sent as every form is, and stored once in any case.
"use strict";

const A_DAY = 24 * 60 * 60 * 1000;
const TRY_AGAIN = 30 * 1000;
const entry = document.getElementById("fragebogen");
const place = entry ? new URL(entry.action).pathname : location.pathname.replace(/\/danke$/, "");
const key = `kompass:${place}`;
// A form opened with a code keeps its own token: the code can be used once anyway.
const byCode = location.pathname.startsWith("/c/");

function recall() {
  try {
    const draft = JSON.parse(localStorage.getItem(key));
    if (draft && Date.now() - draft.at < A_DAY) {
      return draft;
    }
    localStorage.removeItem(key);
  } catch { /* no storage, nothing kept */ }
  return null;
}

function forget() {
  try { localStorage.removeItem(key); } catch { /* no storage, nothing kept */ }
}

function keep(pending = false) {
  const fields = [...new FormData(entry)].filter(([name, value]) => value && name !== "token" && name !== "homepage");
  try {
    localStorage.setItem(key, JSON.stringify({ at: Date.now(), token: entry.elements.token.value, fields, pending }));
  } catch { /* no storage, nothing kept */ }
}

function tell(message) {
  const note = document.getElementById("bewahrt");
  note.querySelector("p").textContent = note.dataset[message];
  note.hidden = false;
}

function restore(draft) {
  for (const [name, value] of draft.fields) {
    for (const field of entry.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (field.matches("textarea")) {
        field.value = value;
      } else if (field.value === value) {
        field.checked = true;
      }
    }
  }
  if (!byCode) {
    // Two tabs, or the way back: it is the same response, and stored once.
    entry.elements.token.value = draft.token;
  }
  entry.dispatchEvent(new Event("change"));
}

let sending = false;

async function send() {
  if (sending) {
    return;
  }
  sending = true;
  keep(true);
  let answer;
  try {
    answer = await fetch(entry.action, { method: "POST", body: new URLSearchParams(new FormData(entry)) });
  } catch {
    sending = false;
    tell("offline");
    setTimeout(send, TRY_AGAIN);
    return;
  }
  if (answer.ok && answer.redirected) {
    forget();
    location.replace(answer.url);
  } else {
    // The page that says what is wrong is the server's; nothing was stored, so that it may be asked again.
    keep();
    entry.submit();
  }
}

if (!entry) {
  forget();
} else {
  const draft = recall();
  const mending = document.querySelector("main [role=alert]");
  if (draft?.fields.length && !mending) {
    restore(draft);
    tell(draft.pending ? "sending" : "restored");
    if (draft.pending) {
      send();
    }
  }
  entry.addEventListener("input", () => keep());
  entry.addEventListener("change", () => keep());
  entry.addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  addEventListener("online", () => {
    if (recall()?.pending) {
      tell("sending");
      send();
    }
  });
  document.getElementById("neu-beginnen").addEventListener("click", () => {
    forget();
    location.reload();
  });
}
