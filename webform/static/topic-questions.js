// Shows what the chosen topic asks and promises as soon as it is chosen, and asks of its questions only those that apply.
import { say } from "./spoken-status.js";

const PREFIX = "field-";
const REGION = "#topic-status";

/** Wraps the panel that the server rendered; what was typed for another topic is kept and comes back with it. */
class TopicQuestions extends HTMLElement {
  /** @type {Map<string, string[]>} */ #typed = new Map();

  connectedCallback() {
    this.select = /** @type {HTMLSelectElement} */ (document.getElementById(this.getAttribute("for") ?? ""));
    this.form = /** @type {HTMLFormElement} */ (this.closest("form"));
    this.panel = /** @type {HTMLElement} */ (this.querySelector("[data-part=panel]"));
    for (const carried of /** @type {NodeListOf<HTMLInputElement>} */ (this.querySelectorAll("[data-carried]"))) {
      this.#typed.set(carried.name, [...(this.#typed.get(carried.name) ?? []), carried.value]);
      carried.remove();
    }
    this.shown = this.select.value;
    this.select.addEventListener("change", () => this.#choose());
    document.addEventListener("topic-taken", () => this.#choose());
    document.addEventListener("draft-restored", (event) => this.#restore(/** @type {CustomEvent} */ (event).detail));
    this.panel.addEventListener("input", () => this.#narrow(true));
    this.form.addEventListener("submit", () => this.#carry());
    this.#narrow(false);
  }

  #choose() {
    if (this.select.value === this.shown) return;
    this.#remember();
    this.shown = this.select.value;
    const template = /** @type {HTMLTemplateElement | null} */ (this.querySelector(`template[data-topic="${CSS.escape(this.shown)}"]`));
    this.panel.replaceChildren(...(template ? [template.content.cloneNode(true)] : []));
    this.#fill();
    this.#narrow(false);
    const count = this.#questions().filter((question) => !question.hidden).length;
    const more = count ? (this.dataset.more ?? "").replace("{n}", String(count)) : "";
    say([more, this.#promise()].filter(Boolean).join(". "), REGION);
  }

  /** Beside Send, say by when a message about this topic is answered. @returns {string} what is new of it */
  #promise() {
    const [own, general] = [this.shown, ""].map((slug) => /** @type {HTMLTemplateElement | null} */ (this.form?.querySelector(`template[data-promise="${CSS.escape(slug)}"]`)));
    const place = document.getElementById("promise");
    const words = (own ?? general)?.content.textContent?.trim() ?? "";
    if (!place || !words || words === place.textContent?.trim()) return "";
    return (place.textContent = words);
  }

  /** @returns {HTMLElement[]} */
  #questions() {
    return [...this.panel.querySelectorAll(".question")].map((question) => /** @type {HTMLElement} */ (question));
  }

  /** @returns {(HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement)[]} */
  #controls(root = this.panel) {
    return [.../** @type {NodeListOf<HTMLInputElement>} */ (root.querySelectorAll(`[name^="${PREFIX}"]`))];
  }

  #remember() {
    for (const [name, texts] of this.#texts()) this.#typed.set(name, texts);
  }

  /** @returns {Map<string, string[]>} */
  #texts() {
    /** @type {Map<string, string[]>} */ const texts = new Map();
    for (const control of this.#controls()) {
      const ticked = control.type !== "checkbox" || /** @type {HTMLInputElement} */ (control).checked;
      texts.set(control.name, [...(texts.get(control.name) ?? []), ...(ticked && control.value ? [control.value] : [])]);
    }
    return texts;
  }

  #fill() {
    for (const control of this.#controls()) {
      const texts = this.#typed.get(control.name);
      if (!texts) continue;
      if (control.type === "checkbox") /** @type {HTMLInputElement} */ (control).checked = texts.includes(control.value);
      else if (texts[0] !== undefined) control.value = texts[0];
    }
  }

  /**
   * Hide the questions that do not apply; what was typed in them stays.
   * @param {boolean} aloud
   */
  #narrow(aloud) {
    /** @type {Set<string>} */ const asked = new Set();
    const texts = this.#texts();
    for (const question of this.#questions()) {
      const { key = "", when, values } = question.dataset;
      const given = texts.get(PREFIX + when) ?? [];
      const applies = when === undefined || (asked.has(when) && JSON.parse(values ?? "[]").some((/** @type {string} */ value) => given.includes(value)));
      if (applies) asked.add(key);
      const label = question.querySelector("label, legend")?.textContent?.trim() ?? "";
      if (applies && question.hidden && aloud) say((this.dataset.one ?? "").replace("{q}", label), REGION);
      question.hidden = !applies;
    }
  }

  /** Send along what was typed for other topics, so that a form that is refused still has it. */
  #carry() {
    const present = new Set(this.#controls().map((control) => control.name));
    for (const carried of this.querySelectorAll("[data-carried]")) carried.remove();
    for (const [name, texts] of this.#typed) {
      for (const text of present.has(name) ? [] : texts) {
        const field = document.createElement("input");
        Object.assign(field, { type: "hidden", name, value: text });
        field.dataset.carried = "";
        this.append(field);
      }
    }
  }

  /** @param {Record<string, unknown> | undefined} draft */
  #restore(draft) {
    for (const [name, texts] of Object.entries(draft ?? {})) {
      if (name.startsWith(PREFIX) && Array.isArray(texts) && !this.#typed.has(name)) this.#typed.set(name, texts.map(String));
    }
    if (this.select.value !== this.shown) this.#choose();
    else if ([...this.#texts().values()].every((texts) => !texts.length)) this.#fill();
    this.#narrow(false);
  }

  /** Give everything typed in questions, of this topic and of others. */
  texts() {
    this.#remember();
    return Object.fromEntries(this.#typed);
  }
}

customElements.define("topic-questions", TopicQuestions);
