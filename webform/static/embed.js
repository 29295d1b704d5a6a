// <contact-form>: the contact form on any page, in a frame of its own. No library, no cookie, no style that the page could block.
(() => {
  "use strict";
  if (customElements.get("contact-form")) return;
  const HOME = new URL(".", /** @type {HTMLScriptElement} */ (document.currentScript).src).href.replace(/\/$/, "");
  const ORIGIN = new URL(HOME).origin;
  const WORDS = {
    en: { open: "Contact us", close: "Close" },
    ru: { open: "Написать нам", close: "Закрыть" },
    zh: { open: "联系我们", close: "关闭" },
  };
  const PREFILLED = ["subject", "message", "name", "email"];
  const LEAST = 240;
  const STYLE = `
    :host { display: block; }
    :host([hidden]) { display: none; }
    :host([display="button"]) { display: contents; }
    iframe { display: block; inline-size: 100%; block-size: 40rem; border: 0; background: transparent; color-scheme: light dark; }
    .open {
      position: fixed; inset-block-end: 1rem; inset-inline-end: 1rem; z-index: 2147483000; min-block-size: 2.75rem; padding: .6rem 1.1rem;
      border: 0; border-radius: 1.4rem; background: var(--contact-form-colour, #1f3fbf); color: var(--contact-form-ink, #fff);
      font: 600 1rem/1.3 system-ui, sans-serif; cursor: pointer; box-shadow: 0 2px 10px rgb(0 0 0 / .3);
    }
    :focus-visible { outline: 3px solid #ffb454; outline-offset: 2px; }
    dialog {
      inset-block: auto 1rem; inset-inline: auto 1rem; margin: 0; padding: 0; inline-size: min(28rem, 100vw - 2rem); block-size: min(44rem, 100dvh - 2rem); max-block-size: none;
      border: 1px solid #7b8896; border-radius: .75rem; background: Canvas; color: CanvasText; color-scheme: light dark; overflow: hidden;
    }
    dialog[open] { display: grid; grid-template-rows: auto minmax(0, 1fr); }
    dialog::backdrop { background: rgb(0 0 0 / .35); }
    dialog iframe { block-size: 100%; }
    .close {
      justify-self: end; margin: .25rem; min-block-size: 2.75rem; padding: 0 .9rem; border: 0; border-radius: .4rem; background: none; color: inherit;
      font: 500 1rem/1 system-ui, sans-serif; cursor: pointer; text-decoration: underline;
    }
    @media (max-width: 30rem) { dialog { inset: 0; inline-size: 100vw; block-size: 100dvh; max-inline-size: none; border: 0; border-radius: 0; } }
  `;

  class ContactForm extends HTMLElement {
    connectedCallback() {
      if (this.display === "link") return this.#link();
      if (this.shadowRoot) return;
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(STYLE);
      const root = this.attachShadow({ mode: "open" });
      root.adoptedStyleSheets = [sheet];
      addEventListener("message", (event) => this.#hear(event));
      if (this.display === "button") this.#button(root);
      else root.append(this.#frame());
    }

    get display() {
      const asked = this.getAttribute("display") ?? "";
      return ["button", "link"].includes(asked) ? asked : "inline";
    }

    get language() {
      const asked = (this.getAttribute("language") || document.documentElement.lang || navigator.language || "").toLowerCase().split("-")[0];
      return asked in WORDS ? asked : "en";
    }

    /** Everything but what somebody typed: that is handed to the frame itself, and stands in no address. */
    #address(framed = true) {
      const address = new URL(`${HOME}/`);
      address.searchParams.set("lang", this.language);
      for (const name of ["topic", "mode"]) if (this.hasAttribute(name)) address.searchParams.set(name, this.getAttribute(name) ?? "");
      if (framed) address.searchParams.set("embed", location.origin);
      return address.href;
    }

    #link() {
      const link = this.querySelector("a") ?? this.appendChild(document.createElement("a"));
      link.href = this.#address(false);
      link.textContent ||= this.getAttribute("label") || WORDS[this.language].open;
    }

    #frame() {
      const frame = (this.frame = document.createElement("iframe"));
      frame.src = this.#address();
      frame.title = this.getAttribute("label") || WORDS[this.language].open;
      frame.referrerPolicy = "origin";
      return frame;
    }

    /** @param {ShadowRoot} root */
    #button(root) {
      const words = WORDS[this.language];
      const make = (kind, text) => Object.assign(document.createElement("button"), { type: "button", className: kind, textContent: text });
      const open = make("open", this.getAttribute("label") || words.open);
      const close = make("close", words.close);
      const dialog = document.createElement("dialog");
      dialog.setAttribute("aria-label", open.textContent);
      open.setAttribute("aria-haspopup", "dialog");
      dialog.append(close);
      root.append(open, dialog);
      open.addEventListener("click", () => {
        if (!this.frame) dialog.append(this.#frame());
        dialog.showModal();
      });
      close.addEventListener("click", () => dialog.close());
      dialog.addEventListener("close", () => open.focus());
    }

    /** @param {MessageEvent} event */
    #hear(event) {
      if (event.origin !== ORIGIN || !this.frame || event.source !== this.frame.contentWindow || event.data?.from !== "contact-form") return;
      const { kind, height } = event.data;
      if (kind === "ready") this.#fill();
      if (kind === "height" && this.display === "inline" && Number.isFinite(height)) this.frame.style.blockSize = `${Math.max(LEAST, Math.min(height, 20000))}px`;
      if (kind === "escape") this.shadowRoot?.querySelector("dialog")?.close();
      if (["solved", "sent"].includes(kind)) this.dispatchEvent(new CustomEvent(`contact-form-${kind}`, { bubbles: true }));
    }

    #fill() {
      const fields = Object.fromEntries(PREFILLED.filter((name) => this.hasAttribute(name)).map((name) => [name, this.getAttribute(name)]));
      if (Object.keys(fields).length) this.frame.contentWindow.postMessage({ to: "contact-form", fields }, ORIGIN);
    }
  }

  customElements.define("contact-form", ContactForm);
})();
