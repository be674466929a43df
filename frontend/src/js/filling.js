// A button with data-fills="<id of a field>" puts its data-value there: a name or a room that is known already. One with
// data-fills-all does so for every such button of its section whose field is empty. One with data-adds puts its value
// behind what stands there; it would send the form where no script runs.

function fill(button) {
  const field = document.getElementById(button.dataset.fills);
  if (!field) return null;
  field.value = button.dataset.value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
  return field;
}

export function startFilling() {
  document.addEventListener("click", (event) => {
    const all = event.target.closest("button[data-fills-all]");
    if (all) {
      for (const one of all.closest("section").querySelectorAll("button[data-fills]")) {
        if (document.getElementById(one.dataset.fills)?.value === "") fill(one);
      }
      return;
    }
    const phrase = event.target.closest("button[data-adds]");
    const written = phrase && document.getElementById(phrase.dataset.adds);
    if (written) {
      event.preventDefault();
      written.value += phrase.dataset.value;
      written.dispatchEvent(new Event("input", { bubbles: true }));
      written.focus();
      return;
    }
    const button = event.target.closest("button[data-fills]");
    if (button) fill(button)?.focus();
  });
}
