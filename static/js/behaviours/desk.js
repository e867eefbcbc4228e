// The desk by keyboard. A key clicks what bears it in data-key: in the open text first, then on the
// page; with boxes ticked, what bears it in data-bulk-key comes before both. Verdicts are not sent as
// pages: the text leaves, the next one is open, and `line` sends what was decided.
import { watch } from "../desk/live.js";
import { makeLine, makeList } from "../desk/texts.js";
import { said } from "../words.js";

const STEP = { j: 1, k: -1 };
const KEYS = /^([a-zX1-9/?]|Enter)$/;
const TYPING = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";

export function start(desk) {
  const find = (selector) => document.querySelector(selector);
  const say = (words) => (find("[data-said]").textContent = words);
  const list = makeList(desk, say);
  const line = makeLine(desk, list, say);
  const sheet = find("dialog[data-keys]");
  const boxOf = (item) => item.querySelector("[data-choose]");
  const ticked = () => list.items().filter((item) => boxOf(item).checked);
  let anchor = null;
  let goes = false;

  function bearer(key) {
    const bears = `[data-key="${CSS.escape(key)}"]`;
    const elsewhere = (one) => !one.closest("[data-item], [hidden]");
    return (
      (ticked()[0] && find(`[data-bulk-key="${CSS.escape(key)}"]`)) ||
      list.current()?.querySelector(bears) ||
      [...document.querySelectorAll(bears)].find(elsewhere)
    );
  }

  function unfold(details) {
    details.open = !details.open;
    if (details.open) details.querySelector("input:checked, input:not([type=hidden])")?.focus();
    details.scrollIntoView({ block: "nearest" });
  }

  function countTicked() {
    const many = ticked().length;
    find("[data-chosen]").textContent = said("{count} chosen:", { count: many });
    find("[data-choose-all]").checked = many && many === list.items().length;
  }

  function tick(range) {
    const all = list.items();
    const here = all.indexOf(list.current());
    const there = range ? all.indexOf(anchor) : here;
    if (here < 0 || there < 0) return;
    const checked = range || !boxOf(all[here]).checked;
    for (const item of all.slice(Math.min(here, there), Math.max(here, there) + 1)) {
      boxOf(item).checked = checked;
    }
    anchor = all[here];
    countTicked();
  }

  // A digit means the reason where the reasons are open, else the link that answers.
  function digit(number) {
    const item = list.current();
    const radio = item?.querySelectorAll("details[open] input[type=radio]")[number - 1];
    const link = item?.querySelector(`[data-digit="${number}"]`);
    if (radio) radio.checked = true;
    if (radio) radio.focus();
    else link?.click();
  }

  // What Enter does in a form by itself.
  function send() {
    const { form } = document.activeElement;
    form?.requestSubmit(form.querySelector("button:not([type=button])"));
  }

  // Whether the key means anything here.
  function press(key) {
    const lane = goes && find(`[data-go="${CSS.escape(key)}"]`);
    goes = key === "g";
    if (lane) lane.click();
    else if (key in STEP) {
      const all = list.items();
      const next = all[all.indexOf(list.current()) + STEP[key]];
      if (next) list.choose(next);
    } else if (key > "0" && key <= "9") digit(key);
    else if (key === "x" || key === "X") tick(key === "X");
    else if (key === "?") sheet.showModal();
    else {
      const target = bearer(key);
      if (key === "l" || key === "/") target?.focus();
      else if (target?.localName === "summary") unfold(target.parentElement);
      else target?.click();
      return target || goes;
    }
    return true;
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || sheet.open) return;
    if (event.key === "Escape") {
      list.current()?.querySelector("details[open]")?.removeAttribute("open");
      list.current()?.focus({ preventScroll: true });
      return;
    }
    if (event.target.closest?.(TYPING) || (event.repeat && !(event.key in STEP))) return;
    // What is pressed while a text is on its way waits for it, all of it in its order.
    const coming = KEYS.test(event.key) && list.current()?.filling;
    if (coming) coming.then(() => (event.key === "Enter" ? send() : press(event.key)));
    if (coming || press(event.key)) event.preventDefault();
  });

  desk.addEventListener("click", (event) => {
    const row = event.target.closest("a[data-open]");
    if (!row || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    list.choose(row.closest("[data-item]"), false);
  });
  desk.addEventListener("change", ({ target }) => {
    if (target.matches("[data-sends]")) target.form.requestSubmit();
    if (target.matches("[data-choose-all]")) {
      for (const item of list.items()) boxOf(item).checked = target.checked;
    }
    if (target.matches("[data-choose]")) anchor = target.closest("[data-item]");
    countTicked();
  });

  desk.addEventListener("submit", (event) => {
    const { target: form, submitter } = event;
    if (form.method !== "post" || "sent" in form.dataset) return;
    event.preventDefault();
    const fields = new FormData(form, submitter);
    const items = form.id === "bulk" ? ticked() : [form.closest("[data-item]")];
    if (fields.has("verb") && items[0] && !fields.has("answer")) {
      line.decide(form.action, fields, items);
      countTicked();
      return;
    }
    // Everything else leads to another page, and waits until what was decided has been sent.
    line.idle().then(() => {
      form.dataset.sent = "";
      form.requestSubmit(submitter);
    });
  });

  for (const button of document.querySelectorAll("[data-show-keys]")) {
    button.hidden = false;
    button.addEventListener("click", () => sheet.showModal());
  }
  desk.dataset.live = "";
  watch(desk, list, say);
  const first = list.find(location.hash.replace("#item-", "")) ?? list.current();
  list.choose(first, Boolean(location.hash));
}
