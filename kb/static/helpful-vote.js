// Says whether an article helped without leaving the place; without it the same page comes back with the same words.

export class HelpfulVote extends HTMLElement {
  connectedCallback() {
    this.addEventListener("submit", (event) => this.#say(event));
  }

  /** @param {SubmitEvent} event */
  async #say(event) {
    const form = event.target;
    if (!(form instanceof HTMLFormElement)) return;
    event.preventDefault();
    const fields = new FormData(form, event.submitter);
    try {
      const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(/** @type {any} */ (fields)) });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const part = page.querySelector("helpful-vote > section");
      if (!answer.ok || !part) throw new Error(String(answer.status));
      this.replaceChildren(document.adoptNode(part));
      this.querySelector("section")?.focus({ preventScroll: true });
    } catch {
      HTMLFormElement.prototype.submit.call(this.#whole(form, fields)); // The page says what is wrong.
    }
  }

  /**
   * Put the value of the pressed button into the form, which a plain submission would lose.
   * @param {HTMLFormElement} form
   * @param {FormData} fields
   */
  #whole(form, fields) {
    for (const [name, value] of fields) {
      if (form.querySelector(`input[name="${name}"]`)) continue;
      form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
    }
    return form;
  }
}

customElements.define("helpful-vote", HelpfulVote);
