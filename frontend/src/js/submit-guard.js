// A form is sent once: while an answer is awaited its buttons say so and do nothing.
// Links and buttons come alive again when the page is shown from the history cache.

function buttonsOf(form) {
  return form.querySelectorAll('button[type="submit"], button:not([type])');
}

function setBusy(form, busy) {
  for (const button of buttonsOf(form)) {
    if (busy) button.setAttribute("aria-busy", "true");
    else button.removeAttribute("aria-busy");
  }
  if (busy) form.dataset.sending = "";
  else delete form.dataset.sending;
}

export function startSubmitGuard() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const button = event.submitter;
    if ((button && button.getAttribute("aria-disabled") === "true") || "sending" in form.dataset) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    if (form.method !== "post" && !form.matches("[hx-post]")) return;
    // htmx takes the event over below; its own events end the waiting
    setTimeout(() => setBusy(form, true));
  }, true);
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest && event.target.closest("form");
    if (form) setTimeout(() => setBusy(form, false));
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sending]")) setBusy(form, false);
  });
}
