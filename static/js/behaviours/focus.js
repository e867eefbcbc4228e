// The summary of a form's problems is what one hears first.
export function start(element) {
  element.focus();
}
