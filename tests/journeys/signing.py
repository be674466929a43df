"""A policy is proposed on one page and signed by each of its signers on his own."""

from __future__ import annotations

from collections.abc import Mapping

from playwright.sync_api import expect

from tests.journeys.people import Colleague

PROPOSE = "button:has-text('提出，请各人签名')"


def name_signers(who: Colleague, signers: Mapping[str, str]) -> None:
    """`signers`: names by slot."""
    for slot, name in signers.items():
        field = who.page.locator(f'[name="signature.{slot}"]').first
        if field.evaluate("e => e.tagName") == "SELECT":
            option = field.locator("option", has_text=name).first.get_attribute("value")
            field.select_option(option)
        else:
            who.page.locator(f'label:has([name="signature.{slot}"])', has_text=name).click()


def sign(who: Colleague, title: str) -> None:
    """He finds it among what waits for him, reads it and signs."""
    who.go("/approvals")
    who.page.get_by_role("link", name=title).click()
    expect(who.page.locator("h1")).to_have_text(title)
    who.page.get_by_role("button", name="签名", exact=True).click()
    who.page.wait_for_load_state("networkidle")
    expect(who.page.get_by_role("button", name="签名", exact=True)).to_have_count(0)
