// The signed-in session: kept in sessionStorage, refreshed before it expires, announced to whoever listens.

import { post, randomId, serverNow } from "./api.js";

const SESSION_KEY = "parley:session";
const INSTALLATION_KEY = "parley:installation";
const RETRY_MS = 5_000;
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

const SESSION_FIELDS = `
  errors { code message field }
  tokens { accessToken accessExpiresAt refreshToken refreshExpiresAt }
  viewer { id user { displayName username } }`;

const DOCUMENTS = {
  logIn: `mutation LogIn($input: LogInInput!) { logIn(input: $input) { ${SESSION_FIELDS} } }`,
  register: `mutation Register($input: RegisterInput!) { register(input: $input) { ${SESSION_FIELDS} } }`,
  verifyOtp: `mutation VerifyOtp($input: VerifyOtpInput!) { verifyOtp(input: $input) { ${SESSION_FIELDS} } }`,
  refreshSession: `mutation Refresh($input: RefreshSessionInput!) { refreshSession(input: $input) { ${SESSION_FIELDS} } }`,
  requestOtp: `mutation RequestOtp($input: RequestOtpInput!) { requestOtp(input: $input) { errors { code message field } } }`,
  logOut: `mutation LogOut($input: LogOutInput!) { logOut(input: $input) { errors { code message field } } }`,
};

class Refused extends Error {}

const listeners = new Set();
const issuedTokens = new Set();
let session = null;
let timer = null;
let refreshing = null;

export const currentSession = () => session;
export function onSessionChange(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
export const authorization = () => (session ? `Bearer ${session.tokens.accessToken}` : null);

/** True for a header this page filled in, now or earlier: it may replace it, never what a person typed. */
export const isOwnAuthorization = (value) => issuedTokens.has(String(value).replace(/^Bearer /, ""));

async function call(name, input, headers) {
  const { data, errors } = await post({ query: DOCUMENTS[name], variables: { input } }, headers);
  const payload = data?.[name];
  const problems = errors ?? payload?.errors ?? [];
  if (problems.length) throw new Refused(problems.map((problem) => problem.message).join(" "));
  if (!payload) throw new Error("The server gave no answer.");
  return payload;
}

function device() {
  let installationId = localStorage.getItem(INSTALLATION_KEY);
  if (!installationId) {
    installationId = randomId();
    localStorage.setItem(INSTALLATION_KEY, installationId);
  }
  return { name: "GraphiQL", platform: "WEB", installationId };
}

function become(next, reason = "") {
  session = next;
  clearTimeout(timer);
  if (next) {
    issuedTokens.add(next.tokens.accessToken);
    sessionStorage.setItem(SESSION_KEY, JSON.stringify(next));
    scheduleRefresh();
  } else {
    sessionStorage.removeItem(SESSION_KEY);
  }
  for (const listener of listeners) listener(next, reason);
}

function scheduleRefresh() {
  const left = Date.parse(session.tokens.accessExpiresAt) - serverNow();
  const early = Math.min(60_000, left / 4);
  const delay = Math.min(Math.max(left - early, 1_000), LONGEST_TIMEOUT_MS);
  timer = setTimeout(() => refresh().catch(() => {}), delay);
}

/** One refresh at a time: a refresh token is good for one use. */
export function refresh() {
  refreshing ??= renew().finally(() => (refreshing = null));
  return refreshing;
}

async function renew() {
  const before = session;
  try {
    const payload = await call("refreshSession", { refreshToken: before.tokens.refreshToken });
    if (session !== before) return; // signed out meanwhile
    become({ tokens: payload.tokens, viewer: payload.viewer ?? before.viewer });
  } catch (error) {
    if (session !== before) return;
    if (error instanceof Refused) become(null, `Session ended: ${error.message}`);
    else timer = setTimeout(() => refresh().catch(() => {}), RETRY_MS);
    throw error;
  }
}

/** A laptop that slept missed its timer: look before each use. */
export async function freshAuthorization() {
  if (session && Date.parse(session.tokens.accessExpiresAt) - serverNow() < 5_000) {
    await refresh().catch(() => {});
  }
  return authorization();
}

async function signIn(name, input) {
  const { tokens, viewer } = await call(name, { ...input, device: device() });
  become({ tokens, viewer });
}

export const logIn = (input) => signIn("logIn", input);
export const register = (input) => signIn("register", input);
export const verifyOtp = (input) => signIn("verifyOtp", input);
export const requestOtp = (input) => call("requestOtp", input);

export async function signOut() {
  const header = await freshAuthorization();
  become(null);
  if (header) await call("logOut", {}, { Authorization: header });
}

export function restoreSession() {
  const stored = sessionStorage.getItem(SESSION_KEY);
  become(stored && JSON.parse(stored));
}
