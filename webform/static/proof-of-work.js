// While an attack is under way: the browser does a small sum, so that nobody has to answer a question.
const AT_ONCE = 400;

class ProofOfWork extends HTMLElement {
  async connectedCallback() {
    const { challenge = "", bits = "0" } = this.dataset;
    if (!globalThis.crypto?.subtle || !Number(bits)) return; // Only pages over TLS may hash, and some questions are for people: they stay.
    const number = await solve(challenge, Number(bits));
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: "proof", value: String(number) });
    this.append(field);
    for (const part of this.querySelectorAll("[data-part=question]")) part.hidden = true;
    for (const part of this.querySelectorAll("[data-part=solved]")) part.hidden = false;
  }
}

/**
 * @param {string} challenge
 * @param {number} bits
 */
async function solve(challenge, bits) {
  const encoder = new TextEncoder();
  for (let first = 0; ; first += AT_ONCE) {
    const numbers = Array.from({ length: AT_ONCE }, (_, index) => first + index);
    const digests = await Promise.all(numbers.map((number) => crypto.subtle.digest("SHA-256", encoder.encode(`${challenge}:${number}`))));
    const found = digests.findIndex((digest) => new DataView(digest).getUint32(0) >>> (32 - bits) === 0);
    if (found >= 0) return first + found;
  }
}

customElements.define("proof-of-work", ProofOfWork);
