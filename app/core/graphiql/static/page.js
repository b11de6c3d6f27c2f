// Puts the page together: the sign-in bar, GraphiQL, and the token in GraphiQL's headers editor.

import { startBar } from "./bar.js";
import { exampleTabs } from "./examples.js";
import { fetcher } from "./fetcher.js";
import { authorization, isOwnAuthorization, onSessionChange, restoreSession } from "./session.js";
import { streamPlugin } from "./stream.js";

const h = React.createElement;

/** The headers text with the session's token in it, or null where a person wrote something else. */
function withAuthorization(text, header) {
  let headers;
  try {
    headers = text.trim() ? JSON.parse(text) : {};
  } catch {
    return null;
  }
  const name = Object.keys(headers).find((key) => key.toLowerCase() === "authorization") ?? "Authorization";
  if (name in headers && !isOwnAuthorization(headers[name])) return null;
  const { [name]: _old, ...others } = headers;
  const next = header ? { ...others, [name]: header } : others;
  return Object.keys(next).length ? JSON.stringify(next, null, 2) : "";
}

/**
 * Each tab has headers of its own, and GraphiQL writes them into the editor when a tab is chosen: fill the token in after
 * each such write and whenever the session changes, but never while a person types.
 */
function HeaderFiller() {
  const { headerEditor } = GraphiQL.React.useEditorContext();
  const header = React.useSyncExternalStore(onSessionChange, authorization);
  React.useEffect(() => {
    if (!headerEditor) return undefined;
    const fill = () => {
      const next = withAuthorization(headerEditor.getValue(), header);
      if (next !== null && next !== headerEditor.getValue()) headerEditor.setValue(next);
    };
    const onChange = (_editor, change) => change.origin === "setValue" && fill();
    headerEditor.on("change", onChange);
    fill();
    return () => headerEditor.off("change", onChange);
  }, [headerEditor, header]);
  return null;
}

function Page() {
  return h(GraphiQL, {
    fetcher,
    plugins: [streamPlugin],
    defaultTabs: exampleTabs(),
    defaultEditorToolsVisibility: "variables",
    shouldPersistHeaders: false,
    inputValueDeprecation: true,
    schemaDescription: true,
  }, h(GraphiQL.Logo, null, h(HeaderFiller)));
}

startBar();
restoreSession();
ReactDOM.createRoot(document.getElementById("graphiql")).render(h(Page));
