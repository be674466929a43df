"""Do the rows that lists read say what the log of a case says?"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from kesu.access.system import case_named
from kesu.casefile.proof.rebuilding import Comparison, compare_case
from kesu.casefile.proof.sampling import every_case, sample_of


def cases_to_compare(ref: str | None, sample: int | None, on: date) -> list[UUID]:
    """The case with this number or identifier; else so many of them, others on another day; else all. Raises
    `NotFound`."""
    if ref is not None:
        return [case_named(ref).pk]
    return sample_of(on, sample) if sample is not None else list(every_case())


def compared(case_id: UUID, at: datetime) -> Comparison | None:
    """None while somebody else has the case in hand. Writes nothing; raises whatever a log raises that today's code
    cannot read."""
    return compare_case(case_id, at)
