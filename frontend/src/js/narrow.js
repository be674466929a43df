// A long list to choose from is narrowed by typing part of a name, or of its sounds.
export function startNarrowing() {
  for (const select of document.querySelectorAll("select[data-narrow]:not([data-narrowed])")) {
    select.dataset.narrowed = "";
    const options = [...select.options];
    const input = document.createElement("input");
    input.type = "search";
    input.className = "form-control narrow-by";
    input.placeholder = select.dataset.narrow;
    input.setAttribute("aria-label", select.dataset.narrow);
    input.setAttribute("aria-controls", select.id);
    input.addEventListener("input", () => show(select, options, input.value));
    // Enter chooses the first that is left and does not send the form.
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      const first = [...select.options].find((option) => option.value);
      if (first) select.value = first.value;
    });
    select.before(input);
  }
}

function show(select, options, typed) {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const chosen = select.value;
  const fits = (option) => {
    const text = `${option.textContent.toLowerCase()} ${option.dataset.sought ?? ""}`;
    return !option.value || option.value === chosen || words.every((word) => text.includes(word));
  };
  select.replaceChildren(...options.filter(fits)); // not hidden: some browsers show hidden options all the same
  select.value = chosen;
}
