// The bar that offers to undo counts its seconds down and goes; the log can undo later as well.
const timers = new WeakMap();

export function start(bar) {
  const shown = bar.querySelector("[data-seconds-left]");
  let left = Number(bar.dataset.seconds);
  clearInterval(timers.get(bar));
  shown.textContent = String(left);
  const timer = setInterval(() => {
    if (bar.matches(":hover, :focus-within")) return;
    left -= 1;
    shown.textContent = String(Math.max(left, 0));
    if (left > 0) return;
    clearInterval(timer);
    bar.hidden = true;
  }, 1000);
  timers.set(bar, timer);
}
