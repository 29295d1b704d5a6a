// Follows the form it stands in: after a pause in the writing it asks which past requests the draft would be shown for.
const PAUSE = 1200;
const AGAIN = 300;
const PATIENCE = 20000;
const QUIET = 1500;
const DRAFT = ["title", "summary", "body", "language", "category"];

export class ReplayPanel extends HTMLElement {
  #asked = "";
  #noted = { earlier: "", mark: "" };
  #sent = { earlier: "", mark: "" };
  /** @type {number | undefined} */ #pause;
  /** @type {number | undefined} */ #speech;
  /** @type {AbortController | undefined} */ #request;

  connectedCallback() {
    this.form = this.closest("form");
    if (!this.form) return;
    this.#note();
    this.#asked = this.querySelector("dl") ? this.#wording() : "";
    this.form.addEventListener("input", this.#onInput);
    this.form.addEventListener("change", this.#onInput);
    this.addEventListener("click", this.#onClick);
    if (this.#asked !== this.#wording() || this.#isLeft()) this.#later(0);
  }

  disconnectedCallback() {
    this.#request?.abort();
    clearTimeout(this.#pause);
    clearTimeout(this.#speech);
    this.form?.removeEventListener("input", this.#onInput);
    this.form?.removeEventListener("change", this.#onInput);
  }

  #onInput = () => {
    if (this.#wording() !== this.#asked) this.#later(PAUSE);
  };

  /** @param {MouseEvent} event */
  #onClick = (event) => {
    const button = event.target instanceof Element ? event.target.closest("button[formaction]") : null;
    if (!(button instanceof HTMLButtonElement)) return;
    event.preventDefault();
    this.#later(0, button.name === "all");
  };

  /** @param {number} pause @param {boolean} all */
  #later(pause, all = false) {
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => this.#ask(all), pause);
  }

  #wording() {
    const data = new FormData(this.form);
    return DRAFT.map((name) => data.get(name) ?? "").join("\0");
  }

  /** @param {boolean} all */
  async #ask(all) {
    this.#request?.abort();
    const request = (this.#request = new AbortController());
    const patience = setTimeout(() => request.abort(), PATIENCE);
    const wording = this.#wording();
    if (wording !== this.#asked) this.#sent = { ...this.#noted };
    this.#state(this.dataset.waiting);
    try {
      const response = await fetch(this.dataset.address, { method: "POST", body: this.#fields(all), signal: request.signal });
      if (!response.ok) throw new Error(String(response.status));
      const fragment = await response.text();
      if (request !== this.#request) return;
      this.#asked = wording;
      this.#show(fragment);
      this.#state("");
      if (this.#isLeft()) this.#later(AGAIN, all);
    } catch {
      if (request === this.#request) this.#state(this.dataset.failed);
    } finally {
      clearTimeout(patience);
    }
  }

  /** @param {boolean} all */
  #fields(all) {
    const data = new FormData(this.form);
    const fields = new URLSearchParams({ part: "1", ...this.#sent });
    for (const name of ["csrf_token", "article", ...DRAFT]) fields.set(name, String(data.get(name) ?? ""));
    if (all) fields.set("all", "1");
    return fields;
  }

  /** @param {string} fragment */
  #show(fragment) {
    const account = this.querySelector("[data-account]");
    const link = account.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    account.innerHTML = fragment;
    if (link) account.querySelector(`a[href="${CSS.escape(link)}"]`)?.focus();
    this.#note();
    this.dispatchEvent(new CustomEvent("replayed", { bubbles: true }));
    clearTimeout(this.#speech);
    if (!this.#isLeft()) this.#speech = setTimeout(() => this.#speak(), QUIET);
  }

  #note() {
    for (const name of ["earlier", "mark"]) this.#noted[name] = this.querySelector(`input[name=${name}]`)?.value ?? "";
  }

  #isLeft() {
    return this.querySelector("[data-left]") !== null;
  }

  #speak() {
    const words = [this.dataset.shown, this.querySelector("#replay-title")?.textContent, this.querySelector(".replay-since")?.textContent];
    this.querySelector("[data-spoken]").textContent = words.filter(Boolean).join(" ");
  }

  /** @param {string | undefined} words */
  #state(words) {
    this.querySelector("[data-looking]").textContent = words ?? "";
    this.toggleAttribute("aria-busy", Boolean(words));
  }
}

customElements.define("replay-panel", ReplayPanel);
