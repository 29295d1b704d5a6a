// Asks the server about a text that is being typed: after a pause, never twice the same, and only the last answer counts.
import { isWorthAsking } from "./content-words.js";

const PAUSE = 400;
const THINKING = 400;
const PATIENCE = 8000;
const AGAIN = 1000;
const MOST = 20000;

/**
 * @typedef {object} Listener
 * @property {() => Record<string, string>} read the texts as they stand
 * @property {(fragment: string, engaged: boolean) => void} answered
 * @property {() => void} thinking called once an answer takes long
 * @property {(why: "error" | "offline") => void} failed
 * @property {() => void} settled called when nothing is under way any more
 */

export class Question {
  #asked = "";
  #number = 0;
  /** @type {number | undefined} */ #pause;
  /** @type {AbortController | undefined} */ #request;

  /**
   * @param {string} address
   * @param {Listener} listener
   */
  constructor(address, listener) {
    this.address = address;
    this.listener = listener;
  }

  /** Ask once nothing was typed for a moment. */
  later() {
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => this.now(), PAUSE);
  }

  /** Ask at once, unless this was asked last. */
  now() {
    const { visit, language, ...texts } = this.listener.read();
    const question = Object.values(texts).join("\0");
    if (question === this.#asked) return;
    this.#request?.abort();
    const number = ++this.#number;
    if (!isWorthAsking(`${texts.subject} ${texts.message}`)) {
      this.#asked = "";
      this.listener.settled();
      this.listener.answered("", false);
      return;
    }
    this.#asked = question;
    this.#send(number, { ...texts, visit, language });
  }

  /**
   * @param {number} number
   * @param {Record<string, string>} fields
   * @param {boolean} again whether it is asked once more, because there was no time for it before
   */
  async #send(number, fields, again = false) {
    const request = (this.#request = new AbortController());
    const thinking = setTimeout(() => this.listener.thinking(), THINKING);
    const patience = setTimeout(() => request.abort(), PATIENCE);
    const isLast = () => number === this.#number;
    let waits = false;
    for (const [name, text] of Object.entries(fields)) fields[name] = text.slice(0, MOST);
    try {
      const response = await fetch(this.address, { method: "POST", headers: { Accept: "text/html" }, body: new URLSearchParams(fields), signal: request.signal });
      const fragment = response.ok ? await response.text() : "";
      if (!isLast()) return;
      const cutShort = response.headers.get("X-Cut-Short") === "1";
      waits = cutShort && !again;
      if (waits) this.#onceMore(() => isLast() && this.#send(number, fields, true));
      else if (cutShort || !response.ok) this.#fail("error");
      else {
        document.dispatchEvent(new CustomEvent("topic-predicted", { detail: response.headers.get("X-Topic") ?? "" }));
        this.listener.answered(fragment, response.headers.get("X-Engaged") !== "0");
      }
    } catch {
      if (isLast()) this.#fail(navigator.onLine ? "error" : "offline");
    } finally {
      clearTimeout(thinking);
      clearTimeout(patience);
      if (isLast() && !waits) this.listener.settled();
    }
  }

  /** @param {() => void} ask */
  #onceMore(ask) {
    this.listener.thinking();
    setTimeout(ask, AGAIN);
  }

  /** @param {"error" | "offline"} why */
  #fail(why) {
    this.#asked = "";
    this.listener.failed(why);
  }
}
