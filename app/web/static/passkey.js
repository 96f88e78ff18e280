// Passkeys: asks the browser for the key and sends its answer. Flask-Security's own functions do the translating.
"use strict";

const form = document.querySelector("[data-passkey]");
if (form) {
  const state = form.querySelector("[role=status]");
  const again = form.querySelector("button");
  const asking = state.textContent;

  const ask = async () => {
    again.hidden = true;
    state.textContent = asking;
    const question = form.dataset.passkey === "register" ? handleRegister : handleSignin;
    const answer = await question(form.dataset.options);
    if (answer.credential) {
      form.elements.credential.value = answer.credential;
      form.submit();
    } else {
      state.textContent = form.dataset.failed;
      again.hidden = false;
    }
  };
  again.addEventListener("click", ask);
  ask();
}
