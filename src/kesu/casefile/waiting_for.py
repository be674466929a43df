"""Cases that people named in another one and for which it waits: the parts of a matter that is handled in several."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection
from django.db.models import Value
from django.db.models.functions import Least

from kesu.casefile.statement import Given
from kesu.casefile.streams import Head
from kesu.core.errors import Unacceptable
from kesu.policy.events import Event
from kesu.policy.model.pack import Kind
from kesu.policy.standing.named import named_in
from kesu.policy.standing.results import Missing, MissingKind, Refusal
from kesu.store.models import Case, CaseCard, CaseMention

_TURN: Final = "SELECT pg_advisory_xact_lock(hashtextextended('kesu.named', 0))"


def waits(kind: Kind, log: Sequence[Event]) -> bool:
    """Whether it has named any for which it waits."""
    return bool(named_in(kind.waits_for_named, log).cases)


def news(head: Head, kind: Kind, log: Sequence[Event]) -> list[tuple[str, datetime, bool]]:
    """Of the named cases, those that have ended or are taken up again and that the log does not know so: which, since
    when, and which of the two. The caller holds this case's card. No query where none was named."""
    book = named_in(kind.waits_for_named, log)
    if not book.cases or not isinstance(head, Case):
        return []
    cards = CaseCard.objects.filter(pk__in=[UUID(one) for one in book.cases])
    known = {pk.hex: (over, closed) for pk, over, closed in cards.values_list("pk", "is_final", "closed_at")}
    found = []
    for case in book.cases:
        has_ended, closed_at = known.get(case, (False, None))
        if has_ended is not (case in book.ended):
            since = _since(log, case)
            found.append((case, max(closed_at, since) if closed_at else since, has_ended))
    return found


def _since(log: Sequence[Event], case: str) -> datetime:
    """When it was spoken of last: what is heard of it lies after that."""
    return max(event.at for event in log if case in event.facts.values())


def tell_naming(head: Head, now: datetime) -> None:
    """Has the cases woken that name this one, which has ended or is taken up again."""
    cards = CaseCard.objects.filter(case__mentions__named=head.pk, is_final=False)
    cards.update(wake_at=Least("wake_at", Value(now)))


def take_turn(kind: Kind, given: Given) -> None:
    """Who names a case that is waited for comes after whoever names another one at this moment: each would see no round
    without the other. Before the case is locked, as rows that name another one ask for that one too."""
    if kind.waits_for_named & given.keys():
        with connection.cursor() as cursor:
            cursor.execute(_TURN)


def refuse_rounds(case_id: UUID, kind: Kind, given: Given) -> None:
    """Raises `Unacceptable` for a case that would wait for itself, by itself or by way of others."""
    facts = kind.waits_for_named
    for code in facts & given.keys():
        text = given[code][0] if given[code] else ""
        reached = {text} if len(text) == 32 else set()
        seen: set[str] = set()
        while reached - seen and case_id.hex not in reached:
            seen |= reached
            ids = [UUID(one) for one in reached if set(one) <= set("0123456789abcdef")]
            named = CaseMention.objects.filter(case__in=ids, fact__in=facts)
            reached = {pk.hex for pk in named.values_list("named", flat=True)}
        if case_id.hex in reached:
            raise Unacceptable("waits_for_itself", data={"fields": {code: "waits_for_itself"}, "refusals": ()})


def numbered(refusals: Iterable[Refusal]) -> tuple[Refusal, ...]:
    """With the numbers of the named cases that stand in the way; of a confidential one not even that. One query, where
    there are any."""
    found = tuple(refusals)
    ids = [UUID(one.code) for refusal in found for one in refusal.missing if one.kind is MissingKind.NAMED]
    if not ids:
        return found
    cards = CaseCard.objects.filter(pk__in=ids, confidential=False)
    numbers = {pk.hex: number for pk, number in cards.values_list("pk", "number")}
    return tuple(
        replace(refusal, missing=tuple(_numbered(one, numbers) for one in refusal.missing)) for refusal in found
    )


def _numbered(one: Missing, numbers: Mapping[str, str]) -> Missing:
    number = numbers.get(one.code) if one.kind is MissingKind.NAMED else None
    return replace(one, name=f"{one.name} {number}") if number else one
