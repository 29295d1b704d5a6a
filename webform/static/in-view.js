// Tells whether something below the message is in view, and would be pushed away by what comes above it.
const BESIDE = "(min-width: 64rem)";

/**
 * @param {string} id
 * @returns {() => boolean} never true where answers stand beside the message
 */
export function inView(id) {
  const element = /** @type {HTMLElement} */ (document.getElementById(id));
  let seen = true;
  // In a frame of another site only the browser knows what of it is on the screen.
  if (parent !== window) new IntersectionObserver((entries) => (seen = entries.some((entry) => entry.isIntersecting))).observe(element);
  const here = () => element.getBoundingClientRect().top < (visualViewport?.height ?? innerHeight);
  return () => !matchMedia(BESIDE).matches && (parent === window ? here() : seen);
}
