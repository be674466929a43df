// Menus close when somebody clicks elsewhere; dialogs open by data-dialog="id"; filters send their form on change;
// the theme is a cookie, so that the server prints the right one at once.

export function startMenus() {
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll(".k-menu[open]")) if (!menu.contains(event.target)) menu.open = false;
    const opener = event.target.closest("[data-dialog]");
    if (opener) document.getElementById(opener.dataset.dialog)?.showModal();
    if (event.target.closest("[data-close-dialog]")) event.target.closest("dialog").close();
    if (event.target.closest("[data-theme-toggle]")) {
      const theme = document.documentElement.dataset.bsTheme === "dark" ? "light" : "dark";
      document.documentElement.dataset.bsTheme = theme;
      document.cookie = `kesu_theme=${theme};path=/;max-age=31536000;samesite=lax`;
    }
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-send-on-change]") && event.target.form) event.target.form.requestSubmit();
  });
}
