// Telling the server what happened in a visit: facts, never what was typed.

/**
 * @typedef {{kind: "opened" | "read" | "solved" | "declined", article?: number, reason?: string, seconds?: number}} Fact
 */

/**
 * Tell a fact of the visit that a form belongs to. Never waits, never fails: what cannot be told is not told.
 * @param {Fact} fact
 */
export function tell(fact) {
  const form = /** @type {HTMLFormElement} */ (document.getElementById("ask"));
  const visit = /** @type {HTMLInputElement} */ (form.elements.namedItem("visit")).value;
  const address = (form.dataset.events ?? "").replace("-", encodeURIComponent(visit));
  fetch(address, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(fact),
    keepalive: true,
  }).catch(() => {});
}
