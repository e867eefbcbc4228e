// A page that is kept for everybody has no token in its form. The form names in data-fresh where one
// is had; it is fetched when somebody begins to write, and a form that is sent earlier waits for it.
const asked = new WeakMap();

async function fetchFields(form) {
  try {
    const answer = await fetch(form.dataset.fresh, { cache: "no-store" });
    if (!answer.ok) return;
    const fields = document.createElement("template");
    fields.innerHTML = await answer.text();
    for (const field of fields.content.querySelectorAll("input")) {
      // Those that stand there stay in place: by the first of them a browser knows the form again
      // that it gives the text back to when somebody goes back.
      const own = form.querySelector(`input[name="${field.name}"]`);
      if (own) own.value = field.value;
      else form.append(field);
    }
  } catch {
    // No connection: the server asks once more when the form comes.
  }
}

function ready(form) {
  if (!form.dataset.fresh) return Promise.resolve();
  if (!asked.has(form)) asked.set(form, fetchFields(form));
  return asked.get(form);
}

// The form's token, for what is sent while one writes.
export async function tokenOf(form) {
  await ready(form);
  return form.elements.csrf_token?.value ?? "";
}

export function start(form) {
  let isReady = false;
  const prepare = () => ready(form).then(() => (isReady = true));
  form.addEventListener("focusin", prepare);
  if (form.contains(document.activeElement)) prepare(); // somebody was quicker than this script
  form.addEventListener("submit", (event) => {
    if (isReady) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { submitter } = event;
    // Not before this event has ended: a form is not submitted while it is being submitted.
    prepare().then(() => setTimeout(() => form.requestSubmit(submitter)));
  }, { capture: true });
}
