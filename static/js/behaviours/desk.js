// The desk by keyboard. Items are [data-item]; the current one has aria-current="true" and may name the
// panel that shows it in data-detail. A key clicks what bears it in data-key, looked for in the current
// item, its panel, then the whole desk; with boxes ticked, what bears it in data-bulk-key comes first.
const STEP = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };
const TYPING = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";

export function start(desk) {
  const items = () => [...desk.querySelectorAll("[data-item]")].filter((item) => !item.hidden);
  const current = () => desk.querySelector('[data-item][aria-current="true"]');
  const panel = (item) => item?.dataset.detail && document.getElementById(item.dataset.detail);
  const ticked = () => desk.querySelector("[data-item] input[type=checkbox]:checked");
  let sent = false;

  function choose(item, { focus = true } = {}) {
    for (const other of items()) {
      const chosen = other === item;
      if (chosen) other.setAttribute("aria-current", "true");
      else other.removeAttribute("aria-current");
      const shown = panel(other);
      if (shown) shown.hidden = !chosen;
    }
    if (!item.hasAttribute("tabindex")) item.tabIndex = -1;
    if (focus) item.focus({ preventScroll: true });
    item.scrollIntoView({ block: "nearest" });
  }

  function move(step) {
    const all = items();
    const next = all[all.indexOf(current()) + step] ?? (current() ? null : all[0]);
    if (!next) return;
    choose(next);
    if (desk.dataset.desk === "follow") next.querySelector("a[data-open]")?.click();
  }

  function bearer(key) {
    const name = CSS.escape(key);
    const many = ticked() && desk.querySelector(`[data-bulk-key="${name}"]`);
    const places = [current(), panel(current()), document];
    return many || places.map((place) => place?.querySelector(`[data-key="${name}"]`)).find(Boolean);
  }

  function press(key) {
    if (key in STEP) return move(STEP[key]);
    if (key === "x") return current()?.querySelector("input[type=checkbox]")?.click();
    if (key === "?") return document.querySelector("dialog[data-keys]")?.showModal();
    if (key === "/") {
      return (desk.querySelector("[data-search]") ?? document.querySelector("input[type=search]"))?.focus();
    }
    const target = bearer(key);
    if (!target || target.disabled || sent) return;
    // A verdict is on its way: a second press would meet the next item.
    if (target.type === "submit") sent = true;
    target.click();
    if (target.form && !target.form.checkValidity()) sent = false;
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (document.querySelector("dialog[open]")) return;
    if (event.target.closest?.(TYPING)) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    if (event.key.startsWith("Arrow") && !event.target.closest?.("[data-item]")) return;
    const known = event.key in STEP || ["x", "?", "/"].includes(event.key) || bearer(event.key);
    if (!known) return;
    event.preventDefault();
    if (!event.repeat || event.key in STEP) press(event.key);
  });

  // A page taken from the browser's memory takes verdicts again.
  window.addEventListener("pageshow", () => (sent = false));
  desk.addEventListener("submit", (event) => {
    if (event.defaultPrevented) sent = false;
  });
  desk.addEventListener("click", (event) => {
    const item = event.target.closest("[data-item]");
    if (item && panel(item)) choose(item, { focus: false });
  });

  for (const button of document.querySelectorAll("[data-show-keys]")) {
    button.hidden = false;
    button.addEventListener("click", () => press("?"));
  }

  const first = current() ?? items()[0];
  if (first) choose(first, { focus: false });
}
