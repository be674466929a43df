// Live parts: <section id="…" data-poll="/address" data-poll-every="20"> is fetched anew with its ETag and replaced
// when the answer is different. Nothing is replaced while somebody types in it or the page is hidden.
import htmx from "htmx.org";

const SLOWEST = 8;

function isBusy(part) {
  const active = document.activeElement;
  if (part.querySelector("input[name=ticked]:checked")) return true; // what somebody chose would be lost
  return part.contains(active) && active.matches("input, textarea, select") || part.querySelector("dialog[open]") !== null;
}

async function poll(part) {
  const headers = { "HX-Request": "true", "X-Kesu-Poll": "1" };
  if (part.dataset.etag) headers["If-None-Match"] = part.dataset.etag;
  const answer = await fetch(part.dataset.poll, { headers, credentials: "same-origin", cache: "no-store", redirect: "error" });
  if (answer.status === 304) return true;
  if ([401, 403, 404].includes(answer.status)) return false;
  if (!answer.ok) throw new Error(String(answer.status));
  const html = await answer.text();
  if (!isBusy(part) && part.isConnected) replace(part, html, answer.headers.get("ETag"));
  return true;
}

function replace(part, html, etag) {
  const { id } = part;
  const focused = part.contains(document.activeElement) ? document.activeElement.id : "";
  const marked = part.querySelector("[data-item].focus")?.id;
  const opened = [...part.querySelectorAll("details[open][id]")].map((one) => one.id);
  htmx.swap(part, html, { swapStyle: "outerHTML", swapDelay: 0, settleDelay: 0 });
  const fresh = document.getElementById(id);
  if (fresh && etag) fresh.dataset.etag = etag;
  for (const one of opened) document.getElementById(one)?.setAttribute("open", "");
  if (marked) document.getElementById(marked)?.classList.add("focus");
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

const watched = new Set(); // ids: the element itself is replaced again and again

function watch(id) {
  let wait = 1;
  watched.add(id);
  const later = (part) => setTimeout(turn, Number(part.dataset.pollEvery || 20) * 1000 * wait);
  const turn = async () => {
    const part = document.getElementById(id);
    let goesOn = part !== null;
    if (goesOn && document.visibilityState === "visible" && !isBusy(part)) {
      try {
        goesOn = await poll(part);
        wait = 1;
      } catch {
        wait = Math.min(SLOWEST, wait * 2); // the server is away: ask less and less often
      }
    }
    const still = document.getElementById(id);
    if (goesOn && still) later(still);
    else watched.delete(id);
  };
  later(document.getElementById(id));
}

export function startPolling() {
  const begin = () => {
    for (const part of document.querySelectorAll("[data-poll][id]")) if (!watched.has(part.id)) watch(part.id);
  };
  begin();
  document.addEventListener("htmx:afterSettle", begin);
}
