// How GraphiQL reaches the server: queries and mutations by POST, subscriptions each on a WebSocket of its own.

import { post, socketUrl } from "./api.js";
import { logStream } from "./stream.js";
import { freshAuthorization, isOwnAuthorization, onSessionChange } from "./session.js";

const RENEW = `mutation Renew($input: RenewConnectionInput!) { renewConnection(input: $input) { errors { message } } }`;
const liveClients = new Set();

/** What is visible in the headers editor is what is sent; only a token this page filled in is swapped for its successor. */
async function currentHeaders(visible = {}) {
  const name = Object.keys(visible).find((key) => key.toLowerCase() === "authorization");
  if (!name || !isOwnAuthorization(visible[name])) return visible;
  const { [name]: _stale, ...others } = visible;
  const fresh = await freshAuthorization();
  return fresh ? { ...others, [name]: fresh } : others;
}

function describe(reason) {
  if (Array.isArray(reason)) return { errors: reason };
  const text = "code" in reason ? `WebSocket closed: ${reason.code} ${reason.reason}` : reason.message;
  return { errors: [{ message: text?.trim() || "The WebSocket failed." }] };
}

function subscribe(params, headers) {
  return {
    subscribe(observer) {
      // No silent retry: a stream that broke has missed events, and its reader should know.
      const client = graphqlWs.createClient({
        url: socketUrl(),
        retryAttempts: 0,
        connectionParams: () => currentHeaders(headers),
      });
      const record = (kind, detail) => logStream(params.operationName, kind, detail);
      const finish = () => liveClients.delete(client);
      liveClients.add(client);
      record("started");
      const dispose = client.subscribe(params, {
        next(result) {
          record("event", result);
          observer.next(result);
        },
        error(reason) {
          finish();
          record("failed", describe(reason));
          observer.next(describe(reason));
          observer.complete();
        },
        complete() {
          finish();
          record("ended");
          observer.complete();
        },
      });
      return { unsubscribe: dispose };
    },
  };
}

export async function fetcher(params, options = {}) {
  const { documentAST, headers } = options;
  const operation = documentAST && GraphiQL.GraphQL.getOperationAST(documentAST, params.operationName);
  if (operation?.operation === "subscription") return subscribe(params, headers);
  return post(params, await currentHeaders(headers));
}

// A socket outlives the token it was opened with: hand it the next one.
onSessionChange((session) => {
  if (!session) return;
  const variables = { input: { accessToken: session.tokens.accessToken } };
  for (const client of liveClients) {
    client.subscribe({ query: RENEW, variables }, { next() {}, error() {}, complete() {} });
  }
});
