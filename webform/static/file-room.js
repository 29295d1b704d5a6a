// Says before sending that the chosen files are too large together: the server could only refuse the whole form.
import { say } from "./spoken-status.js";

class FileRoom extends HTMLElement {
  connectedCallback() {
    this.field = /** @type {HTMLInputElement | null} */ (document.getElementById(this.getAttribute("for") ?? ""));
    this.field?.addEventListener("change", () => this.#measure());
  }

  #measure() {
    const bytes = [...(this.field?.files ?? [])].reduce((sum, file) => sum + file.size, 0);
    const isOver = bytes > Number(this.dataset.most);
    this.hidden = !isOver;
    say(isOver ? this.textContent.trim() : "");
  }
}

customElements.define("file-room", FileRoom);
