"""What a real browser does with hostile words, and what becomes of what was typed when something comes between."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.people import Colleague, colleague, customer
from tests.live import PASSWORD, LiveKesu
from tests.security.trouble import WORDS
from tests.world import World

PHRASE = "楼道里的灯坏了两盏，请派人来看"
ACTING = ("a script", "a script without tags", "a picture that acts", "the end of a field", "marks of templates")


@pytest.fixture(scope="module")
def desk(live_kesu: LiveKesu, live_world: World, browser: Browser) -> Colleague:
    assert live_world.people
    return colleague(browser, live_kesu.url, "zhouyining", PASSWORD)


@pytest.fixture(scope="module")
def acting_case(live_kesu: LiveKesu, live_world: World, browser: Browser) -> tuple[str, str]:
    """A case all of whose words would act if they could: what follows it, and its title."""
    somebody = customer(browser, live_kesu.url)
    somebody.go(f"/submit/{live_world.units['qingtang']}/complaint")
    texts = iter(ACTING)
    for name in ("person.name", "title", "content", "room"):
        somebody.fill({name: WORDS[next(texts)][:60] if name != "content" else "".join(WORDS[one] for one in ACTING)})
    somebody.fill({"person.phone": "13800004567"})
    somebody.submit()
    link = somebody.page.locator('a[href*="/follow/"]').first.get_attribute("href")
    assert link
    somebody.page.context.close()
    return link, WORDS[ACTING[1]][:60]


def watched(page: Page) -> Iterator[str]:
    """Everything that ran or wanted to."""
    found: list[str] = []
    page.on("dialog", lambda dialog: (found.append(f"said {dialog.message}"), dialog.dismiss()))
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on("console", lambda said: found.append(said.text) if said.type == "error" else None)
    page.on("request", lambda asked: found.append(asked.url) if "evil.example" in asked.url else None)
    return iter(found)


def test_it_runs_nothing_of_what_somebody_wrote(
    live_kesu: LiveKesu, desk: Colleague, acting_case: tuple[str, str], browser: Browser
) -> None:
    link, title = acting_case
    public = customer(browser, live_kesu.url)
    happened = [watched(one.page) for one in (desk, public)]

    public.go(link)
    desk.go("/cases?q=alert")
    row = desk.page.locator('a[href^="/cases/"]').filter(has_text="javascript:alert").first
    case = row.get_attribute("href") or ""
    for path in ("/work", case, f"{case}/timeline", f"{case}?write=matter", f"{case}/steps/register"):
        desk.go(path)
        assert "broken in" not in desk.page.title()
        assert desk.page.locator("main form[action*='evil'], img[onerror], svg[onload]").count() == 0

    desk.go(case)
    desk.sees(title[:20])
    assert [said for one in happened for said in one if "404" not in said] == []
    public.page.context.close()


def test_it_would_run_nothing_even_if_a_page_held_a_script(desk: Colleague) -> None:
    """The policy of every page is a wall of its own behind the escaping."""
    desk.go("/work")
    desk.page.evaluate(
        """() => {
            const script = document.createElement("script");
            script.textContent = "document.title = 'broken in'";
            document.body.append(script);
            const picture = document.createElement("div");
            picture.innerHTML = "<img src=x onerror=\\"document.title = 'broken in'\\">";
            document.body.append(picture);
        }"""
    )
    desk.page.wait_for_timeout(300)

    assert "broken in" not in desk.page.title()


def test_it_gives_back_what_was_typed_to_whoever_was_signed_out_meanwhile(
    live_kesu: LiveKesu, desk: Colleague, acting_case: tuple[str, str]
) -> None:
    assert acting_case
    desk.go("/cases")
    case = desk.page.locator("tr", has_text=re.compile(r"TS-\d\d")).locator("a").first.get_attribute("href")
    desk.go(f"{case}")
    desk.page.fill('#note-pane textarea[name="text"]', PHRASE)
    desk.page.wait_for_timeout(400)
    desk.page.context.clear_cookies(name="sessionid")
    desk.page.click('#note-pane button[type="submit"]')
    desk.page.wait_for_url(re.compile("/sign-in"))

    desk.page.fill("#username", "zhouyining")
    desk.page.fill("#password", PASSWORD)
    desk.page.click('form:has(#password) button[type="submit"]')
    desk.page.wait_for_url(f"**{case}")

    expect(desk.page.locator('#note-pane textarea[name="text"]')).to_have_value(PHRASE)
    desk.page.click('#note-pane button[type="submit"]')
    desk.sees("内部记录已保存")
    desk.go(f"{case}")
    expect(desk.page.locator('#note-pane textarea[name="text"]')).to_have_value("")


def test_it_shows_what_was_typed_where_a_form_has_expired_and_takes_it_from_there(
    live_kesu: LiveKesu, live_world: World, browser: Browser
) -> None:
    somebody = customer(browser, live_kesu.url)
    somebody.go(f"/submit/{live_world.units['qingtang']}/complaint")
    somebody.fill({"person.name": "苏女士", "person.phone": "13800004568", "title": "灯坏了", "content": PHRASE})
    somebody.page.wait_for_timeout(400)
    somebody.page.context.clear_cookies(name="csrftoken")
    somebody.submit()
    somebody.sees("这张表打开得太久")
    somebody.sees(PHRASE)

    somebody.page.click("text=返回修改")
    expect(somebody.page.locator('[name="content"]')).to_have_value(PHRASE)
    somebody.filled = "content"
    somebody.submit()

    somebody.sees("TS-")
    somebody.page.context.close()


def test_it_signs_out_by_the_menu(live_kesu: LiveKesu, live_world: World, browser: Browser) -> None:
    somebody = colleague(browser, live_kesu.url, "wutong", PASSWORD)
    somebody.page.click("summary[aria-label^='账户']")
    somebody.page.click("text=退出登录")
    somebody.page.wait_for_url(re.compile("/sign-in"))

    somebody.go("/work")
    somebody.page.wait_for_url(re.compile("/sign-in"))
    assert live_world.people
    somebody.page.context.close()
