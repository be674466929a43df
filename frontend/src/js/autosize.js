// Textareas with data-autosize grow with their text where the browser cannot do it by CSS (field-sizing).

export function startAutosize() {
  if (CSS.supports("field-sizing", "content")) return;
  const grow = (area) => {
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight + 2}px`;
  };
  document.addEventListener("input", (event) => {
    if (event.target.matches("textarea[data-autosize]")) grow(event.target);
  });
  for (const area of document.querySelectorAll("textarea[data-autosize]")) grow(area);
}
