// Passkeys: the browser asks the person, we carry question and answer. Buttons show only where a browser can do it.

const fromText = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const toText = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

function read(options) {
  const asked = { ...options, challenge: fromText(options.challenge) };
  if (asked.user) asked.user = { ...asked.user, id: fromText(asked.user.id) };
  for (const list of ["excludeCredentials", "allowCredentials"]) {
    if (asked[list]) asked[list] = asked[list].map((one) => ({ ...one, id: fromText(one.id) }));
  }
  return asked;
}

function written(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = toText(credential.response[name]);
  }
  return JSON.stringify({ id: credential.id, rawId: toText(credential.rawId), type: credential.type, response });
}

async function perform(button, form) {
  const failed = form.querySelector("[data-passkey-failed]");
  failed.hidden = true;
  button.setAttribute("aria-busy", "true");
  try {
    const body = new URLSearchParams({ to: button.dataset.passkey, csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value });
    const answer = await fetch(button.dataset.options, { method: "POST", body, credentials: "same-origin" });
    if (!answer.ok) throw new Error("no question");
    const publicKey = read((await answer.json()).publicKey);
    const isNew = button.dataset.passkey === "add";
    const credential = await (isNew ? navigator.credentials.create({ publicKey }) : navigator.credentials.get({ publicKey }));
    form.elements[button.dataset.into].value = written(credential);
    form.submit();
  } catch {
    failed.hidden = false;
    button.removeAttribute("aria-busy");
  }
}

export function startPasskeys() {
  if (!window.PublicKeyCredential) return;
  for (const button of document.querySelectorAll("button[data-passkey]")) {
    button.hidden = false;
    button.addEventListener("click", () => perform(button, button.closest("form")));
  }
}
