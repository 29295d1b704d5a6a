// Whether a text says enough to be worth a question. Cheap and generous: the server decides.
const WORDS = 2;
const HAN = 4;
const UNSPACED = 8;
const WORD = /\p{L}[\p{L}\p{M}\p{N}’'-]{2,}/gu;
const HAN_CHARACTER = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu;
const UNSPACED_CHARACTER = /[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/gu;
const LOOKED_AT = 2000;

/**
 * @param {string} text
 * @returns {boolean} whether it has two words of three letters, four Han characters, or as much in scripts without spaces
 */
export function isWorthAsking(text) {
  const start = text.slice(0, LOOKED_AT);
  const has = (/** @type {RegExp} */ pattern, /** @type {number} */ least) => (start.match(pattern)?.length ?? 0) >= least;
  return has(HAN_CHARACTER, HAN) || has(UNSPACED_CHARACTER, UNSPACED) || has(WORD, WORDS);
}
