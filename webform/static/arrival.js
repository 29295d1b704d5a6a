// Tells that a person has the form before them, and that the first character was typed; never which.
import { browser, device, tidy } from "./surroundings.js";
import { tell } from "./visit.js";

const SIGNS = ["pointermove", "pointerdown", "keydown", "scroll", "focusin"];
const LOOK = 2000;

const form = /** @type {HTMLFormElement} */ (document.getElementById("ask"));
const place = {
  device: device(),
  embed: new URLSearchParams(location.search).get("embed") ?? "",
  language: document.documentElement.lang.split("-")[0],
};
let arrived = Boolean(form.dataset.typed);

/** What nobody moves in, and what is never in view, was opened by no person. */
function arrive() {
  if (arrived) return;
  arrived = true;
  tell({ kind: "arrived", ...place });
}

function begin() {
  arrived = true;
  const mark = browser();
  for (const [name, value] of Object.entries({ device: place.device, browser: mark })) {
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  }
  tell({ kind: "began", ...place, browser: mark });
}

tidy();
if (arrived || /** @type {HTMLTextAreaElement} */ (form.elements.namedItem("message")).value) begin();
else form.addEventListener("input", begin, { once: true });
for (const sign of SIGNS) addEventListener(sign, arrive, { once: true, passive: true });
let looked = 0;
const looking = setInterval(() => {
  if (document.visibilityState === "visible") looked += LOOK / 4;
  if (looked >= LOOK) arrive();
  if (arrived) clearInterval(looking);
}, LOOK / 4);
