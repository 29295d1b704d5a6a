// Copies the address of a passage when its link is followed, and says so; without it the link still leads there.
const SHOWN = 2000;

export class PassageLinks extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => this.#copy(event));
  }

  /** @param {MouseEvent} event */
  async #copy(event) {
    const link = event.target instanceof Element ? event.target.closest("a.anchor") : null;
    if (!(link instanceof HTMLAnchorElement) || !navigator.clipboard || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const words = this.dataset.copied ?? "";
    try {
      await navigator.clipboard.writeText(link.href);
    } catch {
      return; // The browser does not allow it: the address stands in its bar.
    }
    link.dataset.copied = words;
    setTimeout(() => delete link.dataset.copied, SHOWN);
    const status = document.getElementById("said");
    if (!status) return;
    status.textContent = "";
    requestAnimationFrame(() => (status.textContent = words));
  }
}

customElements.define("passage-links", PassageLinks);
