// Clause tags are no tab stops where keys are on: a list has dozens of them. "." and "," walk through them from where
// the reader is, Enter opens. For screen readers they stay links; with single keys off, Tab stops at them again.

const TAG = "a.cl";
let here = null;

export function clauseTags(isOff) {
  const mark = () => {
    for (const tag of document.querySelectorAll(TAG)) {
      if (isOff()) tag.removeAttribute("tabindex");
      else tag.setAttribute("tabindex", "-1");
    }
  };
  document.addEventListener("focusin", (event) => {
    here = event.target;
  });
  document.addEventListener("htmx:load", mark);
  document.addEventListener("kesu:keys", mark);
  mark();
}

export function toClause(step) {
  const tags = [...document.querySelectorAll(TAG)].filter((one) => one.getClientRects().length > 0);
  if (!tags.length) return false;
  const from = here && here.isConnected ? here : null;
  const after = (tag) => !from || (from.compareDocumentPosition(tag) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
  const others = tags.filter((tag) => tag !== from);
  const next = step > 0 ? others.find(after) : others.filter((tag) => from && !after(tag)).pop();
  if (next) {
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  }
  return true;
}
