// A long list to choose from is narrowed by typing part of a name, or of its sounds. Where its values stand in levels, the
// whole way to what is chosen stands below it.
export function startNarrowing() {
  for (const select of document.querySelectorAll("select[data-narrow]:not([data-narrowed])")) {
    select.dataset.narrowed = "";
    const parts = [...select.children];
    const input = document.createElement("input");
    input.type = "search";
    input.className = "form-control narrow-by";
    input.placeholder = select.dataset.narrow;
    input.setAttribute("aria-label", select.dataset.narrow);
    input.setAttribute("aria-controls", select.id);
    input.addEventListener("input", () => show(select, parts, input.value));
    // Enter chooses the first that is left and does not send the form.
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      const first = [...select.options].find((option) => option.value && fits(option, input.value));
      if (!first) return;
      select.value = first.value;
      select.dispatchEvent(new Event("change", { bubbles: true }));
    });
    select.before(input);
    if ("tree" in select.dataset) tellWay(select);
  }
}

function tellWay(select) {
  const way = document.createElement("output");
  way.className = "hint";
  way.setAttribute("for", select.id);
  const tell = () => {
    way.textContent = select.value.includes("/") ? wordsOf(select.selectedOptions[0]) : "";
    way.hidden = !way.textContent;
  };
  select.addEventListener("change", tell);
  select.after(way);
  tell();
}

function wordsOf(option) {
  const group = option.closest("optgroup");
  return group ? `${group.label}/${option.textContent}`.replaceAll(/\s*\/\s*/g, " / ") : option.textContent;
}

const ways = new WeakMap(); // an option that is taken out of its group is found by it all the same

function fits(option, typed) {
  if (!ways.has(option)) ways.set(option, `${wordsOf(option)} ${option.dataset.sought ?? ""}`.toLowerCase());
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  return words.every((word) => ways.get(option).includes(word));
}

// Not hidden: some browsers show hidden options all the same.
function show(select, parts, typed) {
  const chosen = select.value;
  const stays = (option) => !option.value || option.value === chosen || fits(option, typed);
  select.replaceChildren(...parts.flatMap((part) => narrowed(part, stays)));
  select.value = chosen;
}

const held = new WeakMap(); // what each group holds when nothing is typed

function narrowed(part, stays) {
  if (!(part instanceof HTMLOptGroupElement)) return stays(part) ? [part] : [];
  if (!held.has(part)) {
    held.set(part, [...part.children]);
    for (const option of part.children) fits(option, "");
  }
  const left = held.get(part).filter(stays);
  part.replaceChildren(...left);
  return left.length ? [part] : [];
}
