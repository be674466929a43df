"""Proves the load: cases made in memory beside the same cases made by the commands that people use, row by row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import models

from kesu.access.actor import actor_of
from kesu.casefile import notes
from kesu.casefile.log import read_bodies
from kesu.commands.cases.register_case import register_case
from kesu.commands.cases.submit_case import submit_case
from kesu.commands.cases.take_step import take_step
from kesu.commands.clock.wake_one import next_wake_at, wake_one
from kesu.config.bench.acting import Cast, Given, run
from kesu.config.bench.copying import sought_row
from kesu.config.bench.courses import Course
from kesu.config.bench.loading import form_of, tell
from kesu.config.bench.stamping import Rows, stamp, words
from kesu.policy.model.facts import DataClass
from kesu.store.models import (
    Account,
    Case,
    CaseParty,
    CaseSearch,
    MeasuredCase,
    Obligation,
    ObligationOwner,
    OutboxMessage,
    Recipient,
    Unit,
)

_OWN: Final = frozenset(
    {"id", "case", "event", "head", "hash", "previous", "key_id", "data_key", "follow_digest", "sealed"}
)
"""Identity, keys and what follows from them: these differ between two cases that are otherwise alike."""
_BY_SENDING: Final = frozenset(
    {"state", "sent_at", "attempts", "try_at", "error", "key", "channel", "address", "masked", "called", "note"}
)
"""What a worker writes on a message, and the note whose words it carries: that has an identity of its own."""
_LATER: Final = (Recipient.REPRESENTATIVE, Recipient.ROBOT)
"""Recipients whose messages are made when the one that they go with leaves."""
_CLASSES: Final = [data_class.value for data_class in DataClass]


@dataclass(frozen=True, slots=True)
class Difference:
    """Where two cases are not alike: the case by its place in the sample, what, and both values."""

    nth: int
    what: str
    by_commands: object
    in_memory: object


class ByCommands:
    """Hands that act as people do."""

    def __init__(self, nth: int) -> None:
        self._token = f"bench-sample-{nth}"
        self.case_id: UUID | None = None

    def open(self, course: Course, given: Given, at: datetime, login: str | None) -> None:
        unit = Unit.objects.get(code=course.place)
        if login is None:
            made = submit_case(at=at, unit_id=unit.pk, kind=course.kind, given=given, uploads=(), token=self._token)
            self.case_id = made.case_id
            return
        self.case_id = register_case(
            actor=actor_of(Account.objects.get(login=login), at.date()),
            at=at,
            happened_at=at,
            unit_id=unit.pk,
            kind=course.kind,
            given=given,
            uploads=(),
            token=self._token,
        )

    def take(self, step: str, login: str, given: Given, at: datetime) -> None:
        assert self.case_id is not None
        take_step(
            actor=actor_of(Account.objects.get(login=login), at.date()),
            at=at,
            case_id=self.case_id,
            step=step,
            seen_version=Case.objects.values_list("version", flat=True).get(pk=self.case_id),
            given=given,
        )

    def wait(self, until: datetime) -> None:
        while (due := next_wake_at()) is not None and due <= until:
            wake_one(at=due)


def compare(sample: Sequence[Course], cast: Cast, at: datetime) -> Iterator[tuple[int, list[Difference]]]:
    """Makes each case of the sample both ways in this database; yields its place and what differs."""
    for nth, course in enumerate(sample):
        hands = ByCommands(nth)
        run(course, words(nth), cast, hands, at)
        assert hands.case_id is not None
        case = Case.objects.select_related("card", "unit").get(pk=hands.case_id)
        told = tell(course, nth, cast, at)
        rows = stamp(told, form_of(told, course, nth), case.number)
        theirs, ours = _stored(case), _made(rows)
        yield (
            nth,
            [
                Difference(nth, what, theirs.get(what), ours.get(what))
                for what in sorted({*theirs, *ours})
                if theirs.get(what) != ours.get(what)
            ],
        )


def _stored(case: Case) -> dict[str, object]:
    obligations = Obligation.objects.filter(case=case)
    owners = ObligationOwner.objects.filter(obligation__case=case)
    parties = CaseParty.objects.filter(case=case)
    return _described(
        case,
        case.events.order_by("seq"),
        case.card,
        obligations,
        {(key, account) for key, account in owners.values_list("obligation__key", "account_id")},
        set(parties.values_list("account_id", "part")),
        OutboxMessage.objects.filter(case=case, instead_of=None).exclude(recipient__in=_LATER),
        {(note.at, note.visibility, text) for note, text in notes.read(case)},
        MeasuredCase.objects.filter(case=case),
    ) | _searched(CaseSearch.objects.get(pk=case.pk))


def _made(rows: Rows) -> dict[str, object]:
    assert rows.projected is not None
    owners = {(key, person.account_id) for key, persons in rows.projected.owners.items() for person in persons}
    told = {(note.at, note.visibility, notes.numbered(note, text, rows.case)) for note, text in rows.told}
    projected = rows.projected
    return _described(
        rows.case,
        rows.events,
        projected.card,
        projected.obligations,
        owners,
        set(projected.parties),
        rows.messages,
        told,
        rows.measured,
    ) | _searched(sought_row(rows, projected))


def _searched(row: CaseSearch) -> dict[str, object]:
    columns = ("unit_path", "internal", "notes", "personal", "restricted")
    return {f"search.{column}": getattr(row, column) for column in columns} | {"search.phones": sorted(row.phones)}


def _described(
    case: Case,
    events: Iterable[models.Model],
    card: models.Model,
    obligations: Iterable[models.Model],
    owners: set[tuple[str, UUID]],
    parties: set[tuple[UUID, str]],
    messages: Iterable[OutboxMessage],
    told: set[tuple[datetime, str, str]],
    measured: Iterable[MeasuredCase],
) -> dict[str, object]:
    """Everything about a case that must be alike, by name."""
    found: dict[str, object] = dict(_fields("case", case, _OWN))
    found |= _fields("card", card, _OWN)
    for seq, event in enumerate(events, 1):
        found |= _fields(f"event {seq}", event, _OWN)
    for obligation in obligations:
        found |= _fields(f"obligation {obligation.key}", obligation, _OWN)  # type: ignore[attr-defined]
    for message in messages:
        key = message.key.partition("/")[2]
        found |= _fields(f"message {key}", message, _OWN | _BY_SENDING)
    found["measured"] = {(row.pack, row.kind, row.measure, row.at, row.value) for row in measured}
    found |= {"owners": owners, "parties": parties, "notes": told, "texts": read_bodies(case, _CLASSES)}
    return found


def _fields(what: str, row: models.Model, without: frozenset[str]) -> Mapping[str, object]:
    return {
        f"{what}.{field.name}": _plain(getattr(row, field.attname))
        for field in row._meta.concrete_fields
        if field.name not in without
    }


def _plain(value: object) -> object:
    return UUID(value) if isinstance(value, str) and len(value) == 32 and value.isalnum() and _is_hex(value) else value


def _is_hex(text: str) -> bool:
    return set(text) <= set("0123456789abcdef")
