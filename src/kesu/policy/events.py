"""The log: what happened to a case, as rules see it.

An event carries *rule facts* only (see `policy.model.facts`). `by` is an opaque identifier of the person (never a
name); `role` the slot in which he acted; `step` the step that yielded it (None for what the program states).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from kesu.policy.calendar import Calendar
from kesu.policy.model.facts import Value
from kesu.policy.renewal import Renewal

# Kinds that the engine itself knows, whatever the pack.
APPROVAL_SIGNED: Final = "approval.signed"  # facts: approval, verdict (granted | refused), SIGN_PLACE
APPROVAL_STAFFED: Final = "approval.staffed"  # facts: approval, SIGN_PLACE, SIGN_ROUND, FOUND, where SIGNED: SIGNATURE
APPROVAL_PASSED_ON: Final = "approval.passed_on"  # facts: approval, SIGN_PLACE, NAMED_SIGNER
APPROVAL_ADDED_BEFORE: Final = "approval.added_before"  # the same
APPROVAL_ADDED_AFTER: Final = "approval.added_after"  # the same
APPROVAL_ASKED: Final = "approval.asked"  # the same
APPROVAL_ADVISED: Final = "approval.advised"  # facts: approval, SIGN_PLACE
APPROVAL_SENT_BACK: Final = "approval.sent_back"  # facts: approval, return_to_<approval>
APPROVAL_TAKEN_BACK: Final = "approval.taken_back"  # facts: approval
APPROVAL_URGED: Final = "approval.urged"  # facts: approval
LEVEL_LOWERED: Final = "level.lowered"  # facts: to_level
LEVEL_RAISED: Final = "level.raised_by_hand"  # facts: raised_to
DUTY_REMINDED: Final = "duty.reminded"  # facts: effect (stable key)
DUTY_ESCALATED: Final = "duty.escalated"  # facts: effect (stable key)
NOTICE_SENT: Final = "notice.sent"  # facts: notice, effect (stable key)
EVENT_VOIDED: Final = "event.voided"  # facts: seq; why stands in the body
DOCUMENT_FILLED: Final = "document.filled"  # facts: document
LINK_OPENED: Final = "link.opened"  # facts: effect (stable key), BY_LINK, LINKED_CASE
LINK_CLOSED: Final = "link.closed"  # facts: BY_LINK, LINKED_CASE and what the linked case brings back
LINK_REOPENED: Final = "link.reopened"  # facts: BY_LINK, LINKED_CASE
CASE_ABSORBED: Final = "case.absorbed"  # facts: LINKED_CASE, which was merged into this one
NAMED_CLOSED: Final = "named.closed"  # facts: LINKED_CASE, which somebody named here and which has ended
NAMED_REOPENED: Final = "named.reopened"  # the same, and it is taken up again
CALENDAR_RENEWED: Final = "calendar.renewed"  # facts: COUNTED_WITH
POLICY_RENEWED: Final = "policy.renewed"  # facts: RULED_BEFORE, RULED_BY, STAGES_RENAMED, LEVELS_RENAMED

FILE_DESCRIBED: Final = "file.described"  # facts: FILE; the words stand in the body
FILE_HANDED: Final = "file.handed"  # facts: FILE; an original changed hands
FILE_MARKED: Final = "file.marked"  # facts: FILE; marks over its picture stand in the body

TOLD_BY_TIME: Final = frozenset({DUTY_REMINDED, DUTY_ESCALATED, NOTICE_SENT})
"""What the program tells people of by itself. The case stands as it stood."""

DRAW_MADE: Final = "draw.made"  # facts: effect (stable key), what `policy.standing.samples` says of a draw
MATTER_COUNTED: Final = "matter.counted"  # facts: MATTER, MATTER_SEQ and the count
MEASURE_TAKEN: Final = "measure.taken"  # facts: effect, what `policy.standing.reckonings` says, and the figure

TOLD_INSTEAD: Final = "instead"
"""Fact of a reminder, escalation or notice when nobody held the slots that it was for: the slot told in their place,
empty when there was none."""


NAMED_SIGNER: Final = "named_signer"
"""Generated group fact of one member: who is to sign, or is asked."""

RETURN_TO: Final = "return_to_"
"""Generated choice fact of an approval, with its code behind: where it is sent back to."""

COPY_TO: Final = "copy_to_"
COPY_WITH: Final = "copy_with_"
"""Generated group fact of an approval, with its code behind: who else is told how it ended."""

COPIED: Final = "copy.to"
"""Fact of a notice by which people were copied on an approval: their accounts. No pack can have a fact of this name."""

SIGN_PLACE: Final = "sign.place"
"""Fact of what is said of one place in a chain of signatures: which one (``2``, ``2.1``). No pack can have a fact of
this name, nor of the next three."""
SIGN_ROUND: Final = "sign.round"
"""Of which version: the number of the event that laid it before the signers."""
FOUND: Final = "sign.found"
"""Whom the program found for the place (`policy.model.approving.Staffing`)."""
SIGNATURE: Final = "sign.signature"
"""The number of the event by which somebody signed the same version before."""


COUNTED_WITH: Final = "calendar.version"
"""By which version of the calendar a case is counted from this event on. No pack can have a fact of this name."""

RULED_BEFORE: Final = "policy.before"
"""By which version of its policy a case stood until this event. No pack can have a fact of these names."""
RULED_BY: Final = "policy.version"
"""By which it stands from this event on."""
STAGES_RENAMED: Final = "policy.stages"
LEVELS_RENAMED: Final = "policy.levels"
"""What the newer version calls a stage or a level: each ``old=new``."""

BY_LINK: Final = "link.code"
"""Fact of what is said of a linked case: by which rule it was opened. No pack can have a fact of these names."""
LINKED_CASE: Final = "link.case"
"""Which case it is."""
PARENT: Final = "link.parent"
"""Fact of the first event of a case that another one opened: which one, under `BY_LINK` by which of its rules."""
LINK_DEPTH: Final = "link.depth"
"""How many cases stand before it in such a row."""

MATTER: Final = "matter.id"
"""Fact of what a case learns of its matter: of which one. No pack can have facts of these names."""
MATTER_SEQ: Final = "matter.seq"
"""By which event of the matter."""

PUBLISHER: Final = "case.publisher"
"""Fact of an event that shows something: the unit that had adopted the policy then, in whose name it is shown. No pack
can have a fact of this name."""

FILE: Final = "file.id"
"""Fact of what is said about a file: which one. No pack can have a fact of this name."""

SUBJECT: Final = "case.subject"
"""Fact of the first event where the company limits policies to subjects: the one that the case was opened under. No
pack can have a fact of this name. It is stated once and never again."""


@dataclass(frozen=True, slots=True)
class Event:
    """`at`: when it happened; `recorded_at`: when the program learned of it (both aware, UTC)."""

    seq: int
    kind: str
    at: datetime
    recorded_at: datetime
    by: str | None = None
    role: str | None = None
    step: str | None = None
    facts: Mapping[str, Value] = field(default_factory=dict)
    forms: tuple[str, ...] = ()  # documents filled by taking the step
    calendar: Calendar | None = field(default=None, compare=False, repr=False)  # the one that `COUNTED_WITH` names
    renewal: Renewal | None = field(default=None, compare=False, repr=False)  # what `RULED_BEFORE`, `RULED_BY` name


def subject_of(log: Sequence[Event]) -> str:
    """Under which subject a case was opened; empty: under none."""
    return str(log[0].facts.get(SUBJECT, "")) if log else ""


def counted_with(log: Sequence[Event], opened_with: Calendar) -> Calendar:
    """The calendar by which a case counts after all of its log."""
    later = (event.calendar for event in reversed(log) if event.calendar is not None)
    return next(later, opened_with)


def calendars_of(log: Sequence[Event], opened_with: Calendar) -> tuple[Calendar, ...]:
    """All calendars by which a case was counted, in their order."""
    return (opened_with, *(event.calendar for event in log if event.calendar is not None))


CREDENTIAL_OF: Final = "credential.of"
"""Of whom the program states what a record of the house says; in an event that nobody took."""


def author(event: Event) -> str | None:
    """Whose statement it is: of whoever took the step, or of whom the program states it from a record."""
    of = event.facts.get(CREDENTIAL_OF)
    return str(of) if of else event.by
