"""Steps with ticks and times: a moving line on a terminal, plain lines elsewhere. Standard library only."""

from __future__ import annotations

import shutil
import sys
import threading
import time
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

_WHEEL = "|/-\\"
_WORTH_SAYING = 0.3
"""Seconds: a quiet step that took less was only a look and is not shown."""


class Step:
    """One line of the display. `note` changes what is said beside the title (a count, a name)."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.extra = ""
        self.began = time.monotonic()

    def note(self, text: str) -> None:
        self.extra = text

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began


class Progress:
    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out or sys.stdout
        self._live = self._out.isatty()

    def say(self, text: str = "") -> None:
        self._out.write(text + "\n")
        self._out.flush()

    @contextmanager
    def step(self, title: str, *, quiet: bool = False) -> Iterator[Step]:
        """Shows `title` while the block runs, then a tick or a cross with the seconds it took.

        A `quiet` step is shown only if it turns out to take time or fails: what is already done needs no line.
        """
        step = Step(title)
        done = threading.Event()
        painter = threading.Thread(target=self._paint, args=(step, done), daemon=True)
        if self._live:
            painter.start()
        try:
            yield step
        except BaseException:
            self._finish(step, done, painter, "✗", quiet=False)
            raise
        self._finish(step, done, painter, "✓", quiet)

    def _paint(self, step: Step, done: threading.Event) -> None:
        turn = 0
        while not done.wait(0.15):
            text = f"{_WHEEL[turn % 4]} {step.title}  {step.extra}  {step.seconds:.0f} s"
            self._out.write("\r\x1b[2K" + _cut(text, shutil.get_terminal_size().columns - 1))
            self._out.flush()
            turn += 1

    def _finish(self, step: Step, done: threading.Event, painter: threading.Thread, sign: str, quiet: bool) -> None:
        done.set()
        if self._live:
            painter.join()
            self._out.write("\r\x1b[2K")
        if quiet and step.seconds < _WORTH_SAYING:
            self._out.flush()
            return
        self.say(f"{sign} {step.title}  {step.seconds:.1f} s")


def _cut(text: str, columns: int) -> str:
    """As much of `text` as fits; Chinese characters take two columns."""
    used, kept = 0, []
    for sign in text:
        used += 2 if unicodedata.east_asian_width(sign) in "WF" else 1
        if used > columns:
            break
        kept.append(sign)
    return "".join(kept)
