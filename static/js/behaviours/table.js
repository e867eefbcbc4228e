// A table wider than its page scrolls by itself; this lets the keyboard reach it.
export function start(table) {
  new ResizeObserver(() => {
    if (table.scrollWidth > table.clientWidth) table.tabIndex = 0;
    else table.removeAttribute("tabindex");
  }).observe(table);
}
