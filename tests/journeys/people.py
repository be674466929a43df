"""People at their browsers: each has a window of his own and does what the pages offer."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1440, "height": 900}


@dataclass(slots=True)
class Somebody:
    """A window on the running program."""

    page: Page
    base: str
    filled: str = ""
    form: str = "form"

    def go(self, path: str) -> None:
        self.page.goto(self.base + path)

    def fill(self, answers: dict[str, str | list[str]], form: str = "form") -> None:
        """`form`: which one, where a page has several with fields of one name."""
        self.form = form
        for name, given in answers.items():
            for text in [given] if isinstance(given, str) else given:
                self._answer(name, text)

    def _answer(self, name: str, text: str) -> None:
        self.filled = name
        field = self.page.locator(f'{self.form} [name="{name}"]').first
        kind = field.evaluate("e => e.tagName === 'SELECT' ? 'select' : e.type")
        if kind in {"radio", "checkbox"}:
            chosen = f'[name="{name}"][value="{text}"]'
            self.page.locator(f"{self.form} label:has({chosen})").click()  # the input itself is not to be seen
            expect(self.page.locator(f"{self.form} {chosen}")).to_be_checked()
        elif kind == "select":
            field.select_option(text)
        elif kind == "file":
            field.set_input_files(text)
        else:
            field.fill(text)

    def submit(self) -> None:
        """Sends the form that was filled last."""
        self.page.locator(f'{self.form}:has([name="{self.filled}"])').locator('button[type="submit"]').last.click()
        self.page.wait_for_load_state("networkidle")

    def sees(self, text: str) -> None:
        expect(self.page.locator("body")).to_contain_text(text)

    def does_not_see(self, text: str) -> None:
        expect(self.page.locator("body")).not_to_contain_text(text)


@dataclass(slots=True)
class Colleague(Somebody):
    """Somebody of the house, signed in."""

    def step(self, case_path: str, step: str, **answers: str | list[str]) -> None:
        """Opens the case, takes the step that the page offers, and is back on the case with it done."""
        self.go(case_path)
        self.page.locator(f'a[href$="/steps/{step}"]').first.click()
        self.page.wait_for_load_state("networkidle")
        form = self.page.locator(f'form[action$="/steps/{step}"]')
        expect(form).to_be_visible()
        verdict = answers.pop("verdict", None)
        button = f'[name="verdict"][value="{verdict}"]' if verdict else ""
        self.fill({code.replace("__", "."): given for code, given in answers.items()})
        form.locator(f'button[type="submit"]{button}').last.click()
        self.page.wait_for_load_state("networkidle")
        expect(self.page.locator(f'form[action$="/steps/{step}"]')).to_have_count(0)


def customer(browser: Browser, base: str) -> Somebody:
    context = browser.new_context(
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        viewport=PHONE,
        device_scale_factor=2,
        has_touch=True,
        is_mobile=True,
    )
    return Somebody(context.new_page(), base)


def colleague(browser: Browser, base: str, login: str, password: str) -> Colleague:
    context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", viewport=DESK)
    page = context.new_page()
    page.goto(base + "/sign-in")
    page.fill("#username", login)
    page.fill("#password", password)
    page.click('form:has(#password) button[type="submit"]')
    page.wait_for_url("**/work*")
    return Colleague(page, base)


OWN_PASSWORD = "a-sentence-of-his-own"
"""What newcomers choose."""


def newcomer(browser: Browser, base: str, login: str, password: str) -> Colleague:
    """Somebody who was given a password for a single use, and sets his own."""
    context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", viewport=DESK)
    somebody = Colleague(context.new_page(), base)
    somebody.go("/sign-in")
    somebody.fill({"username": login, "password": password})
    somebody.submit()
    somebody.fill({"new_password": OWN_PASSWORD})
    somebody.submit()
    somebody.page.wait_for_url("**/work*")
    return somebody


def photo(folder: Path) -> str:
    """A real picture, as a phone would send it."""
    from PIL import Image, ImageDraw

    picture = Image.new("RGB", (1600, 1200), "#d8d3c8")
    ImageDraw.Draw(picture).line([(900, 0), (860, 400), (940, 800), (900, 1200)], fill="#6f6853", width=14)
    path = folder / "东墙.jpg"
    picture.save(path, "JPEG", quality=80)
    return str(path)
