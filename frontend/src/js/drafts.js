// What somebody typed is kept in this browser until the server has accepted it: <form data-draft="name of the draft">.
//
// The server refuses by answering 4xx (htmx) or by rendering the form again with data-draft-rejected (plain form);
// either way the typed text stays. Files, passwords and fields with data-no-draft are never kept.
// Drafts are opt-in, so that a page that must leave no trace (sealed reports) leaves none; signing out removes all.

const PREFIX = "kesu:draft:";
const SENT = "kesu:draft-sent";
const MAX_AGE = 7 * 24 * 3600 * 1000;

function fieldsOf(form) {
  return [...form.elements].filter((field) =>
    field.name && field.name !== "csrfmiddlewaretoken" && !("noDraft" in field.dataset) &&
    !["file", "password", "hidden", "submit", "button"].includes(field.type));
}

function read(form) {
  return fieldsOf(form).map((field) => ({
    name: field.name,
    value: field.value,
    checked: field.type === "checkbox" || field.type === "radio" ? field.checked : null,
  }));
}

function save(form) {
  try {
    localStorage.setItem(PREFIX + form.dataset.draft, JSON.stringify({ at: Date.now(), fields: read(form) }));
    const note = form.querySelector("[data-draft-note]");
    if (note) note.hidden = false;
  } catch {
    // storage is full or switched off: the page works without drafts
  }
}

function forget(name) {
  try {
    localStorage.removeItem(PREFIX + name);
  } catch {
    // nothing was stored
  }
}

function load(name) {
  try {
    const draft = JSON.parse(localStorage.getItem(PREFIX + name));
    return draft && Date.now() - draft.at < MAX_AGE ? draft : null;
  } catch {
    return null;
  }
}

function restore(form, within = form) {
  const draft = load(form.dataset.draft);
  if (!draft) return;
  let changed = false;
  const chosen = new Set(); // by them a form may ask for more
  for (const kept of draft.fields) {
    for (const field of fieldsOf(form).filter((one) => within.contains(one))) {
      if (field.name !== kept.name) continue;
      if (kept.checked === null) {
        // what the server printed wins, unless it printed nothing
        if (field.value || !kept.value) continue;
        field.value = kept.value;
        changed = true;
        if (field.tagName === "SELECT") chosen.add(field);
      } else if (field.value === kept.value && field.checked !== kept.checked) {
        field.checked = kept.checked;
        changed = true;
        chosen.add(field);
      }
    }
  }
  if (!changed) return;
  const note = form.querySelector("[data-draft-note]");
  if (note) note.hidden = false;
  for (const field of chosen) field.dispatchEvent(new Event("change", { bubbles: true }));
  form.dispatchEvent(new Event("change", { bubbles: true }));
}

function settleSent() {
  let sent = "";
  try {
    sent = sessionStorage.getItem(SENT) || "";
    sessionStorage.removeItem(SENT);
  } catch {
    return;
  }
  const stillHere = [...document.querySelectorAll("form[data-draft]")].find((form) => form.dataset.draft === sent);
  const elsewhere = ["error", "sign-in"].includes(document.body.dataset.page); // refused, or signed out meanwhile
  const refused = elsewhere || (stillHere && "draftRejected" in stillHere.dataset);
  if (sent && !refused) forget(sent);
}

function forgetAll() {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
  } catch {
    // nothing was stored
  }
}

export function startDrafts() {
  settleSent();
  const timers = new WeakMap();
  const later = (event) => {
    const form = event.target.form;
    if (!form || !form.dataset.draft || !event.isTrusted) return;
    clearTimeout(timers.get(form));
    timers.set(form, setTimeout(() => save(form), 250));
  };
  document.addEventListener("input", later);
  document.addEventListener("change", later);
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if ("forgetDrafts" in form.dataset) forgetAll();
    if (!form.dataset.draft) return;
    clearTimeout(timers.get(form));
    save(form);
    if (event.defaultPrevented || form.matches("[hx-post]")) return;
    try {
      sessionStorage.setItem(SENT, form.dataset.draft);
    } catch {
      // without session storage the draft stays until it is too old
    }
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target;
    if (form.matches && form.matches("form[data-draft][hx-post]") && event.detail.successful) forget(form.dataset.draft);
  });
  const restoreIn = (root) => {
    for (const form of root.querySelectorAll("form[data-draft]")) restore(form);
  };
  restoreIn(document);
  document.addEventListener("htmx:load", (event) => {
    if (event.target === document.body) return;
    restoreIn(event.target.parentElement || document);
    const around = event.target.closest("form[data-draft]"); // fields that a choice brought into it
    if (around) restore(around, event.target);
  });
}
