// The device is asked to sign, and what it answers goes into the form, which is then sent as any
// other. What a browser takes and gives as bytes is base64url in between.
const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));

const text = (buffer) =>
  btoa(Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join(""))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");

const named = (list) => (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

function read(options) {
  const publicKey = { ...options, challenge: bytes(options.challenge) };
  if (options.user) publicKey.user = { ...options.user, id: bytes(options.user.id) };
  if (options.excludeCredentials) publicKey.excludeCredentials = named(options.excludeCredentials);
  if (options.allowCredentials) publicKey.allowCredentials = named(options.allowCredentials);
  return publicKey;
}

function written(credential) {
  const given = credential.response;
  const response = { clientDataJSON: text(given.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (given[name]) response[name] = text(given[name]);
  }
  return JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response,
  });
}

async function answer(form) {
  const body = new URLSearchParams({ csrf_token: form.querySelector("[name=csrf_token]").value });
  const asked = await fetch(form.dataset.ask, {
    method: "POST",
    headers: { Accept: "application/json" },
    body,
  });
  if (!asked.ok) throw new Error(`asking was answered with ${asked.status}`);
  const publicKey = read(await asked.json());
  const device = navigator.credentials;
  const making = form.dataset.passkey === "create";
  return written(await (making ? device.create({ publicKey }) : device.get({ publicKey })));
}

export function start(form) {
  if (!window.PublicKeyCredential || !navigator.credentials) return;
  const problem = form.querySelector("[data-passkey-problem]");
  form.querySelector("[data-passkey-needs]").hidden = true;
  form.querySelector("[data-passkey-button]").hidden = false;
  let busy = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (busy) return;
    busy = true;
    problem.hidden = true;
    try {
      form.querySelector("[data-passkey-answer]").value = await answer(form);
      HTMLFormElement.prototype.submit.call(form); // a field of the form may be called submit
    } catch {
      problem.hidden = false;
    } finally {
      busy = false;
    }
  });
}
