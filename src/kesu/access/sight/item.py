"""One thing that happened to a case, as the timeline tells it, and the filters that pick such things out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from kesu.access.sight.lines import ClauseLine, LevelMove
from kesu.access.sight.texts import TextLine


class ItemKind(StrEnum):
    STEP = "step"
    SIGNED = "signed"
    LOWERED = "lowered"
    LIFTED = "lifted"
    WORLD = "world"
    NOTICE = "notice"
    REMINDER = "reminder"
    ESCALATION = "escalation"
    VOIDED = "voided"
    LEVEL = "level"
    INTERNAL = "internal"
    SENT = "sent"
    RECEIVED = "received"
    TO_GUEST = "to_guest"
    FROM_GUEST = "from_guest"
    VIEWED = "viewed"
    PRINTED = "printed"
    OPENED = "opened"
    LINK_OPENED = "link_opened"
    LINK_CLOSED = "link_closed"
    LINK_REOPENED = "link_reopened"
    ABSORBED = "absorbed"
    NAMED_CLOSED = "named_closed"
    NAMED_REOPENED = "named_reopened"
    DRAWN = "drawn"
    COUNTED = "counted"
    STAFFED = "staffed"  # whom the program found for a signature, as `verdict` says
    FILE_SAID = "file_said"
    FILE_HANDED = "file_handed"
    FILE_MARKED = "file_marked"
    TAKEN_OUT = "taken_out"
    LOOKED = "looked"
    MATTER = "matter"
    RECOUNTED = "recounted"  # another version of the calendar counts from then on
    RERULED = "reruled"  # it stands by another version of its policy from then on


@dataclass(frozen=True, slots=True)
class MovedDue:
    """What had been due and when, and when it is now."""

    name: str
    before: datetime
    after: datetime


class Lane(StrEnum):
    """The filters of the timeline."""

    ALL = "all"
    TALK = "talk"
    INTERNAL = "internal"
    CHANGE = "change"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that happened. `name`: the step, notice or duty as the pack calls it; of words of the policy to the
    complainant who else has them. `late_by_hand`: recorded later than it happened. `verdict` of a signature: granted
    or refused. `instead`: the slot told because nobody held those that were to be told, empty when there was none;
    None: they were told. `is_interim`: whoever wrote it said that it tells of progress only, while the reply was
    locked; `answer_by`: the day it promises an answer by. `undo`: the number of the event, for a reader who may take it
    back; `sent`: of what was taken back, what had been sent because of it; `moved`: the deadlines that another calendar
    moved."""

    key: str
    kind: ItemKind
    at: datetime
    recorded_at: datetime
    name: str
    who: str = ""
    role: str = ""
    by_complainant: bool = False
    lines: tuple[TextLine, ...] = ()
    clauses: tuple[ClauseLine, ...] = ()
    stage: str = ""
    verdict: str = ""
    move: LevelMove | None = None
    text: str = ""
    is_void: bool = False
    to_complainant: bool = False
    instead: str | None = None
    is_interim: bool = False
    answer_by: date | None = None
    undo: int | None = None
    sent: str = ""
    moved: tuple[MovedDue, ...] = ()

    def is_in(self, lane: Lane) -> bool:
        if lane is Lane.ALL:
            return True
        if lane is Lane.TALK:
            return self.kind in _TALK or self.by_complainant or self.to_complainant
        if lane is Lane.INTERNAL:
            return self.kind in {ItemKind.INTERNAL, ItemKind.SIGNED, *READINGS, *OF_FILES}
        return bool(self.stage or self.move) or self.kind in _CHANGES


_TALK = {ItemKind.SENT, ItemKind.RECEIVED, ItemKind.TO_GUEST, ItemKind.FROM_GUEST, ItemKind.OPENED}
READINGS = {ItemKind.VIEWED, ItemKind.PRINTED, ItemKind.TAKEN_OUT, ItemKind.LOOKED}
OF_FILES = {ItemKind.FILE_SAID, ItemKind.FILE_HANDED, ItemKind.FILE_MARKED}
OVER_CASES = {ItemKind.COUNTED, ItemKind.DRAWN, ItemKind.MATTER}
_LINKS = {ItemKind.LINK_OPENED, ItemKind.LINK_CLOSED, ItemKind.LINK_REOPENED}
ABOUT_CASES = {ItemKind.ABSORBED, ItemKind.NAMED_CLOSED, ItemKind.NAMED_REOPENED}
_CHANGES = {
    ItemKind.LOWERED,
    ItemKind.LIFTED,
    ItemKind.STAFFED,
    ItemKind.REMINDER,
    ItemKind.ESCALATION,
    ItemKind.VOIDED,
    ItemKind.RECOUNTED,
    ItemKind.RERULED,
    *_LINKS,
    *ABOUT_CASES,
    *OVER_CASES,
}
