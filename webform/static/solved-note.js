// Ends the visit calmly when an answer solved the problem; can be taken back.
import { KeptDescription } from "./kept-description.js";
import { tell } from "./visit.js";

class SolvedNote extends HTMLElement {
  #description = new KeptDescription();
  #kept = false;

  connectedCallback() {
    this.asked = document.getElementById("asked");
    document.addEventListener("answer-solved", (event) => this.#end(/** @type {CustomEvent<number>} */ (event).detail));
    this.addEventListener("click", (event) => {
      if (!(event.target instanceof HTMLButtonElement)) return;
      if (event.target.dataset.act === "unkeep") this.#unkeep();
      else this.#takeBack();
    });
  }

  /** @param {number} article */
  #end(article) {
    this.article = article;
    tell({ kind: "solved", article });
    this.#keep(false);
    this.#description.send(article, (kept) => this.#keep(kept));
    this.#show(true);
    document.dispatchEvent(new CustomEvent("problem-solved"));
    scrollTo(0, 0);
    this.querySelector("h1")?.focus();
  }

  #unkeep() {
    this.#description.takeBack("unkept", this.article ?? 0);
    this.#keep(false);
    this.querySelector("h1")?.focus();
  }

  /** @param {boolean} kept whether the description went along */
  #keep(kept) {
    this.#kept = kept;
    for (const part of /** @type {NodeListOf<HTMLElement>} */ (this.querySelectorAll("[data-kept]"))) part.hidden = (part.dataset.kept === "yes") !== kept;
  }

  #takeBack() {
    tell({ kind: "declined", article: this.article });
    if (this.#kept) this.#description.takeBack("unsolved", this.article ?? 0);
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
