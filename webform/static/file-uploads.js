// Takes files up while the rest is still written: chosen, dragged onto the form, or pasted. What is not up when Send is pressed goes with the form.
import { say } from "./spoken-status.js";

const RETRY = 15_000;

/** @typedef {{file: File, entry: HTMLElement, request?: XMLHttpRequest, timer?: number}} Upload */

/** Wraps the list of kept files. Each file has an entry: with progress first, then the one that the server wrote. */
class FileUploads extends HTMLElement {
  /** @type {Set<Upload>} */ #under_way = new Set();

  connectedCallback() {
    this.field = /** @type {HTMLInputElement} */ (document.getElementById(this.getAttribute("for") ?? ""));
    this.form = /** @type {HTMLFormElement} */ (this.field.form);
    this.list = /** @type {HTMLUListElement} */ (this.querySelector("ul"));
    this.#part(this, "hint").hidden = false;
    this.field.addEventListener("change", () => this.#chosen());
    this.form.addEventListener("submit", () => this.#leave());
    this.addEventListener("click", (event) => this.#act(/** @type {HTMLElement} */ (event.target)));
    document.addEventListener("paste", (event) => this.#pasted(event));
    for (const kind of ["dragover", "dragleave", "drop"]) document.addEventListener(kind, (event) => this.#dragged(/** @type {DragEvent} */ (event)));
    addEventListener("online", () => [...this.#under_way].filter((upload) => !upload.request).forEach((upload) => this.#send(upload)));
    this.#enhance();
    if (this.form.dataset.files) this.#bring();
    this.#chosen(); // Before the script was there.
  }

  #chosen() {
    const files = [...(this.field?.files ?? [])];
    this.field.value = "";
    files.forEach((file) => this.#take(file));
  }

  /** @param {ClipboardEvent} event */
  #pasted(event) {
    const brought = event.clipboardData;
    if (!brought?.files.length || brought.types.includes("text/plain")) return; // Office programs add a picture to the text that was copied.
    event.preventDefault();
    [...brought.files].forEach((file) => this.#take(file));
  }

  /** Anywhere on the page: a file that is dropped beside the form would open in its place. @param {DragEvent} event */
  #dragged(event) {
    if (!event.dataTransfer?.types.includes("Files")) return;
    if (event.type !== "dragleave") event.preventDefault();
    this.field.classList.toggle("uploads-over", event.type === "dragover");
    if (event.type === "drop") [...event.dataTransfer.files].forEach((file) => this.#take(file));
  }

  /** @param {File} file */
  #take(file) {
    const copy = /** @type {DocumentFragment} */ (this.querySelector("template")?.content.cloneNode(true));
    const entry = /** @type {HTMLElement} */ (copy.querySelector("li"));
    this.#part(entry, "name").textContent = file.name;
    entry.querySelectorAll("[data-part=named]").forEach((place) => (place.textContent = ` ${file.name}`));
    entry.querySelector("progress")?.setAttribute("aria-label", file.name);
    this.list.append(entry);
    this.#count();
    if (file.size > Number(this.dataset.each)) return this.#refuse(entry, `${file.name}: ${this.dataset.large}`, this.dataset.large ?? "");
    const upload = { file, entry };
    this.#under_way.add(upload);
    this.#send(upload);
  }

  /** @param {Upload} upload */
  #send(upload) {
    clearTimeout(upload.timer);
    const { entry, file } = upload;
    const request = new XMLHttpRequest();
    upload.request = request;
    this.#show(entry, "", true);
    request.upload.addEventListener("progress", (event) => {
      const bar = entry.querySelector("progress");
      if (bar && event.lengthComputable) bar.value = (100 * event.loaded) / event.total;
    });
    request.addEventListener("load", () => this.#answered(upload, request));
    request.addEventListener("error", () => this.#wait(upload, this.dataset.lost ?? ""));
    request.open("POST", this.dataset.keep ?? "");
    request.setRequestHeader("Accept", "text/html");
    request.send(this.#fields({ file }));
  }

  /** @param {Upload} upload @param {XMLHttpRequest} request */
  #answered(upload, request) {
    const { entry, file } = upload;
    if (request.status === 200) {
      this.#under_way.delete(upload);
      entry.outerHTML = request.responseText;
      this.#enhance();
      say((this.dataset.up ?? "").replace("{n}", file.name), "#file-status");
      this.dispatchEvent(new CustomEvent("files-changed", { bubbles: true }));
    } else if (request.status === 422 || request.status === 413) {
      this.#under_way.delete(upload);
      const words = request.status === 422 ? JSON.parse(request.responseText).wrong : this.dataset.large;
      this.#refuse(entry, words, words);
    } else {
      this.#wait(upload, this.dataset.failed ?? "", request.status >= 500);
    }
  }

  /** Try again when the network is back, and now and then, because not every loss is noticed. @param {Upload} upload @param {string} words @param {boolean} soon */
  #wait(upload, words, soon = true) {
    upload.request = undefined;
    this.#show(upload.entry, words, false, true);
    say(`${upload.file.name}: ${words}`, "#file-status");
    if (soon) upload.timer = setTimeout(() => this.#send(upload), RETRY);
  }

  /** @param {HTMLElement} entry @param {string} spoken @param {string} words */
  #refuse(entry, spoken, words) {
    this.#show(entry, words, false);
    this.#part(entry, "state").classList.add("wrong");
    say(spoken, "#file-status");
  }

  /** @param {HTMLElement} entry @param {string} words @param {boolean} moves @param {boolean} again */
  #show(entry, words, moves, again = false) {
    this.#part(entry, "state").textContent = words;
    /** @type {HTMLElement} */ (entry.querySelector("progress")).hidden = !moves;
    /** @type {HTMLElement} */ (entry.querySelector("[data-act=again]")).hidden = !again;
  }

  /** @param {HTMLElement} target */
  #act(target) {
    const button = target.closest("button");
    const entry = /** @type {HTMLElement | null} */ (button?.closest("li") ?? null);
    if (!button || !entry) return;
    const upload = [...this.#under_way].find((each) => each.entry === entry);
    if (button.dataset.act === "again") {
      /** @type {HTMLElement} */ (entry.querySelector("[data-act=remove]")).focus();
      return upload && this.#send(upload);
    }
    if (upload) this.#stop(upload);
    const kept = /** @type {HTMLInputElement | null} */ (entry.querySelector("input[name=kept]"));
    if (kept) fetch(this.dataset.remove ?? "", { method: "POST", body: this.#fields({ kept: kept.value }) }).catch(() => {}); // What the form no longer names goes anyway.
    const name = entry.querySelector("bdi")?.textContent ?? "";
    const next = entry.nextElementSibling ?? entry.previousElementSibling;
    entry.remove();
    this.#count();
    /** @type {HTMLElement} */ (next?.querySelector("[data-act=remove]") ?? this.field).focus();
    say((this.dataset.gone ?? "").replace("{n}", name), "#file-status");
    this.dispatchEvent(new CustomEvent("files-changed", { bubbles: true }));
  }

  /** @param {Upload} upload */
  #stop(upload) {
    this.#under_way.delete(upload);
    clearTimeout(upload.timer);
    upload.request?.abort();
  }

  /** Send is pressed: what is not up goes with the form, as it would without a script. */
  #leave() {
    if (!this.#under_way.size) return;
    const rest = new DataTransfer();
    for (const upload of this.#under_way) rest.items.add(upload.file);
    this.field.files = rest.files;
  }

  /** A page that was loaded again shows what waits on the server. */
  async #bring() {
    try {
      const answer = await fetch(this.dataset.waiting ?? "", { method: "POST", body: this.#fields({}) });
      if (answer.ok) this.list.insertAdjacentHTML("afterbegin", await answer.text());
      this.#enhance();
    } catch {
      // Without a connection nothing can be listed; nothing of the form depends on it.
    }
  }

  /** Where the server wrote a box to leave a file out, a button does so at once; the same file is listed once. */
  #enhance() {
    const tokens = new Set();
    for (const entry of this.list.querySelectorAll("li:has(input[name=kept])")) {
      const token = /** @type {HTMLInputElement} */ (entry.querySelector("input[name=kept]")).value;
      if (tokens.has(token)) entry.remove();
      tokens.add(token);
      entry.querySelector("label")?.remove();
      /** @type {HTMLElement} */ (entry.querySelector("[data-act=remove]")).hidden = false;
    }
    this.#count();
  }

  #count() { this.list.hidden = !this.list.childElementCount; }

  /** @param {Record<string, string | File>} more */
  #fields(more) {
    const fields = new FormData();
    for (const name of (this.dataset.with ?? "").split(" ")) fields.set(name, /** @type {HTMLInputElement} */ (this.form.elements.namedItem(name)).value);
    for (const [name, value] of Object.entries(more)) fields.set(name, value);
    return fields;
  }

  /** @param {Element} within @param {string} name */
  #part(within, name) {
    return /** @type {HTMLElement} */ (within.querySelector(`[data-part=${name}]`));
  }
}

customElements.define("file-uploads", FileUploads);
