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
from kesu.config.bench.meeting import TOGETHER, Meeting, Meetings
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
_TWICE: Final = 0.2
"""How often somebody sends what was just taken a second time, as whoever clicks twice or goes back does."""
NOTE, REGISTRATION, STEP = "note", "registration", "step"
"""Kinds of changes."""
_ACCEPTED: Final = frozenset({200, 302})
OVERTAKEN: Final = 409
_RETURNED: Final = frozenset({403, 404, OVERTAKEN, 422})
"""Answers to a form that keep what was typed or say why not; all else is a failure of the program."""
_OURS: Final = frozenset({"csrfmiddlewaretoken", "token", "form_token", "seen_version"})
"""What a form carries that nobody typed."""


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
    which status, and every answer that should not be. `met`: how often two sent the same form of one case at once;
    `first`: in how many of these one was taken and the other came too late; `kept`: forms that came back as overtaken
    with all that had been typed; `twice`: forms that were sent again after they were taken."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    written: list[Written] = field(default_factory=list)
    returned: Counter[int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    met: int = 0
    first: int = 0
    kept: int = 0
    twice: int = 0


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
    held = [sorted(status for _, status in one.answered) for one in room.meetings.held]
    room.seen.met = len(held)
    room.seen.first = sum(one[0] in _ACCEPTED and one[-1] == OVERTAKEN for one in held)
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
        self.meetings = Meetings()

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
        self._known: set[str] = set()
        self._path = ""
        self._page: Page | None = None

    def work(self) -> None:
        """Until it is time to go home. Whoever begins does not begin with all the others."""
        acts = {LIST: self._list, CASE: self._case, SEARCH: self._search, WRITE: self._write}
        time.sleep(self._chance.uniform(0, THINKS[1]))
        while time.monotonic() < self._room.until:
            act = self._chance.choices(list(_MIX), list(_MIX.values()))[0]
            called = self._room.meetings.find(self._known, self._name)
            try:
                if called is not None:
                    self._come(called)
                else:
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
            self._known.update(self._listed)

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
        """Any that the page offers, answered with whatever its form takes; a colleague has the same form before him
        where one comes in time."""
        offered = self._page.links(f"{self._path}/steps/") if self._page is not None else []
        if not offered:
            return
        case, path = self._path, self._chance.choice(offered).partition("?")[0]
        fields = self._form(path)
        if fields is None:
            return
        meeting = self._room.meetings.call(case, path, self._name)
        if meeting.wait():
            self._send_step(path, fields, meeting)
        else:
            self._send_step(path, fields)

    def _come(self, meeting: Meeting) -> None:
        """To the form that a colleague has open."""
        fields = self._form(meeting.form)
        if fields is None:
            return
        meeting.joined.set()
        self._send_step(meeting.form, fields, meeting)

    def _form(self, path: str) -> dict[str, str] | None:
        form = self._get(FORM, path)
        return form.filled(path, {}) if form is not None else None

    def _send_step(self, path: str, fields: Mapping[str, str], meeting: Meeting | None = None) -> None:
        if meeting is not None:
            time.sleep(self._chance.uniform(0, TOGETHER))
        answer = self._ask(WRITE, Ask(path, fields))
        if meeting is not None:
            self._room.meetings.answer(meeting, self._name, answer.status)
        if answer.status == OVERTAKEN:
            self._look_for_words(path, fields, answer)
        if self._take(path, answer) is not None:
            case = path.partition("/steps/")[0]
            self._keep(Written(STEP, _id(case), path.rpartition("/")[2], int(fields["seen_version"])))
            if self._chance.random() < _TWICE:
                self._send_again(path, fields)

    def _look_for_words(self, path: str, fields: Mapping[str, str], answer: Answer) -> None:
        """Whoever was overtaken finds every word that he typed on the page that tells him so; of a row that can be
        chosen no more he is told that."""
        page = Page(answer.body)
        again, told = page.form(path) or {}, page.refused(path)
        lost = [name for name, word in fields.items() if name not in _OURS | told and again.get(name) != word]
        if lost:
            self._wrong(f"{OVERTAKEN} {path} 没有留住 {'、'.join(lost)}")
        else:
            with self._room.lock:
                self._room.seen.kept += 1

    def _send_again(self, path: str, fields: Mapping[str, str]) -> None:
        """It was done, and is answered as done; that it was done once is looked at in the end."""
        answer = self._ask(WRITE, Ask(path, fields))
        with self._room.lock:
            self._room.seen.twice += 1
        if answer.status not in _ACCEPTED:
            self._wrong(f"{answer.status} {path} 又送了一次")

    def _register(self) -> None:
        form = self._get(FORM, "/cases/new")
        mark = self._mark()
        person = {"person.name": "苏女士", "person.phone": f"135{self._chance.randint(0, 99_999_999):08d}"}
        # What is alike stands beside a form that a script draws: he has seen it while he typed.
        said = {**person, "title": mark, "looked": "-"}
        fields = form.filled("/cases/new", said) if form is not None else None
        if fields is None:  # takes no complaints
            return
        self._think()
        answer = self._send("/cases/new", fields)
        if answer is not None:
            self._keep(Written(REGISTRATION, _id(answer.headers["location"]), mark))

    def _send(self, path: str, fields: Mapping[str, str]) -> Answer | None:
        """What followed, where it was taken."""
        return self._take(path, self._ask(WRITE, Ask(path, fields)))

    def _take(self, path: str, answer: Answer) -> Answer | None:
        """Notes what became of a form."""
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
