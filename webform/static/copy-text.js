// Copies what stands in another element. Where a browser lets no page write its clipboard, there is no button.
class CopyText extends HTMLElement {
  connectedCallback() {
    const button = /** @type {HTMLButtonElement} */ (this.querySelector("button"));
    if (!navigator.clipboard) return;
    button.hidden = false;
    button.addEventListener("click", () => this.#copy());
  }

  async #copy() {
    const source = /** @type {HTMLTextAreaElement} */ (document.getElementById(this.getAttribute("for") ?? ""));
    const said = /** @type {HTMLElement} */ (this.querySelector("[role=status]"));
    try {
      await navigator.clipboard.writeText((source.value ?? source.textContent).trim());
      said.textContent = this.dataset.done ?? "";
    } catch {
      said.textContent = ""; // It was not allowed; the text is there to be marked by hand.
    }
  }
}

customElements.define("copy-text", CopyText);
