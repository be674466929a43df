// The keyboard. Elements say which key they answer to, nothing is known here about pages:
//   data-key="c"   pressed alone: links and buttons are clicked, fields get the focus
//   data-go="w"    after g
//   . and ,       the next and the previous tag of a clause
//   data-item      an item of the list that j and k walk through; its first [data-open] (or link) is opened by o and Enter
// Single keys are off inside fields and can be switched off in the list of keys (?), as WCAG 2.1.4 asks.

import { clauseTags, toClause } from "./clause-tags.js";

const OFF = "kesu:keys-off";
let afterG = 0;

function isOff() {
  try {
    return localStorage.getItem(OFF) === "1";
  } catch {
    return false;
  }
}

function inField(target) {
  return target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable=true]") !== null;
}

function visible(selector) {
  return [...document.querySelectorAll(selector)].filter((one) => one.getClientRects().length > 0);
}

function use(element) {
  if (element.matches("a[href], button, summary")) element.click();
  else element.focus();
}

function move(step) {
  const items = visible("[data-item]");
  if (!items.length) return;
  const now = items.findIndex((one) => one.classList.contains("focus"));
  const next = items[Math.max(0, Math.min(items.length - 1, now < 0 ? 0 : now + step))];
  for (const one of items) one.classList.toggle("focus", one === next);
  if (!next.hasAttribute("tabindex")) next.setAttribute("tabindex", "-1");
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

function open() {
  const item = visible("[data-item].focus")[0];
  const link = item && (item.querySelector("[data-open]") || item.querySelector("a[href]"));
  if (link) link.click();
  return Boolean(link);
}

function closeAll(event) {
  const sheet = document.getElementById("clause-sheet");
  if (sheet && !sheet.hidden) return document.dispatchEvent(new CustomEvent("kesu:close-sheet"));
  const menu = document.querySelector(".k-menu[open]");
  if (menu) {
    menu.open = false;
    return menu.querySelector("summary").focus();
  }
  if (inField(event.target)) event.target.blur();
}

function onKey(event) {
  if (event.key === "Escape") return closeAll(event);
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
    const form = event.target.form;
    const button = form && form.querySelector(".btn.pri, button[type=submit]");
    if (button) {
      event.preventDefault();
      form.requestSubmit(button);
    }
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || isOff() || inField(event.target) || document.querySelector("dialog[open]")) return;
  if (act(event.key, event)) event.preventDefault();
}

function act(key, event) {
  if (afterG && Date.now() - afterG < 1200) {
    afterG = 0;
    const target = document.querySelector(`[data-go="${CSS.escape(key)}"]`);
    if (target) target.click();
    return Boolean(target);
  }
  if (key === "g") {
    afterG = Date.now();
    return true;
  }
  if (key === "j" || key === "k") {
    move(key === "j" ? 1 : -1);
    return true;
  }
  if (key === "." || key === ",") return toClause(key === "." ? 1 : -1);
  if (key === "o" || (key === "Enter" && event.target.matches("[data-item], body"))) return open();
  if (key === "?") {
    document.getElementById("keys")?.showModal();
    return true;
  }
  const inItem = document.querySelector(`[data-item].focus [data-key="${CSS.escape(key)}"]`);
  const target = inItem || visible(`[data-key="${CSS.escape(key)}"]`).find((one) => !one.closest("[data-item]"));
  if (target) use(target);
  return Boolean(target);
}

export function startKeyboard() {
  document.addEventListener("keydown", onKey);
  clauseTags(isOff);
  const box = document.querySelector("[data-keys-off]");
  if (!box) return;
  box.checked = isOff();
  box.addEventListener("change", () => {
    try {
      localStorage.setItem(OFF, box.checked ? "1" : "0");
    } catch {
      // without storage the switch lasts as long as the page
    }
    document.dispatchEvent(new CustomEvent("kesu:keys"));
  });
}
