// The "Stream" panel: what subscriptions delivered, newest first. GraphiQL itself shows the last result only.

const KEPT = 200;
let entries = [];
let nextKey = 0;
const listeners = new Set();

function update(next) {
  entries = next;
  for (const listener of listeners) listener();
}

export function logStream(operation, kind, detail) {
  const entry = { key: nextKey++, at: new Date(), operation: operation ?? "subscription", kind, detail };
  update([entry, ...entries].slice(0, KEPT));
}

function subscribe(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function title({ operation, kind, detail }) {
  const event = Object.values(detail?.data ?? {})[0];
  return event?.__typename ?? event?.kind ?? (kind === "event" ? operation : `${operation} ${kind}`);
}

function Entry({ entry }) {
  const h = React.createElement;
  const summary = h("summary", null, h("time", null, entry.at.toLocaleTimeString()), title(entry));
  if (!entry.detail) return h("li", { className: "quiet" }, h("time", null, entry.at.toLocaleTimeString()), title(entry));
  return h("li", null, h("details", null, summary, h("pre", null, JSON.stringify(entry.detail, null, 2))));
}

function Content() {
  const h = React.createElement;
  const shown = React.useSyncExternalStore(subscribe, () => entries);
  const list = shown.map((entry) => h(Entry, { key: entry.key, entry }));
  return h("section", { className: "stream" },
    h("div", { className: "graphiql-doc-explorer-title" }, "Stream"),
    h("p", null, `The last ${KEPT} results of subscriptions, newest first.`),
    list.length ? h("button", { type: "button", onClick: () => update([]) }, "Clear") : null,
    h("ol", null, list));
}

function Icon() {
  const h = React.createElement;
  const line = (d) => h("path", { key: d, d, stroke: "currentColor", strokeWidth: 1.5, fill: "none", strokeLinecap: "round" });
  return h("svg", { viewBox: "0 0 16 16", height: "1em" },
    h("circle", { cx: 8, cy: 8, r: 1.75, fill: "currentColor" }),
    ["M4.6 11.4a4.8 4.8 0 0 1 0-6.8", "M11.4 4.6a4.8 4.8 0 0 1 0 6.8", "M2.5 13.5a7.8 7.8 0 0 1 0-11", "M13.5 2.5a7.8 7.8 0 0 1 0 11"].map(line));
}

export const streamPlugin = { title: "Stream", icon: Icon, content: Content };
