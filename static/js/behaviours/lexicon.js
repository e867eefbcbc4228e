// Readers' words by the desk's keys: j and k go from one to the next, x ticks, and a says yes and r no
// to all that are ticked, or to the one that is open where none is.
const STEP = { j: 1, k: -1 };
const TYPING = "input:not([type=checkbox]), textarea, select, [contenteditable]";

export function start(form) {
  const boxes = [...form.querySelectorAll("input[name=phrase]")];
  const buttons = { a: form.querySelector("[value=yes]"), r: form.querySelector("[value=no]") };

  function go(step) {
    const here = boxes.indexOf(document.activeElement);
    const next = here < 0 ? boxes[0] : boxes[here + step];
    next?.focus();
    next?.closest(".proposal").scrollIntoView({ block: "nearest" });
  }

  function decide(button) {
    const here = boxes.find((box) => box === document.activeElement);
    if (here && !boxes.some((box) => box.checked)) here.checked = true;
    if (boxes.some((box) => box.checked)) form.requestSubmit(button);
  }

  form.querySelector("[data-keys-told]").hidden = false;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.target.closest?.(TYPING) || (event.repeat && !(event.key in STEP))) return;
    const isBox = boxes.includes(document.activeElement);
    if (event.key in STEP) go(STEP[event.key]);
    else if (event.key in buttons) decide(buttons[event.key]);
    else if (event.key === "x" && isBox) document.activeElement.click();
    else return;
    event.preventDefault();
  });
}
