// Offers ways to a person once help has failed, or as soon as a topic is chosen that asks for it. It stands below Send.
const FAILED = ["nothing", "away", "read", "straight"];

class HandOver extends HTMLElement {
  connectedCallback() {
    const show = () => (this.hidden = false);
    document.addEventListener("answer-declined", show);
    document.addEventListener("answers-state", (event) => FAILED.includes(/** @type {CustomEvent<string>} */ (event).detail) && show());
    const form = document.getElementById(this.getAttribute("for") ?? "");
    form?.addEventListener("change", (event) => {
      const field = /** @type {HTMLInputElement} */ (event.target);
      if (field.name === "topic" && field.value && this.dataset.topics?.split(" ").includes(field.value)) show();
    });
  }
}

customElements.define("hand-over", HandOver);
