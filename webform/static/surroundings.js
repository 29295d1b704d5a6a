// Where a visit happens, as far as it matters: how much room there is, and a mark that lets a browser be recognised for seven days.
const KEY = "webform-mark";
const DAYS = 7;
const PHONE = 600;
const TABLET = 1100;

/** @returns {"phone" | "tablet" | "desktop"} by the room there is and what points into it */
export function device() {
  const side = Math.min(screen.width, screen.height);
  if (side < PHONE) return "phone";
  return side < TABLET && matchMedia("(pointer: coarse)").matches ? "tablet" : "desktop";
}

/** @returns {string} a random mark, which says nothing of anybody; gone seven days after it was last needed */
export function browser() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "null");
    const known = typeof kept?.mark === "string" && kept.until > Date.now();
    const mark = known ? kept.mark : random();
    localStorage.setItem(KEY, JSON.stringify({ mark, until: Date.now() + DAYS * 86_400_000 }));
    return mark;
  } catch {
    return ""; // Storage is closed: who comes back is not recognised.
  }
}

/** Forget a mark that is too old, also where nobody types anything. */
export function tidy() {
  try {
    if ((JSON.parse(localStorage.getItem(KEY) ?? "null")?.until ?? 0) <= Date.now()) localStorage.removeItem(KEY);
  } catch {
    // Storage is closed: nothing was kept there.
  }
}

function random() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
