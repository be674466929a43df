"""Those who hear what the complainant is told, by the policy's word: each has a link of his own to the case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from kesu.core.codes import secret_digest
from kesu.core.ids import uuid7
from kesu.policy.events import Event
from kesu.policy.model.pack import Kind
from kesu.policy.standing.corrections import standing_events
from kesu.store.keys import ring
from kesu.store.models import Case, CaseGuest

LASTS: Final = timedelta(days=366)
"""How long such a link opens anything; whoever writes from the case can end it before."""
_ACCOUNT: Final = 32


def secret_of(guest_id: UUID) -> str:
    """The secret of an outside party's link: the same in every process that has the keys."""
    return ring().derive("guest", guest_id.hex).hex()[:32]


def write(head: Case, kind: Kind, log: Sequence[Event], now: datetime) -> None:
    """A link for each person who is named and has none; whoever was named by mistake loses his. No query where the
    policy lets nobody hear, or nobody has been named. The rows hold no name of theirs: the case does."""
    if not any(fact.hears and code in event.facts for code, fact in kind.facts.items() for event in log):
        return
    named = {seq: (event, code) for seq, event, code in _named(kind, standing_events(log))}
    held = {guest.named_seq: guest for guest in CaseGuest.objects.filter(case=head, named_seq__isnull=False)}
    for seq, guest in held.items():
        if seq not in named and guest.withdrawn_at is None:
            guest.withdrawn_at = now
            guest.save(update_fields=["withdrawn_at"])
    for nth, (seq, (event, code)) in enumerate(named.items(), start=1):
        if seq not in held:
            _link(head, f"{kind.facts[code].name} {nth}", event, now)


def _named(kind: Kind, log: Sequence[Event]) -> Iterator[tuple[int, Event, str]]:
    """Each person once, with the event that named him first."""
    known: set[tuple[str, str]] = set()
    for event in log:
        for code in event.facts:
            fact = kind.facts.get(code)
            who = (code, str(event.facts[code]))
            if fact is not None and fact.hears and event.facts[code] != () and who not in known:
                known.add(who)
                yield event.seq, event, code


def _link(head: Case, name: str, event: Event, now: datetime) -> None:
    guest_id = uuid7()
    CaseGuest.objects.create(
        id=guest_id,
        case=head,
        name=name,
        digest=secret_digest(secret_of(guest_id)),
        for_customer=True,
        named_seq=event.seq,
        invited_by_id=UUID(event.by) if event.by and len(event.by) == _ACCOUNT else None,
        invited_at=now,
        ends_at=now + LASTS,
    )


def name_in(kind: Kind, bodies: Mapping[int, Mapping[str, Any]], seq: int) -> str:
    """The name of the person whom an event named, out of the texts of the case."""
    texts = bodies.get(seq, {})
    person = next((text for code, text in texts.items() if code in kind.facts and kind.facts[code].hears), None)
    return str(person.get("name", "")) if isinstance(person, dict) else ""
