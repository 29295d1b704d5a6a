// Without a connection the browser's own page would take the place of what was written: a form stays instead, and says so.
class UnsentNote extends HTMLElement {
  connectedCallback() {
    const form = document.getElementById(this.getAttribute("for") ?? "");
    form?.addEventListener("submit", (event) => this.#hold(event), true); // Before anything else is done about it.
    addEventListener("online", () => this.textContent && this.#say("message message-good", this.dataset.back));
  }

  /** @param {SubmitEvent} event */
  #hold(event) {
    if (navigator.onLine) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.#say("message message-alert", this.dataset.lost);
  }

  /** @param {string} look @param {string | undefined} words */
  #say(look, words) {
    this.className = look;
    this.textContent = words ?? "";
  }
}

customElements.define("unsent-note", UnsentNote);
