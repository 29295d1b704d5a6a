// Asks for answers while the problem is being described, and shows them where there is room.
import { inView } from "./in-view.js";
import { Question } from "./question.js";
import { Reading } from "./reading.js";
import { say } from "./spoken-status.js";

const ASKED = ["subject", "message", "topic", "email"];
const TOLD = ["subject", "message", "topic", "visit", "read", "skip", "device", "browser"];

class AnswerList extends HTMLElement {
  /** @type {Set<number>} */ #declined = new Set();
  /** @type {string | null} */ #held = null;
  #reading = new Reading();
  #moves = inView("details");

  connectedCallback() {
    this.form = /** @type {HTMLFormElement} */ (document.getElementById(this.getAttribute("for") ?? ""));
    this.shown = /** @type {HTMLElement} */ (this.querySelector("[data-part=shown]"));
    this.unfold = /** @type {HTMLElement} */ (this.querySelector("[data-part=unfold]"));
    this.question = new Question(this.dataset.url ?? "", {
      read: () => this.#texts(),
      answered: (fragment, engaged) => this.#answer(fragment, engaged),
      thinking: () => this.#think(),
      failed: (why) => this.#fail(why),
      settled: () => this.classList.remove("answers-thinking"),
    });
    for (const name of ["confirmed", "scripted"]) this.form.append(hidden(name));
    this.#listen();
    this.question.later();
  }

  #listen() {
    const later = () => this.question?.later();
    this.form?.addEventListener("input", (event) => {
      const typed = /** @type {InputEvent} */ (event);
      if (ASKED.includes(/** @type {HTMLInputElement} */ (typed.target).name) && !typed.isComposing) later();
    });
    this.form?.addEventListener("compositionend", later);
    addEventListener("online", later);
    document.addEventListener("draft-restored", later);
    this.addEventListener("click", (event) => this.#clicked(event));
    this.addEventListener("toggle", (event) => this.#toggled(/** @type {HTMLDetailsElement} */ (event.target)), true);
    this.addEventListener("focusout", () => setTimeout(() => this.#release()));
  }

  #texts() {
    const field = (/** @type {string} */ name) => /** @type {HTMLInputElement | null} */ (this.form?.elements.namedItem(name))?.value.trim() ?? "";
    const texts = Object.fromEntries(TOLD.map((name) => [name, field(name)]));
    const domain = /@([^@\s]+\.[^@\s.]{2,})$/.exec(field("email"))?.[1] ?? "";
    return { ...texts, domain, declined: [...this.#declined].join(), language: this.dataset.language ?? "" };
  }

  #think() {
    this.classList.add("answers-thinking");
    if (!this.#articles().length) this.#state("thinking");
  }

  /** @param {"error" | "offline"} state */
  #fail(state) {
    if (!this.#articles().length) this.#state(state);
  }

  #articles() {
    return /** @type {HTMLDetailsElement[]} */ ([...this.shown.querySelectorAll("details")]);
  }

  /**
   * Show new answers, unless somebody is reading or walking through the old ones.
   * @param {string} fragment
   * @param {boolean} engaged whether the text was looked up at all
   */
  #answer(fragment, engaged) {
    this.#held = null;
    if (!fragment) {
      if (this.#inUse()) return;
      say("");
      return this.#state(!engaged ? "idle" : this.#declined.size ? "away" : "nothing");
    }
    if (this.dataset.plain !== undefined) return;
    const fresh = document.createElement("div");
    fresh.innerHTML = fragment;
    const still = /** @type {HTMLElement | null} */ (fresh.querySelector("[data-still]"));
    if (still) return this.#still(still, fragment);
    const open = this.#articles().find((answer) => answer.open);
    const again = open && /** @type {HTMLDetailsElement | null} */ (fresh.querySelector(`[data-article="${open.dataset.article}"]`));
    if (this.shown.contains(document.activeElement) || (open && !again)) {
      this.#held = fragment;
      return;
    }
    if (again) again.open = true;
    this.#show(fresh);
  }

  /**
   * Say why there is no answer: a person takes it from here. It waits for somebody who is among the answers.
   * @param {HTMLElement} still
   * @param {string} fragment
   */
  #still(still, fragment) {
    if (still.dataset.still === "straight" ? this.shown.contains(document.activeElement) : this.#inUse()) {
      this.#held = fragment;
      return;
    }
    this.removeAttribute("data-folded");
    this.unfold.hidden = true;
    this.classList.remove("answers-thinking");
    this.classList.add("answers-still");
    this.shown.replaceChildren(still);
    this.#tell(still.dataset.still ?? "");
    say(still.dataset.spoken ?? "");
  }

  /** @param {HTMLElement} fresh */
  #show(fresh) {
    for (const button of fresh.querySelectorAll("[data-verdict]")) button.removeAttribute("hidden");
    for (const link of fresh.querySelectorAll(".passage-text a")) Object.assign(link, { target: "_blank", rel: "noopener" });
    const before = this.#articles().map((answer) => answer.dataset.article).join();
    this.#fold(fresh);
    this.classList.remove("answers-still", "answers-thinking");
    this.shown.replaceChildren(...fresh.childNodes);
    if (before !== this.#articles().map((answer) => answer.dataset.article).join()) {
      say(/** @type {HTMLElement} */ (this.shown.querySelector("[data-spoken]")).dataset.spoken ?? "");
    }
  }

  /**
   * Keep the answers to one line where they would push what is in view: below the message, with the details on the screen.
   * @param {HTMLElement} fresh
   */
  #fold(fresh) {
    const wanted = { form: true, answers: false }[this.dataset.mode ?? ""] ?? this.#moves();
    const folded = wanted && (this.hasAttribute("data-folded") || !this.#articles().length);
    this.toggleAttribute("data-folded", folded);
    this.unfold.hidden = !folded;
  }

  /** @param {string} name */
  #state(name) {
    const template = /** @type {HTMLTemplateElement} */ (this.querySelector(`template[data-state="${name}"]`));
    this.removeAttribute("data-folded");
    this.unfold.hidden = true;
    this.classList.add("answers-still");
    this.shown.replaceChildren(template.content.cloneNode(true));
    this.#tell(name);
  }

  /** @param {string} state what stands here instead of answers; a visit that sees a plain form is told nothing */
  #tell(state) {
    if (this.dataset.plain === undefined) document.dispatchEvent(new CustomEvent("answers-state", { detail: state }));
  }

  #inUse() {
    return this.shown.contains(document.activeElement) || this.#articles().some((answer) => answer.open);
  }

  #release() {
    if (this.#held !== null && !this.shown.contains(document.activeElement)) this.#answer(this.#held, true);
  }

  /** @param {HTMLDetailsElement} answer */
  #toggled(answer) {
    this.#reading.toggle(answer);
    if (!answer.open) this.#release();
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    const button = /** @type {HTMLElement} */ (event.target).closest("button");
    if (!button) return;
    if (button === this.unfold) {
      this.removeAttribute("data-folded");
      this.unfold.hidden = true;
      this.shown.querySelector("summary")?.focus();
      return;
    }
    const article = Number(button.closest("details")?.dataset.article);
    event.preventDefault();
    if (button.dataset.verdict === "declined") this.#decline(article);
    else document.dispatchEvent(new CustomEvent("answer-solved", { detail: article }));
  }

  /** @param {number} article */
  #decline(article) {
    this.#declined.add(article);
    const answer = this.shown.querySelector(`[data-article="${article}"]`);
    document.dispatchEvent(new CustomEvent("answer-declined", { detail: article }));
    answer?.closest("li")?.remove();
    this.question?.now();
  }
}

/** @param {string} name */
function hidden(name) {
  const field = document.createElement("input");
  Object.assign(field, { type: "hidden", name, value: "1" });
  return field;
}

customElements.define("answer-list", AnswerList);
