"""The program opens what has come round: reports, audits and other standing duties, each once a period and place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from django.db import InterfaceError, OperationalError, transaction

from kesu.access.takers import system_taker
from kesu.casefile import tokens
from kesu.casefile.books import calendar_of, kind_of
from kesu.casefile.opening import open_case
from kesu.casefile.schedules import Round, rounds_to_open
from kesu.core.ids import uuid7
from kesu.policy.occurrences import DUE, opening_texts

SCHEDULED: Final = "schedule"
"""The channel of what the program opens by itself."""


def open_occurrences(*, at: datetime, failed: Callable[[Exception], None] | None = None) -> int:
    """How many were opened, each by itself. What another worker has opened is left alone. `failed`: told why one could
    not be, and the others are opened all the same; without it that is raised."""
    count = 0
    for one in rounds_to_open(at):
        try:
            count += _open(one, at)
        except (OperationalError, InterfaceError):
            raise
        except Exception as fault:
            if failed is None:
                raise
            failed(fault)
    return count


@transaction.atomic
def _open(one: Round, at: datetime) -> bool:
    case_id = uuid7()
    if tokens.claim(one.token, case_id, at) is not None:
        return False
    rules = kind_of(one.serving.policy_version_id, one.serving.kind)
    due = calendar_of(one.serving.calendar_version_id).local(one.occurrence.due_at).replace(tzinfo=None)
    texts = opening_texts(rules.name, one.occurrence) | {DUE: due.isoformat(sep=" ", timespec="minutes")}
    open_case(
        adoption=one.serving,
        unit=one.unit,
        channel=SCHEDULED,
        taker=system_taker(),
        given={code: (text,) for code, text in texts.items()},
        at=one.occurrence.opens_at,
        now=at,
        token=one.token,
        case_id=case_id,
    )
    return True
