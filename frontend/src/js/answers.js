// An answer to a form that is a page stands in the history under the address of the page on which the form stood.
//
// Going back to an answer to POST a browser would have to send the form again; it shows an error instead. <html
// data-answer> marks such a page. Its entry gets the address the form was sent from and keeps what was typed, so that
// going back opens that page with the same words in it; nothing leaves the entry, and it ends with the tab.
// A form with autocomplete="off" keeps nothing. One with data-sent-again is sent once more: its page follows from it.

const KEY = "kesuTyped";

function sentTo(form) {
  return new URL(form.getAttribute("action") || location.href, location.href);
}

function formsFor(path) {
  return [...document.forms].filter((form) => form.method === "post" && sentTo(form).pathname === path);
}

function read(form) {
  if (form.getAttribute("autocomplete") === "off") return [];
  const unkept = new Set(["csrfmiddlewaretoken"]);
  for (const field of form.elements) if (["password", "file"].includes(field.type)) unkept.add(field.name);
  return [...new FormData(form)].filter((typed) => !unkept.has(typed[0]));
}

function keep(path, address) {
  try {
    const kept = { path, forms: formsFor(path).map(read) };
    history.replaceState({ ...history.state, [KEY]: kept }, "", address);
  } catch {
    // too much for the history: the page works as it is
  }
}

function put(form, typed) {
  const left = new Map();
  for (const one of typed) left.set(one[0], [...(left.get(one[0]) || []), one[1]]);
  for (const field of form.elements) {
    if (!field.name || field.disabled || field.readOnly || ["password", "file", "submit", "button"].includes(field.type)) continue;
    const texts = left.get(field.name) || [];
    if (field.type === "checkbox" || field.type === "radio") field.checked = texts.includes(field.value);
    else if (field.type === "select-multiple") for (const one of field.options) one.selected = texts.includes(one.value);
    else if (texts.length && (field.type !== "hidden" || "sentAgain" in form.dataset)) field.value = texts.shift();
  }
}

function restore(kept) {
  const found = formsFor(kept.path);
  kept.forms.forEach((typed, at) => {
    const form = found[at];
    if (!form || !typed.length) return;
    put(form, typed);
    if ("sentAgain" in form.dataset) form.submit();
    else form.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

function cameFrom() {
  return document.referrer.startsWith(`${location.origin}/`) ? document.referrer : location.href;
}

export function startAnswers() {
  const isAnswer = "answer" in document.documentElement.dataset;
  const kept = history.state && history.state[KEY];
  if (!isAnswer && !kept) return;
  const path = isAnswer ? location.pathname : kept.path;
  if (isAnswer) {
    const address = cameFrom();
    // A form without an address of its own is sent to that of the page, which is about to change.
    for (const form of document.forms) form.setAttribute("action", sentTo(form).href);
    keep(path, address);
  } else {
    restore(kept);
  }
  window.addEventListener("pagehide", () => keep(path, location.href));
}
