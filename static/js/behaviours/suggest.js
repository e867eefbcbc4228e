// What may answer already, under the text while one writes it. The text area names the address in
// data-suggest; its value goes there under its own name and a list comes back, or nothing.
import { said } from "../words.js";
import { tokenOf } from "./fresh.js";

const PAUSE = 600;
const APART = 1600; // the server takes 40 a minute
const LEAST = 12;

export function start(area) {
  const { form } = area;
  const section = document.createElement("section");
  section.className = "offered";
  section.setAttribute("aria-label", said("What may answer this already"));
  section.hidden = true;
  const state = document.createElement("p");
  state.className = "unseen";
  state.setAttribute("role", "status");
  area.after(section, state);
  let timer = 0;
  let last = 0;
  let asking = new AbortController();

  function draw(html) {
    // Whoever is in another field already would have it pushed away under the cursor.
    if (form.contains(document.activeElement) && document.activeElement !== area) return;
    section.innerHTML = html; // our own page's fragment: every word in it is escaped
    const list = section.firstElementChild;
    section.hidden = !list;
    form.elements.seen.value = list?.dataset.seen ?? "";
    const count = list?.children.length;
    state.textContent = !count ? "" : count === 1
      ? said("One thing may answer this already. It stands below the text.")
      : said("{count} things may answer this already. They stand below the text.", { count });
    if (!list) return;
    const words = document.createElement("p");
    words.className = "offered-label";
    words.textContent = said("This may answer it already");
    section.prepend(words);
  }

  async function look() {
    if (!navigator.onLine) return;
    last = Date.now();
    asking = new AbortController();
    const body = new URLSearchParams({ [area.name]: area.value.slice(0, 4000) });
    body.set("kind", form.elements.kind?.value ?? "");
    try {
      const answer = await fetch(area.dataset.suggest, {
        method: "POST",
        body,
        headers: { "X-CSRFToken": await tokenOf(form) },
        signal: asking.signal,
      });
      if (answer.ok) draw(await answer.text());
    } catch {
      // No connection, or a newer text: what was found before stays.
    }
  }

  function plan() {
    clearTimeout(timer);
    asking.abort();
    if (area.value.trim().length < LEAST) draw("");
    else timer = setTimeout(look, Math.max(PAUSE, last + APART - Date.now()));
  }

  area.addEventListener("input", plan);
  if (area.value !== area.defaultValue) plan(); // typed before this script came
}
