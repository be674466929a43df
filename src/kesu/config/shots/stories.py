"""Forms as the public fills them: the pages behind them cannot be had by an address alone."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

from playwright.sync_api import Page, Response

_FILL: Final = (files(__package__) / "fill.js").read_text(encoding="utf-8")
_FORM: Final = """(() => {
  const forms = [...document.querySelectorAll("form[method=post]")];
  return forms.sort((one, other) => other.elements.length - one.elements.length)[0];
})()"""


def send_filled(tab: Page) -> Response | None:
    """Fills the form of the page with plausible words and sends it. Returns the answer that follows."""
    tab.evaluate(f"() => ({_FILL})({_FORM})")
    return _send(tab)


def send_empty(tab: Page) -> Response | None:
    """Sends the form as it came, past the checks of the browser."""
    return _send(tab)


def ask_with_code(tab: Page, code: str) -> Response | None:
    """On the page where a receipt code is typed: types it and sends it."""
    tab.fill("#code", code)
    return _send(tab)


def receipt_code(tab: Page) -> str:
    """The code that the page shows this once, "" when it shows none."""
    shown = tab.locator("#receipt-code")
    return shown.inner_text() if shown.count() else ""


def _send(tab: Page) -> Response | None:
    with tab.expect_navigation(wait_until="load") as landed:
        tab.evaluate(f"() => {{ const form = {_FORM}; form.noValidate = true; form.requestSubmit(); }}")
    return landed.value
