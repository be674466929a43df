// The strip of stages: where it is wider than the window, the current stage is in view and the cut edges fade.

function show() {
  for (const strip of document.querySelectorAll(".stg")) {
    const now = strip.querySelector('[aria-current="step"]');
    strip.classList.toggle("wide", strip.scrollWidth > strip.clientWidth + 1);
    if (!now) continue;
    const [outer, inner] = [strip.getBoundingClientRect(), now.getBoundingClientRect()];
    strip.scrollLeft += inner.left + inner.width / 2 - (outer.left + outer.width / 2);
  }
}

export function startStages() {
  show();
  document.addEventListener("htmx:afterSettle", show);
  window.addEventListener("resize", show);
}
