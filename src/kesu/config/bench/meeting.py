"""Two people before the same form of one case: whoever opened it calls it out, a colleague who has the case on his list
opens it too, and both send at nearly the same moment. Imports nothing of the program, as `crowd`."""

from __future__ import annotations

import threading
import time
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final

_WAITS: Final = 8.0
"""Seconds that somebody reads his form before he sends it, a colleague or none."""
TOGETHER: Final = 0.3
"""Seconds within which both send."""


@dataclass(slots=True)
class Meeting:
    """`form`: its address; `sent`: by login, whether it was taken and with which status it was answered."""

    case: str
    form: str
    caller: str
    begun: float
    joined: threading.Event = field(default_factory=threading.Event)
    answered: list[tuple[str, int]] = field(default_factory=list)

    @property
    def is_over(self) -> bool:
        return time.monotonic() > self.begun + _WAITS

    def wait(self) -> bool:
        """For a colleague to have the same form before him; whether one has."""
        return self.joined.wait(_WAITS)


class Meetings:
    """Those of all people of one run."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._called: list[Meeting] = []
        self.held: list[Meeting] = []

    def call(self, case: str, form: str, login: str) -> Meeting:
        made = Meeting(case, form, login, time.monotonic())
        with self._lock:
            self._called = [*(one for one in self._called if not one.is_over), made]
        return made

    def find(self, cases: Collection[str], login: str) -> Meeting | None:
        """One that still waits for somebody, in a case that this person has seen on a list, or called in his own other
        window."""
        with self._lock:
            for one in self._called:
                if not one.is_over and (one.case in cases or one.caller == login):
                    self._called.remove(one)
                    return one
        return None

    def answer(self, meeting: Meeting, login: str, status: int) -> None:
        with self._lock:
            meeting.answered.append((login, status))
            if len(meeting.answered) > 1:
                self.held.append(meeting)
