"""Turns what the engine owes into messages: to people of the house by the outbox, to the customer on his case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from kesu.casefile import notes
from kesu.casefile.books import pack_of
from kesu.casefile.people import People, Person, resolve, slots_of, units_in
from kesu.casefile.shown import latest_texts, shown
from kesu.casefile.streams import Head
from kesu.policy.calendar import Calendar
from kesu.policy.events import Event
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import COMPLAINANT, Who
from kesu.policy.standing.results import Effect, EffectKind, Standing
from kesu.store.models import Case, OutboxMessage

CASE_PLACEHOLDER = "{case}"
"""The number is given last of all (see `opening`); readers of notes put it in."""


def enqueue(
    head: Head, kind: Kind, calendar: Calendar, log: Sequence[Event], current: Standing, effect: Effect, now: datetime
) -> None:
    """One message a person; the key makes a second one impossible. Sealed cases are never named in a message."""
    if not effect.to:
        return
    if effect.kind is EffectKind.NOTICE and isinstance(head, Case) and Who(COMPLAINANT) in effect.to:
        _tell_complainant(head, kind, log, current, effect, now)
    on = calendar.local(now).date()
    people = People(head.unit.path, slots_of(kind), units_in(current.facts), on)
    persons: dict[str, Person] = {}
    for who in effect.to:
        for person in resolve(who, people, kind, log, current.facts):
            persons[person.account_id.hex] = person
    payload = _payload(head, kind, current, effect) if isinstance(head, Case) else {}
    OutboxMessage.objects.bulk_create(
        [_message(head, effect, person, payload, now) for person in persons.values()], ignore_conflicts=True
    )


def _tell_complainant(
    head: Case,
    kind: Kind,
    log: Sequence[Event],
    current: Standing,
    effect: Effect,
    now: datetime,
) -> None:
    """The policy's own words to the customer, with the texts that it releases, where he reads them: on his case."""
    notice = kind.notices[effect.code]
    texts = latest_texts(head, log)
    values: dict[str, str] = {
        code: str(texts.get(code) or shown(kind, code, current.facts.get(code))) for code in notice.says
    }
    values |= {"case": CASE_PLACEHOLDER, "stage": kind.stages[current.stage].public or kind.stages[current.stage].name}
    text = notice.text or notice.name
    for name, value in values.items():
        text = text.replace("{" + name + "}", value)
    notes.add(head, text=text, visibility=notes.SENT, author=None, at=now)


def _payload(head: Head, kind: Kind, current: Standing, effect: Effect) -> dict[str, object]:
    """Codes and short words only: a message row holds no text that somebody wrote and no name."""
    clauses = pack_of(head.policy_version_id).clauses
    levels = kind.levels.order if kind.levels else ()
    notice = kind.notices.get(effect.code)
    values = {
        "stage": kind.stages[current.stage].name,
        "level": next((level.name for level in levels if level.code == current.level), ""),
        **{code: shown(kind, code, current.facts.get(code)) for code in (notice.says if notice else ())},
    }
    return {
        "code": effect.code,
        "obligation": effect.obligation,
        "clauses": sorted({clauses[c].printed for c in effect.clauses if c in clauses}),
        "values": values,
    }


def _message(head: Head, effect: Effect, person: Person, payload: dict[str, object], now: datetime) -> OutboxMessage:
    case = head if isinstance(head, Case) else None
    return OutboxMessage(
        key=f"{head.pk}/{effect.key}/{person.account_id.hex}",
        lane="urgent" if effect.urgent else "normal",
        account_id=person.account_id,
        case=case,
        template=effect.kind.value if case else "sealed",
        payload=payload,
        created_at=now,
        try_at=now,
    )
