// Telling the server what happened in a visit: facts, never what was typed.

/**
 * @typedef {{kind: "arrived" | "began" | "opened" | "read" | "solved" | "declined", article?: number, reason?: string, seconds?: number, device?: string,
 *   browser?: string, embed?: string, language?: string}} Fact
 */

/** @type {Set<string>} What could not be told. Telling it again changes nothing, should it have arrived after all. */
const untold = new Set();
let leaving = false;

/**
 * Tell a fact of the visit that a form belongs to. Never waits, never fails: what cannot be told now is told again with the next
 * fact, when the network is back, or when the page is left.
 * @param {Fact} fact
 */
export function tell(fact) {
  again();
  send(JSON.stringify(fact));
}

function again() {
  const facts = [...untold];
  untold.clear();
  facts.forEach(send);
}

/** @param {string} fact */
function send(fact) {
  if (leaving && navigator.sendBeacon(address(), fact)) return; // A beacon outlives the page, even where a request does not.
  fetch(address(), { method: "POST", headers: { "Content-Type": "application/json" }, body: fact, keepalive: true })
    .then((answer) => (answer.status === 429 || answer.status >= 500) && untold.add(fact))
    .catch(() => untold.add(fact));
}

function address() {
  const form = /** @type {HTMLFormElement} */ (document.getElementById("ask"));
  const visit = /** @type {HTMLInputElement} */ (form.elements.namedItem("visit")).value;
  return (form.dataset.events ?? "").replace("-", encodeURIComponent(visit));
}

addEventListener("online", again);
addEventListener("pageshow", () => (leaving = false));
addEventListener("pagehide", () => {
  leaving = true; // Before those who still have something to tell of the page: they import this and listen later.
  again();
});
