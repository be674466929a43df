// htmx under a strict content policy: no eval, no style element of its own; refusals (403, 404, 409, 422) are shown.
import htmx from "htmx.org";

export function startHtmx() {
  htmx.config.allowEval = false;
  htmx.config.includeIndicatorStyles = false;
  htmx.config.selfRequestsOnly = true;
  htmx.config.historyCacheSize = 0; // pages hold personal data: nothing of them in localStorage
  htmx.config.refreshOnHistoryMiss = true;
  htmx.config.responseHandling = [
    { code: "204", swap: false },
    { code: "[23]..", swap: true },
    { code: "(403|404|409|422)", swap: true, error: true },
    { code: "[45]..", swap: false, error: true },
  ];
  document.addEventListener("htmx:configRequest", (event) => {
    const token = document.querySelector('meta[name="csrf-token"]');
    if (token && event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token.content;
  });
}
