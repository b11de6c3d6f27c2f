// What the two pages do with the token behind #, which no server has seen.

const purpose = document.body.dataset.purpose;
const form = document.getElementById(purpose);
const status = document.getElementById("status");
const token = new URLSearchParams(location.hash.slice(1)).get("token");
history.replaceState(null, "", location.pathname); // neither over the shoulder nor in the history

const ERRORS = "errors { code message }";
const SIGNED_IN = `${ERRORS} challenge tokens { accessToken }`;

function tell(text, failed = false) {
  status.textContent = text;
  status.className = failed ? "failed" : "";
}

// The payload of one mutation; throws what the person is to read.
async function mutate(name, type, input, { selection = ERRORS, bearer } = {}) {
  const query = `mutation($input: ${type}!) { ${name}(input: $input) { ${selection} } }`;
  const headers = { "content-type": "application/json", accept: "application/graphql-response+json" };
  if (bearer) headers.authorization = `Bearer ${bearer}`;
  const response = await fetch("/graphql", {
    method: "POST", credentials: "omit", headers, body: JSON.stringify({ query, variables: { input } }),
  });
  const { data, errors } = await response.json();
  const payload = data?.[name];
  if (!payload) throw new Error(errors?.[0]?.message ?? "This did not work: try again.");
  if (payload.errors.length && payload.errors[0].code !== "SECOND_FACTOR_REQUIRED") {
    throw new Error(payload.errors[0].message);
  }
  return payload;
}

function randomId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

let challenge = null;

async function signIn(fields) {
  if (challenge) {
    return mutate("verifyTwoFactor", "VerifyTwoFactorInput", { challenge, code: fields.get("code") },
      { selection: SIGNED_IN });
  }
  const device = { name: "Confirming an address", platform: "WEB", installationId: randomId() };
  const input = { identifier: fields.get("identifier"), password: fields.get("password"), device };
  return mutate("logIn", "LogInInput", input, { selection: SIGNED_IN });
}

async function verifyEmail(fields) {
  const signedIn = await signIn(fields);
  if (!signedIn.tokens) {
    challenge = signedIn.challenge;
    form.elements.code.parentElement.hidden = false;
    form.elements.code.required = true;
    form.elements.code.focus();
    return "Now the code of your authenticator, or a recovery code.";
  }
  const bearer = signedIn.tokens.accessToken;
  challenge = null;
  try {
    await mutate("verifyEmail", "VerifyEmailInput", { token }, { bearer });
  } finally {
    await mutate("logOut", "LogOutInput", {}, { bearer });
  }
  form.hidden = true;
  return "The address is confirmed. You can close this page.";
}

async function resetPassword(fields) {
  if (fields.get("password") !== fields.get("again")) throw new Error("The two passwords differ.");
  await mutate("resetPassword", "ResetPasswordInput", { token, newPassword: fields.get("password") });
  form.hidden = true;
  return "The password is changed. Sign in with it now.";
}

if (!token) {
  tell("This link is not whole: open it from the mail.", true);
} else {
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button");
    button.disabled = true;
    tell("…");
    try {
      const act = purpose === "VERIFY_EMAIL" ? verifyEmail : resetPassword;
      tell(await act(new FormData(form)));
    } catch (error) {
      tell(error.message, true);
    } finally {
      button.disabled = false;
    }
  });
}
