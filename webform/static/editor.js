// Keeps what a writer types, and shows beside it what customers will see. Without it the buttons of the form do the same.
import "./markdown-tools.js";
import "./article-link.js";
import "./picture-drop.js";

const PREVIEW_PAUSE = 200;
const SAVE_PAUSE = 1500;
const SIGN_OF_LIFE = 30_000;
const RETRY = 10_000;
const NAMES = ["title", "summary", "category", "slug", "body"];

/** @typedef {{version: number, wording: Record<string, string>, merged_with: string, address: string, state: string}} Kept */

/** Saves after each pause, one save at a time, and puts together what another person has saved meanwhile. */
class ArticleEditor extends HTMLElement {
  /** @type {number | undefined} */ #savePause;
  /** @type {number | undefined} */ #previewPause;
  /** @type {AbortController | undefined} */ #previewing;
  /** @type {Promise<void> | undefined} */ #saving;

  connectedCallback() {
    this.form = /** @type {HTMLFormElement} */ (this.querySelector("form"));
    this.form.addEventListener("input", (event) => this.#typed(event));
    this.form.addEventListener("submit", () => clearTimeout(this.#savePause));
    if (this.form.action.endsWith("/new") === false) this.#stay();
    setInterval(() => document.visibilityState === "visible" && this.#stay(), SIGN_OF_LIFE);
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && this.#differs() && this.#save());
    // A browser that went back shows what was typed, not what the server sent.
    if (this.#differs()) this.#typed();
  }

  /** @param {string} name @returns {HTMLInputElement} */
  #field(name) {
    return /** @type {HTMLInputElement} */ (this.form.elements.namedItem(name));
  }

  /** @param {Event} [event] */
  #typed(event) {
    if (/** @type {HTMLElement} */ (event?.target)?.id === "note") return;
    this.#say(this.dataset.unsaved ?? "");
    const heading = this.querySelector("[data-heading]");
    if (heading && this.#field("title").value) heading.textContent = this.#field("title").value;
    clearTimeout(this.#savePause);
    clearTimeout(this.#previewPause);
    this.#savePause = setTimeout(() => this.#save(), SAVE_PAUSE);
    this.#previewPause = setTimeout(() => this.#preview(), PREVIEW_PAUSE);
  }

  #differs() {
    return NAMES.some((name) => this.#field(name).value !== this.#field(`base-${name}`).value);
  }

  async #preview() {
    this.#previewing?.abort();
    this.#previewing = new AbortController();
    try {
      const sent = new FormData(this.form);
      sent.set("language", this.#field("body").lang);
      const answer = await fetch(this.dataset.preview ?? "", { method: "POST", body: sent, signal: this.#previewing.signal });
      const place = this.querySelector("[data-preview-place]")?.shadowRoot?.getElementById("shown");
      if (answer.ok && place) place.innerHTML = await answer.text();
    } catch {
      // A newer one is on its way, or the server cannot be reached: the next pause asks again.
    }
  }

  async #save() {
    clearTimeout(this.#savePause);
    await this.#saving;
    if (!this.#differs()) return;
    if (!this.#field("title").value.trim()) return this.#say(this.dataset.untitled ?? "");
    this.#saving = this.#send().finally(() => (this.#saving = undefined));
    await this.#saving;
  }

  async #send() {
    const sent = new FormData(this.form);
    sent.set("act", "save");
    this.#say(this.dataset.saving ?? "");
    try {
      const answer = await fetch(this.form.action, { method: "POST", body: sent, headers: { Accept: "application/json" }, keepalive: JSON.stringify([...sent]).length < 50_000 });
      const told = await answer.json();
      if (answer.ok) this.#kept(told, sent);
      else if (answer.status === 409) this.#say(told.collision, told.address);
      else this.#refused(told.errors ?? {});
    } catch {
      this.#say(this.dataset.offline ?? "", "", true);
      this.#savePause = setTimeout(() => this.#save(), RETRY);
    }
  }

  /** @param {Kept} told @param {FormData} sent */
  #kept(told, sent) {
    const moved = !this.form.action.endsWith(told.address);
    if (moved) history.replaceState(null, "", told.address);
    this.form.action = told.address;
    if (moved) this.querySelector("select[name=language]")?.closest(".field")?.remove();
    const asSent = NAMES.every((name) => this.#field(name).value.replaceAll("\r\n", "\n") === String(sent.get(name)).replaceAll("\r\n", "\n"));
    for (const name of NAMES) this.#field(`base-${name}`).value = asSent ? told.wording[name] : String(sent.get(name));
    // Who has typed on keeps the old version, so that the next save is put together once more.
    if (asSent || !told.merged_with) this.#field("version").value = String(told.version);
    if (asSent) for (const name of NAMES) this.#put(this.#field(name), told.wording[name]);
    for (const place of this.querySelectorAll(".wrong")) /** @type {HTMLElement} */ (place).hidden = true;
    this.#stand(told.state);
    this.#say((told.merged_with ? this.dataset.merged ?? "" : this.dataset.saved ?? "").replace("{who}", told.merged_with));
    if (told.merged_with) this.#preview();
  }

  /** Puts a text in place and leaves the caret where it was. @param {HTMLInputElement} field @param {string} text */
  #put(field, text) {
    if (field.value === text) return;
    const [start, end] = [field.selectionStart ?? 0, field.selectionEnd ?? 0];
    field.value = text;
    if (document.activeElement === field) field.setSelectionRange(start, end);
  }

  /** @param {Record<string, string>} errors */
  #refused(errors) {
    for (const [name, words] of Object.entries(errors)) {
      const place = document.getElementById(`${name}-wrong`);
      if (place) [place.textContent, place.hidden] = [words, false];
    }
    this.#say(this.dataset.refused ?? "", "", true);
  }

  async #stay() {
    if (this.form.action.endsWith("/new")) return;
    const sent = new FormData();
    sent.set("act", "stay");
    sent.set("csrf_token", this.#field("csrf_token").value);
    try {
      const answer = await fetch(this.form.action, { method: "POST", body: sent, headers: { Accept: "application/json" } });
      if (answer.status === 200) this.#stand((await answer.json()).state);
    } catch {
      // The next sign of life is soon.
    }
  }

  /** @param {string} html what the server says of how the translation stands */
  #stand(html) {
    const place = this.querySelector("[data-state]");
    if (place && place.innerHTML.trim() !== html.trim()) place.innerHTML = html;
  }

  /** @param {string} words @param {string} [address] of the page where two texts are put together @param {boolean} [wrong] */
  #say(words, address = "", wrong = Boolean(address)) {
    const place = /** @type {HTMLElement} */ (this.querySelector("[data-saving-note]"));
    place.toggleAttribute("data-wrong", wrong);
    place.textContent = words;
    if (!address) return;
    const link = Object.assign(document.createElement("a"), { href: address, textContent: this.dataset.merge });
    place.append(" ", link);
  }
}

customElements.define("article-editor", ArticleEditor);
