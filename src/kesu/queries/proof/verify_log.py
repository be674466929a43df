"""Is the log what was written? Everything that is checked inside of an installation, as of one moment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Final

from kesu.casefile.proof.books import check_books
from kesu.casefile.proof.copies import check_copies
from kesu.casefile.proof.findings import Finding
from kesu.casefile.proof.house import check_house
from kesu.casefile.proof.logs import Counts, check_logs
from kesu.casefile.proof.nights import check_nights
from kesu.casefile.proof.sealed import check_sealed_files
from kesu.casefile.proof.streaming import one_moment
from kesu.casefile.streams import MATTERS, ORDINARY, SEALED
from kesu.store.sealed_reader import SYSTEM, read_as

_MOST: Final = 2000
"""More findings are counted and not told: memory stays bounded when a whole log was rewritten."""


@dataclass(frozen=True, slots=True)
class Verified:
    """`findings` holds the first ones in the order in which they were found; `faults` and `destroyed` count all."""

    findings: tuple[Finding, ...]
    faults: int
    cases: int
    events: int
    destroyed: int


def verify_log(*, is_sealed: bool, folder: Path | None = None) -> Verified:
    """`is_sealed`: sealed logs too; without it nothing that is read or said depends on them. `folder`: where copies of
    the signed nights lie. Decrypts every text to prove its digest and tells none."""
    counts = Counts()
    findings: list[Finding] = []
    faults = 0
    with one_moment():
        for found in _all(counts, folder, is_sealed=is_sealed):
            faults += found.is_fault
            if len(findings) < _MOST:
                findings.append(found)
    return Verified(tuple(findings), faults, counts.cases, counts.events, counts.destroyed)


def _all(counts: Counts, folder: Path | None, *, is_sealed: bool) -> Iterator[Finding]:
    if is_sealed:
        read_as(SYSTEM)
    logs = [ORDINARY, MATTERS, SEALED] if is_sealed else [ORDINARY, MATTERS]
    yield from chain.from_iterable(check_logs(stream, counts) for stream in logs)
    if is_sealed:
        yield from check_sealed_files()
    yield from check_books()
    yield from check_house()
    yield from check_nights(is_sealed=is_sealed)
    if folder is not None:
        yield from check_copies(folder)
