// The bar above GraphiQL: sign in, register, sign in with a code, sign out.

import { currentSession, logIn, onSessionChange, register, requestOtp, signOut, verifyOtp } from "./session.js";

const ACTIONS = { logIn, register, code: verifyOtp };
const bar = document.getElementById("bar");
const notice = document.getElementById("notice");

function tell(message, isError = false) {
  notice.textContent = message;
  notice.classList.toggle("error", isError);
}

async function attempt(button, action, done = "") {
  button.disabled = true;
  tell("");
  try {
    await action();
    tell(done);
  } catch (error) {
    tell(error.message, true);
  } finally {
    button.disabled = false;
  }
}

function chooseMode(mode) {
  for (const form of bar.querySelectorAll("form")) form.hidden = form.dataset.mode !== mode;
  for (const button of bar.querySelectorAll(".modes button")) {
    button.setAttribute("aria-pressed", button.dataset.mode === mode);
  }
  tell("");
  bar.querySelector(`form[data-mode="${mode}"] input`).focus();
}

function show(session, reason = "") {
  document.getElementById("signed-out").hidden = Boolean(session);
  document.getElementById("signed-in").hidden = !session;
  const user = session?.viewer?.user;
  document.getElementById("who").textContent = user
    ? `${user.displayName}${user.username ? ` @${user.username}` : ""}`
    : "Signed in";
  if (reason) tell(reason, true);
}

export function startBar() {
  for (const button of bar.querySelectorAll(".modes button")) {
    button.addEventListener("click", () => chooseMode(button.dataset.mode));
  }
  for (const form of bar.querySelectorAll("form")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const input = Object.fromEntries(new FormData(form));
      const button = form.querySelector("button:not([type])");
      attempt(button, async () => {
        await ACTIONS[form.dataset.mode](input);
        form.reset();
      });
    });
  }
  const sendCode = document.getElementById("send-code");
  sendCode.addEventListener("click", () => {
    const { identifier, code } = sendCode.form.elements;
    if (!identifier.reportValidity()) return;
    const hint = "Code sent. In development it is printed on the server's console.";
    attempt(sendCode, () => requestOtp({ identifier: identifier.value }).then(() => code.focus()), hint);
  });
  const leave = document.getElementById("sign-out");
  leave.addEventListener("click", () => attempt(leave, signOut));
  onSessionChange(show);
  show(currentSession());
}
