// Folds the branches of a thread: by clicking a branch's line, or by the button among the actions.
import { said } from "../words.js";

const fold = (count) => (count === "1" ? said("Fold {count} reply", { count }) : said("Fold {count} replies", { count }));
const unfold = (count) => (count === "1" ? said("Show {count} reply", { count }) : said("Show {count} replies", { count }));

function prepare(branch) {
  const holder = branch.previousElementSibling;
  if (!holder) return; // the page begins inside this branch
  const button = document.createElement("button");
  button.type = "button";
  button.className = "fold";

  const show = (open) => {
    branch.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
    button.textContent = (open ? fold : unfold)(branch.dataset.count);
  };
  button.addEventListener("click", () => show(branch.hidden));
  branch.addEventListener("click", (event) => {
    if (event.target !== branch) return; // only its own margin and line, not what hangs from it
    show(false);
    button.focus({ preventScroll: true });
    holder.scrollIntoView({ block: "nearest" });
  });
  branch.addEventListener("unfold", () => show(true));

  let actions = holder.querySelector(":scope > .actions");
  if (!actions) {
    actions = document.createElement("p");
    actions.className = "actions";
    holder.append(actions);
  }
  actions.append(button);
  branch.classList.add("folds");
  show(true);
}

// A link to a comment opens every branch that holds it.
function unfoldTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (let branch = target?.closest(".branch"); branch; branch = branch.parentElement.closest(".branch")) {
    branch.dispatchEvent(new Event("unfold"));
  }
  if (target?.closest(".thread")) target.scrollIntoView();
}

export function start(thread) {
  thread.querySelectorAll(".branch").forEach(prepare);
  window.addEventListener("hashchange", unfoldTarget);
}
