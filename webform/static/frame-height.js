// A page in a frame of another site: tells the site how high it is, and takes from it what the form is filled in with.
const FIELDS = ["subject", "message", "name", "email", "topic"];

/** `data-parent` is the origin of the site around: nobody else is told anything, and nobody else is listened to. */
class FrameHeight extends HTMLElement {
  #told = 0;

  connectedCallback() {
    if (parent === window) return;
    this.page = /** @type {HTMLElement} */ (document.getElementById(this.getAttribute("for") ?? ""));
    addEventListener("message", (event) => this.#hear(event));
    new ResizeObserver(() => this.#tell()).observe(this.page);
    this.#say({ kind: "ready" });
    document.addEventListener("click", (event) => outside(event.target), true);
    document.addEventListener("keydown", (event) => event.key === "Escape" && !event.isComposing && !event.defaultPrevented && this.#say({ kind: "escape" }));
    document.addEventListener("problem-solved", () => this.#say({ kind: "solved" }));
    if (document.querySelector("kept-draft[data-drop]")) this.#say({ kind: "sent" });
  }

  #tell() {
    const height = Math.ceil(this.page?.getBoundingClientRect().height ?? 0);
    if (height === this.#told) return;
    this.#told = height;
    this.#say({ kind: "height", height });
  }

  /** @param {Record<string, unknown>} message */
  #say(message) {
    parent.postMessage({ from: "contact-form", ...message }, this.dataset.parent ?? "");
  }

  /** @param {MessageEvent} event */
  #hear(event) {
    if (event.source !== parent || event.origin !== this.dataset.parent || event.data?.to !== "contact-form") return;
    const form = /** @type {HTMLFormElement | null} */ (document.getElementById("ask"));
    for (const name of FIELDS) {
      const field = /** @type {HTMLInputElement | null} */ (form?.elements.namedItem(name) ?? null);
      const text = event.data.fields?.[name];
      if (!field || field.value || typeof text !== "string") continue;
      field.value = text;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }
}

/**
 * Open in a tab of its own what cannot stand in a frame: articles, and other sites.
 * @param {EventTarget | null} clicked
 */
function outside(clicked) {
  const link = /** @type {HTMLAnchorElement | null} */ (/** @type {Element} */ (clicked).closest("a[href]"));
  if (!link || link.getAttribute("href")?.startsWith("#")) return;
  const stays = link.origin === location.origin && new URLSearchParams(link.search).has("embed");
  if (!stays) Object.assign(link, { target: "_blank", rel: "noopener" });
}

customElements.define("frame-height", FrameHeight);
