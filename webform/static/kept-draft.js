// Keeps what was typed in this tab until it is sent or no longer needed, so that a reload loses nothing.
const KEY = "webform-draft";
const FIELDS = ["subject", "message", "topic", "name", "email"];
const SAME_VISIT = 30 * 60 * 1000;
const WITH_FILES = 60 * 60 * 1000; // For so long the server keeps files that wait.

/**
 * With `data-drop` it forgets instead: the message has been sent. With `data-key` it keeps a draft of its own beside the form's;
 * one that was begun at another `data-stage` has been sent meanwhile.
 */
class KeptDraft extends HTMLElement {
  connectedCallback() {
    this.key = [KEY, this.dataset.key].filter(Boolean).join("-");
    const forget = () => forgotten(this.key);
    if (this.dataset.drop !== undefined) return forget();
    this.form = /** @type {HTMLFormElement} */ (document.getElementById(this.getAttribute("for") ?? ""));
    if (this.form.dataset.typed) this.#keep();
    else this.#restore();
    for (const change of ["input", "files-changed"]) this.form.addEventListener(change, () => this.#keep());
    document.addEventListener("problem-solved", forget);
    document.addEventListener("problem-unsolved", () => this.#keep());
  }

  /** @param {string} name @returns {HTMLInputElement | null} */
  #field(name) {
    return /** @type {HTMLInputElement | null} */ (this.form.elements.namedItem(name));
  }

  #keep() {
    const texts = Object.fromEntries(FIELDS.map((name) => [name, this.#field(name)?.value ?? ""]));
    const answers = /** @type {any} */ (this.form?.querySelector("topic-questions"))?.texts?.() ?? {};
    const files = Boolean(this.form?.querySelector("input[name=kept]"));
    try {
      if (!files && FIELDS.every((name) => !texts[name]) && !Object.values(answers).flat().length) forgotten(this.key);
      else sessionStorage.setItem(this.key ?? "", JSON.stringify({ ...texts, answers, files, visit: this.#field("visit")?.value, at: Date.now(), stage: this.dataset.stage }));
    } catch {
      // Storage is full or closed: the text is still in the page.
    }
  }

  #restore() {
    const draft = remembered(this.key);
    if (!draft) return;
    if (draft.stage !== this.dataset.stage) return forgotten(this.key);
    for (const name of FIELDS) {
      const field = this.#field(name);
      if (field && !field.value && typeof draft[name] === "string") field.value = draft[name];
    }
    if (typeof draft.visit === "string" && Date.now() - Number(draft.at) < (draft.files ? WITH_FILES : SAME_VISIT)) {
      if (draft.files && this.form) this.form.dataset.files = "1";
      for (const field of document.querySelectorAll("input[name=visit]")) /** @type {HTMLInputElement} */ (field).value = draft.visit;
    }
    document.dispatchEvent(new CustomEvent("draft-restored", { detail: draft.answers }));
  }
}

/** @param {string} key @returns {Record<string, unknown> | null} */
function remembered(key = KEY) {
  try {
    const draft = JSON.parse(sessionStorage.getItem(key) ?? "null");
    return draft && typeof draft === "object" ? draft : null;
  } catch {
    return null;
  }
}

/** @param {string} key */
function forgotten(key = KEY) {
  try {
    sessionStorage.removeItem(key);
  } catch {
    // Storage is closed: nothing was kept there.
  }
}

customElements.define("kept-draft", KeptDraft);
