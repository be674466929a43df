// The sentence of a clause unfolds beside its tag (on phones from below, by CSS); Esc or × gives the focus back.

let opener = null;

function place(sheet, tag) {
  const at = tag.getBoundingClientRect();
  const width = sheet.offsetWidth;
  const left = Math.max(12, Math.min(at.left, document.documentElement.clientWidth - width - 12));
  const below = at.bottom + 6 + sheet.offsetHeight < window.innerHeight;
  sheet.style.left = `${left + window.scrollX}px`;
  sheet.style.top = `${(below ? at.bottom + 6 : Math.max(6, at.top - sheet.offsetHeight - 6)) + window.scrollY}px`;
}

export function startClauseSheet() {
  const sheet = document.getElementById("clause-sheet");
  if (!sheet) return;
  const close = () => {
    sheet.hidden = true;
    sheet.replaceChildren();
    if (opener && opener.isConnected) opener.focus();
    opener = null;
  };
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target.matches && event.target.matches("a.cl")) opener = event.target;
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target !== sheet || !opener) return;
    sheet.hidden = false;
    place(sheet, opener);
    sheet.focus({ preventScroll: true });
  });
  document.addEventListener("click", (event) => {
    if (sheet.hidden) return;
    if (event.target.closest("[data-close-sheet]")) close();
    else if (!sheet.contains(event.target) && !event.target.closest("a.cl")) sheet.hidden = true;
  });
  document.addEventListener("kesu:close-sheet", close);
}
