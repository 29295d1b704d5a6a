// Sends the description along with "This solved my problem", where the page said so beside the button, and takes it back.

const MOST = 4000;

/** The description that goes with the word that an answer solved the problem. */
export class KeptDescription {
  /** @type {Promise<unknown>} */ #sent = Promise.resolve();

  /**
   * Send it, unless the page did not say so or the customer left it out.
   * @param {number} article
   * @param {(kept: boolean) => void} answered told whether it was kept
   */
  send(article, answered) {
    const without = /** @type {HTMLInputElement | null} */ (document.querySelector(`[data-article="${article}"] input[name=without]`));
    const { subject, message } = texts();
    if (!without || without.checked || !(subject + message).trim()) return;
    this.#sent = this.#post({ ...texts(), solved: String(article), keep: "1" }).then((response) => answered(response?.headers.get("X-Kept") === "1"));
  }

  /**
   * Take it back: after what was sent before has arrived, so that it cannot come in later.
   * @param {"unkept" | "unsolved"} word
   * @param {number} article
   */
  takeBack(word, article) {
    this.#sent = this.#sent.then(() => this.#post({ [word]: String(article) }));
  }

  /**
   * @param {Record<string, string>} fields
   * @returns {Promise<Response | undefined>}
   */
  #post(fields) {
    const form = /** @type {HTMLFormElement} */ (document.getElementById("answer"));
    const visit = /** @type {HTMLInputElement} */ (form.elements.namedItem("visit")).value;
    return fetch(form.action, { method: "POST", body: new URLSearchParams({ ...fields, visit }), keepalive: true }).catch(() => undefined);
  }
}

/** @returns {Record<string, string>} what was typed; the name and the address only so that they can be taken out of it */
function texts() {
  const form = /** @type {HTMLFormElement} */ (document.getElementById("ask"));
  const field = (/** @type {string} */ name) => /** @type {HTMLInputElement | null} */ (form.elements.namedItem(name))?.value.slice(0, MOST) ?? "";
  return Object.fromEntries(["subject", "message", "name", "email"].map((name) => [name, field(name)]));
}
