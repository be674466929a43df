"""Whether a case has gone on since somebody looked at it."""

from __future__ import annotations

from typing import Final

from kesu.casefile.casefile import CaseFile
from kesu.policy.events import FILE_DESCRIBED, FILE_HANDED, FILE_MARKED, TOLD_BY_TIME

_BESIDE: Final = frozenset({*TOLD_BY_TIME, FILE_DESCRIBED, FILE_HANDED, FILE_MARKED})


def has_moved(file: CaseFile, seen_version: int) -> bool:
    """Whether anything came about after that version of it but what the program told people by itself, or what
    somebody said of a file: neither changes what a step asks or does, and should cost nobody his form. (Whoever signs
    has read the head of the log, and reads it anew.) A version that never was counts as moved."""
    if seen_version > file.head.version:
        return True
    return any(event.seq > seen_version and event.kind not in _BESIDE for event in file.log)
