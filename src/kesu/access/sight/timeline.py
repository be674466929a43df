"""The timeline of a case: events with their texts, level changes, notes and messages, in the order of time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from kesu.access.files import FileNames
from kesu.access.sight.beside import hearing_beside
from kesu.access.sight.item import ABOUT_CASES, OF_FILES, OVER_CASES, READINGS, Item, ItemKind
from kesu.access.sight.lines import LevelMove, clause_lines, level_moves
from kesu.access.sight.places import signer_of, verdict_of
from kesu.access.sight.reading import CaseRead
from kesu.access.sight.recounted import recounted
from kesu.access.sight.texts import TextLine, Texts
from kesu.casefile import notes
from kesu.casefile.taking_back import REASON, SENT
from kesu.policy.events import (
    APPROVAL_SIGNED,
    APPROVAL_STAFFED,
    BY_LINK,
    CALENDAR_RENEWED,
    CASE_ABSORBED,
    DRAW_MADE,
    DUTY_ESCALATED,
    DUTY_REMINDED,
    EVENT_VOIDED,
    FILE,
    FILE_DESCRIBED,
    FILE_HANDED,
    FILE_MARKED,
    LEVEL_LOWERED,
    LEVEL_RAISED,
    LINK_CLOSED,
    LINK_OPENED,
    LINK_REOPENED,
    LINKED_CASE,
    MATTER_COUNTED,
    MEASURE_TAKEN,
    NAMED_CLOSED,
    NAMED_REOPENED,
    NOTICE_SENT,
    POLICY_RENEWED,
    TOLD_INSTEAD,
    Event,
)
from kesu.policy.model.facts import Fact, FactType
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import COMPLAINANT
from kesu.policy.model.samples import Sample
from kesu.policy.standing.links import LINK_EVENTS
from kesu.policy.standing.reckonings import FACT
from kesu.policy.standing.samples import SAMPLE
from kesu.policy.standing.taking_back import can_be_taken_back, may_take_back
from kesu.policy.standing.walking import rules_at
from kesu.store.models import Note

_ENGINE = {
    APPROVAL_SIGNED: ItemKind.SIGNED,
    APPROVAL_STAFFED: ItemKind.STAFFED,
    LEVEL_LOWERED: ItemKind.LOWERED,
    LEVEL_RAISED: ItemKind.LIFTED,
    NOTICE_SENT: ItemKind.NOTICE,
    DUTY_REMINDED: ItemKind.REMINDER,
    DUTY_ESCALATED: ItemKind.ESCALATION,
    EVENT_VOIDED: ItemKind.VOIDED,
    LINK_OPENED: ItemKind.LINK_OPENED,
    LINK_CLOSED: ItemKind.LINK_CLOSED,
    LINK_REOPENED: ItemKind.LINK_REOPENED,
    CASE_ABSORBED: ItemKind.ABSORBED,
    NAMED_CLOSED: ItemKind.NAMED_CLOSED,
    NAMED_REOPENED: ItemKind.NAMED_REOPENED,
    DRAW_MADE: ItemKind.DRAWN,
    MEASURE_TAKEN: ItemKind.COUNTED,
    FILE_DESCRIBED: ItemKind.FILE_SAID,
    FILE_HANDED: ItemKind.FILE_HANDED,
    FILE_MARKED: ItemKind.FILE_MARKED,
    MATTER_COUNTED: ItemKind.MATTER,
    CALENDAR_RENEWED: ItemKind.RECOUNTED,
    POLICY_RENEWED: ItemKind.RERULED,
}
_NOTES = {
    notes.INTERNAL: ItemKind.INTERNAL,
    notes.SENT: ItemKind.SENT,
    notes.RECEIVED: ItemKind.RECEIVED,
    notes.TO_GUEST: ItemKind.TO_GUEST,
    notes.FROM_GUEST: ItemKind.FROM_GUEST,
    notes.VIEWED: ItemKind.VIEWED,
    notes.PRINTED: ItemKind.PRINTED,
    notes.OPENED: ItemKind.OPENED,
    notes.TAKEN_OUT: ItemKind.TAKEN_OUT,
    notes.LOOKED: ItemKind.LOOKED,
}


def timeline(read: CaseRead, texts: Texts) -> tuple[Item, ...]:
    """Oldest first. One query (the notes), one for the names of files where something is said of any, and two where
    another calendar has come to count."""
    order: list[tuple[datetime, int, int, Item]] = []
    files = FileNames(read.case, read.kind, sees_personal=read.sees_personal)
    voided = {event.facts.get("seq") for event in read.log if event.kind == EVENT_VOIDED}
    undone = {event.seq for event in undoable(read)}
    recounts = recounted(read)
    stages = {change.seq: read.kind.stages[change.after].name for change in read.current.stage_changes}
    for event in read.log:
        if str(event.facts.get(LINKED_CASE, "")) in texts.rows.kept_from_him:
            continue
        item = _event_item(read, texts, files, event, stages.get(event.seq, ""), is_void=event.seq in voided)
        item = replace(item, undo=event.seq) if event.seq in undone else item
        if (recount := recounts.get(event.seq)) is not None:
            item = replace(item, who=recount.who or item.who, moved=recount.moved, name=recount.version or item.name)
        order.append((event.at, 0, event.seq, item))
    moves = moves_of(read, texts)
    order.extend((move.at, 1, i, _level_item(move, i)) for i, move in enumerate(moves) if i or move.is_rise)
    order.extend((item.at, 2, i, item) for i, item in enumerate(_note_items(read, files)))
    return tuple(item for *_, item in sorted(order, key=lambda entry: entry[:3]))


def moves_of(read: CaseRead, texts: Texts) -> tuple[LevelMove, ...]:
    """Every change of level, oldest first; of those made by hand also by whom and why."""
    by_seq = {event.seq: event for event in read.log}
    moves = level_moves(read.pack, read.kind, read.current)
    return tuple(
        _by_hand(read, texts, move, by_seq[change.seq]) if change.seq in by_seq else move
        for move, change in zip(moves, read.current.level_changes, strict=True)
    )


def _by_hand(read: CaseRead, texts: Texts, move: LevelMove, event: Event) -> LevelMove:
    stated = [read.kind.facts[code] for code in event.facts if code in read.kind.facts]
    why = "；".join(texts.text(fact, event.seq) for fact in stated if fact.type is FactType.TEXT)
    return replace(move, who=read.person(event.by), why=why)


def _event_item(read: CaseRead, texts: Texts, files: FileNames, event: Event, stage: str, *, is_void: bool) -> Item:
    kind = _ENGINE.get(event.kind, ItemKind.STEP if event.step else ItemKind.WORLD)
    step = read.kind.steps.get(event.step or "")
    return Item(
        key=f"e{event.seq}",
        kind=kind,
        at=event.at,
        recorded_at=event.recorded_at,
        name=_named(read, texts, files, event, kind),
        who=read.person(event.by),
        role=read.role_name(event.role),
        by_complainant=event.by == COMPLAINANT,
        lines=tuple(_lines(read, texts, event)),
        clauses=clause_lines(read.pack, step.clauses if step else _clauses(read, event, kind)),
        stage=stage,
        verdict=verdict_of(event),
        is_void=is_void,
        to_complainant=_goes_out(read, event, kind),
        instead=_instead(read, event),
        text=str(texts.by_seq.get(event.seq, {}).get(REASON, "")) if kind is ItemKind.VOIDED else "",
        sent=str(texts.by_seq.get(event.seq, {}).get(SENT, "")) if kind is ItemKind.VOIDED else "",
    )


def _named(read: CaseRead, texts: Texts, files: FileNames, event: Event, kind: ItemKind) -> str:
    """What it is about: a file, a case by its number, what was taken back, else the rule of the policy."""
    if kind in OF_FILES:
        return files.name(str(event.facts.get(FILE)))
    if kind in ABOUT_CASES:
        return texts.rows.cases.get(str(event.facts[LINKED_CASE]), "")
    if kind is ItemKind.VOIDED:
        undone = next((one for one in read.log if one.seq == event.facts.get("seq")), None)
        return _name(read, undone, ItemKind.STEP) if undone is not None and undone.step else ""
    return _name(read, event, kind)


def undoable(read: CaseRead) -> Iterator[Event]:
    """What the reader may take back by what the policy says of him, and of the time; not by what rests on it."""
    events = can_be_taken_back(read.kind, read.log)
    walk = read.current.walk
    return (one for one in events if may_take_back(read.kind, one, read.taker, walk, read.current.now))


def _owed_code(event: Event) -> str:
    """The notice, duty or approval that an event of the engine is about (``approval/link`` for a signature)."""
    code = str(event.facts.get("notice") or event.facts.get("duty") or event.facts.get("code") or "")
    return code.partition("/")[0]


def _name(read: CaseRead, event: Event, kind: ItemKind) -> str:
    code = _owed_code(event)
    if kind is ItemKind.NOTICE:
        return _called(read, event, code, "notices") or code
    if kind in {ItemKind.REMINDER, ItemKind.ESCALATION}:
        return _called(read, event, code, "duties", "approvals", "steps") or code
    if event.kind in LINK_EVENTS:
        return _called(read, event, str(event.facts.get(BY_LINK, "")), "opens")
    if kind in OVER_CASES:
        rule = _over_cases(read, event)
        return rule.name if rule else ""
    if kind in {ItemKind.SIGNED, ItemKind.STAFFED}:
        approval = _called(read, event, str(event.facts.get("approval", "")), "approvals")
        slot = signer_of(read, event) if kind is ItemKind.STAFFED else ""
        return f"{approval}{f'（{slot}）' if slot else ''}"
    if event.step:
        return _called(read, event, event.step, "steps") or event.step
    return _called(read, event, event.kind, "events") or event.kind


def _called(read: CaseRead, event: Event, code: str, *sections: str) -> str:
    """The name of a rule. A newer version of the policy may not know what was done under an older one."""
    return _name_in(read.kind, code, sections) or _name_in(rules_at(read.kind, read.log, event.seq), code, sections)


def _name_in(rules: Kind, code: str, sections: Sequence[str]) -> str:
    found = (getattr(rules, section).get(code) for section in sections)
    return next((str(one.name) for one in found if one is not None), "")


def _over_cases(read: CaseRead, event: Event) -> Sample | Fact | None:
    """The rule by which the program looked over other cases."""
    if event.kind == DRAW_MADE:
        return read.kind.samples.get(str(event.facts.get(SAMPLE, "")))
    return read.kind.facts.get(str(event.facts.get(FACT, "")))


def _clauses(read: CaseRead, event: Event, kind: ItemKind) -> Sequence[str]:
    code = _owed_code(event)
    if kind is ItemKind.NOTICE and code in read.kind.notices:
        return read.kind.notices[code].clauses
    if event.kind in LINK_EVENTS:
        link = read.kind.opens.get(str(event.facts.get(BY_LINK, "")))
        return link.clauses if link else ()
    if kind in OVER_CASES:
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
    is_moved = event.kind in {LEVEL_LOWERED, LEVEL_RAISED}
    for code in event.facts:
        fact = read.kind.facts.get(code)
        # The level itself is shown by the change of level; a verdict is part of the sentence.
        if fact is None or ((event.kind == APPROVAL_SIGNED or is_moved) and not fact.type.is_marked):
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


def _note_items(read: CaseRead, files: FileNames) -> Iterator[Item]:
    beside = hearing_beside(read)
    for note, text in notes.read(read.case):
        kind = _NOTES.get(note.visibility, ItemKind.INTERNAL)
        yield Item(
            key=f"n{note.pk.hex}",
            kind=kind,
            at=note.at,
            recorded_at=note.at,
            name=note.guest.name if note.guest else _what_was_read(read, files, kind, text) or beside(note),
            who=_writer(note, kind),
            text="" if kind in {*READINGS, ItemKind.OPENED} else text,
            by_complainant=kind in {ItemKind.RECEIVED, ItemKind.OPENED},
            is_interim=note.is_interim,
            answer_by=note.answer_by,
        )


def _writer(note: Note, kind: ItemKind) -> str:
    if kind is ItemKind.FROM_GUEST and note.guest is not None:
        return str(note.guest.name)
    return str(note.author.name) if note.author else ""


def _what_was_read(read: CaseRead, files: FileNames, kind: ItemKind, code: str) -> str:
    """The fact that was shown in clear, the document that was printed, or the file that was taken out."""
    if kind in {ItemKind.TAKEN_OUT, ItemKind.LOOKED}:
        return files.name(code)
    if kind is ItemKind.VIEWED and code in read.kind.facts:
        return read.kind.facts[code].name
    if kind is ItemKind.PRINTED and code in read.kind.documents:
        return read.kind.documents[code].name
    return ""
