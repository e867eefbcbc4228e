// Shows the text as the server will draw it, a moment after the typing stops. The text area names the
// address in data-preview; its value goes there under its own name and HTML comes back.
import { said } from "../words.js";
import { tokenOf } from "./fresh.js";

const PAUSE = 600;
const APART = 1600; // the server takes 40 a minute

function panel(area) {
  const named = area.dataset.previewInto && document.getElementById(area.dataset.previewInto);
  const section = named || document.createElement("section");
  section.classList.add("preview");
  section.setAttribute("aria-label", said("Preview"));
  const head = document.createElement("div");
  head.className = "preview-head";
  const name = document.createElement("strong");
  name.textContent = said("Preview");
  const state = document.createElement("span");
  state.setAttribute("role", "status");
  head.append(name, state);
  const text = document.createElement("div");
  text.className = area.dataset.previewClass || "prose";
  text.dir = "auto";
  section.replaceChildren(head, text);
  if (!named) area.closest(".field").after(section);
  return { section, state, text };
}

export function start(area) {
  // What stands in for this where no script runs.
  for (const plain of area.form.querySelectorAll('button[name="preview"], div.preview')) plain.remove();
  const { section, state, text } = panel(area);
  let timer = 0;
  let last = 0;
  let newest = 0;

  async function draw() {
    const asked = ++newest;
    last = Date.now();
    const body = new URLSearchParams({ [area.name]: area.value });
    try {
      const token = await tokenOf(area.form);
      const answer = await fetch(area.dataset.preview, {
        method: "POST",
        body,
        headers: { "X-CSRFToken": token },
      });
      const words = await answer.text();
      if (asked !== newest) return;
      if (answer.ok) {
        text.innerHTML = words; // sanitised by the server, which stores the same
        text.dispatchEvent(new Event("drawn", { bubbles: true }));
        state.textContent = said("Up to date");
      } else {
        state.textContent = answer.status === 422 ? words : said("The preview takes a short rest.");
      }
    } catch {
      state.textContent = said("No connection. Your text stays here.");
    }
  }

  function plan() {
    const empty = area.value.trim() === "";
    section.hidden = empty;
    clearTimeout(timer);
    newest++;
    if (empty) return;
    state.textContent = "";
    timer = setTimeout(draw, Math.max(PAUSE, last + APART - Date.now()));
  }

  area.addEventListener("input", plan);
  // At once where the page keeps a place for it, and for what was typed before this script came;
  // elsewhere what stands below would jump.
  if (area.dataset.previewInto || area.value !== area.defaultValue) plan();
  else section.hidden = true;
}
