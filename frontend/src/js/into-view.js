// A form that came back refused is what its reader has to see: <form data-into-view>, in the middle of the screen.
// Focus alone scrolls as far as the field; what is wrong with it stands below, behind the bar of a phone. Browsers
// focus when the page is drawn, so this comes after.

export function startIntoView() {
  const form = document.querySelector("form[data-into-view]");
  if (!form) return;
  const show = () => form.scrollIntoView({ block: "center", behavior: "instant" });
  const later = () => requestAnimationFrame(() => requestAnimationFrame(show));
  if (document.readyState === "complete") later();
  else window.addEventListener("load", later, { once: true });
}
