"""What cases have published: the only way to it for whoever may not see the case, and what is read of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from kesu.access.actor import Actor
from kesu.access.cases import cards_for
from kesu.access.sight.lines import ClauseLine, clause_lines
from kesu.access.sight.reading import is_id
from kesu.access.sight.texts import TextLine
from kesu.casefile.books import pack_of
from kesu.core.errors import NotFound
from kesu.policy.model.facts import FactType
from kesu.policy.model.pack import Kind
from kesu.policy.model.publications import Audience
from kesu.policy.model.publications import Publication as Rule
from kesu.policy.standing.publications import Shown
from kesu.policy.values import from_document
from kesu.store.models import Adoption, Publication

SIZE: Final = 20
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LONGEST_MARK: Final = 60
_MICROSECOND: Final = timedelta(microseconds=1)
_SERVED: Final = ("unit_id", "kind", "subject")
"""For each of these one adoption is in force: the newest."""


@dataclass(frozen=True, slots=True)
class PublicationLine:
    """One of a list. `name`: what the policy calls it; `title`: what it is about, empty where the policy has none."""

    id: UUID
    policy_hash: str
    name: str
    title: str
    publisher: str
    posted_at: datetime
    corrected_at: datetime | None


@dataclass(frozen=True, slots=True)
class PublicationLeaf:
    """The newest first. `older`: where the next leaf begins, empty where there is none."""

    rows: tuple[PublicationLine, ...]
    older: str


@dataclass(frozen=True, slots=True)
class PublicationPage:
    """`state`: what is no longer shown has neither title nor lines, only since when. `until`: the first instant at
    which it is not shown any more."""

    id: UUID
    state: Shown
    policy_hash: str
    policy_title: str
    name: str
    title: str
    publisher: str
    lines: tuple[TextLine, ...]
    posted_at: datetime
    corrected_at: datetime | None
    until: datetime | None
    taken_back_at: datetime | None
    clauses: tuple[ClauseLine, ...]


@dataclass(frozen=True, slots=True)
class Publisher:
    """An organisation whose policies publish something."""

    id: UUID
    name: str


def to_the_public() -> QuerySet[Publication]:
    """What everybody may read."""
    return Publication.objects.filter(audience=Audience.PUBLIC)


def to_residents(place: str) -> QuerySet[Publication]:
    """What customers of a place may read: of the place itself and of the units above it. `place`: its path."""
    above = [UUID(part) for part in place.split("/") if part]
    return Publication.objects.filter(unit__in=above, audience__in=[Audience.PUBLIC, Audience.RESIDENTS])


def to_staff(actor: Actor) -> QuerySet[Publication]:
    """What somebody of the house may read: of every organisation that he works in, that is above him, or that a post of
    his reaches over."""
    paths = [post.scope_path for post in actor.posts]
    names = {UUID(part) for path in paths for part in path.split("/") if part}
    below = Q(pk__in=[])
    for path in paths:
        below |= Q(unit__path__startswith=path)
    names.update(Adoption.objects.filter(below).values_list("unit_id", flat=True))
    return Publication.objects.filter(publisher__in=names)


def readable_by(actor: Actor) -> QuerySet[Publication]:
    """The same, and what cases show that he may see wherever he works: to read one of them, not to list them."""
    # Asked about row by row, as in `Scope.of_cases`: only the one notice that is read is held against his sight.
    in_sight = Exists(cards_for(actor).filter(pk__gte=OuterRef("case_id"), pk__lte=OuterRef("case_id")))
    return to_staff(actor) | Publication.objects.filter(in_sight)


def publishers(at: datetime) -> tuple[Publisher, ...]:
    """Those whose policies in force at `at` publish something for everybody, by name. One query: the newest adoption of
    each unit, kind and subject."""
    newest = Adoption.objects.filter(effective_from__lte=at).order_by(*_SERVED, "-effective_from", "-id")
    rows = newest.distinct(*_SERVED).values_list("unit_id", "unit__name", "kind", "policy_version_id")
    found = {
        Publisher(unit, name)
        for unit, name, kind, policy in rows
        if publishes_for(pack_of(policy).kinds.get(kind), {Audience.PUBLIC})
    }
    return tuple(sorted(found, key=lambda one: (one.name, one.id)))


def published_once(publisher: str) -> Publisher | None:
    """Whoever has published something for everybody, by his identifier, also where his policy publishes no more: his
    list and his feed stay his."""
    if not is_id(publisher):
        return None
    row = to_the_public().filter(publisher_id=UUID(publisher)).select_related("publisher").first()
    return Publisher(row.publisher_id, row.publisher.name) if row is not None else None


def publishes_for(kind: Kind | None, audiences: Collection[Audience]) -> bool:
    """Whether cases of the kind may publish something for one of these."""
    return kind is not None and any(rule.seen_by in audiences for rule in kind.publishes.values())


def are_there(rows: QuerySet[Publication], at: datetime) -> bool:
    """Whether any of them is shown. One query that stops at the first."""
    return _shown(rows, at).exists()


def leaf_of(rows: QuerySet[Publication], at: datetime, before: str) -> PublicationLeaf:
    """What is shown at an aware `at`, from the mark `before` on (unreadable ones count as none). One query, which reads
    no more rows than it answers: nothing is counted."""
    mark = _read_mark(before)
    found = _shown(rows, at)
    if mark is not None:
        found = found.filter(Q(shown_at__lt=mark[0]) | Q(shown_at=mark[0], id__lt=mark[1]))
    some = list(found.select_related("publisher").order_by("-shown_at", "-id")[: SIZE + 1])
    older = _mark(some[SIZE - 1]) if len(some) > SIZE else ""
    return PublicationLeaf(tuple(map(_line, some[:SIZE])), older)


def page_of(rows: QuerySet[Publication], at: datetime, publication_id: UUID) -> PublicationPage:
    """One of them, also when it is no longer shown. Raises `NotFound`. One query."""
    row = rows.select_related("publisher").filter(pk=publication_id).first()
    if row is None:
        raise NotFound
    pack = pack_of(row.policy_version_id)
    kind = pack.kinds[row.kind]
    rule, state = kind.publishes[row.rule], _state(row, at)
    is_up = state is Shown.UP
    return PublicationPage(
        id=row.pk,
        state=state,
        policy_hash=pack.hash,
        policy_title=pack.title,
        name=rule.name,
        title=row.title if is_up else "",
        publisher=row.publisher.name,
        lines=tuple(_lines(kind, rule, row.facts)) if is_up else (),
        posted_at=row.posted_at,
        corrected_at=_corrected_at(row),
        until=row.until,
        taken_back_at=row.taken_back_at,
        clauses=clause_lines(pack, rule.clauses),
    )


def _shown(rows: QuerySet[Publication], at: datetime) -> QuerySet[Publication]:
    """The worker writes down that the time of a row is over; until it has, the row says when that is."""
    return rows.filter(Q(until__isnull=True) | Q(until__gt=at), is_up=True)


def _state(row: Publication, at: datetime) -> Shown:
    if row.taken_back_at is not None:
        return Shown.TAKEN_BACK
    return Shown.OVER if row.until is not None and row.until <= at else Shown.UP


def _line(row: Publication) -> PublicationLine:
    policy = row.policy_version_id
    rule = pack_of(policy).kinds[row.kind].publishes[row.rule]
    return PublicationLine(row.pk, policy, rule.name, row.title, row.publisher.name, row.posted_at, _corrected_at(row))


def _corrected_at(row: Publication) -> datetime | None:
    return row.shown_at if row.versions > 1 else None


def _lines(kind: Kind, rule: Rule, facts: Mapping[str, Any]) -> Iterator[TextLine]:
    for fact in (kind.facts[code] for code in rule.says if code in facts):
        stored = facts[fact.code]
        if fact.type is FactType.TEXT:
            yield TextLine(fact.name, str(stored))
        else:
            yield TextLine(fact.name, value=from_document(fact, stored))


def _mark(row: Publication) -> str:
    """Where a row stands in the order of lists, as addresses have it."""
    return f"{(row.shown_at - _EPOCH) // _MICROSECOND}.{row.pk.hex}"


def _read_mark(text: str) -> tuple[datetime, UUID] | None:
    instant, _dot, key = text.partition(".")
    if len(text) > _LONGEST_MARK or not (instant.isascii() and instant.isdigit()):
        return None
    try:
        return _EPOCH + int(instant) * _MICROSECOND, UUID(key)
    except (ValueError, OverflowError):
        return None
