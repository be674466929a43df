"""What goes on in one case: the cases that were merged into it, with their people, files and notes, for whoever may see
those; and of a merged case, where it goes on."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from kesu.access.cases import cards_for
from kesu.access.permissions import Permission
from kesu.access.sight.contents import FileLine, PersonLine, file_lines, people_lines, stored_files
from kesu.access.sight.reading import CaseRead, RowNames
from kesu.access.sight.texts import Texts
from kesu.casefile import notes
from kesu.casefile.books import kind_of
from kesu.casefile.log import read_bodies_of, read_log
from kesu.casefile.merging import merged_into
from kesu.policy.events import Event
from kesu.policy.model.facts import DataClass
from kesu.policy.standing.corrections import standing_events
from kesu.store.models import Case, CaseCard, Obligation, StoredFile

_MOST: Final = 20
"""Of so many the contents are shown, the last ones; the others by number alone."""
_LAPSED: Final = "lapsed"


@dataclass(frozen=True, slots=True)
class NoteLine:
    """A note or message; `is_words`: to or from the customer."""

    at: datetime
    who: str
    text: str
    is_words: bool


@dataclass(frozen=True, slots=True)
class EarlierLine:
    """A duty that was due earlier there than it is here."""

    name: str
    due_at: datetime
    own_due_at: datetime


@dataclass(frozen=True, slots=True)
class MergedCase:
    id: UUID
    number: str
    title: str
    at: datetime | None = None
    people: tuple[PersonLine, ...] = ()
    files: tuple[FileLine, ...] = ()
    notes: tuple[NoteLine, ...] = ()
    earlier: tuple[EarlierLine, ...] = ()


@dataclass(frozen=True, slots=True)
class GoesOn:
    """`id` None where the reader does not see it: then its number alone is said, of a confidential one not even
    that."""

    id: UUID | None
    number: str


@dataclass(frozen=True, slots=True)
class MergedView:
    """`cases` in the order in which they came; `hidden`: how many more there are outside his sight."""

    cases: tuple[MergedCase, ...] = ()
    hidden: int = 0
    goes_on: GoesOn | None = None


def merged_view(read: CaseRead) -> MergedView:
    """One query where nothing was merged; else six, and one for the log of each."""
    ids = merged_into(read.case.pk)
    cards = list(cards_for(read.actor).filter(pk__in=ids).select_related("case__unit")) if ids else []
    cards.sort(key=lambda card: card.pk)
    there = CaseCard.objects.filter(pk__in=ids, confidential=False).values_list("pk", flat=True) if ids else ()
    hidden = len(set(there) - {card.pk for card in cards})
    bare = (MergedCase(card.pk, card.number, card.title) for card in cards[:-_MOST])
    return MergedView((*bare, *(_cases(read, cards[-_MOST:]) if cards else ())), hidden, _goes_on(read))


def _goes_on(read: CaseRead) -> GoesOn | None:
    into = read.current.merged_into
    if into is None:
        return None
    is_seen = cards_for(read.actor).filter(pk=UUID(into)).exists()
    number = CaseCard.objects.filter(pk=UUID(into), confidential=False).values_list("number", flat=True).first() or ""
    if is_seen:
        return GoesOn(UUID(into), number or Case.objects.values_list("number", flat=True).get(pk=UUID(into)))
    return GoesOn(None, number)


def _cases(read: CaseRead, cards: Sequence[CaseCard]) -> Iterator[MergedCase]:
    cases = {card.pk: card.case for card in cards}
    personal = {pk: read.actor.may_at(Permission.PERSONAL_READ, case.unit.path) for pk, case in cases.items()}
    bodies = read_bodies_of({case: _classes(personal[pk]) for pk, case in cases.items()})
    told, files = notes.read_of(list(cases.values())), _by_case(stored_files(list(cases)))
    owed = _lapsed(list(cases))
    for card in cards:
        case = card.case
        kind = kind_of(case.policy_version_id, case.kind)
        log = read_log(case, kind)
        texts = Texts(bodies.get(card.pk, {}), RowNames({}, {}), {}, personal[card.pk])
        merged = _merging(log, {code for code, step in kind.steps.items() if step.merges})
        yield MergedCase(
            id=card.pk,
            number=card.number,
            title=card.title,
            at=merged.at if merged else None,
            people=tuple(people_lines(kind, log, texts)),
            files=tuple(file_lines(kind, files.get(card.pk, ()), sees_personal=personal[card.pk])),
            notes=tuple(_notes(told.get(card.pk, ()))),
            earlier=tuple(_earlier(read, owed.get(card.pk, ()), merged)),
        )


def _classes(sees_personal: bool) -> tuple[str, ...]:
    restricted = (DataClass.RESTRICTED.value,) if sees_personal else ()
    return (DataClass.PERSONAL.value, *restricted)


def _by_case(rows: Collection[StoredFile]) -> Mapping[UUID, list[StoredFile]]:
    found: dict[UUID, list[StoredFile]] = {}
    for row in rows:
        found.setdefault(row.case_id, []).append(row)
    return found


def _merging(log: Sequence[Event], steps: Collection[str]) -> Event | None:
    return next((event for event in reversed(standing_events(log)) if event.step in steps), None)


def _notes(told: Collection[tuple[Any, str]]) -> Iterator[NoteLine]:
    for note, text in told:
        is_words = note.visibility in {notes.SENT, notes.RECEIVED}
        yield NoteLine(note.at, note.author.name if note.author else "", text, is_words)


def _lapsed(cases: Collection[UUID]) -> Mapping[UUID, list[Obligation]]:
    found: dict[UUID, list[Obligation]] = {}
    for row in Obligation.objects.filter(case__in=cases, state=_LAPSED, due_at__isnull=False).order_by("due_at"):
        found.setdefault(row.case_id, []).append(row)
    return found


def _earlier(read: CaseRead, owed: Collection[Obligation], merged: Event | None) -> Iterator[EarlierLine]:
    """What the merging let lapse there and is still owed here, where it was due earlier there."""
    mine = {one.duty: one.due_at for one in read.current.open_obligations if one.due_at is not None}
    for row in owed:
        ours = mine.get(row.duty)
        is_by_it = merged is not None and row.ended_at is not None and row.ended_at >= merged.at
        if is_by_it and ours is not None and row.due_at is not None and row.due_at < ours:
            yield EarlierLine(row.name, row.due_at, ours)
