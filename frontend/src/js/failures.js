// A request that was refused, answered with 5xx, or not at all, says so in a toast that stays until dismissed.

function toast(text) {
  const box = document.querySelector("[data-toasts]");
  const pattern = document.querySelector("template[data-toast-failed]");
  if (!box || !pattern) return;
  const piece = pattern.content.cloneNode(true);
  piece.querySelector("[data-text]").textContent = text;
  box.replaceChildren(piece);
}

export function startFailures() {
  document.addEventListener("click", (event) => {
    const close = event.target.closest("[data-dismiss]");
    if (close) close.closest(".toast-k, .alert-k").remove();
  });
  // What was done is read; the form that opens next has its buttons where the message stands. A part that was polled
  // anew is swapped without a target.
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target?.id !== "work") return;
    for (const done of document.querySelectorAll("[data-toasts] > .toast-k:not(.bad)")) done.remove();
  });
  const words = () => document.querySelector("[data-toasts]")?.dataset ?? {};
  document.addEventListener("kesu:refused", (event) => toast(event.detail.said));
  document.addEventListener("htmx:responseError", (event) => {
    const status = event.detail.xhr.status;
    if (status >= 500) toast(words().failed);
    else if (status === 429) toast(words().tooMany);
  });
  document.addEventListener("htmx:sendError", () => toast(words().offline));
}
