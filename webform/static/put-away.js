// Asks why an answer did not help. A choice is welcome, never required.
import { tell } from "./visit.js";

class PutAway extends HTMLElement {
  connectedCallback() {
    document.addEventListener("answer-declined", (event) => this.#ask(/** @type {CustomEvent<number>} */ (event).detail));
    this.addEventListener("change", (event) => this.#note(/** @type {HTMLInputElement} */ (event.target)));
  }

  /** @param {number} article */
  #ask(article) {
    this.article = article;
    for (const choice of this.querySelectorAll("input")) choice.checked = false;
    this.#words("question");
    this.hidden = false;
    this.querySelector("fieldset")?.focus();
    tell({ kind: "declined", article });
  }

  /** @param {HTMLInputElement} choice */
  #note(choice) {
    tell({ kind: "declined", article: this.article, reason: choice.value });
    this.#words("thanks");
  }

  /** @param {"question" | "thanks"} which */
  #words(which) {
    for (const words of this.querySelectorAll("legend span")) words.toggleAttribute("hidden", /** @type {HTMLElement} */ (words).dataset.words !== which);
  }
}

customElements.define("put-away", PutAway);
