"""Somebody of a house at work: finds a case, takes his steps on it, and is told why where he may not."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final
from urllib.parse import quote

from playwright.sync_api import Locator, expect

from kesu.core import clock
from kesu.policy.scenarios.script import Stated
from kesu.policy.values import NO, YES
from tests.journeys.packs.public import picture
from tests.journeys.people import Colleague
from tests.live import PASSWORD

Answers = Mapping[str, str | list[str]]

_CASE: Final = re.compile(r"/cases/[0-9a-f-]{36}")
_ASKED: Final = """form => {
  const asked = {};
  for (const input of form.elements) {
    if (!input.name || input.type === "hidden" || input.name === "happened_at" || input.tagName === "BUTTON") continue;
    const around = input.closest("fieldset") || input.closest("div:has(> .form-label)") || input.parentElement;
    const must = !!around.querySelector(".req");
    const one = asked[input.name] ||= {type: input.type, must, values: [], given: false};
    one.values.push(...(input.options ? [...input.options].map(o => o.value) : [input.value]).filter(v => v));
    one.given ||= ["radio", "checkbox"].includes(input.type) ? input.checked : !!input.value;
  }
  return asked;
}"""
"""By name, what a form asks: how, whether it must be answered, with what, and whether an answer stands there."""

_UNTICK: Final = """(form, names) => {
  const ticked = [...form.querySelectorAll("input[type=checkbox]:checked")];
  for (const input of ticked) if (names.includes(input.name)) input.click();
}"""
"""What was ticked at an attempt before this one stands there again."""


@dataclass(slots=True)
class Desk(Colleague):
    """`words` answer what a form asks of whoever has nothing particular to say; `printed` is what stands on paper
    before each clause of the policy: journeys name clauses by their codes, people read §二、1. `seen`: how far the
    clock was ahead when he looked last."""

    login: str = ""
    words: Mapping[str, Stated] = field(default_factory=dict)
    printed: Mapping[str, str] = field(default_factory=dict)
    seen: timedelta | None = None

    def go(self, path: str) -> None:
        """To a page; who was signed out, or never was in, signs in and comes back to it."""
        self.page.goto(self.base + path, wait_until="domcontentloaded")
        self.seen = clock.moved_by()
        if "/sign-in" in self.page.url:
            self.page.fill("#username", self.login)
            self.page.fill("#password", PASSWORD)
            with self.page.expect_navigation(wait_until="domcontentloaded"):
                self.page.click('form:has(#password) button[type="submit"]')
            if self.page.url != self.base + path:
                self.page.goto(self.base + path, wait_until="domcontentloaded")

    def finds(self, words: str, among: str = "/cases") -> str:
        """A case on a list, by what the list says of it; the address of its page. The list of all cases is narrowed by
        the words: the longer the clock has run, the more that is overdue stands before a new one."""
        self.go(among if among != "/cases" else f"/cases?q={quote(words)}")
        self.page.locator("main").get_by_role("link", name=words).first.click()
        self.page.wait_for_url(re.compile("/cases/"), wait_until="domcontentloaded")
        found = _CASE.search(self.page.url)
        assert found, self.page.url
        return found[0]

    def finds_soon(self, words: str, seconds: int = 20) -> str:
        """On the list, as soon as the worker has opened it."""
        for _ in range(seconds * 2):
            self.go(f"/cases?q={quote(words)}")
            if self.page.locator("main a", has_text=words).count():
                break
            self.page.wait_for_timeout(500)
        return self.finds(words)

    def opens(self, unit: str, kind: str, **answers: str | list[str]) -> str:
        """Takes a case down; the address of its page."""
        self._register(unit, kind, answers)
        found = _CASE.search(self.page.url)
        assert found, f"not taken: {self._told()}"
        return found[0]

    def may_not_open(self, unit: str, kind: str, clause: str, says: str, **answers: str | list[str]) -> None:
        """Wants to take a case down, is not let, and reads why: the words of the policy and their clause."""
        self._register(unit, kind, answers)
        assert not _CASE.search(self.page.url), self.page.url
        alert = self.page.locator("main [role=alert]").first
        expect(alert).to_contain_text(says)
        expect(alert).to_contain_text(self._clause(clause))

    def takes(self, case: str, step: str, **answers: str | list[str]) -> None:
        """Opens the case, takes the step that the page offers him, and is back on the case with it done."""
        self._try(case, step, answers)
        assert f"/steps/{step}" not in self.page.url, f"{step} by {self.login} not taken: {self._told()}"

    def is_refused(self, case: str, step: str, clause: str, says: str, **answers: str | list[str]) -> None:
        """Takes a step, is not let, and reads why: the words of the policy and their clause."""
        self._try(case, step, answers)
        alert = self.page.locator("#work [role=alert]").first
        expect(alert).to_contain_text(says)
        expect(alert).to_contain_text(self._clause(clause))

    def may_not(self, case: str, step: str, clause: str, says: str) -> None:
        """The page shows him, before he tries, that the step has to wait, why, and by which clause."""
        self.go(case)
        expect(self._offered(step)).to_have_count(0)
        reasons = self.page.locator(".no", has_text=says)
        expect(reasons.first).to_be_attached()
        for folded in reasons.locator("summary").all():
            folded.click()
        expect(reasons.filter(has_text=self._clause(clause)).first).to_be_visible()

    def is_not_offered(self, case: str, step: str) -> None:
        """It is not his."""
        self.go(case)
        expect(self._offered(step)).to_have_count(0)

    def does_not_find(self, case: str) -> None:
        """It is as if there were no such case."""
        self.go(case)
        self.sees("没有这个页面")

    def reads(self, case: str, *words: str) -> None:
        """On the page of the case."""
        self.go(case)
        for one in words:
            self.sees(one)

    def finds_sample(self) -> str:
        """The one sample that waits for somebody who works blind; the address of its page."""
        self.go("/coded")
        self.page.locator("main td.lead a").first.click()
        self.page.wait_for_url(re.compile("/coded/[A-Z0-9]+$"), wait_until="domcontentloaded")
        return self.page.url.removeprefix(self.base)

    def fills_sample(self, sample: str, **answers: str | list[str]) -> None:
        """States his part on its page, and is back on his bench."""
        self.go(sample)
        form = self.page.locator('main form[action^="/coded/"]')
        self._fill_in(form, answers)
        with self.page.expect_navigation(wait_until="domcontentloaded"):
            form.locator('button[type="submit"]').last.click()
        assert self.page.url.endswith("/coded"), self._told()

    def signs(self, case: str, step: str, verdict: str, **answers: str | list[str]) -> None:
        """Finds it among what waits for his signature and gives his verdict."""
        self.go("/approvals")
        expect(self.page.locator(f'main a[href*="{case}"]').first).to_be_visible()
        self.takes(case, step, verdict=verdict, **answers)

    def owes(self, case: str, duty: str, clause: str, *words: str) -> None:
        """What is to be done, until when, and by which clause, as the page of the case shows it."""
        self.go(case)
        line = self.page.locator("#obligations .ob2").filter(has_text=duty)
        for one in (self._clause(clause), *words):
            expect(line.filter(has_text=one).first).to_be_attached()

    def waits(self, case: str, words: str, seconds: int = 20) -> None:
        """Looks at the case again until the worker has done what time brought."""
        for _ in range(seconds * 2):
            self.go(case)
            if words in self.page.locator("body").inner_text():
                return
            self.page.wait_for_timeout(500)
        self.sees(words)

    def number(self, case: str) -> str:
        self.go(case)
        return self.page.locator("#case-head .num").first.inner_text().strip()

    def joins(self, case: str, number: str) -> None:
        """Says on the case that it is about the same matter as the one of that number."""
        self.go(f"{case}?write=matter")
        self.fill({"number": number}, "#matter-form")
        self.submit()
        self.sees("已归为同一事项")

    def _clause(self, code: str) -> str:
        return f"§{self.printed[code]}"

    def _register(self, unit: str, kind: str, answers: Answers) -> None:
        self.go(f"/cases/new?unit={unit}&kind={kind}")
        form = self.page.locator("#intake-form")
        self._fill_in(form, answers)
        with self.page.expect_navigation(wait_until="domcontentloaded"):
            form.locator('button[type="submit"]').last.click()

    def _offered(self, step: str) -> Locator:
        """Among what the page says that he can do now."""
        return self.page.locator(f'#steps .yes a[href$="/steps/{step}"]')

    def _try(self, case: str, step: str, answers: Answers) -> None:
        offered = self._offered(step)
        is_there = self.page.url.endswith(case) and self.seen == clock.moved_by()  # since his last step
        if not is_there or not offered.count():
            self.go(case)
        if not offered.first.is_visible():
            self.page.locator("#steps-beside > summary").click()
        offered.first.click()
        form = self.page.locator(f'form[action$="/steps/{step}"]')
        expect(form).to_be_visible()
        given = {code.replace("__", "."): answer for code, answer in answers.items()}
        verdict = given.pop("verdict", None) if step.startswith("sign_") else None  # a button each; else a fact
        self._fill_in(form, given)
        button = f'[name="verdict"][value="{verdict}"]' if verdict else ""
        with self.page.expect_navigation(wait_until="domcontentloaded"):
            form.locator(f'button[type="submit"]{button}').last.click()

    def _fill_in(self, form: Locator, answers: Answers) -> None:
        """What is given, and whatever else must be answered in the words of the policy's scenarios."""
        asked: dict[str, Any] = form.evaluate(_ASKED)
        answers = {code.replace("__", "."): answer for code, answer in answers.items()}
        unknown = set(answers) - set(asked)
        assert not unknown, f"{self.page.url} does not ask {unknown}, but {sorted(asked)}"
        form.evaluate(_UNTICK, list(answers))
        for name, one in asked.items():
            if name not in answers and one["must"] and not one["given"]:
                answers[name] = self._default(name, one)
        self.fill(dict(answers), f'form[action="{_action(form)}"]')

    def _default(self, name: str, one: Mapping[str, Any]) -> str | list[str]:
        if one["type"] == "file":
            return picture()
        if one["type"] in {"date", "datetime-local"}:
            later = clock.now() + timedelta(days=30)
            return f"{later:%Y-%m-%d}" if one["type"] == "date" else f"{later:%Y-%m-%dT%H:%M}"
        stated = self.words.get(name, {"person.name": "程女士", "person.phone": "13800005999"}.get(name, "已写明"))
        texts = [str(text) for text in stated] if isinstance(stated, tuple) else [str(stated)]
        if not one["values"] or one["type"] in {"text", "textarea"}:
            return texts
        texts = [{YES: "yes", NO: "no"}.get(text, text) if "yes" in one["values"] else text for text in texts]
        return texts if set(texts) <= set(one["values"]) else one["values"][0]

    def _told(self) -> str:
        return " ".join(self.page.locator("main").inner_text().split())[:1500]


def _action(form: Locator) -> str:
    return str(form.get_attribute("action"))
