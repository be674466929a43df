"""The timeline of a case: events with their texts, level changes, notes and messages, in the order of time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from kesu.access.sight.lines import ClauseLine, LevelMove, clause_lines, level_moves
from kesu.access.sight.reading import CaseRead, RowNames
from kesu.access.sight.reserved import only_for_reader, reserved_for
from kesu.casefile import notes
from kesu.casefile.log import read_bodies
from kesu.core.masking import dialled_phone, masked_name, masked_numbers, masked_phone
from kesu.policy.events import (
    APPROVAL_SIGNED,
    BY_LINK,
    DRAW_MADE,
    DUTY_ESCALATED,
    DUTY_REMINDED,
    EVENT_VOIDED,
    LEVEL_LOWERED,
    LINK_CLOSED,
    LINK_OPENED,
    LINK_REOPENED,
    LINKED_CASE,
    MATTER_COUNTED,
    MEASURE_TAKEN,
    NOTICE_SENT,
    TOLD_INSTEAD,
    Event,
)
from kesu.policy.model.facts import DataClass, Fact, FactType, Value
from kesu.policy.model.rules import COMPLAINANT
from kesu.policy.model.samples import Sample
from kesu.policy.standing.links import LINK_EVENTS
from kesu.policy.standing.reckonings import FACT
from kesu.policy.standing.samples import SAMPLE
from kesu.policy.values import plain
from kesu.store.models import Note


class ItemKind(StrEnum):
    STEP = "step"
    SIGNED = "signed"
    LOWERED = "lowered"
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
    LINK_OPENED = "link_opened"
    LINK_CLOSED = "link_closed"
    LINK_REOPENED = "link_reopened"
    DRAWN = "drawn"
    COUNTED = "counted"
    MATTER = "matter"


class Lane(StrEnum):
    """The filters of the timeline."""

    ALL = "all"
    TALK = "talk"
    INTERNAL = "internal"
    CHANGE = "change"


@dataclass(frozen=True, slots=True)
class TextLine:
    """A stated fact in words. `values` instead of `text` where the words depend on the language of the page."""

    name: str
    text: str = ""
    value: Value | None = None
    files: int = 0


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that happened. `name`: the step, notice or duty as the pack calls it. `late_by_hand`: recorded later
    than it happened. `verdict` of a signature: granted or refused. `instead`: the slot told because nobody held
    those that were to be told, empty when there was none; None: they were told."""

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

    def is_in(self, lane: Lane) -> bool:
        if lane is Lane.ALL:
            return True
        if lane is Lane.TALK:
            return self.kind in _TALK or self.by_complainant or self.to_complainant
        if lane is Lane.INTERNAL:
            return self.kind in {ItemKind.INTERNAL, ItemKind.SIGNED, *_READINGS}
        return bool(self.stage or self.move) or self.kind in _CHANGES


_TALK = {ItemKind.SENT, ItemKind.RECEIVED, ItemKind.TO_GUEST, ItemKind.FROM_GUEST}
_READINGS = {ItemKind.VIEWED, ItemKind.PRINTED}
_OVER_CASES = {ItemKind.COUNTED, ItemKind.DRAWN, ItemKind.MATTER}
_LINKS = {ItemKind.LINK_OPENED, ItemKind.LINK_CLOSED, ItemKind.LINK_REOPENED}
_CHANGES = {ItemKind.LOWERED, ItemKind.REMINDER, ItemKind.ESCALATION, ItemKind.VOIDED, *_LINKS, *_OVER_CASES}
_ENGINE = {
    APPROVAL_SIGNED: ItemKind.SIGNED,
    LEVEL_LOWERED: ItemKind.LOWERED,
    NOTICE_SENT: ItemKind.NOTICE,
    DUTY_REMINDED: ItemKind.REMINDER,
    DUTY_ESCALATED: ItemKind.ESCALATION,
    EVENT_VOIDED: ItemKind.VOIDED,
    LINK_OPENED: ItemKind.LINK_OPENED,
    LINK_CLOSED: ItemKind.LINK_CLOSED,
    LINK_REOPENED: ItemKind.LINK_REOPENED,
    DRAW_MADE: ItemKind.DRAWN,
    MEASURE_TAKEN: ItemKind.COUNTED,
    MATTER_COUNTED: ItemKind.MATTER,
}
_NOTES = {
    notes.INTERNAL: ItemKind.INTERNAL,
    notes.SENT: ItemKind.SENT,
    notes.RECEIVED: ItemKind.RECEIVED,
    notes.TO_GUEST: ItemKind.TO_GUEST,
    notes.FROM_GUEST: ItemKind.FROM_GUEST,
    notes.VIEWED: ItemKind.VIEWED,
    notes.PRINTED: ItemKind.PRINTED,
}


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts of the events by sequence and fact; personal ones masked unless the reader has the right. `in_clear`:
    nothing is masked; whoever asks for that has written down who reads it."""

    by_seq: Mapping[int, Mapping[str, Any]]
    rows: RowNames
    names: Mapping[str, str]
    sees_personal: bool
    in_clear: bool = False

    def line(self, fact: Fact, event: Event) -> TextLine | None:
        value = event.facts.get(fact.code)
        if value is None or (value == () and fact.measured is not None):
            return None
        if fact.type is FactType.FILE:
            return TextLine(fact.name, files=int(str(value)))
        if fact.type.is_marked:
            text = self.text(fact, event.seq)
            return TextLine(fact.name, text) if text else None
        return self.value_line(fact, value)

    def text(self, fact: Fact, seq: int) -> str:
        stored = self.by_seq.get(seq, {}).get(fact.code)
        if isinstance(stored, dict):
            return self.person(stored)
        if not isinstance(stored, str):
            return ""
        if fact.data in {DataClass.INTERNAL, DataClass.RESERVED} or self.in_clear:
            return stored
        return masked_numbers(stored) if self.sees_personal else "＊＊＊"

    def person(self, stored: Mapping[str, Any]) -> str:
        return " ".join(part for part in self.name_and_phone(stored) if part)

    def name_and_phone(self, stored: Mapping[str, Any]) -> tuple[str, str]:
        name, phone = str(stored.get("name", "")), str(stored.get("phone", ""))
        if self.in_clear:
            return name, dialled_phone(phone)
        return name if self.sees_personal else masked_name(name), masked_phone(phone)

    def value_line(self, fact: Fact, value: Value) -> TextLine:
        if fact.type is FactType.UNIT:
            return TextLine(fact.name, self.rows.units.get(str(value), ""))
        if fact.type is FactType.UNITS and isinstance(value, tuple):
            names = (self.rows.units.get(one, "") for one in value)
            return TextLine(fact.name, "、".join(name for name in names if name))
        if fact.type is FactType.CASE:
            return TextLine(fact.name, self.rows.cases.get(str(value), ""))
        if fact.type is FactType.GROUP and isinstance(value, tuple):
            people = (self.names.get(member.rpartition(":")[2], "") for member in value)
            return TextLine(fact.name, "、".join(dict.fromkeys(name for name in people if name)))
        if fact.type is FactType.NUMBER and isinstance(value, Decimal):
            return TextLine(fact.name, plain(value))
        return TextLine(fact.name, value=value)


def read_texts(read: CaseRead, rows: RowNames, *, in_clear: bool = False) -> Texts:
    """One query. Restricted texts are read only for those who may see personal data, and only they see any in clear;
    reserved ones only for the roles that the policy names."""
    classes = [DataClass.INTERNAL.value, DataClass.PERSONAL.value]
    if read.sees_personal:
        classes.append(DataClass.RESTRICTED.value)
    own = reserved_for(read.kind, read.taker)
    if own:
        classes.append(DataClass.RESERVED.value)
    bodies = only_for_reader(read_bodies(read.case, classes), read.kind, own)
    return Texts(bodies, rows, read.names, read.sees_personal, in_clear and read.sees_personal)


def timeline(read: CaseRead, texts: Texts) -> tuple[Item, ...]:
    """Oldest first. One query (the notes)."""
    order: list[tuple[datetime, int, int, Item]] = []
    voided = {event.facts.get("seq") for event in read.log if event.kind == EVENT_VOIDED}
    stages = {change.seq: read.kind.stages[change.after].name for change in read.current.stage_changes}
    for event in read.log:
        if str(event.facts.get(LINKED_CASE, "")) in texts.rows.kept_from_him:
            continue
        item = _event_item(read, texts, event, stages.get(event.seq, ""), is_void=event.seq in voided)
        order.append((event.at, 0, event.seq, item))
    moves = level_moves(read.pack, read.kind, read.current)
    order.extend((move.at, 1, i, _level_item(move, i)) for i, move in enumerate(moves) if i or move.is_rise)
    order.extend((item.at, 2, i, item) for i, item in enumerate(_note_items(read)))
    return tuple(item for *_, item in sorted(order, key=lambda entry: entry[:3]))


def _event_item(read: CaseRead, texts: Texts, event: Event, stage: str, *, is_void: bool) -> Item:
    kind = _ENGINE.get(event.kind, ItemKind.STEP if event.step else ItemKind.WORLD)
    step = read.kind.steps.get(event.step or "")
    return Item(
        key=f"e{event.seq}",
        kind=kind,
        at=event.at,
        recorded_at=event.recorded_at,
        name=_name(read, event, kind),
        who=read.person(event.by),
        role=read.role_name(event.role),
        by_complainant=event.by == COMPLAINANT,
        lines=tuple(_lines(read, texts, event)),
        clauses=clause_lines(read.pack, step.clauses if step else _clauses(read, event, kind)),
        stage=stage,
        verdict=str(event.facts.get("verdict", "")) if kind is ItemKind.SIGNED else "",
        is_void=is_void,
        to_complainant=_goes_out(read, event, kind),
        instead=_instead(read, event),
    )


def _owed_code(event: Event) -> str:
    """The notice, duty or approval that an event of the engine is about (``approval/link`` for a signature)."""
    code = str(event.facts.get("notice") or event.facts.get("duty") or event.facts.get("code") or "")
    return code.partition("/")[0]


def _name(read: CaseRead, event: Event, kind: ItemKind) -> str:
    code = _owed_code(event)
    if kind is ItemKind.NOTICE:
        notice = read.kind.notices.get(code)
        return notice.name if notice else code
    if kind in {ItemKind.REMINDER, ItemKind.ESCALATION}:
        return _owed_name(read, code)
    if event.kind in LINK_EVENTS:
        link = read.kind.opens.get(str(event.facts.get(BY_LINK, "")))
        return link.name if link else ""
    if kind in _OVER_CASES:
        rule = _over_cases(read, event)
        return rule.name if rule else ""
    if kind is ItemKind.SIGNED:
        approval = read.kind.approvals.get(str(event.facts.get("approval", "")))
        return approval.name if approval else ""
    if event.step:
        step = read.kind.steps.get(event.step)
        return step.name if step else event.step
    world = read.kind.events.get(event.kind)
    return world.name if world else event.kind


def _over_cases(read: CaseRead, event: Event) -> Sample | Fact | None:
    """The rule by which the program looked over other cases."""
    if event.kind == DRAW_MADE:
        return read.kind.samples.get(str(event.facts.get(SAMPLE, "")))
    return read.kind.facts.get(str(event.facts.get(FACT, "")))


def _owed_name(read: CaseRead, code: str) -> str:
    for known in (read.kind.duties, read.kind.approvals, read.kind.steps):
        if code in known:
            return str(known[code].name)
    return code


def _clauses(read: CaseRead, event: Event, kind: ItemKind) -> Sequence[str]:
    code = _owed_code(event)
    if kind is ItemKind.NOTICE and code in read.kind.notices:
        return read.kind.notices[code].clauses
    if event.kind in LINK_EVENTS:
        link = read.kind.opens.get(str(event.facts.get(BY_LINK, "")))
        return link.clauses if link else ()
    if kind in _OVER_CASES:
        rule = _over_cases(read, event)
        return rule.clauses if rule else ()
    if kind in {ItemKind.REMINDER, ItemKind.ESCALATION}:
        known = read.kind.duties.get(code) or read.kind.approvals.get(code)
        return known.clauses if known else ()
    world = read.kind.events.get(event.kind)
    return world.clauses if world else ()


def _instead(read: CaseRead, event: Event) -> str | None:
    slot = event.facts.get(TOLD_INSTEAD)
    if slot is None:
        return None
    group = read.kind.facts.get(str(slot))
    return read.role_name(str(slot)) or (group.name if group else "")


def _goes_out(read: CaseRead, event: Event, kind: ItemKind) -> bool:
    notice = read.kind.notices.get(_owed_code(event)) if kind is ItemKind.NOTICE else None
    return notice is not None and notice.may_reach(COMPLAINANT)


def _lines(read: CaseRead, texts: Texts, event: Event) -> Iterator[TextLine]:
    is_lowered = event.kind == LEVEL_LOWERED
    for code in event.facts:
        fact = read.kind.facts.get(code)
        # The level itself is shown by the change of level; a verdict is part of the sentence.
        if fact is None or ((event.kind == APPROVAL_SIGNED or is_lowered) and not fact.type.is_marked):
            continue
        line = texts.line(fact, event)
        if line is not None:
            yield line


def _level_item(move: LevelMove, index: int) -> Item:
    return Item(
        key=f"l{index}",
        kind=ItemKind.LEVEL,
        at=move.at,
        recorded_at=move.at,
        name=move.rule,
        clauses=move.clauses,
        move=move,
    )


def _note_items(read: CaseRead) -> Iterator[Item]:
    for note, text in notes.read(read.case):
        kind = _NOTES.get(note.visibility, ItemKind.INTERNAL)
        yield Item(
            key=f"n{note.pk.hex}",
            kind=kind,
            at=note.at,
            recorded_at=note.at,
            name=note.guest.name if note.guest is not None else _what_was_read(read, kind, text),
            who=_writer(note, kind),
            text="" if kind in _READINGS else text,
            by_complainant=kind is ItemKind.RECEIVED,
        )


def _writer(note: Note, kind: ItemKind) -> str:
    if kind is ItemKind.FROM_GUEST and note.guest is not None:
        return str(note.guest.name)
    return str(note.author.name) if note.author else ""


def _what_was_read(read: CaseRead, kind: ItemKind, code: str) -> str:
    """The fact that was shown in clear, or the document that was printed."""
    if kind is ItemKind.VIEWED and code in read.kind.facts:
        return read.kind.facts[code].name
    if kind is ItemKind.PRINTED and code in read.kind.documents:
        return read.kind.documents[code].name
    return ""
