// Ends the visit calmly when an answer solved the problem; can be taken back.
import { tell } from "./visit.js";

class SolvedNote extends HTMLElement {
  connectedCallback() {
    this.asked = document.getElementById("asked");
    document.addEventListener("answer-solved", (event) => this.#end(/** @type {CustomEvent<number>} */ (event).detail));
    this.addEventListener("click", (event) => {
      if (event.target instanceof HTMLButtonElement) this.#takeBack();
    });
  }

  /** @param {number} article */
  #end(article) {
    this.article = article;
    tell({ kind: "solved", article });
    this.#show(true);
    document.dispatchEvent(new CustomEvent("problem-solved"));
    scrollTo(0, 0);
    this.querySelector("h1")?.focus();
  }

  #takeBack() {
    tell({ kind: "declined", article: this.article });
    this.#show(false);
    document.dispatchEvent(new CustomEvent("problem-unsolved"));
    document.getElementById("message")?.focus();
  }

  /** @param {boolean} solved */
  #show(solved) {
    this.hidden = !solved;
    this.asked?.toggleAttribute("hidden", solved);
    document.getElementById("notice")?.remove();
  }
}

customElements.define("solved-note", SolvedNote);
