// Puts a suggested link into the text where the cursor is. Without script the button sends the form,
// and the server appends it. data-into names the text area; the button's value is what goes in.
export function start(button) {
  button.addEventListener("click", (event) => {
    const area = document.getElementById(button.dataset.into);
    if (!area) return;
    event.preventDefault();
    const before = area.value.slice(0, area.selectionStart);
    const gap = before === "" || /\s$/.test(before) ? "" : " ";
    area.setRangeText(`${gap}${button.value}`, area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
    area.focus();
  });
}
