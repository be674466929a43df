"""Customers and staff who keep working while parts of the program are killed. Whoever has no answer sends the very same
form again, until it is acknowledged or refused; everything acknowledged is written down."""

from __future__ import annotations

import http.client
import re
import secrets
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random
from typing import Any

from tests.access.sample import REPORT
from tests.faults.program import PASSWORD, PATIENCE, Program
from tests.world import COMPLAINT, World

_BREAK = 0.15


class Fate(StrEnum):
    ACKNOWLEDGED = "acknowledged"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass
class Fact:
    """`kind`: case, step, note, words, file, report. `marker`: a text that stands in nothing else. `case`: its address
    or the follow link; `answers`: what the program said to each sending that it answered; `sent`: how often."""

    kind: str
    marker: str
    fate: Fate = Fate.UNKNOWN
    answers: list[str] = field(default_factory=list)
    sent: int = 0


class Journal:
    def __init__(self) -> None:
        self.facts: list[Fact] = []
        self._lock = threading.Lock()

    def begin(self, kind: str, marker: str) -> Fact:
        fact = Fact(kind, marker)
        with self._lock:
            self.facts.append(fact)
        return fact

    def counts(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for fact in self.facts:
            key = f"{fact.kind} {fact.fate}"
            found[key] = found.get(key, 0) + 1
        return dict(sorted(found.items()))

    def resent(self) -> int:
        return sum(fact.sent > 1 for fact in self.facts)


class _NoFollow(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


class Lost(Exception):
    """No answer, or one that says that the program cannot: the same is asked again."""


class Browser:
    """As much of one as is needed: cookies, forms, no following."""

    def __init__(self, program: Program) -> None:
        self._base = program.url
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(), _NoFollow)

    def ask(self, path: str, body: bytes | None = None, media: str = "") -> tuple[int, str, str]:
        """Status, Location, text. Raises `Lost`."""
        headers = {"Referer": f"{self._base}/", **({"Content-Type": media} if media else {})}
        asked = urllib.request.Request(self._base + path, data=body, headers=headers)
        try:
            with self._opener.open(asked, timeout=30) as answer:
                return answer.status, "", answer.read().decode()
        except urllib.error.HTTPError as other:
            try:
                with other:
                    text = other.read().decode(errors="replace")
            except (OSError, http.client.HTTPException) as cut:
                raise Lost from cut
            if other.code >= 500:
                raise Lost(other.code) from other
            return other.code, other.headers.get("Location", ""), text
        except (OSError, http.client.HTTPException) as gone:
            raise Lost from gone

    def page(self, path: str, is_over: threading.Event) -> str | None:
        """A page, however often it must be asked for; None when it is not to be had."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                status, _, text = self.ask(path)
            except Lost:
                if is_over.wait(_BREAK):
                    time.sleep(_BREAK)
                continue
            return text if status == 200 else None
        raise AssertionError(f"{path} did not come back")


def field_of(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, f"no field {name}"
    return found[1]


class Person:
    """One thread of work. `choose` decides everything that is random."""

    def __init__(self, program: Program, world: World, journal: Journal, seed: int, login: str = "") -> None:
        self._browser = Browser(program)
        self._world, self._journal, self._choose, self._login = world, journal, Random(seed), login
        self._is_over = threading.Event()
        self._cases: list[str] = []
        self._links: list[str] = []
        self.error: BaseException | None = None

    def work(self, is_over: threading.Event) -> None:
        self._is_over = is_over
        try:
            if self._login:
                self._sign_in()
            acts = self._desk_acts() if self._login else self._public_acts()
            while not is_over.is_set():
                self._choose.choices([act for act, _ in acts], [weight for _, weight in acts])[0]()
                is_over.wait(self._choose.uniform(0.0, 0.2))
        except BaseException as error:
            self.error = error

    def _desk_acts(self) -> list[tuple[Callable[[], None], int]]:
        return [(self._register, 2), (self._join, 4), (self._note, 3), (self._message, 1)]

    def _public_acts(self) -> list[tuple[Callable[[], None], int]]:
        return [(self._submit, 3), (self._words, 4), (self._report, 1)]

    def _marker(self) -> str:
        return "标" + "".join(self._choose.choices("甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥", k=14))

    def _sign_in(self) -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            page = self._browser.page("/sign-in", self._is_over)
            assert page is not None
            sent = {"csrfmiddlewaretoken": field_of(page, "csrfmiddlewaretoken"), "next": "/work"}
            body = urllib.parse.urlencode(sent | {"username": self._login, "password": PASSWORD}).encode()
            try:
                status, _, _ = self._browser.ask("/sign-in", body, "application/x-www-form-urlencoded")
            except Lost:
                if self._browser.page("/work", self._is_over) is not None:
                    return
                continue
            if status == 302:
                return
        raise AssertionError("could not sign in")

    def _send(self, fact: Fact, path: str, page: str, answers: dict[str, str], file: tuple[str, bytes] | None) -> str:
        """Sends the form until it is answered. Returns where it led, or the page itself."""
        sent = {"csrfmiddlewaretoken": field_of(page, "csrfmiddlewaretoken"), **answers}
        body, media = multipart(sent, file)
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            fact.sent += 1
            try:
                status, place, text = self._browser.ask(path, body, media)
            except Lost:
                time.sleep(_BREAK)
                continue
            is_done = (status == 302 and not place.startswith("/sign-in")) or (status == 200 and fact.kind == "report")
            fact.fate = Fate.ACKNOWLEDGED if is_done else Fate.REFUSED
            fact.answers.append(f"{status} {place}")
            return place or text
        return ""

    def _complaint(self, marker: str) -> dict[str, str]:
        phone = f"138{self._choose.randrange(10**8):08d}"
        said = {name.replace("__", "."): text for name, text in COMPLAINT.items()}
        return said | {"title": marker, "person.phone": phone, "promised_feedback_at": "2030-01-02T10:00"}

    def _submit(self) -> None:
        path = f"/submit/{self._world.units['qingtang']}/complaint"
        page = self._browser.page(path, self._is_over)
        assert page is not None
        marker = self._marker()
        fact, file = self._journal.begin("case", marker), None
        if self._choose.random() < 0.4:
            file = ("photos", PICTURE)
            evidence = self._journal.begin("file", marker)
        answers = {name: text for name, text in self._complaint(marker).items() if name != "channel"}
        place = self._send(fact, path, page, answers | {"form_token": field_of(page, "form_token")}, file)
        if file:
            evidence.fate = fact.fate
        if fact.fate is Fate.ACKNOWLEDGED:
            self._links.append(place.rstrip("/").rsplit("/", 1)[-1])
            if self._choose.random() < 0.3:  # he clicks once more: the same answer
                again = self._send(
                    Fact("case", marker), path, page, answers | {"form_token": field_of(page, "form_token")}, file
                )
                assert again in (place, ""), (again, place)

    def _report(self) -> None:
        path = f"/report/{self._world.units['qingtang']}/whistle_report"
        page = self._browser.page(path, self._is_over)
        assert page is not None
        marker = self._marker()
        fact = self._journal.begin("report", marker)
        answers = {**REPORT, "summary": marker, "form_token": field_of(page, "form_token")}
        answers |= {name: {"是": "yes", "否": "no"}[text] for name, text in REPORT.items() if text in "是否"}
        text = self._send(fact, path, page, answers, None)
        code = re.search(r"\b[2-9A-HJKMNP-Z]{4}(?:-[2-9A-HJKMNP-Z]{4}){3}\b", text)
        if fact.fate is Fate.ACKNOWLEDGED:
            assert code, text
            fact.answers.append(code[0])
            again = self._send(Fact("report", marker), path, page, answers, None)
            assert not again or code[0] in again

    def _words(self) -> None:
        if not self._links:
            return
        path = f"/follow/{self._choose.choice(self._links)}"
        self._write("words", path, f"{path}/words")

    def _write(self, kind: str, path: str, to: str) -> None:
        page = self._browser.page(path, self._is_over)
        assert page is not None
        marker = self._marker()
        fact = self._journal.begin(kind, marker)
        # What waits for approval is told by nobody here: a message to the customer says so.
        said = {"text": marker, "interim": "yes", "form_token": field_of(page, "form_token")}
        self._send(fact, to, page, said, None)

    def _register(self) -> None:
        page = self._browser.page(f"/cases/new?unit={self._world.units['qingtang'].hex}&kind=complaint", self._is_over)
        assert page is not None
        marker = self._marker()
        fact = self._journal.begin("case", marker)
        hidden = {name: field_of(page, name) for name in ("unit", "kind", "token")}
        place = self._send(fact, "/cases/new", page, self._complaint(marker) | hidden, None)
        if fact.fate is Fate.ACKNOWLEDGED:
            self._cases.append(place.partition("?")[0])

    def _note(self) -> None:
        if self._cases:
            path = self._choose.choice(self._cases)
            self._write("note", path, f"{path}/notes")

    def _message(self) -> None:
        if self._cases:
            path = self._choose.choice(self._cases)
            self._write("note", path, f"{path}/messages")

    def _join(self) -> None:
        """Somebody joins the complaint: a step that may be taken again and again."""
        if not self._cases:
            return
        path = f"{self._choose.choice(self._cases[-6:])}/steps/join"
        page = self._browser.page(path, self._is_over)
        assert page is not None
        marker = self._marker()
        fact = self._journal.begin("step", marker)
        hidden = {name: field_of(page, name) for name in ("form_token", "seen_version")}
        phone = f"139{self._choose.randrange(10**8):08d}"
        self._send(fact, path, page, {"person.name": marker, "person.phone": phone} | hidden, None)


def multipart(fields: dict[str, str], file: tuple[str, bytes] | None) -> tuple[bytes, str]:
    mark = secrets.token_hex(12)
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'.encode()
        for name, text in fields.items()
    ]
    if file:
        name, content = file
        head = f'--{mark}\r\nContent-Disposition: form-data; name="{name}"; filename="墙.png"\r\n'
        parts.append(head.encode() + b"Content-Type: image/png\r\n\r\n" + content + b"\r\n")
    return b"".join([*parts, f"--{mark}--\r\n".encode()]), f"multipart/form-data; boundary={mark}"


def _picture() -> bytes:
    from tests.access.sample import picture

    return picture()


PICTURE = _picture()
