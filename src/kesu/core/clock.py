"""The only reader of the clock. Everything below the edges is told the time instead.

While the program is tried out its clock may run ahead of the real one, by as much as a file says (ADR 0074). Where no
file was named that costs one comparison.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path


class _Ahead:
    """How far the clock runs ahead. The file is read again each time: every process of the program sees a change at its
    next look."""

    file: Path | None = None
    most = timedelta()

    def __call__(self, file: Path) -> timedelta:
        """The most that was ever read: time does not go back, and a file that cannot be read says nothing."""
        with suppress(OSError, ValueError, OverflowError):
            self.most = max(self.most, timedelta(seconds=float(file.read_text(encoding="ascii"))))
        return self.most


_ahead = _Ahead()


def now() -> datetime:
    """This instant, aware, in UTC."""
    file = _ahead.file
    return datetime.now(UTC) if file is None else datetime.now(UTC) + _ahead(file)


def follow(file: Path | None) -> None:
    """From now on the clock runs ahead by the seconds that `file` says. None: it runs with the real one."""
    _ahead.file, _ahead.most = file, timedelta()


def moved_by() -> timedelta | None:
    """How far the clock runs ahead; None where it is the real one and nothing can move it."""
    return None if _ahead.file is None else _ahead(_ahead.file)
