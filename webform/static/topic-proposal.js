// Proposes the topic that the text is probably about. It never changes a choice, and once refused it keeps still.
import { say } from "./spoken-status.js";

/** Listens for what the answers' question brings along; there is nothing to see until there is something to propose. */
class TopicProposal extends HTMLElement {
  /** @type {Set<string>} */ #refused = new Set();
  #byHand = false;
  #proposed = "";

  connectedCallback() {
    this.select = /** @type {HTMLSelectElement} */ (document.getElementById(this.getAttribute("for") ?? ""));
    this.name = /** @type {HTMLElement} */ (this.querySelector("[data-part=name]"));
    this.#byHand = this.select.value !== "";
    this.select.addEventListener("change", () => {
      this.#byHand = true;
      this.#show("");
    });
    document.addEventListener("draft-restored", () => {
      if (this.select.value) this.#byHand = true;
    });
    document.addEventListener("topic-predicted", (event) => this.#show(/** @type {CustomEvent} */ (event).detail));
    this.addEventListener("click", (event) => this.#clicked(/** @type {HTMLElement} */ (event.target).closest("button")?.dataset.act));
  }

  /** @param {string} slug nothing to propose nothing */
  #show(slug) {
    const option = [...this.select.options].find((each) => each.value && each.value === slug);
    const proposed = option && !this.#byHand && !this.#refused.has(slug) ? slug : "";
    if (proposed === this.#proposed || (!proposed && this.contains(document.activeElement))) return;
    this.#proposed = proposed;
    /** @type {HTMLElement} */ (this.querySelector("[data-part=proposed]")).hidden = !proposed;
    this.name.textContent = proposed ? (option?.textContent ?? "") : "";
    if (proposed) say((this.dataset.spoken ?? "").replace("{t}", this.name.textContent ?? ""), "#topic-status");
  }

  /** @param {string | undefined} act */
  #clicked(act) {
    if (!act || !this.#proposed) return;
    if (act === "take") {
      this.select.value = this.#proposed;
      this.#byHand = true;
      this.select.dispatchEvent(new Event("input", { bubbles: true }));
    } else this.#refused.add(this.#proposed);
    this.select.focus();
    this.#show("");
    if (act === "take") document.dispatchEvent(new CustomEvent("topic-taken"));
  }
}

customElements.define("topic-proposal", TopicProposal);
