// Asks where a link leads: finds articles by words of their title, or takes a whole address.
import { write } from "./markdown-tools.js";

const PAUSE = 150;
const ADDRESS = /^(https?:\/\/|mailto:|tel:|article:|\/|#)\S+$/i;

/** @typedef {{title: string, address: string, language: string, note: string}} Title */

class ArticleLink extends HTMLElement {
  /** @type {number | undefined} */ #pause;
  /** @type {[number, number]} */ #place = [0, 0];
  #asked = 0;

  connectedCallback() {
    this.dialog = /** @type {HTMLDialogElement} */ (this.closest("dialog"));
    this.words = /** @type {HTMLInputElement} */ (this.querySelector("#link-words"));
    this.field = /** @type {HTMLTextAreaElement} */ (document.getElementById("body"));
    document.addEventListener("ask-link", () => this.#open());
    this.words.addEventListener("input", () => this.#typed());
    this.words.addEventListener("keydown", (event) => event.key === "Enter" && this.#take());
    this.querySelector("[data-take]")?.addEventListener("click", () => this.#take());
    this.querySelector("[data-close]")?.addEventListener("click", () => this.dialog.close());
    this.dialog.addEventListener("close", () => this.field.focus());
  }

  #open() {
    this.#place = [this.field.selectionStart, this.field.selectionEnd];
    const chosen = this.field.value.slice(...this.#place);
    this.words.value = chosen.includes("\n") ? "" : chosen;
    this.dialog.showModal();
    this.words.select();
    this.#typed();
  }

  #typed() {
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => this.#find(), PAUSE);
  }

  async #find() {
    const words = this.words.value.trim();
    const number = ++this.#asked;
    const wanted = new URLSearchParams({ q: words, language: this.dataset.language ?? "" });
    const answer = words ? await fetch(`${this.dataset.titles}?${wanted}`).catch(() => null) : null;
    const titles = answer?.ok ? /** @type {Title[]} */ ((await answer.json()).titles) : [];
    if (number === this.#asked) this.#show(titles, Boolean(answer?.ok));
  }

  /** @param {Title[]} titles @param {boolean} asked */
  #show(titles, asked) {
    this.querySelector("#link-found")?.replaceChildren(...titles.map((title) => this.#choice(title)));
    const place = this.querySelector("[data-none-place]");
    if (place) place.textContent = asked && !titles.length && !ADDRESS.test(this.words.value.trim()) ? this.dataset.none ?? "" : "";
  }

  /** @param {Title} title */
  #choice(title) {
    const button = Object.assign(document.createElement("button"), { type: "button" });
    const name = Object.assign(document.createElement("strong"), { textContent: title.title, lang: title.language });
    button.append(name, Object.assign(document.createElement("span"), { textContent: title.note }));
    button.addEventListener("click", () => this.#insert(title.address, title.title));
    const item = document.createElement("li");
    item.append(button);
    return item;
  }

  #take() {
    const address = this.words.value.trim();
    if (ADDRESS.test(address)) this.#insert(address, address);
    else if (this.dataset.none) this.#show([], true);
  }

  /** @param {string} address @param {string} title for where nothing is selected */
  #insert(address, title) {
    this.dialog.close();
    this.field.focus();
    this.field.setSelectionRange(...this.#place); // A dialog makes the browser forget where the caret was.
    const chosen = this.field.value.slice(...this.#place);
    const words = chosen || title.replace(/[\\[\]*_`<>]/g, "\\$&");
    write(this.field, `[${words}](${/[()\s]/.test(address) ? `<${address}>` : address})`);
  }
}

customElements.define("article-link", ArticleLink);
