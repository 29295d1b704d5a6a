// Says to screen readers what changed, once the page has been quiet for a moment.
const QUIET = 1400;

/** Two polite regions used in turn, so that the same words are spoken again when they are true again. */
export class SpokenStatus extends HTMLElement {
  /** @type {number | undefined} */ #timer;
  #turn = 0;
  #said = "";

  /**
   * Say words 1.4 s after the last change; newer words replace those that wait.
   * @param {string} words nothing takes back what waits
   */
  say(words) {
    clearTimeout(this.#timer);
    if (words === this.#said) return;
    this.#timer = setTimeout(() => this.#speak(words), QUIET);
  }

  /** @param {string} words */
  #speak(words) {
    const regions = this.querySelectorAll("[role=status]");
    regions[this.#turn].textContent = "";
    this.#turn = (this.#turn + 1) % regions.length;
    regions[this.#turn].textContent = words;
    this.#said = words;
  }
}

customElements.define("spoken-status", SpokenStatus);

/**
 * @param {string} words
 * @param {string} where which pair of regions: one matter does not take back the words of another
 */
export function say(words, where = "spoken-status") {
  const status = document.querySelector(where);
  if (status instanceof SpokenStatus) status.say(words);
}
