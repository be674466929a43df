// A button with data-fills="<id of a field>" puts its data-value there: a name or a room that is known already.

export function startFilling() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-fills]");
    const field = button && document.getElementById(button.dataset.fills);
    if (!field) return;
    field.value = button.dataset.value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
    field.focus();
  });
}
