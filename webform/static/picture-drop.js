// Takes a picture that is pasted, dropped or chosen, asks what it shows, and puts it into the text.
import { write } from "./markdown-tools.js";

class PictureDrop extends HTMLElement {
  /** @type {File | undefined} */ #picture;
  /** @type {[number, number]} */ #place = [0, 0];

  connectedCallback() {
    this.dialog = /** @type {HTMLDialogElement} */ (this.closest("dialog"));
    this.field = /** @type {HTMLTextAreaElement} */ (document.getElementById(this.getAttribute("for") ?? ""));
    this.file = /** @type {HTMLInputElement} */ (this.querySelector("#picture-file"));
    this.words = /** @type {HTMLInputElement} */ (this.querySelector("#picture-words"));
    this.image = /** @type {HTMLImageElement} */ (this.querySelector("img"));
    document.addEventListener("ask-picture", () => this.#open());
    this.field.addEventListener("paste", (event) => this.#take(event, event.clipboardData));
    this.field.addEventListener("drop", (event) => this.#take(event, event.dataTransfer));
    for (const kind of ["dragover", "dragleave", "drop"]) {
      this.field.addEventListener(kind, (event) => this.field?.classList.toggle("editor-over", event.type === "dragover" && hasFile(/** @type {DragEvent} */ (event))));
    }
    this.field.addEventListener("dragover", (event) => hasFile(event) && event.preventDefault());
    this.file.addEventListener("change", () => this.#show(this.file?.files?.[0]));
    this.words.addEventListener("keydown", (event) => event.key === "Enter" && this.#send());
    this.querySelector("[data-take]")?.addEventListener("click", () => this.#send());
    this.querySelector("[data-close]")?.addEventListener("click", () => this.dialog?.close());
    this.dialog.addEventListener("close", () => this.field?.focus());
  }

  /** @param {Event} event @param {DataTransfer | null} brought */
  #take(event, brought) {
    const picture = [...(brought?.files ?? [])].find((file) => file.type.startsWith("image/"));
    if (!picture) return;
    event.preventDefault();
    this.#open(picture);
  }

  /** @param {File} [picture] */
  #open(picture) {
    this.#place = [this.field.selectionStart, this.field.selectionEnd];
    this.file.value = "";
    this.words.value = "";
    delete this.words.dataset.asked;
    this.#wrong("");
    this.#show(picture);
    this.dialog.showModal();
    (picture ? this.words : this.file).focus();
  }

  /** @param {File} [picture] */
  #show(picture) {
    this.#picture = picture;
    this.image.hidden = !picture;
    if (!picture) return;
    const reader = new FileReader();
    reader.addEventListener("load", () => (this.image.src = String(reader.result)));
    reader.readAsDataURL(picture);
  }

  async #send() {
    if (!this.#picture) return this.file.focus();
    const sent = new FormData();
    sent.set("picture", this.#picture);
    sent.set("alternative", this.words.value);
    sent.set("csrf_token", document.querySelector("input[name=csrf_token]")?.getAttribute("value") ?? "");
    try {
      const answer = await fetch(this.dataset.upload ?? "", { method: "POST", body: sent });
      const told = await answer.json();
      if (!answer.ok) return this.#wrong(told.error ?? this.dataset.failed);
      if (told.question && !this.words.dataset.asked) {
        this.words.dataset.asked = "yes"; // Asked once: a picture that says nothing may stay without words.
        this.#wrong(told.question);
        return this.words.focus();
      }
      delete this.words.dataset.asked;
      this.dialog.close();
      this.field.focus();
      this.field.setSelectionRange(...this.#place); // A dialog makes the browser forget where the caret was.
      write(this.field, `\n\n${told.markdown}\n\n`);
    } catch {
      this.#wrong(this.dataset.failed ?? "");
    }
  }

  /** @param {string} words */
  #wrong(words) {
    const place = this.querySelector("[data-wrong]");
    if (place) place.textContent = words;
  }
}

/** @param {DragEvent} event */
function hasFile(event) {
  return Boolean(event.dataTransfer?.types.includes("Files"));
}

customElements.define("picture-drop", PictureDrop);
