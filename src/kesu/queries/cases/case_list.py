"""The list of cases: filters, sorting, pages, true counts. Only what the reader may see, persons masked by right."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from kesu.access.actor import Actor
from kesu.access.cases import cards_apart, cards_for, open_within, with_cases
from kesu.access.clocks import clocks, still_owed
from kesu.access.finding import FEW, found_by
from kesu.access.list_choices import (
    FactFilter,
    Named,
    Ruled,
    columns_of,
    filters_of,
    kind_names,
    levels_of,
    meanings_in,
    names_in,
    ruled_by,
    stages_of,
    subjects_in,
)
from kesu.access.measures import UNSET, CaseSlice
from kesu.access.permissions import Permission
from kesu.access.scope import InSight, Scope
from kesu.access.sight.excerpt import Excerpt, excerpts
from kesu.casefile.books import calendar_of
from kesu.core.masking import masked_name
from kesu.core.pages import leaf
from kesu.core.searching import marked, read_search
from kesu.policy.calendar import Calendar
from kesu.store.fixed import Fixed
from kesu.store.models import CaseCard, Obligation, Unit

SIZES: Final = (20, 50, 100)
MOST: Final = 2_000
"""Nothing is counted further: nobody turns so many pages, and what is closed grows for ever."""
MOST_FOUND: Final = FEW
"""A search counts no further: a frequent word would be counted for long."""

_SORTS: Final[Mapping[str, str]] = {
    "due": "next_due_at",
    "level": "level_rank",
    "number": "number",
    "title": "title",
    "stage": "stage_name",
    "unit": "unit__name",
    "received": "received_at",
}


@dataclass(frozen=True, slots=True)
class ListFilter:
    """What the address of a list says. `state`: open, closed or empty; `due`: overdue, today or empty; `sort` is a key
    of the head, with a minus the other way round; `behind`: the cases behind a number of the statistics."""

    kind: str = ""
    state: str = "open"
    stage: str = ""
    level: str = ""
    due: str = ""
    mine: bool = False
    unit: str = ""
    text: str = ""
    sort: str = "due"
    page: int = 1
    size: int = SIZES[0]
    behind: CaseSlice = field(default_factory=CaseSlice)

    @property
    def is_narrow(self) -> bool:
        """Whether anything but a text limits what is shown."""
        chosen = self.kind or self.state or self.stage or self.level or self.due or self.mine or self.unit
        return bool(chosen) or self.behind != CaseSlice()


@dataclass(frozen=True, slots=True)
class Row:
    """One case. `due_at` and the instants beside it belong to the open obligation that is due next; `person` is
    masked unless the reader may see it (`is_masked`). `columns` are the list facts of the kind, by code. `excerpt`:
    where a search found what no column shows."""

    id: UUID
    number: str
    kind: str
    subject: str
    title: str
    room: str
    person: str
    unit: str
    stage: str
    is_final: bool
    level_name: str
    level_rank: int
    level_of: int
    people: int
    owner: str
    received_at: datetime
    closed_at: datetime | None
    is_masked: bool
    duty: str
    starts_at: datetime | None
    due_at: datetime | None
    paused_since: datetime | None
    is_provisional: bool
    is_outer: bool
    beside_at: datetime | None
    calendar: Calendar
    columns: Mapping[str, str]
    excerpt: Excerpt | None


@dataclass(frozen=True, slots=True)
class Counts:
    """True numbers over the reader's whole scope, whatever is filtered. What is closed is not counted: that is nearly
    every case, and nobody acts on the figure."""

    open: int
    mine: int
    overdue: int
    today: int


@dataclass(frozen=True, slots=True)
class CaseList:
    """`total` is at most `most` + 1. `subjects`: those of the policies, none where none is limited to any; `columns`:
    the list facts shown when one kind is chosen, `filters`: those of them that pick cases out, `meanings`: what
    does so in words that all policies share; `holder` names the one
    whose cases are shown, `measure` what they count in. `marked`: the words sought, folded, as they may stand in what
    is shown; `refusal`: why nothing was sought (see `read_search`); `seeks_persons`: whether the reader may seek by
    personal data anywhere."""

    rows: tuple[Row, ...]
    total: int
    most: int
    page: int
    pages: int
    counts: Counts
    kinds: tuple[Named, ...]
    subjects: tuple[Named, ...]
    stages: tuple[Named, ...]
    levels: tuple[Named, ...]
    units: tuple[Named, ...]
    columns: tuple[Named, ...]
    filters: tuple[FactFilter, ...]
    meanings: tuple[FactFilter, ...]
    holder: str
    measure: str
    marked: tuple[str, ...]
    refusal: str
    seeks_persons: bool


@dataclass(frozen=True, slots=True)
class CaseExport:
    """The rows of a list for a file, in chunks read while it is written. `total` is at most the cap + 1."""

    total: int
    has_subjects: bool
    columns: tuple[Named, ...]
    rows: Iterator[Row] = field(repr=False)


def case_list(*, actor: Actor, at: datetime, today: tuple[datetime, datetime], chosen: ListFilter) -> CaseList:
    """`today`: start and end of the reader's day. Five queries, two more where something is filtered, five more for a
    search, whatever is found; one more for a holder's name. None of them looks at all closed cases."""
    scope = cards_for(actor)
    ruled = ruled_by(chosen.behind.pack, actor.reach(Permission.CASE_READ))
    names = kind_names(ruled)
    search = read_search(chosen.text)
    hits = found_by(scope, actor, search)
    found = _filtered(hits.cards, actor, at, today, chosen)
    counts, open_at = _counts(actor, at, today)
    most = MOST_FOUND if search.words else MOST
    parts = [found] if search.words else (_filtered(part, actor, at, today, chosen) for part in cards_apart(actor))
    total = _total(parts, most, counts, chosen, hits.count)
    shown = leaf(min(total, most), chosen.size, chosen.page)
    ordered = _sorted(found, chosen.sort).select_related("case", "unit", "holder")
    cards = list(ordered.only(*_SHOWN, *(_OPENED if search.words else ()))[shown.rows])
    return CaseList(
        rows=_rows(actor, cards, names, excerpts(actor, cards, search.words)),
        total=total,
        most=most,
        page=shown.number,
        pages=shown.pages,
        counts=counts,
        kinds=tuple(Named(code, kind[0]) for code, kind in names.items()),
        subjects=subjects_in(ruled),
        stages=names_in(ruled, chosen.kind, stages_of),
        levels=names_in(ruled, chosen.kind, levels_of),
        units=_units(actor, open_at),
        columns=columns_of(ruled, chosen.kind),
        filters=filters_of(ruled, chosen.kind),
        meanings=meanings_in(ruled, chosen.kind),
        holder=_holder(scope, chosen),
        measure=_measure(ruled, chosen),
        marked=marked(search.words),
        refusal=search.refusal,
        seeks_persons=actor.may(Permission.PERSONAL_READ),
    )


def case_export(
    *, actor: Actor, at: datetime, today: tuple[datetime, datetime], chosen: ListFilter, most: int
) -> CaseExport:
    """What `case_list` finds by the same filters, all pages of it, `most` rows at most; masked in the same way."""
    scope = cards_for(actor)
    ruled = ruled_by(chosen.behind.pack, actor.reach(Permission.CASE_READ))
    names = kind_names(ruled)
    hits = found_by(scope, actor, read_search(chosen.text))
    found = _sorted(_filtered(hits.cards, actor, at, today, chosen), chosen.sort)
    rows = _exported(actor, found.select_related("case", "unit", "holder")[:most], names)
    return CaseExport(found[: most + 1].count(), bool(ruled.subjects), columns_of(ruled, chosen.kind), rows)


_CHUNK: Final = 500
_OF_CARD: Final = (
    "number kind subject unit_path title person_name room stage_name is_final level_name level_rank level_of columns"
    " people_count next_owner received_at closed_at counted_with"
)
_SHOWN: Final = (*_OF_CARD.split(), "case__policy_version", "unit__name", "holder__name")
"""What a row shows of a case."""
_OPENED: Final = ("case__number", "case__policy_version", "case__key_id", "case__data_key")
"""What it takes to read where a search found its words."""


def _exported(actor: Actor, found: QuerySet[CaseCard], names: Mapping[str, tuple[str, str]]) -> Iterator[Row]:
    chunk: list[CaseCard] = []
    for card in found.iterator(chunk_size=_CHUNK):
        chunk.append(card)
        if len(chunk) == _CHUNK:
            yield from _rows(actor, chunk, names, {})
            chunk = []
    yield from _rows(actor, chunk, names, {})


def _holder(scope: QuerySet[CaseCard], chosen: ListFilter) -> str:
    if not _is_id(chosen.behind.holder):
        return ""
    found = scope.filter(holder_id=UUID(chosen.behind.holder)).values_list("holder__name", flat=True)
    return found.order_by().first() or ""


def _measure(ruled: Ruled, chosen: ListFilter) -> str:
    """The name of the measure in which the cases count, as the newest policy has it."""
    measured = chosen.behind.measured
    code, _dot, measure = measured.measure.partition(".") if measured is not None else ("", "", "")
    kinds = (kind for kind, _policy in ruled.kinds if kind.code == code)
    names = [kind.measures[measure].name for kind in kinds if measure in kind.measures]
    return names[-1] if names else ""


def _filtered(
    scope: QuerySet[CaseCard], actor: Actor, at: datetime, today: tuple[datetime, datetime], chosen: ListFilter
) -> QuerySet[CaseCard]:
    exact = {"kind": chosen.kind, "stage_name": chosen.stage, "level_name": chosen.level}
    found = scope.filter(**{name: value for name, value in exact.items() if value and value != UNSET})
    if chosen.state in {"open", "closed"}:
        found = found.filter(is_final=chosen.state == "closed")
    if chosen.due == "overdue":
        found = found.filter(next_due_at__lt=at)
    elif chosen.due == "today":
        found = found.filter(_due_today(at, today))
    if chosen.mine:
        found = found.filter(holder_id=actor.account_id)
    if _is_id(chosen.unit):
        found = found.filter(unit_id=chosen.unit)
    return found.filter(chosen.behind.condition())


def _due_today(at: Any, today: tuple[Any, Any]) -> Q:
    """Midnight belongs to the day that it ends."""
    return Q(next_due_at__gte=at, next_due_at__gt=today[0], next_due_at__lte=today[1])


def _sorted(found: QuerySet[CaseCard], sort: str) -> QuerySet[CaseCard]:
    name = _SORTS.get(sort.removeprefix("-"), _SORTS["due"])
    last = True if name == _SORTS["due"] else None  # the only one that may be missing; the others keep to their index
    order = F(name).desc(nulls_last=last) if sort.startswith("-") else F(name).asc(nulls_last=last)
    return found.order_by(order, "-received_at", "pk")


def _counts(actor: Actor, at: datetime, today: tuple[datetime, datetime]) -> tuple[Counts, frozenset[UUID]]:
    """And the units that have open cases. A case that is closed is due no more."""
    by_unit = _BY_UNIT(actor, at, *today)
    sums = [sum(row[place] for row in by_unit) for place in range(1, 5)]
    return Counts(*sums), frozenset(row[0] for row in by_unit)


def _by_unit(scope: Scope, at: Any, start: Any, end: Any) -> QuerySet[Any, Any]:
    return (
        open_within(scope)
        .order_by()
        .values_list("unit_id")
        .annotate(
            open=Count("pk"),
            mine=Count("pk", filter=Q(holder_id=scope.account)),
            overdue=Count("pk", filter=Q(next_due_at__lt=at)),
            today=Count("pk", filter=_due_today(at, (start, end))),
        )
    )


_BY_UNIT: Final = InSight(Fixed, _by_unit)


def _total(parts: Iterable[QuerySet[CaseCard]], most: int, counts: Counts, chosen: ListFilter, hits: int | None) -> int:
    """Of all parts, up to `most` + 1. What nothing else limits has been counted already."""
    if hits is not None and not chosen.is_narrow:
        return hits
    if replace(chosen, sort="", page=1, size=SIZES[0]) == ListFilter(sort=""):
        return min(counts.open, most + 1)
    total = 0
    for part in parts:
        if total <= most:
            total += part.order_by()[: most + 1 - total].count()
    return total


def _units(actor: Actor, open_at: Collection[UUID]) -> tuple[Named, ...]:
    """The units under the reader's posts where there are cases, and those of open cases that he takes part in."""
    return tuple(Named(pk.hex, name) for pk, name in _WITH_CASES(actor, list(open_at)))


_WITH_CASES: Final = InSight(
    Fixed,
    lambda scope, open_at: (
        Unit.objects.filter(with_cases(scope) | Q(pk__any=open_at)).order_by("name").values_list("pk", "name")
    ),
)


def _rows(
    actor: Actor,
    cards: Sequence[CaseCard],
    names: Mapping[str, tuple[str, str]],
    found: Mapping[UUID, Excerpt],
) -> tuple[Row, ...]:
    """One query for the open obligations of the page."""
    due = still_owed([card.pk for card in cards])
    return tuple(_row(actor, card, due.get(card.pk, []), names[card.kind][0], found.get(card.pk)) for card in cards)


def _row(actor: Actor, card: CaseCard, owed: Sequence[Obligation], kind: str, excerpt: Excerpt | None) -> Row:
    due, is_outer, beside_at = clocks(card, owed)
    sees = actor.may_at(Permission.PERSONAL_READ, card.unit_path)
    return Row(
        id=card.pk,
        number=card.number,
        kind=kind,
        subject=card.subject,
        title=card.title,
        room=card.room if sees else "",
        person=card.person_name if sees else masked_name(card.person_name),
        unit=card.unit.name,
        stage=card.stage_name,
        is_final=card.is_final,
        level_name=card.level_name,
        level_rank=card.level_rank,
        level_of=card.level_of,
        people=card.people_count,
        owner=card.next_owner or (card.holder.name if card.holder else ""),
        received_at=card.received_at,
        closed_at=card.closed_at,
        is_masked=not sees,
        duty=due.name if due else "",
        starts_at=due.starts_at if due else None,
        due_at=due.due_at if due else None,
        paused_since=due.paused_since if due else None,
        is_provisional=due.is_provisional if due else False,
        is_outer=is_outer,
        beside_at=beside_at,
        calendar=calendar_of(card.counted_with_id),
        columns={str(code): str(text) for code, text in card.columns.items()},
        excerpt=excerpt,
    )


def _is_id(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False
