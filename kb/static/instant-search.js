// Shows what the help centre has while somebody types, below the search field. Without it the search has a page of its own.
const PAUSE = 180;
const SHORTEST = 2;

export class InstantSearch extends HTMLElement {
  /** @type {AbortController | undefined} */ #asked;
  /** @type {number | undefined} */ #timer;
  #text = "";

  connectedCallback() {
    this.#input.addEventListener("input", () => this.#wait());
    this.addEventListener("keydown", (event) => this.#move(event));
    this.#found.addEventListener("click", (event) => this.#leave(event));
  }

  get #input() {
    return /** @type {HTMLInputElement} */ (this.querySelector("input[type=search]"));
  }

  get #found() {
    return /** @type {HTMLElement} */ (this.querySelector("[data-part=found]"));
  }

  get #links() {
    return /** @type {HTMLAnchorElement[]} */ ([...this.#found.querySelectorAll("a")]);
  }

  /** Ask once nobody has typed for a moment; what was asked before is no longer wanted. */
  #wait() {
    clearTimeout(this.#timer);
    this.#asked?.abort();
    if (this.#input.value.trim().length < SHORTEST) return this.#show("");
    this.#timer = setTimeout(() => this.#ask(this.#input.value), PAUSE);
  }

  /** @param {string} text */
  async #ask(text) {
    if (text === this.#text && !this.#found.hidden) return;
    this.#asked = new AbortController();
    const { url = "", language = "", interface: spoken = "" } = this.dataset;
    try {
      const body = new URLSearchParams({ q: text, lang: language, interface: spoken });
      const answer = await fetch(url, { method: "POST", body, signal: this.#asked.signal });
      if (!answer.ok) throw new Error(String(answer.status));
      const html = await answer.text();
      this.#text = text;
      this.#show(html);
    } catch (fault) {
      if (!(fault instanceof DOMException && fault.name === "AbortError")) this.#show(""); // Enter still leads to the search.
    }
  }

  /** @param {string} html what the server rendered; nothing puts the list away */
  #show(html) {
    const page = new DOMParser().parseFromString(html, "text/html");
    this.#found.replaceChildren(...page.body.childNodes);
    this.#found.hidden = !html.trim();
    const said = this.querySelector("[data-part=said]");
    if (said) said.textContent = /** @type {HTMLElement | null} */ (this.#found.querySelector("[data-said]"))?.dataset.said ?? "";
  }

  /** @param {KeyboardEvent} event */
  #move(event) {
    const links = this.#links;
    const at = links.indexOf(/** @type {HTMLAnchorElement} */ (document.activeElement));
    if (event.key === "Escape" && !this.#found.hidden) {
      this.#show("");
      this.#input.focus();
    } else if (event.key === "ArrowDown" && links.length) {
      links[Math.min(at + 1, links.length - 1)].focus();
    } else if (event.key === "ArrowUp" && at >= 0) {
      (at ? links[at - 1] : this.#input).focus();
    } else return;
    event.preventDefault();
  }

  /**
   * Make the way back lead to what was found: the address of the search is where this page is left from.
   * @param {MouseEvent} event
   */
  #leave(event) {
    if (!(event.target instanceof Element && event.target.closest("a")) || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const { url = "", language = "" } = this.dataset;
    history.replaceState(null, "", `${url}?${new URLSearchParams({ q: this.#text, lang: language })}`);
  }
}

customElements.define("instant-search", InstantSearch);
