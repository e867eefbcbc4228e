// The bar that offers to undo counts its seconds down and goes; the log can undo later as well.
export function start(bar) {
  const shown = bar.querySelector("[data-seconds-left]");
  let left = Number(bar.dataset.seconds);
  const timer = setInterval(() => {
    if (bar.matches(":hover, :focus-within")) return;
    left -= 1;
    if (shown) shown.textContent = String(Math.max(left, 0));
    if (left > 0) return;
    clearInterval(timer);
    bar.hidden = true;
  }, 1000);
}
