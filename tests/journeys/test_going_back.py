"""Whoever goes back to what answered a form finds the page on which the form stood, and his words in it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.people import Colleague, colleague, customer
from tests.live import PASSWORD, LiveKesu
from tests.world import World

NAME = "一位没有账号名的新同事"


@pytest.fixture(scope="module")
def admin(live_kesu: LiveKesu, live_world: World, browser: Browser) -> Colleague:
    assert live_world.people
    return colleague(browser, live_kesu.url, "admin", PASSWORD)


def back(somebody: Colleague) -> None:
    somebody.page.go_back(wait_until="load")


def test_he_finds_again_what_he_typed_into_a_form_that_was_refused(admin: Colleague) -> None:
    admin.go("/people")
    admin.fill({"name": NAME, "login": "有 空 格"})
    admin.submit()
    expect(admin.page.locator('[name="login"]')).to_have_attribute("aria-invalid", "true")
    admin.page.fill('[name="login"]', "还是 不行")
    admin.go("/organisation")
    back(admin)

    assert admin.page.url.endswith("/people")
    expect(admin.page.locator('[name="name"]')).to_have_value(NAME)
    expect(admin.page.locator('[name="login"]')).to_have_value("还是 不行")


def test_he_finds_it_where_the_form_was_sent_to_another_address(admin: Colleague) -> None:
    form = "form[action='/organisation/units']"
    admin.go("/organisation")
    admin.fill({"name": "部", "kind": "department"}, form=form)
    admin.page.locator(f"{form} [name='name']").evaluate("e => e.removeAttribute('maxlength')")
    admin.page.fill(f"{form} [name='name']", "很长的名称" * 60)
    admin.submit()
    assert admin.page.locator("html").get_attribute("data-answer") is not None
    admin.go("/people")
    back(admin)

    assert "/organisation" in admin.page.url
    assert not admin.page.url.endswith("/units")
    expect(admin.page.locator(f"{form} [name='name']")).to_have_value("很长的名称" * 60)
    expect(admin.page.locator(f"{form} [value='department']")).to_be_checked()
    admin.page.reload()
    expect(admin.page.locator(f"{form} [name='name']")).to_have_value("很长的名称" * 60)


def test_a_password_that_was_shown_once_is_not_shown_again_and_no_other_is_made(admin: Colleague) -> None:
    admin.go("/people")
    admin.fill({"name": "新同事", "login": "goesback"})
    admin.submit()
    shown = admin.page.locator(".k-main b.num").first.inner_text()
    admin.go("/organisation")
    back(admin)
    admin.does_not_see(shown)
    expect(admin.page.locator('[name="login"]')).to_be_visible()
    admin.page.reload()
    assert admin.page.locator("body").inner_text().count("goesback") == 1


def test_a_trial_goes_back_a_step_at_a_time(admin: Colleague) -> None:
    admin.go("/policies/offers/p01/try")
    began = admin.page.input_value('[name="now"]')
    shown = [began]
    for _hour in range(2):
        with admin.page.expect_navigation():
            admin.page.click("button[value='hour']")
        shown.append(admin.page.input_value('[name="now"]'))
    assert len(set(shown)) == 3
    admin.go("/people")
    back(admin)
    expect(admin.page.locator('[name="now"]')).to_have_value(shown[2])
    admin.page.wait_for_load_state("networkidle")
    back(admin)
    expect(admin.page.locator('[name="now"]')).to_have_value(shown[1])


def test_a_report_that_was_refused_leaves_nothing_behind(
    live_kesu: LiveKesu, live_world: World, browser: Browser
) -> None:
    reporter = customer(browser, live_kesu.url)
    assert live_world.units
    reporter.go("/report/status")
    reporter.fill({"code": "AAAA-BBBB-CCCC-DDDD"})
    reporter.submit()
    reporter.sees("没有这个回执码")
    reporter.go("/")
    reporter.page.go_back(wait_until="load")
    expect(reporter.page.locator('[name="code"]')).to_have_value("")
    assert "AAAA" not in reporter.page.evaluate(
        "JSON.stringify([history.state, {...localStorage}, {...sessionStorage}])"
    )
    reporter.page.context.close()
