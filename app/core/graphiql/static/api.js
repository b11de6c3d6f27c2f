// One request to /graphql, as the sign-in box and GraphiQL make it.

const ENDPOINT = new URL("/graphql", location.href);

export const socketUrl = () => {
  const url = new URL(ENDPOINT);
  url.protocol = url.protocol.replace("http", "ws");
  return url.href;
};

// Seconds matter for token expiry, and the clock of a laptop may be off: the server's Date decides.
let clockOffset = 0;
export const serverNow = () => Date.now() + clockOffset;

export async function post(params, headers = {}) {
  const response = await fetch(ENDPOINT, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/graphql-response+json, application/json;q=0.9",
      ...headers,
    },
    body: JSON.stringify(params),
  });
  const date = Date.parse(response.headers.get("date"));
  if (!Number.isNaN(date)) clockOffset = date - Date.now();
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${response.status} ${response.statusText}: ${text.slice(0, 300)}`);
  }
}

// crypto.randomUUID is missing where the page is not on https or localhost.
export function randomId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
