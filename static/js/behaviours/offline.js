// Without a connection a form is not sent, since the browser's error page would take its place.
import { said } from "../words.js";

function bar() {
  const note = document.createElement("p");
  note.className = "offline";
  note.setAttribute("role", "status");
  document.body.append(note);
  return note;
}

export function start() {
  let note = null;
  const tell = (sent) => {
    if (navigator.onLine) {
      note?.remove();
      note = null;
      return;
    }
    note ??= bar();
    note.textContent = sent
      ? said("Not sent: there is no connection. Your text is still here; try again in a moment.")
      : said("There is no connection just now. What you write stays on this page.");
  };
  window.addEventListener("online", () => tell(false));
  window.addEventListener("offline", () => tell(false));
  document.addEventListener("submit", (event) => {
    if (navigator.onLine) return;
    event.preventDefault();
    tell(true);
  });
}
