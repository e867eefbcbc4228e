// Draws the part of a page that tells how far something has come anew, until it is over. The part names
// its page in data-progress; where that is missing from the answer, it is over.
const PAUSE = 1500;

export function start(part) {
  async function look() {
    try {
      const answer = await fetch(part.dataset.progress);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = answer.ok && page.querySelector(`.${part.className}`);
      if (fresh) {
        part.replaceChildren(...fresh.childNodes);
        if (!fresh.dataset.progress) return;
      }
    } catch {
      // The next look may get through.
    }
    setTimeout(look, PAUSE);
  }
  setTimeout(look, PAUSE);
}
