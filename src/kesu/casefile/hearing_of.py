"""What a case hears of those that were opened out of it, and how it comes to hear.

A parent never waits for its linked cases and they never wait for it: whoever settles one of them sets the parent to be
woken, and the parent looks for itself, with its own card locked, so that no news falls between the two. On a sealed
case every act reads as the program, so that a linked one is there for it whoever is let in on that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Value
from django.db.models.functions import Least

from kesu.casefile.books import calendar_of, kind_of
from kesu.casefile.log import read_bodies, read_log
from kesu.casefile.shown import latest
from kesu.casefile.statement import Input, Statement, state
from kesu.casefile.streams import Head
from kesu.casefile.waiting_for import tell_naming, waits
from kesu.policy.events import PARENT, Event
from kesu.policy.model.facts import GRADED, Fact, FactType
from kesu.policy.model.opens import STAGE_WORD, LinkedCase
from kesu.policy.model.pack import Kind, takes_cases
from kesu.policy.standing import standing
from kesu.policy.standing.corrections import voided_seqs
from kesu.policy.standing.links import Linked, linked_in
from kesu.policy.standing.results import Standing
from kesu.policy.values import fits
from kesu.store.keys import ring
from kesu.store.models import Case, CaseCard, SealedCase


@dataclass(frozen=True, slots=True)
class Heard:
    """That a linked case has ended, or is taken up again (`linked` says which); since when, and what it brings back."""

    linked: Linked
    at: datetime
    statement: Statement


def parent_of(log: Sequence[Event]) -> UUID | None:
    """The case that this one was opened out of."""
    parent = log[0].facts.get(PARENT) if log else None
    return UUID(str(parent)) if parent else None


def news(head: Head, kind: Kind, log: Sequence[Event]) -> list[Heard]:
    """Of the cases that were opened out of this one, those that stand otherwise than its log knows."""
    known = linked_in(log) if kind.opens else ()
    if not known:
        return []
    ended = _ended(head, [UUID(one.case) for one in known])
    moved = [one for one in known if ended.get(UUID(one.case), one.has_ended) is not one.has_ended]
    return [_heard(head, kind, log, replace(one, has_ended=not one.has_ended)) for one in moved]


def hold_cards(head: Head, kind: Kind, log: Sequence[Event]) -> None:
    """Takes the card of an ordinary case that is linked or waits for others, and of the one that it came out of, for
    the rest of the transaction: in one order, and before accounts and series of numbers, which both may want. Whoever
    settles one of those that came out of it, or that it waits for, waits until this one has said when it is due next.
    No query where it is not linked."""
    parent = parent_of(log)
    if isinstance(head, SealedCase) or not (parent or linked_in(log) or waits(kind, log)):
        return
    cards = CaseCard.objects.select_for_update().filter(pk__in=[head.pk] if parent is None else [head.pk, parent])
    list(cards.order_by("pk").values_list("pk"))


def _ended(head: Head, ids: Sequence[UUID]) -> dict[UUID, bool]:
    """Whether each of them has ended. The caller holds this case's card, or made them in this transaction."""
    rows = SealedCase.objects if isinstance(head, SealedCase) else CaseCard.objects
    return dict(rows.filter(pk__in=ids).values_list("pk", "is_final"))


def _heard(head: Head, kind: Kind, log: Sequence[Event], linked: Linked) -> Heard:
    rows = SealedCase.objects if isinstance(head, SealedCase) else Case.objects
    other: Head = rows.select_related("unit").get(pk=linked.case)
    rules, link = kind_of(other.policy_version_id, other.kind), kind.opens.get(linked.code)
    theirs = read_log(other, rules)
    current = _as_recorded(other, rules, theirs)
    at = _turned_at(rules, current)
    if link is None or not linked.has_ended or _tells_too_much(head, kind, log, current):
        return Heard(linked, at, Statement({}))
    texts = latest(rules, read_bodies(other, [data.value for data in GRADED]), theirs)
    return Heard(linked, at, state(kind.facts, dict(_brought(kind, link, rules, current, texts)), ring()))


def _as_recorded(head: Head, kind: Kind, log: Sequence[Event]) -> Standing:
    return standing(kind, log, max(event.recorded_at for event in log), calendar_of(head.calendar_version_id))


def _tells_too_much(head: Head, kind: Kind, log: Sequence[Event], theirs: Standing) -> bool:
    """Whether the linked case is confidential and this one is not: then nothing comes back but that it has ended."""
    return theirs.only_for is not None and _as_recorded(head, kind, log).only_for is None


def _turned_at(rules: Kind, current: Standing) -> datetime:
    """When it last came to an end, or last left it."""
    turns = [
        change.at
        for change in current.stage_changes
        if rules.stages[change.before].final is not rules.stages[change.after].final
    ]
    return turns[-1] if turns else current.stage_changes[-1].at


def _brought(
    kind: Kind, link: LinkedCase, rules: Kind, current: Standing, texts: Mapping[str, Any]
) -> Iterator[tuple[str, Input]]:
    """Own fact → value. What is no value of the fact here, as may be where another policy serves, stays there."""
    for code, theirs in link.brings.items():
        own, fact = kind.facts[code], rules.facts.get(theirs)
        if fact is not None and _is_of_other_kinds(rules, fact, kind, own, link):
            continue
        if fact is not None and fact.type.is_marked:
            if fact.type is own.type and own.keeps(fact) and theirs in texts:
                yield code, texts[theirs]
            continue
        value = rules.stages[current.stage].name if theirs == STAGE_WORD else current.facts.get(theirs)
        if value is not None and fits(own, value):
            yield code, value


def _is_of_other_kinds(rules: Kind, theirs: Fact, kind: Kind, own: Fact, link: LinkedCase) -> bool:
    """Whether the one fact may name a case that the other may not."""
    if theirs.type is not FactType.CASE or own.type is not FactType.CASE:
        return False
    return not takes_cases(rules, theirs, kind, own, is_one_pack=not link.is_served)


def tell_parent(head: Head, kind: Kind, log: Sequence[Event], current: Standing, now: datetime) -> None:
    """Has the case that this one was opened out of woken, and those that wait for it by its name, once this one has
    come to an end."""
    parent = parent_of(log)
    if not any(kind.stages[change.after].final for change in current.stage_changes) and not voided_seqs(log):
        return
    if isinstance(head, Case):
        tell_naming(head, now)
    if parent is None:
        return
    rows = SealedCase.objects if isinstance(head, SealedCase) else CaseCard.objects
    # Also one that is due already: whoever looks at it just then, before this end is there to be seen, is waited for,
    # because he will write when it is due next.
    rows.filter(pk=parent).update(wake_at=Least("wake_at", Value(now)))
