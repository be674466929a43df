"""A step is taken back: the event that says so, with the reason and what stays sent."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from kesu.casefile import notes
from kesu.casefile.casefile import CaseFile
from kesu.casefile.refused import refusal
from kesu.casefile.waiting_for import numbered
from kesu.core.errors import NotNow
from kesu.policy.events import Event
from kesu.policy.model.facts import DataClass
from kesu.policy.standing import StepRefused, Taker
from kesu.policy.standing.taking_back import can_be_taken_back, sent_for, taken_back

REASON: Final = "void.reason"
"""Why it was taken back. No pack can have a fact of these names."""
SENT: Final = "void.sent"
"""The names of the notices that had been sent because of it."""


def take_back(file: CaseFile, seq: int, taker: Taker, reason: str, now: datetime) -> tuple[Event, Event]:
    """What was taken back, and the event that says so. Raises `Unacceptable` without a reason, `NotNow` for what
    cannot be taken back (any more), `Forbidden` for somebody else's."""
    text = notes.readable(reason)
    event = next((one for one in can_be_taken_back(file.kind, file.log) if one.seq == seq), None)
    if event is None:
        raise NotNow("step_gone")
    try:
        undone = taken_back(file.kind, file.log, seq, taker, now, file.calendar)
    except StepRefused as refused:
        raise refusal(numbered(refused.refusals), is_opening=False) from refused
    sent = "、".join(file.kind.notices[code].name for code in sent_for(file.kind, file.log, seq, now, file.calendar))
    texts = {REASON: text, **({SENT: sent} if sent else {})}
    file.hear(undone, now, {DataClass.INTERNAL.value: texts})
    return event, file.log[undone.seq - 1]
