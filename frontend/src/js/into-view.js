// A form that came back refused is what its reader has to see: <form data-into-view>, in the middle of the screen.
// Focus alone scrolls as far as the field; what is wrong with it stands below, behind the bar of a phone.

export function startIntoView() {
  document.querySelector("form[data-into-view]")?.scrollIntoView({ block: "center" });
}
