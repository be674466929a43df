"""Whether a case has gone on since somebody looked at it."""

from __future__ import annotations

from kesu.casefile.casefile import CaseFile
from kesu.policy.events import TOLD_BY_TIME


def has_moved(file: CaseFile, seen_version: int) -> bool:
    """Whether anything came about after that version of it but what the program told people by itself: a reminder
    changes nothing that he read, and should not cost him his form. A version that never was counts as moved."""
    if seen_version > file.head.version:
        return True
    return any(event.seq > seen_version and event.kind not in TOLD_BY_TIME for event in file.log)
