"""Somebody without an account, on his phone: reports what is wrong, follows what becomes of it, and has his say."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from playwright.sync_api import expect

from tests.journeys.people import Somebody, photo

_PICTURES: Final = TemporaryDirectory(prefix="kesu-pictures-")


@dataclass(slots=True)
class Resident(Somebody):
    """`follow`: the page by which he follows what he sent, `title`: what he called it."""

    follow: str = ""
    title: str = ""

    def sends(self, place: str, kind: str, promise: str, **answers: str | list[str]) -> None:
        """Fills the public form of a place and is told a number and until when he hears of it."""
        self.go("/submit")
        for one in (place, kind):  # nobody is asked where there is no choice
            choices = self.page.locator(f"main a:has-text('{one}')")
            if not self.page.locator("main form").count() and choices.count():
                choices.first.click()
                self.page.wait_for_load_state("domcontentloaded")
        self.fill({code.replace("__", "."): answer for code, answer in answers.items()})
        self.title = str(answers.get("title", ""))
        self._sent()
        self.sees(promise)
        follow = self.page.locator('a[href*="/follow/"]').first.get_attribute("href")
        assert follow
        self.follow = follow

    def reads(self, *words: str) -> None:
        """On the page by which he follows it."""
        self.go(self.follow)
        for one in words:
            self.sees(one)

    def does_not_read(self, words: str) -> None:
        self.go(self.follow)
        self.does_not_see(words)

    def may_not_any_more(self, step: str) -> None:
        """The page no longer offers it."""
        self.go(self.follow)
        expect(self.page.locator(f'a[href$="/steps/{step}"]')).to_have_count(0)

    def takes(self, step: str, **answers: str | list[str]) -> None:
        """A step that the policy gives to the customer himself."""
        self.go(self.follow)
        self.page.click(f'a[href$="/steps/{step}"]')
        self.page.wait_for_url(f"**/steps/{step}", wait_until="domcontentloaded")
        self.fill({code.replace("__", "."): answer for code, answer in answers.items()}, "form")
        self._sent()
        assert f"/steps/{step}" not in self.page.url, self.page.locator("body").inner_text()

    def _sent(self) -> None:
        with self.page.expect_navigation(wait_until="domcontentloaded"):
            button = self.page.locator(f'{self.form}:has([name="{self.filled}"]) button[type="submit"]')
            button.locator("visible=true").last.click()


@cache
def picture() -> str:
    """A photograph, as a phone would send it: one for all, gone with the session."""
    return photo(Path(_PICTURES.name))
