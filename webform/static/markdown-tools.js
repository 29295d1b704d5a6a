// The tool bar of the editor: writes Markdown around what is selected, so that it can be undone like typing.

/** @param {HTMLTextAreaElement} field @param {string} text @param {number} [from] @param {number} [to] what of it is selected then */
export function write(field, text, from = text.length, to = from) {
  const start = field.selectionStart;
  field.focus();
  // The old command is the only one that keeps the browser's undo; where it is gone, the text still comes.
  if (!document.execCommand("insertText", false, text)) {
    field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  field.setSelectionRange(start + from, start + to);
}

/** A bar of buttons, each a tool; arrow keys go from one to the next. */
class MarkdownTools extends HTMLElement {
  connectedCallback() {
    this.field = /** @type {HTMLTextAreaElement} */ (document.getElementById(this.getAttribute("for") ?? ""));
    this.buttons = /** @type {HTMLButtonElement[]} */ ([...this.querySelectorAll("button")]);
    this.buttons.forEach((button, number) => (button.tabIndex = number ? -1 : 0));
    this.hidden = false;
    this.addEventListener("click", (event) => this.#use(/** @type {HTMLElement} */ (event.target).closest("button")?.dataset.tool ?? ""));
    this.addEventListener("keydown", (event) => this.#walk(event));
    this.field.addEventListener("keydown", (event) => this.#shortcut(event));
  }

  /** @param {KeyboardEvent} event */
  #walk(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const at = this.buttons.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
    const next = this.buttons[(at + step + this.buttons.length) % this.buttons.length];
    for (const button of this.buttons) button.tabIndex = button === next ? 0 : -1;
    next.focus();
    event.preventDefault();
  }

  /** @param {KeyboardEvent} event */
  #shortcut(event) {
    const tool = { b: "bold", i: "italic", k: "link" }[event.key.toLowerCase()];
    if (!tool || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    this.#use(tool);
  }

  /** @param {string} tool */
  #use(tool) {
    const { first = "", second = "", callout = "" } = this.dataset;
    if (tool === "link" || tool === "picture") {
      return document.dispatchEvent(new CustomEvent(`ask-${tool}`));
    }
    if (tool === "bold") this.#around("**");
    if (tool === "italic") this.#around("*");
    if (tool === "code") this.#selected().includes("\n") ? this.#block("```\n", "\n```") : this.#around("`");
    if (tool === "heading") this.#lines((line) => `## ${line.replace(/^#+\s*/, "")}`);
    if (tool === "steps") this.#lines((line, number) => `${number + 1}. ${line}`);
    if (tool === "list") this.#lines((line) => `- ${line}`);
    if (tool === "callout") this.#block("> [!NOTE]\n> ", "", (this.#selected() || callout).replaceAll("\n", "\n> "));
    if (tool === "table") this.#block("", "", `| ${first} | ${second} |\n|---|---|\n|  |  |`);
  }

  #selected() {
    return this.field.value.slice(this.field.selectionStart, this.field.selectionEnd);
  }

  /** @param {string} mark taken away again where it stands already */
  #around(mark) {
    const { selectionStart: start, selectionEnd: end, value } = this.field;
    if (start >= mark.length && value.slice(start - mark.length, start) === mark && value.slice(end, end + mark.length) === mark) {
      this.field.setSelectionRange(start - mark.length, end + mark.length);
      return write(this.field, value.slice(start, end), 0, end - start);
    }
    const words = this.#selected() || (this.dataset.words ?? "");
    write(this.field, `${mark}${words}${mark}`, mark.length, mark.length + words.length);
  }

  /** @param {(line: string, number: number) => string} change */
  #lines(change) {
    const { value, selectionStart, selectionEnd } = this.field;
    const start = value.lastIndexOf("\n", selectionStart - 1) + 1;
    const end = value.indexOf("\n", selectionEnd) < 0 ? value.length : value.indexOf("\n", selectionEnd);
    this.field.setSelectionRange(start, end);
    write(this.field, value.slice(start, end).split("\n").map(change).join("\n"));
  }

  /** Sets a block apart by empty lines. @param {string} before @param {string} after @param {string} [text] */
  #block(before, after, text = this.#selected()) {
    const { value, selectionStart, selectionEnd } = this.field;
    const gap = selectionStart === 0 || value.slice(0, selectionStart).endsWith("\n\n") ? "" : value.slice(0, selectionStart).endsWith("\n") ? "\n" : "\n\n";
    const rest = value.slice(selectionEnd).startsWith("\n\n") || selectionEnd === value.length ? "" : "\n\n";
    const lead = gap + before;
    write(this.field, lead + text + after + rest, lead.length, lead.length + text.length);
  }
}

customElements.define("markdown-tools", MarkdownTools);
