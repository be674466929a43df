"""A passkey on the real program with a real browser and its virtual authenticator: registered, used, confirmed with,
removed; and an authenticator app beside it."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Browser, CDPSession, expect

from tests.journeys.people import DESK, Colleague
from tests.live import PASSWORD, LiveKesu
from tests.world import World

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def test_somebody_signs_in_with_his_device_and_changes_rights_with_it(
    live_kesu: LiveKesu, live_world: World, browser: Browser
) -> None:
    """Devices know hosts by name: the program is reached as localhost."""
    page = browser.new_context(viewport=DESK, locale="zh-CN").new_page()
    device, which = plugged_in(page)
    admin = Colleague(page, live_kesu.url.replace("127.0.0.1", "localhost"))
    admin.go("/sign-in")
    admin.fill({"username": "admin", "password": PASSWORD})
    page.click('form:has(#password) button[type="submit"]')
    page.wait_for_url("**/work*")

    admin.go("/account/security")
    admin.fill({"name": "办公室的电脑"})
    page.click("button[data-passkey=add]")
    expect(page.locator("section", has_text="通行密钥").locator("b").first).to_have_text("办公室的电脑")
    assert len(kept(device, which)) == 1

    sign_out(admin)
    page.click("button[data-passkey=use]")
    page.wait_for_url("**/work*")
    admin.go("/account/security")
    admin.sees("方式")
    expect(page.locator("tr[data-item]", has_text="这里")).to_contain_text("通行密钥")

    # The password alone is not enough any more; the device is the second step.
    sign_out(admin)
    admin.fill({"username": "admin", "password": PASSWORD})
    page.click('form:has(#password) button[type="submit"]')
    admin.sees("第二步验证")
    page.click("button[data-passkey=use]")
    page.wait_for_url("**/work*")

    # A device that cannot tell who holds it is told apart from one that can.
    device.send("WebAuthn.setUserVerified", {"authenticatorId": which, "isUserVerified": False})
    sign_out(admin)
    page.click("button[data-passkey=use]")
    expect(page.locator("[data-passkey-failed]").first).to_be_visible()
    device.send("WebAuthn.setUserVerified", {"authenticatorId": which, "isUserVerified": True})
    page.click("button[data-passkey=use]")
    page.wait_for_url("**/work*")

    admin.go("/account/security")
    page.locator("form[action$='/remove']", has_text="办公室的电脑").locator("button").click()
    admin.does_not_see("办公室的电脑")
    sign_out(admin)
    page.click("button[data-passkey=use]")
    admin.sees("没有验证通过")


def plugged_in(page: Any) -> tuple[CDPSession, str]:
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    return device, str(device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})["authenticatorId"])


def kept(device: CDPSession, which: str) -> list[Any]:
    found: list[Any] = device.send("WebAuthn.getCredentials", {"authenticatorId": which})["credentials"]
    return found


def sign_out(somebody: Colleague) -> None:
    somebody.page.locator("details.k-menu summary").click()
    somebody.page.locator("form[action='/sign-out'] button").click()
    somebody.page.wait_for_url("**/sign-in*")
