// Measures how long an opened answer was really in view.
import { tell } from "./visit.js";

const READ = 5;
const TICK = 1000;

/** Tells that an answer was opened, and that it was read once it has been in view for five seconds. */
export class Reading {
  /** @type {Map<Element, {article: number, seconds: number, told: number, inView: boolean}>} */ #open = new Map();
  /** @type {Set<number>} */ #opened = new Set();
  #observer = new IntersectionObserver((entries) => entries.forEach((entry) => this.#see(entry)), { threshold: [0, 0.25] });

  constructor() {
    setInterval(() => this.#tick(), TICK);
    addEventListener("pagehide", () => this.#tellAll());
    document.addEventListener("visibilitychange", () => this.#tellAll()); // A phone may end a page that is out of view without a word.
  }

  /** @param {HTMLDetailsElement} answer */
  toggle(answer) {
    const article = Number(answer.dataset.article);
    if (!answer.open) return this.#close(answer);
    if (!this.#opened.has(article)) tell({ kind: "opened", article });
    this.#opened.add(article);
    if (!this.#open.has(answer)) this.#open.set(answer, { article, seconds: 0, told: 0, inView: false });
    this.#observer.observe(answer);
  }

  /** @param {Element} answer */
  #close(answer) {
    const state = this.#open.get(answer);
    if (state) this.#tellLonger(state);
    this.#observer.unobserve(answer);
    this.#open.delete(answer);
  }

  /** @param {IntersectionObserverEntry} entry */
  #see(entry) {
    const state = this.#open.get(entry.target);
    if (state) state.inView = entry.isIntersecting;
  }

  #tick() {
    for (const [answer, state] of this.#open) {
      if (!answer.isConnected) this.#close(answer);
      else if (state.inView && document.visibilityState === "visible") state.seconds += TICK / 1000;
      if (state.told === 0) this.#tellLonger(state);
    }
  }

  #tellAll() {
    for (const state of this.#open.values()) this.#tellLonger(state);
  }

  /** @param {{article: number, seconds: number, told: number}} state */
  #tellLonger(state) {
    if (state.seconds < READ || state.seconds <= state.told) return;
    state.told = state.seconds;
    tell({ kind: "read", article: state.article, seconds: state.seconds });
  }
}
