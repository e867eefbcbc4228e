// The desk by keyboard. Items are [data-item]; the chosen one has aria-current="true" and is open. A key
// clicks what bears it in data-key: in the chosen item first, then on the page; with boxes ticked, what
// bears it in data-bulk-key comes before both.
const STEP = { j: 1, k: -1 };
const TYPING = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";

export function start(desk) {
  const items = [...desk.querySelectorAll("[data-item]")];
  const current = () => desk.querySelector('[data-item][aria-current="true"]');
  const ticked = () => desk.querySelector("[data-choose]:checked");
  const sheet = document.querySelector("dialog[data-keys]");
  let sent = false;

  function choose(item, { focus = true } = {}) {
    for (const other of items) {
      if (other === item) other.setAttribute("aria-current", "true");
      else other.removeAttribute("aria-current");
    }
    if (!focus) return;
    item.focus({ preventScroll: true });
    item.scrollIntoView({ block: "nearest" });
  }

  function bearer(key) {
    const name = CSS.escape(key);
    const many = ticked() && desk.querySelector(`[data-bulk-key="${name}"]`);
    return (
      many ||
      current()?.querySelector(`[data-key="${name}"]`) ||
      [...document.querySelectorAll(`[data-key="${name}"]`)].find((one) => !one.closest("[data-item]"))
    );
  }

  function reject(details) {
    details.open = !details.open;
    if (details.open) details.querySelector("input:not([type=hidden])")?.focus();
    details.scrollIntoView({ block: "nearest" });
  }

  function press(key) {
    if (key in STEP) {
      const next = items[items.indexOf(current()) + STEP[key]];
      if (next) choose(next);
    } else if (key === "x") {
      current()?.querySelector("[data-choose]")?.click();
    } else if (key === "?") {
      sheet?.showModal();
    } else if (key === "/") {
      document.querySelector("input[type=search]")?.focus();
    } else {
      const target = bearer(key);
      if (target.localName === "summary") return reject(target.parentElement);
      // A verdict is on its way: a second press would meet the next item.
      if (target.type === "submit" && sent) return;
      target.click();
    }
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || sheet?.open) return;
    if (event.key === "Escape") {
      const open = current()?.querySelector("details[open]");
      if (open) reject(open);
      current()?.focus({ preventScroll: true });
      return;
    }
    if (event.target.closest?.(TYPING)) return;
    if (!(event.key in STEP) && !["x", "?", "/"].includes(event.key) && !bearer(event.key)) return;
    event.preventDefault();
    if (!event.repeat || event.key in STEP) press(event.key);
  });

  desk.addEventListener("click", (event) => {
    const row = event.target.closest("a[data-open]");
    if (!row || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    choose(row.closest("[data-item]"), { focus: false });
  });
  document.addEventListener("submit", (event) => {
    if (!event.defaultPrevented && event.target.method !== "dialog") sent = true;
  });
  window.addEventListener("pageshow", () => (sent = false));

  for (const button of document.querySelectorAll("[data-show-keys]")) {
    button.hidden = false;
    button.addEventListener("click", () => sheet?.showModal());
  }

  desk.dataset.live = "";
  const first = items.find((item) => `#${item.id}` === location.hash) ?? current() ?? items[0];
  if (first) choose(first, { focus: Boolean(location.hash) });
}
