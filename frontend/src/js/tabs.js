// Tabs: buttons role="tab" aria-controls="id of the pane"; arrows move between them.

function select(tab) {
  for (const other of tab.closest('[role="tablist"]').querySelectorAll('[role="tab"]')) {
    const on = other === tab;
    other.setAttribute("aria-selected", String(on));
    other.tabIndex = on ? 0 : -1;
    const pane = document.getElementById(other.getAttribute("aria-controls"));
    if (pane) pane.hidden = !on;
  }
}

export function startTabs() {
  document.addEventListener("click", (event) => {
    const tab = event.target.closest('[role="tab"]');
    if (!tab) return;
    select(tab);
    if (tab.dataset.key) document.getElementById(tab.getAttribute("aria-controls"))?.querySelector("textarea, input:not([type=hidden])")?.focus();
  });
  document.addEventListener("keydown", (event) => {
    const tab = event.target.closest && event.target.closest('[role="tab"]');
    if (!tab || !["ArrowLeft", "ArrowRight"].includes(event.key)) return;
    const tabs = [...tab.closest('[role="tablist"]').querySelectorAll('[role="tab"]')];
    const next = tabs[(tabs.indexOf(tab) + (event.key === "ArrowRight" ? 1 : tabs.length - 1)) % tabs.length];
    select(next);
    next.focus();
  });
}
