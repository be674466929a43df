"""What is to be handed on is copied with one press, and beside the button stands whether it was."""

from __future__ import annotations

from playwright.sync_api import Browser, expect

from tests.journeys.people import Colleague, colleague
from tests.live import PASSWORD, LiveKesu
from tests.world import World

_NO_CLIPBOARD = "Object.defineProperty(navigator, 'clipboard', {value: undefined})"


def _password_given(admin: Colleague, login: str) -> str:
    admin.go("/people")
    admin.fill({"name": "新同事", "login": login})
    admin.submit()
    return admin.page.locator(".k-main b.num").first.inner_text()


def test_a_password_shown_once_is_copied_with_one_press(
    live_kesu: LiveKesu, live_world: World, browser: Browser
) -> None:
    assert live_world.people
    admin = colleague(browser, live_kesu.url, "admin", PASSWORD)
    admin.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    password = _password_given(admin, "copied")
    copy, said = admin.page.locator("button[data-copy]").first, admin.page.locator(".cp-said").first
    copy.click()
    expect(said).to_have_text("已复制")
    expect(copy).to_be_focused()
    assert admin.page.evaluate("navigator.clipboard.readText()") == password
    admin.page.context.close()


def test_it_is_copied_where_the_browser_gives_the_page_no_clipboard_and_said_where_it_cannot_be(
    live_kesu: LiveKesu, live_world: World, browser: Browser
) -> None:
    """Inside a house the program is also read over http."""
    assert live_world.people
    admin = colleague(browser, live_kesu.url, "admin", PASSWORD)
    admin.page.add_init_script(_NO_CLIPBOARD)
    password = _password_given(admin, "by_hand")
    said = admin.page.locator(".cp-said").first
    admin.page.locator("button[data-copy]").first.click()
    expect(said).to_have_text("已复制")
    assert admin.page.locator("textarea.visually-hidden").count() == 0, "what it was copied from is gone again"
    admin.page.locator('[name="name"]').focus()
    admin.page.keyboard.press("Control+V")
    expect(admin.page.locator('[name="name"]')).to_have_value(password)

    admin.page.evaluate("document.execCommand = () => false")
    admin.page.locator("button[data-copy]").first.click()
    expect(said).to_have_text("没有复制成功，请选中文字自己复制")
    expect(admin.page.locator(".k-main b.num").first).to_have_text(password)
    admin.page.context.close()
