"""Turns what the engine owes into messages: to people of the house by the outbox, to the customer on his case."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from kesu.casefile import notes
from kesu.casefile.addresses import ways_of_answer
from kesu.casefile.books import pack_of
from kesu.casefile.coded import Blind, code_of
from kesu.casefile.desk import Desk
from kesu.casefile.outgoing import to_customer
from kesu.casefile.people import People, Person, resolve
from kesu.casefile.shown import is_of_policy, latest_texts, told_value
from kesu.casefile.streams import Head
from kesu.core.hours import end_of_minute
from kesu.core.policy_words import TITLE, Sentence
from kesu.policy.coded import CODED
from kesu.policy.events import Event
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import COMPLAINANT, HOLDER, Notice, Who
from kesu.policy.model.separations import Part
from kesu.policy.standing.results import Effect, EffectKind, Standing
from kesu.policy.standing.said import told_dues
from kesu.store.keys import ring
from kesu.store.models import Case, Note, OutboxMessage

_UNKNOWN = "日期未定"
"""In the policy's own words to a customer, where a limit is named that goes by a date which nobody has stated."""
COPY = "copy"
"""The template of a message by which somebody is copied on an approval."""


@dataclass(frozen=True, slots=True)
class Told:
    """`instead`: None when somebody of those who are meant was told; else the code of the slot that was told in their
    place, empty when no slot of the line is held. `copied`: the accounts who see the case from now on."""

    instead: str | None = None
    copied: tuple[str, ...] = ()


def enqueue(
    head: Head,
    kind: Kind,
    people: People,
    log: Sequence[Event],
    current: Standing,
    effect: Effect,
    now: datetime,
    told: Collection[UUID] | None,
    desk: Desk,
) -> Told:
    """One message a person; the key makes a second one impossible. Sealed cases are never named in a message, and
    nobody but those let in on them (`told`; None: everybody) has one.

    When nobody holds the slots, the next one in line is told instead."""
    if not effect.to:
        return Told()
    if effect.kind is EffectKind.NOTICE and isinstance(head, Case) and Who(COMPLAINANT) in effect.to:
        note, text = words_to_complainant(head, kind, log, current, effect, now)
        desk.note(note, text)
        ways = kind.notices[effect.code].ways or ways_of_answer(head)
        if ways:
            desk.messages([to_customer(head, effect.key, note, ways, now, code=effect.code, urgent=effect.urgent)])

    part = Part.SIGNERS if effect.code in kind.approvals else Part.HOLDER

    blind, in_sight = Blind.on(kind, log, current, people), set[UUID]()

    def holders(slots: Sequence[Who]) -> dict[str, Person]:
        found: dict[str, Person] = {}
        for who in slots:
            meant = resolve(who, people, kind, log, current.facts, part=part)
            found |= {one.account_id.hex: one for one in meant if told is None or one.account_id in told}
            in_sight.update({one.account_id for one in meant} - blind.among(who, meant))
        return found

    persons, instead = holders(effect.to), None
    if not persons and Who(COMPLAINANT) not in effect.to:
        held = ((_slot(kind, who), holders([who])) for who in effect.otherwise)
        instead, persons = next(((role, some) for role, some in held if some), ("", {}))
    payload = payload_of(head, kind, current, effect) if isinstance(head, Case) else {}
    seeing = [person for person in persons.values() if person.account_id in in_sight]
    desk.messages([_message(head, effect, person, payload, now) for person in seeing])
    if len(seeing) < len(persons):
        others = [person for person in persons.values() if person.account_id not in in_sight]
        desk.messages(_under_the_code(head, kind, log, effect, others, now))
    is_copy = effect.kind is EffectKind.NOTICE and kind.notices[effect.code].copies
    return Told(instead, tuple(sorted(person.account_id.hex for person in seeing)) if is_copy else ())


def _under_the_code(
    head: Head, kind: Kind, log: Sequence[Event], effect: Effect, persons: Sequence[Person], now: datetime
) -> list[OutboxMessage]:
    """To those who work blind: the code and what they are told of, and no word of the case. Before a code is drawn
    there is nothing that they could be told."""
    code = code_of(head, kind, log)
    named: Any = kind.notices.get(effect.code) or kind.duties.get(effect.code)
    payload = {"coded": code, "title": named.name if named is not None else ""}
    return [
        OutboxMessage(
            key=ring().blind(f"{head.pk}/{effect.key}/{person.account_id.hex}"),
            lane="urgent" if effect.urgent else "normal",
            account_id=person.account_id,
            template=CODED,
            payload=payload,
            created_at=now,
            try_at=now,
        )
        for person in persons
        if code
    ]


def _slot(kind: Kind, who: Who) -> str:
    return who.group or (kind.holder if who.role == HOLDER else who.role)


def words_to_complainant(
    head: Case,
    kind: Kind,
    log: Sequence[Event],
    current: Standing,
    effect: Effect,
    now: datetime,
) -> tuple[Note, str]:
    """The policy's own words to the customer, with the texts that it releases, where he reads them: on his case."""
    sentence = _sentence(kind.notices[effect.code], head, kind, log, current)

    def due(at: str | None) -> str:
        return f"{current.walk.calendar.local(datetime.fromisoformat(at)):%m-%d %H:%M}" if at else _UNKNOWN

    text = sentence.filled({}, due, str)
    return notes.row(head, text=text, visibility=notes.SENT, author=None, at=now, sentence=sentence), text


def _sentence(notice: Notice, head: Case, kind: Kind, log: Sequence[Event], current: Standing) -> Sentence:
    texts = latest_texts(head, kind, log)
    values = {code: str(texts.get(code) or _told(kind, code, current)) for code in notice.says}
    values.setdefault("title", str(texts.get(kind.title_fact, "")))
    stage = kind.stages[current.stage]
    chosen = {code: value for code, value in values.items() if is_of_policy(kind, code)}
    return Sentence(
        text=notice.text or notice.name,
        words={**chosen, "stage": stage.public or stage.name},
        values={**{code: one for code, one in values.items() if code not in chosen}, "case": notes.NUMBER},
        dues={f"due:{duty}": at.isoformat() if at else None for duty, at in told_dues(notice, current).items()},
    )


def payload_of(head: Head, kind: Kind, current: Standing, effect: Effect) -> dict[str, object]:
    """Codes and short words only: a message row holds no text that somebody wrote and no name."""
    clauses = pack_of(head.policy_version_id).clauses
    levels = kind.levels.order if kind.levels else ()
    notice = kind.notices.get(effect.code)
    values = {
        "stage": kind.stages[current.stage].name,
        "level": next((level.name for level in levels if level.code == current.level), ""),
        **{code: _said(kind, code, current) for code in (notice.says if notice else ())},
    }
    due = min((owed.due_at for owed in current.open_obligations if owed.due_at), default=None)
    return {
        "code": effect.code,
        **({"copies": notice.name} if notice is not None and notice.copies else {}),
        "obligation": effect.obligation,
        "clauses": sorted({clauses[c].printed for c in effect.clauses if c in clauses}),
        "values": values,
        "due": due.isoformat() if due and notice and "{due}" in notice.text else None,
        "dues": {
            duty: due_at.isoformat() if due_at is not None else None
            for duty, due_at in (told_dues(notice, current) if notice else {}).items()
        },
    }


def _said(kind: Kind, code: str, current: Standing) -> str:
    """What the case is about stands on its card; the sender puts it in."""
    return TITLE if code == kind.title_fact else _told(kind, code, current)


def _told(kind: Kind, code: str, current: Standing) -> str:
    return told_value(kind, code, current.facts.get(code), current.walk.calendar)


def _message(head: Head, effect: Effect, person: Person, payload: dict[str, object], now: datetime) -> OutboxMessage:
    case = head if isinstance(head, Case) else None
    key = f"{head.pk}/{effect.key}/{person.account_id.hex}"
    return OutboxMessage(
        # The key of a message on a sealed case is as stable, but leads nowhere.
        key=key if case else ring().blind(key),
        lane="urgent" if effect.urgent else "normal",
        account_id=person.account_id,
        case=case,
        template=_template(effect, payload) if case else "sealed",
        payload=payload,
        created_at=now,
        # Reminders of one minute leave together.
        try_at=end_of_minute(now) if effect.kind is EffectKind.REMINDER and not effect.urgent else now,
    )


def _template(effect: Effect, payload: dict[str, object]) -> str:
    return COPY if payload.get("copies") else effect.kind.value
