// Shows how much room a field has left, once there is little.
import { say } from "./spoken-status.js";

const NEAR = 0.8;

/** Stands in the field's label line, so that nothing moves when it appears. */
class CharacterCount extends HTMLElement {
  connectedCallback() {
    this.field = /** @type {HTMLTextAreaElement | null} */ (document.getElementById(this.getAttribute("for") ?? ""));
    this.field?.addEventListener("input", () => this.#count());
    document.addEventListener("draft-restored", () => this.#count());
    this.#count();
  }

  #count() {
    if (!this.field) return;
    const most = Number(this.dataset.most);
    const length = lengthOf(this.field.value, most);
    const near = length > most * NEAR;
    this.classList.toggle("near", near);
    this.classList.toggle("over", length > most);
    if (!near) return;
    const words = length > most ? this.dataset.over : this.dataset.left;
    const number = new Intl.NumberFormat(document.documentElement.lang).format(Math.abs(most - length));
    this.children[0].textContent = (words ?? "").replace("{n}", number);
    say(this.children[0].textContent);
  }
}

/**
 * Count characters as the server does; exactly only where it matters.
 * @param {string} text
 * @param {number} most
 */
function lengthOf(text, most) {
  if (text.length < most / 2 || text.length > most * 4) return text.length;
  return [...text.trim()].length;
}

customElements.define("character-count", CharacterCount);
