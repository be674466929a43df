"""Compares the rows that lists read with what the log says of them now.

Two things may differ without a fault. A case that waits to be woken shows the moment before; the worker brings it up to
date. And posts change hands by the day, and people leave: rows that are right for the holders of the day on which they
were written are right until the case is woken again, and for a closed case that is for good.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from django.db import models, transaction
from django.db.models import Q

from kesu.casefile import coded, ledgers, measures, publications, registers, submissions
from kesu.casefile.casefile import CaseFile
from kesu.casefile.mentions import Mention
from kesu.casefile.obligation_rows import OBLIGATION_FIELDS
from kesu.casefile.projection import CARD_FIELDS, Projected
from kesu.casefile.proof.sampling import held_case
from kesu.store.models import (
    Case,
    CaseCard,
    CaseMention,
    CaseParty,
    CodedSample,
    HouseChange,
    Obligation,
    ObligationOwner,
    Publication,
    RegisterEntry,
)

_ALWAYS_NEW: Final = {"changed_at"}
_PERSONAL: Final = frozenset(
    {"title", "person_name", "room", "columns", "next_owner", "owner_name", "facts", "shown", "code"}
)
"""Columns of which a report gives no value: whoever reads it need not know the case."""

_OF_PERSONS: Final = frozenset({"holder", "next_owner", "owner_name", "department"})
_BY_THE_DAY: Final = ("post.given", "post.ended", "absence.begun", "absence.ended", "account.handed_over")


class Outcome(StrEnum):
    SAME = "same"
    DIFFERENT = "different"
    DUE = "due"  # waits to be woken: not compared
    MOVED = "moved"  # right for the holders of posts when it was written


@dataclass(frozen=True, slots=True)
class Difference:
    """`row`: "" for the card, the key of an obligation, the part of a party, or the fact that names a case. `column` is
    "" where the whole row is missing (`stored` empty) or too many (`rebuilt` empty)."""

    table: str
    row: str
    column: str
    stored: str
    rebuilt: str


@dataclass(frozen=True, slots=True)
class Comparison:
    case_id: UUID
    number: str
    outcome: Outcome
    differences: tuple[Difference, ...] = ()


def compare_case(case_id: UUID, now: datetime) -> Comparison | None:
    """None while somebody else has the case in hand, or where there is none. Writes nothing. Holds the case for a
    moment only: the lock falls with the savepoint, and nobody waits for a long sample. Raises whatever a log raises
    that today's code cannot read."""
    with transaction.atomic():
        head = held_case(case_id)
        found = _compare(head, now) if head is not None else None
        transaction.set_rollback(True)
    return found


def _compare(head: Case, now: datetime) -> Comparison:
    file = CaseFile.open(head)
    card = CaseCard.objects.filter(pk=head.pk).first()
    if card is not None and card.wake_at is not None and card.wake_at <= now:
        return Comparison(head.pk, head.number, Outcome.DUE)
    wrong = (
        *_of_ledgers(file, now),
        *_of_measures(file, now),
        *_of_publications(file, now),
        *_of_submissions(file, now),
    )
    stored = _Stored.of(head, card)
    found = (*_misplaced(file, now), *stored.against(file.rebuilt(now)), *wrong)
    if not found:
        return Comparison(head.pk, head.number, Outcome.SAME)
    if card is not None and not wrong:
        woken = file.standing(card.changed_at).wake_at
        if woken is not None and woken <= now < (card.wake_at or now):
            return Comparison(head.pk, head.number, Outcome.DUE)  # put off after a failure, which is told elsewhere
        then = [file.rebuilt(now, holders_at=card.changed_at, also_left=left) for left in (False, True)]
        if not all(any(stored.against(rows)) for rows in then) or _changed_hands(found, card.changed_at):
            return Comparison(head.pk, head.number, Outcome.MOVED, found)
    return Comparison(head.pk, head.number, Outcome.DIFFERENT, found)


def _of_ledgers(file: CaseFile, now: datetime) -> Iterator[Difference]:
    assert isinstance(file.head, Case)
    for right, held in ledgers.unlike(file.head, file.kind, file.standing(now)):
        row = f"{right.account.ledger} {right.seq}"
        yield Difference("ledger", row, "amount", str(held), str(right.amount))


def _of_measures(file: CaseFile, now: datetime) -> Iterator[Difference]:
    assert isinstance(file.head, Case)
    for code, held, right in measures.unlike(file.head, file.kind, file.standing(now)):
        yield Difference("measure", code, "value", held, right)


def _of_submissions(file: CaseFile, now: datetime) -> Iterator[Difference]:
    assert isinstance(file.head, Case)
    for row, held, right in submissions.unlike(file.head, file.standing(now)):
        yield Difference("submission", row, "row", held, right)


def _of_publications(file: CaseFile, now: datetime) -> Iterator[Difference]:
    assert isinstance(file.head, Case)
    if not file.kind.publishes:
        return
    held = {row.rule: row for row in Publication.objects.filter(case=file.head)}
    made = {row.rule: row for row in publications.rows_of(file.head, file.kind, file.log, file.standing(now))}
    for rule in sorted(held.keys() | made.keys()):
        stored, right = held.get(rule), made.get(rule)
        if stored is None or right is None:
            yield Difference("publication", rule, "", "row" if stored else "", "row" if right else "")
        else:
            yield from _columns("publication", rule, stored, right, publications.FIELDS)


def _misplaced(file: CaseFile, now: datetime) -> Iterator[Difference]:
    """A case lies in the unit to which its log moved it last."""
    unit, moved_to = file.head.unit_id.hex, file.standing(now).moved_to
    if moved_to is not None and moved_to != unit:
        yield Difference("case", "", "unit", unit, moved_to)


def _changed_hands(found: Sequence[Difference], since: datetime) -> bool:
    """Whether only persons differ, and posts changed hands later on that day, or slots were given to other roles since:
    neither is told by the days of posts."""
    if any(one.table not in {"owner", "party", "coded"} and one.column not in _OF_PERSONS for one in found):
        return False
    same_day = Q(act__in=_BY_THE_DAY, at__range=(since, since + timedelta(days=1)))
    return HouseChange.objects.filter(same_day | Q(act="slot.mapped", at__gte=since)).exists()


@dataclass(frozen=True, slots=True)
class _Stored:
    card: CaseCard | None
    obligations: dict[str, Obligation]
    owners: set[tuple[str, UUID]]
    parties: set[tuple[UUID, str]]
    mentions: set[Mention]
    coded: dict[UUID, CodedSample]
    papers: dict[tuple[str, int], RegisterEntry]

    @classmethod
    def of(cls, head: Case, card: CaseCard | None) -> _Stored:
        owners = ObligationOwner.objects.filter(obligation__case=head)
        return cls(
            card,
            {row.key: row for row in Obligation.objects.filter(case=head)},
            set(owners.values_list("obligation__key", "account_id")),
            set(CaseParty.objects.filter(case=head).values_list("account_id", "part")),
            set(CaseMention.objects.filter(case=head).values_list("named_id", "fact")),
            {row.account_id: row for row in CodedSample.objects.filter(case=head)},
            {(row.register, row.place): row for row in RegisterEntry.objects.filter(case=head)},
        )

    def against(self, rebuilt: Projected) -> Iterator[Difference]:
        if self.card is None:
            yield Difference("card", "", "", "", "row")
        else:
            yield from _columns("card", "", self.card, rebuilt.card, CARD_FIELDS)
        wanted = {row.key: row for row in rebuilt.obligations}
        for key in sorted(self.obligations.keys() | wanted.keys()):
            held, made = self.obligations.get(key), wanted.get(key)
            if held is None or made is None:
                yield Difference("obligation", key, "", "row" if held else "", "row" if made else "")
            else:
                yield from _columns("obligation", key, held, made, OBLIGATION_FIELDS)
        yield from self._persons(rebuilt)
        yield from self._beside(rebuilt)
        for mention in sorted(rebuilt.mentions ^ self.mentions, key=str):
            named, fact = mention[0].hex, mention[1]
            is_held = mention in self.mentions
            yield Difference("mention", fact, "", named if is_held else "", "" if is_held else named)

    def _persons(self, rebuilt: Projected) -> Iterator[Difference]:
        owners = {(key, person.account_id) for key, persons in rebuilt.owners.items() for person in persons}
        for key, account in sorted(self.owners ^ owners):
            is_held = (key, account) in self.owners
            yield Difference("owner", key, "", account.hex if is_held else "", "" if is_held else account.hex)
        # Parts only grow, and with the holders of their day: what is more than today's is no fault.
        for account, part in sorted(rebuilt.parties - self.parties):
            yield Difference("party", part, "", "", account.hex)
        # In a confidential case they are all to whom it is open.
        for account, part in sorted(self.parties - rebuilt.parties) if rebuilt.card.confidential else ():
            yield Difference("party", part, "", account.hex, "")

    def _beside(self, rebuilt: Projected) -> Iterator[Difference]:
        """Rows of those who work blind, and of registers."""
        blind = {row.account_id: row for row in rebuilt.coded}
        for account in sorted(self.coded.keys() | blind.keys()):
            yield from _row("coded", account.hex, self.coded.get(account), blind.get(account), coded.FIELDS)
        papers = {(row.register, row.place): row for row in rebuilt.papers}
        for key in sorted(self.papers.keys() | papers.keys()):
            name = f"{key[0]} {key[1]}"
            yield from _row("register", name, self.papers.get(key), papers.get(key), registers.FIELDS)


def _row(
    table: str, name: str, held: models.Model | None, made: models.Model | None, fields: Sequence[str]
) -> Iterator[Difference]:
    if held is None or made is None:
        yield Difference(table, name, "", "row" if held else "", "row" if made else "")
    else:
        yield from _columns(table, name, held, made, fields)


def _columns(
    table: str, row: str, held: models.Model, made: models.Model, fields: Sequence[str]
) -> Iterator[Difference]:
    for name in fields:
        before, after = _value(held, name), _value(made, name)
        if name in _ALWAYS_NEW or before == after:
            continue
        is_shown = name not in _PERSONAL
        yield Difference(table, row, name, str(before) if is_shown else "", str(after) if is_shown else "")


def _value(row: models.Model, name: str) -> Any:
    field = row._meta.get_field(name)
    value = getattr(row, str(getattr(field, "attname", name)))
    if isinstance(field, models.JSONField):
        return json.loads(json.dumps(value))
    if isinstance(field, models.ForeignKey) and isinstance(field.target_field, models.UUIDField) and value is not None:
        return UUID(str(value))
    return value
