"""What is like a case, among those that somebody may see: cases of the same matter, and values that others were given.

Nobody learns anything from a case that is not in his sight. Of the others not more follows than which words are too
frequent to be looked up (`to_seek`). Only texts of class internal are compared.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Final
from uuid import UUID

from django.db.models import Case, Exists, F, FloatField, Func, OuterRef, Q, QuerySet, Value, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Left
from django.utils.timezone import localdate

from kesu.access.actor import Actor
from kesu.access.cases import NOT_TAKEN_BACK
from kesu.access.permissions import Permission
from kesu.access.scope import InSight, Scope
from kesu.casefile.estate import bare_parts
from kesu.casefile.matters.setting_aside import apart_from
from kesu.core.likeness import COMPARED, Likeness, likeness, shared_words, to_seek, told_grams
from kesu.core.searching import any_gram
from kesu.policy.model.facts import Fact
from kesu.store.fixed import Fixed, Slot
from kesu.store.frequencies import Known, frequencies_of
from kesu.store.models import CaseCard, CaseEvent, CaseSearch, MatterMember, Unit

PUT_FORWARD: Final = 3
_ASKED: Final = 400
_WEIGHED: Final = 60
_NEAREST: Final = 15
_LEAST: Final = 0.02
"""So many cases are met by the rarest words, so many of them are compared, so many of these have a say, if they are at
least so alike. Tried out on 443 messages of seven kinds, each against all others: the right kind is among three in nine
of ten (ADR 0078)."""
_NEWEST: Final = 100
_ALIKE: Final = 0.12
_ALIKE_NEARBY: Final = 0.05
_HEAD: Final = 300
_NONE: Final = UUID(int=0)
_NOWHERE: Final = "-"
_ROOM: Final = 3
"""A number of a room has at least so many signs."""


@dataclass(frozen=True, slots=True)
class Described:
    """A case, or what was typed of one so far. `text`: its internal words; `room` and `person`: as far as the actor
    may read them."""

    text: str
    unit: Unit
    kind: str
    pack: str
    received_at: datetime
    case_id: UUID | None = None
    matter_id: UUID | None = None
    room: str = ""
    person: str = ""


@dataclass(frozen=True, slots=True)
class LikelyValue:
    """A value that cases in like words have: how many of the nearest, the most alike of them, and which words it shares
    with this one."""

    value: str
    label: str  # the value in the language of the page
    count: int
    case_id: UUID
    number: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AlikeCase:
    """A case that may be about the same thing, and why. `place`: ``room``, ``building`` or empty (the same unit);
    `days`: so many midnights of the house lie between the two; `matter`: what the matter that it is of is called."""

    id: UUID
    number: str
    title: str
    stage: str
    received_at: datetime
    place: str
    is_same_person: bool
    days: int
    words: tuple[str, ...]
    matter: str = ""


class Comparison:
    """The words of one case, and how others compare with them."""

    def __init__(self, text: str) -> None:
        self.text: Final = text
        self.grams: Final = told_grams(text)

    @cached_property
    def known(self) -> Known:
        """One query."""
        return frequencies_of(self.grams)

    @property
    def sought(self) -> tuple[str, ...]:
        return to_seek(self.grams, self.known.frequencies, _ASKED / self.known.rows)

    def with_text(self, folded: str) -> Likeness:
        return likeness(self.grams, told_grams(folded, is_folded=True), self.known.frequencies)

    def words(self, found: Likeness) -> tuple[str, ...]:
        return shared_words(self.text, found.grams, self.known.frequencies)


def likely_values(actor: Actor, about: Described, facts: Iterable[Fact]) -> Mapping[str, tuple[LikelyValue, ...]]:
    """By fact the values that the nearest cases of the same policy have, at most three. Two queries, and one for each
    fact."""
    wanted = tuple(facts)
    comparison = Comparison(about.text)
    if not wanted or not comparison.grams:
        return {}
    sought = comparison.sought
    rows = _BY_WORDS(actor, about.kind, about.pack, about.case_id or _NONE, any_gram(sought)) if sought else []
    numbers = {pk: number for pk, number, *_ in rows}
    alike = {pk: comparison.with_text(_told(head, columns)) for pk, _number, columns, head, _rank in rows}
    return {fact.code: _voted(fact, alike, numbers, comparison) for fact in wanted}


def _voted(
    fact: Fact, alike: Mapping[UUID, Likeness], numbers: Mapping[UUID, str], comparison: Comparison
) -> tuple[LikelyValue, ...]:
    stated = _stated(alike, fact)
    nearest = sorted(stated, key=lambda pk: (-alike[pk].score, pk))[:_NEAREST]
    votes: dict[str, list[UUID]] = defaultdict(list)
    for pk in nearest:
        if alike[pk].score >= _LEAST:
            votes[stated[pk]].append(pk)
    best = sorted(votes, key=lambda value: (-sum(alike[pk].score for pk in votes[value]), value))
    return tuple(
        LikelyValue(value, value, len(votes[value]), first, numbers[first], comparison.words(alike[first]))
        for value in best[:PUT_FORWARD]
        for first in votes[value][:1]
    )


def _stated(ids: Iterable[UUID], fact: Fact) -> dict[UUID, str]:
    """What the logs of these cases state last and have not taken back, among the values that the fact has today."""
    rows = (
        CaseEvent.objects.filter(NOT_TAKEN_BACK, case__pk__any=list(ids), facts__has_key=fact.code)
        .order_by("case_id", "seq")
        .values_list("case_id", KeyTextTransform(fact.code, "facts"))
    )
    return {pk: value for pk, value in rows if value in fact.values}


def alike_cases(actor: Actor, about: Described, alike_days: int) -> tuple[AlikeCase, ...]:
    """Cases of the same place and kind that came in at most so many days apart: of the same room or person, or in like
    words; not those that are of its matter already, or were set aside for it. The likeliest three. Two queries."""
    window = timedelta(days=alike_days)
    may_know_who = actor.may_at(Permission.PERSONAL_READ, about.unit.path)
    rows = _NEARBY(
        actor,
        about.unit.pk,
        about.kind,
        about.received_at - window,
        about.received_at + window,
        about.case_id or _NONE,
        about.matter_id or _NONE,
        about.room if may_know_who and about.room else _NOWHERE,
    )
    if not rows:
        return ()
    comparison = Comparison(about.text)
    weighed = (_weighed(about, comparison, row, may_know_who) for row in rows)
    likely = sorted((one for one in weighed if one.score > 0), key=lambda one: (-one.score, one.row[0]))
    return tuple(one.told(comparison) for one in likely[:PUT_FORWARD])


@dataclass(frozen=True, slots=True)
class _Weighed:
    """A row and what speaks for it; a score of nothing where the two have too little in common."""

    row: Sequence[Any]
    place: str
    is_same_person: bool
    found: Likeness
    days: int
    score: float

    def told(self, comparison: Comparison) -> AlikeCase:
        words = comparison.words(self.found)
        (pk, number, title, stage, received_at), matter = self.row[:5], self.row[9] or ""
        place, same = self.place, self.is_same_person
        return AlikeCase(pk, number, title, stage, received_at, place, same, self.days, words, matter)


def _weighed(about: Described, comparison: Comparison, row: Sequence[Any], may_know_who: bool) -> _Weighed:
    received_at, room, person, columns, head, _matter = row[4:]
    place = same_place(about.room, room) if may_know_who else ""
    is_same_person = may_know_who and bool(about.person) and about.person == person
    found = comparison.with_text(_told(head or "", columns))
    days = abs((localdate(received_at) - localdate(about.received_at)).days)
    least = 0.0 if place == "room" or is_same_person else _ALIKE_NEARBY if place == "building" else _ALIKE
    score = 4 * found.score + {"room": 1.5, "building": 0.5}.get(place, 0) + is_same_person - days / 1000
    return _Weighed(row, place, is_same_person, found, days, score if found.score >= least else 0)


def same_place(one: str, other: str) -> str:
    """``room``, ``building`` or empty. Buildings and rooms tell addresses apart; the entrance between them may be left
    out. A short part that stands alone is a building."""
    mine, theirs = bare_parts(one), bare_parts(other)
    if not mine or not theirs:
        return ""
    are_rooms = all(len(parts) > 1 or len(parts[0]) >= _ROOM for parts in (mine, theirs))
    if are_rooms and (mine[0], mine[-1]) == (theirs[0], theirs[-1]):
        return "room"
    is_building = any(len(parts) > 1 or len(parts[0]) < _ROOM for parts in (mine, theirs))
    return "building" if is_building and mine[0] == theirs[0] else ""


def _told(head: str, columns: Mapping[str, Any]) -> str:
    """What people wrote, of the row that a search reads: behind number, title, unit and columns."""
    lines = [line for line in head.split("\n") if line]
    shown = sum(1 for value in columns.values() if str(value).strip())
    return "\n".join((*lines[1:2], *lines[3 + shown :]))[:COMPARED]


def told_of(case_id: UUID) -> str:
    """What people wrote of this case. One query; the caller has made sure that it is in sight."""
    row = CaseSearch.objects.filter(pk=case_id).values_list(Left("internal", COMPARED + _HEAD), "card__columns").first()
    return _told(*row) if row else ""


def _by_words(scope: Scope, kind: Slot, pack: Slot, but: Slot, sought: Slot) -> QuerySet[Any, Any]:
    hits = CaseSearch.objects.filter(
        scope.of_cases(), ~Q(pk=but), card__kind=kind, card__pack=pack, internal_grams__holds=sought
    )
    shared = Func(F("internal_grams"), sought, template="ts_rank(%(expressions)s::tsquery)", output_field=FloatField())
    return (
        CaseSearch.objects.filter(pk__in=hits.values("pk")[:_ASKED])
        .annotate(shared=shared)
        .order_by("-shared", "pk")
        .values_list("pk", "card__number", "card__columns", Left("internal", COMPARED + _HEAD), "shared")[:_WEIGHED]
    )


def _nearby(
    scope: Scope, unit: Slot, kind: Slot, since: Slot, until: Slot, but: Slot, matter: Slot, room: Slot
) -> QuerySet[Any, Any]:
    of_the_matter = MatterMember.objects.filter(case_id=OuterRef("pk"), matter_id=matter)
    cards = CaseCard.objects.filter(
        scope.of_cases(),
        ~Q(pk=but),
        ~Q(Exists(of_the_matter)),
        apart_from(but),
        unit_id=unit,
        kind=kind,
        received_at__gte=since,
        received_at__lte=until,
    )
    elsewhere = Case(When(room=room, then=Value(0)), default=Value(1))
    return cards.order_by(elsewhere, "-received_at").values_list(
        "pk", "number", "title", "stage_name", "received_at", "room", "person_name", "columns",
        Left("search__internal", COMPARED + _HEAD), "case__membership__matter__title",
    )[:_NEWEST]  # fmt: skip


_BY_WORDS: Final[InSight[tuple[Any, ...]]] = InSight(Fixed, _by_words)
_NEARBY: Final[InSight[tuple[Any, ...]]] = InSight(Fixed, _nearby)
