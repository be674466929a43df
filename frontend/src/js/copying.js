// A button with data-copy puts its text into the clipboard and says beside it whether it is there. Without a script
// nothing of it is shown: the text itself stands on the page.

export function startCopying() {
  document.documentElement.classList.add("can-copy");
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("button[data-copy]");
    if (!button) return;
    const said = button.nextElementSibling;
    said.textContent = ""; // said again where it is pressed again
    const isThere = await put(button.dataset.copy);
    said.textContent = isThere ? said.dataset.done : said.dataset.failed;
    button.focus();
  });
}

// Browsers hand out the clipboard only to pages that came by https; a house inside its own network may have none.
async function put(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return putBySelecting(text);
  }
}

function putBySelecting(text) {
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "visually-hidden";
  area.setAttribute("aria-hidden", "true");
  document.body.append(area);
  area.select();
  try {
    return document.execCommand("copy");
  } catch {
    return false;
  } finally {
    area.remove();
  }
}
