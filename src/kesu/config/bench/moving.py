"""Moves the clock of the program under measurement, as ADR 0074 lets it be moved: by a file, forward only."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from kesu.core import clock

_NAME: Final = "clock"


class Hand:
    """The hand on the clock of one data folder. To be there before anything of the program is: its processes, this one
    among them, look into the file at every reading."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / _NAME
        folder.mkdir(parents=True, exist_ok=True)
        if not self._file.exists():
            self._write(0.0)
        os.environ["KESU_CLOCK_FILE"] = str(self._file)

    def move_to(self, at: datetime) -> None:
        """From now on it is `at` and goes on from there. An instant that has passed changes nothing."""
        ahead = (clock.moved_by() or timedelta()) + (at - clock.now())
        self._write(ahead.total_seconds())

    def _write(self, ahead: float) -> None:
        unfinished = self._file.with_suffix(".new")
        unfinished.write_text(f"{ahead:.6f}", encoding="ascii")
        os.replace(unfinished, self._file)
