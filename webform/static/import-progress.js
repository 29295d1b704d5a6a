/** Keeps the page of an import current while a worker is at it: asks for the page again and takes what has changed. */

const SECONDS = 2;

class ImportProgress extends HTMLElement {
  /** @type {number | undefined} */
  #timer;

  connectedCallback() {
    this.#timer = window.setInterval(() => this.#look(), SECONDS * 1000);
  }

  disconnectedCallback() {
    window.clearInterval(this.#timer);
  }

  async #look() {
    let page;
    try {
      const response = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (!response.ok || response.redirected) return;
      page = new DOMParser().parseFromString(await response.text(), "text/html").querySelector("import-progress");
    } catch {
      return; // The next look may find the server again.
    }
    if (!(page instanceof HTMLElement)) return;
    if (page.dataset.stage !== this.dataset.stage) {
      location.reload();
      return;
    }
    const [now, then] = [this.querySelector(".import-bar"), page.querySelector(".import-bar")];
    if (now && then) now.replaceChildren(...then.childNodes);
    const [figures, fresh] = [this.querySelector(".health"), page.querySelector(".health")];
    if (figures && fresh) figures.replaceChildren(...fresh.childNodes);
  }
}

customElements.define("import-progress", ImportProgress);
