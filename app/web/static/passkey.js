// Passkeys: asks the browser for the key and sends its answer. Flask-Security's own functions do the translating.
"use strict";

const form = document.querySelector("[data-passkey]");
if (form) {
  const ask = form.dataset.passkey === "register" ? handleRegister : handleSignin;
  ask(form.dataset.options).then((answer) => {
    if (answer.credential) {
      document.getElementById("credential").value = answer.credential;
      form.submit();
    } else {
      document.getElementById("passkey-state").textContent = form.dataset.failed;
    }
  });
}
