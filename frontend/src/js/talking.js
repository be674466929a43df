// A conversation on a public page: <div id="talk" data-again="/address"> is fetched anew with its ETag while the page is
// seen, and replaced when somebody has written. Without this the page is read again by hand.
const EVERY = 5000;
const SLOWEST = 12;

async function again(part) {
  const headers = { "X-Kesu-Poll": "1" };
  if (part.dataset.etag) headers["If-None-Match"] = part.dataset.etag;
  const answer = await fetch(part.dataset.again, { headers, credentials: "same-origin", cache: "no-store", redirect: "error" });
  if (answer.status === 304) return true;
  if (!answer.ok) return ![403, 404].includes(answer.status);
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("talk");
  if (!fresh) return true;
  const isFirst = !part.dataset.etag;
  part.dataset.etag = answer.headers.get("ETag") || "";
  const has = (one) => one.querySelectorAll(".sd").length;
  const isMore = has(fresh) > has(part);
  if (!isFirst || isMore) part.replaceChildren(...fresh.childNodes);
  if (isMore) part.lastElementChild?.scrollIntoView({ block: "nearest" });
  return true;
}

export function startTalking() {
  const part = document.getElementById("talk");
  if (!part) return;
  part.lastElementChild?.scrollIntoView({ block: "nearest" }); // whoever comes back wants to read what came last
  let wait = 1;
  const turn = async () => {
    let goesOn = true;
    if (document.visibilityState === "visible") {
      try {
        goesOn = await again(part);
        wait = 1;
      } catch {
        wait = Math.min(SLOWEST, wait * 2); // the line is away: ask less and less often
      }
    }
    if (goesOn) setTimeout(turn, EVERY * wait);
  };
  setTimeout(turn, EVERY);
}
