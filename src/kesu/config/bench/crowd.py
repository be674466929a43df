"""Many people at once, each before a page of his own: looks at it for some seconds, then asks for the next.

They live in one process, which imports nothing of the program, so that what they cost is not the program's."""

from __future__ import annotations

import random
import secrets
import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote

from kesu.config.bench.asking import Answer, Ask, Connection
from kesu.config.bench.pages import Page

THINKS: Final = (3.0, 8.0)
"""Seconds between the answer and the next request."""
LIST, CASE, SEARCH, FORM, WRITE = "列表", "诉件页", "搜索", "表单", "写入"
_MIX: Final = {LIST: 40, CASE: 35, SEARCH: 15, WRITE: 10}
_LISTS: Final = {
    "/work": "工作台",
    "/approvals": "等我签的",
    **{f"/cases{words}": LIST for words in ("", "?holder=me", "?due=today", "?state=closed")},
}
_SHARED: Final = 0.3
"""How often somebody opens what a colleague has just changed: a case that moves is looked at by several."""
NOTE, REGISTRATION, STEP = "note", "registration", "step"
"""Kinds of changes."""
_ACCEPTED: Final = frozenset({200, 302})
OVERTAKEN: Final = 409
_RETURNED: Final = frozenset({403, 404, OVERTAKEN, 422})
"""Answers to a form that keep what was typed or say why not; all else is a failure of the program."""


@dataclass(frozen=True, slots=True)
class Written:
    """A change that was acknowledged. `where`: the case; `mark`: the words, or the code of the step; `seen`: the
    version that somebody had before him when he took it."""

    kind: str
    where: str
    mark: str
    seen: int = 0


@dataclass(slots=True)
class Seen:
    """What all of them saw: seconds by kind of page, changes that were acknowledged, how many forms came back with
    which status, and every answer that should not be."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    written: list[Written] = field(default_factory=list)
    returned: Counter[int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Person:
    login: str
    cookies: Mapping[str, str]


def watch(port: int, people: Sequence[Person], words: Sequence[str], seconds: float) -> Seen:
    """All of them at work for so long. `words`: what they search for."""
    room = _Room(port, words, time.monotonic() + seconds)
    with ThreadPoolExecutor(len(people)) as desks:
        for done in [desks.submit(_Desk(room, one, nth).work) for nth, one in enumerate(people)]:
            done.result()
    return room.seen


class _Room:
    """What they share: the program, the hour at which they go home, the cases that are talked about."""

    def __init__(self, port: int, words: Sequence[str], until: float) -> None:
        self.port = port
        self.words = words
        self.until = until
        self.seen = Seen()
        self.lock = threading.Lock()
        self.talked_about: list[str] = []

    def tell(self, path: str) -> None:
        with self.lock:
            self.talked_about = [path, *self.talked_about[:9]]


class _Desk:
    """One person with a browser."""

    def __init__(self, room: _Room, person: Person, nth: int) -> None:
        self._room = room
        self._name = person.login
        self._chance = random.Random(nth)  # noqa: S311  what somebody does next, not a secret
        self._connection = Connection(room.port, person.cookies)
        self._listed: list[str] = []
        self._path = ""
        self._page: Page | None = None

    def work(self) -> None:
        """Until it is time to go home. Whoever begins does not begin with all the others."""
        acts = {LIST: self._list, CASE: self._case, SEARCH: self._search, WRITE: self._write}
        time.sleep(self._chance.uniform(0, THINKS[1]))
        while time.monotonic() < self._room.until:
            act = self._chance.choices(list(_MIX), list(_MIX.values()))[0]
            try:
                acts[act]()
            except OSError as gone:
                self._wrong(f"{act}：{gone}")
            self._think()
        self._connection.close()

    def _think(self) -> None:
        time.sleep(self._chance.uniform(*THINKS))

    def _list(self) -> None:
        path, kind = self._chance.choice(list(_LISTS.items()))
        self._look(kind, path)

    def _search(self) -> None:
        self._look(SEARCH, f"/cases?q={quote(self._chance.choice(self._room.words))}")

    def _look(self, kind: str, path: str) -> None:
        page = self._get(kind, path)
        if page is not None:
            self._listed = [link for link in page.links("/cases/") if _is_case(link)] or self._listed

    def _case(self) -> None:
        """One of those that were listed, or one that a colleague has before him."""
        shared = self._room.talked_about
        paths = shared if shared and self._chance.random() < _SHARED else self._listed
        if not paths:
            return self._list()
        self._open(self._chance.choice(paths))
        return None

    def _open(self, path: str) -> None:
        self._path, self._page = path, self._get(CASE, path)

    def _write(self) -> None:
        """To the case that is open, after a while in which a colleague may have been faster; or a new one."""
        if self._page is None:
            return self._case()
        self._chance.choices((self._note, self._step, self._register), (4, 4, 2))[0]()
        return None

    def _note(self) -> None:
        mark = self._mark()
        path = f"{self._path}/notes"
        fields = self._page.filled(path, {"text": mark}) if self._page is not None else None
        if fields is not None and self._send(path, fields) is not None:
            self._keep(Written(NOTE, _id(self._path), mark))

    def _step(self) -> None:
        """Any that the page offers, answered with whatever its form takes."""
        offered = self._page.links(f"{self._path}/steps/") if self._page is not None else []
        if not offered:
            return
        path = self._chance.choice(offered).partition("?")[0]
        form = self._get(FORM, path)
        fields = form.filled(path, {}) if form is not None else None
        if fields is None:
            return
        self._think()
        if self._send(path, fields) is not None:
            seen = int(fields["seen_version"])
            self._keep(Written(STEP, _id(self._path), path.rpartition("/")[2], seen))

    def _register(self) -> None:
        form = self._get(FORM, "/cases/new")
        mark = self._mark()
        person = {"person.name": "苏女士", "person.phone": f"135{self._chance.randint(0, 99_999_999):08d}"}
        fields = form.filled("/cases/new", {**person, "title": mark}) if form is not None else None
        if fields is None:  # takes no complaints
            return
        self._think()
        answer = self._send("/cases/new", fields)
        if answer is not None:
            self._keep(Written(REGISTRATION, _id(answer.headers["location"]), mark))

    def _send(self, path: str, fields: Mapping[str, str]) -> Answer | None:
        """What followed, where it was taken."""
        answer = self._ask(WRITE, Ask(path, fields))
        if answer.status in _RETURNED:
            with self._room.lock:
                self._room.seen.returned[answer.status] += 1
        elif answer.status in _ACCEPTED:
            if "location" in answer.headers:
                path = answer.headers["location"].partition("#")[0].partition("?")[0]
                self._room.tell(path)
                self._open(path)
            return answer
        else:
            self._wrong(f"{answer.status} {path}")
        return None

    def _get(self, kind: str, path: str) -> Page | None:
        """The page, where this person may see it."""
        answer = self._ask(kind, Ask(path))
        if answer.status == 200:
            return Page(answer.body)
        if answer.status not in {403, 404}:
            self._wrong(f"{answer.status} {path}")
        return None

    def _ask(self, kind: str, ask: Ask) -> Answer:
        began = time.perf_counter()
        answer = self._connection.ask(ask)
        taken = time.perf_counter() - began
        if answer.status in _ACCEPTED or kind == WRITE:  # a page that somebody may not see costs next to nothing
            with self._room.lock:
                self._room.seen.seconds.setdefault(kind, []).append(taken)
        return answer

    def _mark(self) -> str:
        """Words that stand nowhere else."""
        return f"回访记录 {secrets.token_hex(8)}"

    def _keep(self, written: Written) -> None:
        with self._room.lock:
            self._room.seen.written.append(written)

    def _wrong(self, what: str) -> None:
        with self._room.lock:
            self._room.seen.wrong.append(f"{self._name}：{what}")


def _is_case(link: str) -> bool:
    rest = link.removeprefix("/cases/")
    return len(rest) == 36 and rest.count("-") == 4


def _id(path: str) -> str:
    return path.removeprefix("/cases/")[:36]
