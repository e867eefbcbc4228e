// A form on its way is not sent again by an impatient second click; the server would notice anyway.
export function start(form) {
  let sent = false;
  form.addEventListener("submit", (event) => {
    if (sent) event.preventDefault();
    sent ||= !event.defaultPrevented;
  });
  window.addEventListener("pageshow", () => (sent = false));
}
