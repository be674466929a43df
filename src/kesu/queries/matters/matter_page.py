"""A matter: its cases, how many different people stand behind them, what was reached when, and how it went."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from kesu.access.actor import Actor
from kesu.access.cases import cards_for
from kesu.access.permissions import Permission
from kesu.access.sight.reading import account_names
from kesu.casefile.books import calendar_of
from kesu.casefile.matters.counting import Counters, counters_of
from kesu.casefile.matters.people import heads_of
from kesu.casefile.matters.stream import ABSORBED, CROSSED, JOINED, LEFT, NAMED, OPENED, REPEATED, REVIVED
from kesu.core.errors import NotFound
from kesu.policy.heads import count_at
from kesu.policy.model.conditions import Window
from kesu.store.fixed import Fixed
from kesu.store.models import CaseCard, Matter, MatterEvent, MatterMember

_MOST_EVENTS: Final = 200


@dataclass(frozen=True, slots=True)
class MemberLine:
    """A case of the matter that the reader may see. `may_part`: he may take it out."""

    id: UUID
    number: str
    title: str
    stage: str
    level: str
    received_at: datetime
    may_part: bool


@dataclass(frozen=True, slots=True)
class EdgeLine:
    """A head count that some policy asks for, reached (`fell`: no longer) at `at`, known since `known_at`."""

    window: Window | None
    count: int
    at: datetime
    known_at: datetime
    fell: bool


@dataclass(frozen=True, slots=True)
class CounterLine:
    """A way to count that some member's policy asks for, and what it comes to now."""

    window: Window | None
    heads: int


@dataclass(frozen=True, slots=True)
class MatterItem:
    """What happened: ``opened``, ``joined``, ``left``, ``found`` (somebody came again), ``absorbed``, ``revived``,
    ``named`` or ``unnamed``. `number`: the case, where the reader may see it; `by` empty: the program."""

    what: str
    at: datetime
    by: str
    number: str
    case_id: UUID | None


@dataclass(frozen=True, slots=True)
class MatterPage:
    """`hidden`: members outside the reader's scope, known by number only; confidential ones not even so. `heads`:
    different people of all cases that are counted here, whenever they came. `more`: so many older items are left
    out. `name`: what somebody called it; without one `title` is that of the first case in sight. `may_name`: the reader
    may call it otherwise."""

    id: UUID
    title: str
    name: str
    may_name: bool
    opened_at: datetime
    members: tuple[MemberLine, ...]
    hidden: int
    heads: int
    counters: tuple[CounterLine, ...]
    edges: tuple[EdgeLine, ...]
    items: tuple[MatterItem, ...]
    more: int


def matter_page(*, actor: Actor, at: datetime, matter_id: UUID) -> MatterPage:
    """For whoever may see one of its cases. Raises `NotFound`. A fixed number of queries."""
    matter = Matter.objects.filter(pk=matter_id).first()
    if matter is None:
        raise NotFound
    joined = dict(_MEMBERS(matter_id))
    mine = cards_for(actor).filter(case__pk__any=list(joined)).select_related("unit")
    cards = list(mine.order_by("received_at", "pk"))
    if not cards:
        raise NotFound
    seen = {card.pk: card for card in cards}
    kept_from_him = {pk for pk, confidential in joined.items() if confidential and pk not in seen}
    heads = heads_of(matter, without=kept_from_him)
    different = len({who for who, _since in heads})
    counters = counters_of(matter)
    events = list(MatterEvent.objects.filter(matter=matter, kind__in=_TOLD).order_by("-seq")[: _MOST_EVENTS + 1])
    return MatterPage(
        id=matter.pk,
        title=matter.title or cards[0].title,
        name=matter.title,
        may_name=any(actor.may_at(Permission.MATTER_JOIN, card.unit_path) for card in cards),
        opened_at=matter.opened_at,
        members=tuple(_member(card, actor) for card in cards),
        hidden=len(joined) - len(seen) - len(kept_from_him),
        heads=different,
        counters=tuple(
            CounterLine(window, count_at(heads, window, at, calendar_of(counters.calendar)))
            for _code, (window, _edges) in sorted(counters.edges.items())
        ),
        # More heads than he is told of would say that there is a case which is kept from him.
        edges=tuple(edge for edge in _edges(events, counters) if not kept_from_him or edge.count <= different),
        items=tuple(_items(events, seen, joined, actor)),
        more=max(0, len(events) - _MOST_EVENTS),
    )


_TOLD: Final = (OPENED, JOINED, LEFT, ABSORBED, CROSSED, NAMED, REPEATED, REVIVED)


def _member(card: CaseCard, actor: Actor) -> MemberLine:
    return MemberLine(
        card.pk,
        card.number,
        card.title,
        card.stage_name,
        card.level_name,
        card.received_at,
        actor.may_at(Permission.MATTER_JOIN, card.unit_path),
    )


def _edges(events: Sequence[MatterEvent], counters: Counters) -> Iterator[EdgeLine]:
    """Oldest first; of counters that no policy asks for any more nothing is said."""
    windows = {code: window for code, (window, _edges) in counters.edges.items()}
    before: dict[str, int] = {}
    for event in reversed(events):
        if event.kind != CROSSED or event.facts["counter"] not in windows:
            continue
        counter, count = event.facts["counter"], event.facts["count"]
        fell = count < before.get(counter, 0)
        before[counter] = count
        yield EdgeLine(windows[counter], count, event.at, event.recorded_at, fell)


def _items(
    events: Sequence[MatterEvent], seen: Mapping[UUID, CaseCard], joined: Mapping[UUID, bool], actor: Actor
) -> Iterator[MatterItem]:  # fmt: skip
    """Newest first. Of cases that the reader does not see nothing is said here, as if they were not there."""
    names = account_names(event.actor for event in events if event.actor)
    gone = {UUID(event.facts["case"]) for event in events if event.kind in {JOINED, LEFT}} - joined.keys()
    left = {card.pk: card for card in cards_for(actor).filter(pk__in=gone)} if gone else {}
    for event in events[:_MOST_EVENTS]:
        if event.kind == CROSSED:
            continue
        case_id = UUID(event.facts["case"]) if "case" in event.facts else None
        card = seen.get(case_id) or left.get(case_id) if case_id is not None else None
        if case_id is None or card is not None:
            number = card.number if card is not None else ""
            what = event.kind.partition(".")[2] if event.facts.get("name") != "" else "unnamed"
            yield MatterItem(what, event.recorded_at, names.get(event.actor, ""), number, case_id)


_MEMBERS: Final = Fixed(
    lambda matter: MatterMember.objects.filter(matter=matter).values_list("case_id", "case__card__confidential")
)
