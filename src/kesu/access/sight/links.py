"""The cases that one case is linked with: those that it opened, the one that opened it, those that somebody named in
it, those in which somebody named it. Of each only what the reader may see of it; of the others nothing, not even that
there are any."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from kesu.access.actor import Actor
from kesu.access.cases import cards_for
from kesu.access.scope import InSight, Scope
from kesu.access.sealed import sealed_cases_for
from kesu.access.sight.lines import ClauseLine, clause_lines
from kesu.access.sight.reading import CaseRead
from kesu.casefile.books import kind_of
from kesu.casefile.mentions import mentions_in
from kesu.policy.events import BY_LINK, PARENT, Event
from kesu.policy.model.pack import Kind
from kesu.policy.standing.links import linked_in
from kesu.policy.standing.results import EffectKind
from kesu.store.fixed import Fixed
from kesu.store.models import Case, CaseCard, CaseMention

_MOST_NAMING: Final = 50
"""So many cases are shown in which one is named; a list that is longer tells nobody more."""
_POLICY: Final = ("case__policy_version_id", "case__kind")


class Way(StrEnum):
    """How the other case is linked with this one."""

    OPENED = "opened"  # out of this one
    ORIGIN = "origin"  # this one out of it
    NAMED = "named"  # somebody named it here
    NAMING = "naming"  # somebody named this one there


@dataclass(frozen=True, slots=True)
class LinkLine:
    """`name`: the rule that opened it, or the fact in which it is named; empty where the reader does not know the
    policy that says so."""

    way: Way
    name: str
    id: UUID
    number: str
    title: str
    stage: str
    is_final: bool
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class OwedLine:
    """A linked case that ought to be there and could not be opened yet. `is_kept_back`: while this one is confidential,
    the other would have to be so too."""

    name: str
    clauses: tuple[ClauseLine, ...]
    is_kept_back: bool = False


@dataclass(frozen=True, slots=True)
class LinkView:
    lines: tuple[LinkLine, ...] = ()
    owed: tuple[OwedLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    way: Way
    name: str
    case: UUID


def links_of(read: CaseRead) -> LinkView:
    """Two queries; three where the case came out of another one, one where it is linked with none."""
    links = (*_named_in(read.kind, read.log), *_naming(read))
    cards = cards_for(read.actor).filter(pk__in=[one.case for one in links]) if links else ()
    seen = {card.pk: card for card in cards}
    origin = next((one.case for one in links if one.way is Way.ORIGIN and one.case in seen), None)
    name = origin_name(Case.objects.only("policy_version_id", "kind").get(pk=origin), read.log) if origin else ""
    lines = []
    for one in (one for one in links if one.case in seen):
        card = seen[one.case]
        called = name if one.way is Way.ORIGIN else one.name
        about = (card.number, card.title, card.stage_name, card.is_final, card.next_due_at)
        lines.append(LinkLine(one.way, called, card.pk, *about))
    owed = (effect for effect in read.current.effects if effect.kind is EffectKind.LINK)
    kept = read.current.only_for is not None
    waiting = (OwedLine(read.kind.opens[one.code].name, clause_lines(read.pack, one.clauses), kept) for one in owed)
    return LinkView(tuple(lines), tuple(waiting))


def origin_name(parent: Case, log: Sequence[Event]) -> str:
    """By which rule of the other case's policy this one was opened."""
    link = kind_of(parent.policy_version_id, parent.kind).opens.get(str(log[0].facts.get(BY_LINK, "")))
    return link.name if link is not None else ""


def _named_in(kind: Kind, log: Sequence[Event]) -> Iterator[Link]:
    """The origin first, then what was opened, then what was named."""
    parent = log[0].facts.get(PARENT) if log else None
    if parent is not None:
        yield Link(Way.ORIGIN, "", UUID(str(parent)))
    for one in linked_in(log):
        rule = kind.opens.get(one.code)
        yield Link(Way.OPENED, rule.name if rule is not None else "", UUID(one.case))
    elsewhere = {sample.case for sample in kind.samples.values()} | kind.merging_facts  # shown as what they are
    for case, code in mentions_in(kind, log):
        if code not in elsewhere:
            yield Link(Way.NAMED, kind.facts[code].name, case)


def _naming(read: CaseRead) -> Iterator[Link]:
    """The cases in which somebody named this one, newest first."""
    for case, fact, policy, kind in _MENTIONS(read.actor, read.case.pk):
        rules = kind_of(policy, kind)
        if fact not in rules.merging_facts:
            yield Link(Way.NAMING, rules.facts[fact].name, case)


def _mentions(scope: Scope, named: Any) -> QuerySet[Any, Any]:
    in_sight = Exists(CaseCard.objects.filter(scope.of_cases(), pk=OuterRef("case_id")))
    rows = CaseMention.objects.filter(in_sight, named_id=named).order_by("-case_id")
    return rows.values_list("case_id", "fact", *_POLICY)[:_MOST_NAMING]


_MENTIONS: Final = InSight(Fixed, _mentions)


def sealed_links_of(actor: Actor, kind: Kind, log: Sequence[Event]) -> tuple[LinkLine, ...]:
    """The same for a sealed case, which is linked with sealed ones only. Inside a transaction."""
    links = tuple(_named_in(kind, log))
    seen = {case.pk: case for case in sealed_cases_for(actor)} if links else {}
    return tuple(
        LinkLine(one.way, one.name, case.pk, case.code, "", case.stage_name, case.is_final, case.next_due_at)
        for one in links
        if (case := seen.get(one.case)) is not None
    )
