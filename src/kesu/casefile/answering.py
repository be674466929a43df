"""What the program has found out outside a case is told to it, and it does by itself what the policy answers."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime

from kesu.casefile.casefile import SYSTEM_TAKER, CaseFile
from kesu.casefile.statement import Statement
from kesu.core.errors import Refused
from kesu.policy.model.facts import Value
from kesu.policy.standing.answering import answers_to


def state(file: CaseFile, event_kind: str, facts: Mapping[str, Value], at: datetime, now: datetime) -> None:
    """States an event of the world, and takes the first step that answers it and against which nothing speaks at this
    moment. Where there is none the event stands for itself: it is not tried again."""
    file.state_world(event_kind, facts, at, now)
    heard = next(event for event in reversed(file.log) if event.kind == event_kind)
    for code, stated in answers_to(file.kind, heard):
        with suppress(Refused):
            file.extend(code, SYSTEM_TAKER, Statement(stated), heard.recorded_at, heard.recorded_at)
            file.settle(heard.recorded_at)
            return
