// What was refused loses its mark when something is typed or chosen there: what is said of it is no longer true. Whether
// it is right now is judged when it is sent.
export function startCorrected() {
  document.addEventListener("input", (event) => {
    const marked = event.target.closest('[aria-invalid="true"], .pick[data-invalid="true"]');
    const described = marked?.closest("[aria-describedby$='-error']");
    if (!described) return;
    document.getElementById(described.getAttribute("aria-describedby"))?.remove();
    described.removeAttribute("aria-describedby");
    marked.removeAttribute("aria-invalid");
    marked.removeAttribute("data-invalid");
  });
}
