"""Rebuilds the rows of a sample of cases and matters from their logs, in memory, and compares them with what is
stored."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db import OperationalError, transaction

from kesu.casefile.matters.rebuilding import differs
from kesu.casefile.proof.rebuilding import Outcome, compare_case
from kesu.casefile.proof.sampling import held_matter, sample_of
from kesu.store.models import Matter

SAMPLE: Final = 200
_NAMED: Final = 20


def check_projections(night: date, at: datetime, *, size: int = SAMPLE) -> Mapping[str, Any]:
    """Another sample each night, ordinary cases only (sealed ones are projected anew each morning). Changes nothing.
    Returns counts by outcome and the identifiers of the first cases and matters that differ or cannot be read."""
    counts = {"same": 0, "different": 0, "due": 0, "moved": 0, "unreadable": 0}
    wrong: list[str] = []
    for case_id in sample_of(night, size):
        outcome = _outcome(case_id, at)
        counts[outcome] += 1
        if outcome in {"different", "unreadable"}:
            wrong.append(str(case_id))
    astray: list[str] = []
    for matter_id in sample_of(night, size, Matter):
        outcome = _of_matter(matter_id)
        counts[outcome] += 1
        if outcome == "different":
            astray.append(str(matter_id))
    return {**counts, "cases": wrong[:_NAMED], "matters": astray[:_NAMED]}


def _of_matter(matter_id: UUID) -> str:
    """One that somebody has in hand is not looked at."""
    with transaction.atomic():
        matter = held_matter(matter_id)
        if matter is None:
            return Outcome.DUE.value
        return (Outcome.DIFFERENT if differs(matter) else Outcome.SAME).value


def _outcome(case_id: UUID, at: datetime) -> str:
    try:
        found = compare_case(case_id, at)
    except OperationalError:
        raise
    except Exception:  # a log that today's code cannot read is what this looks for
        return "unreadable"
    return (found.outcome if found else Outcome.DUE).value
