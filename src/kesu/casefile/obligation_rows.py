"""Brings the rows of what is owed in line, and of who owes it: of one case or of several with the same statements."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from kesu.casefile.people import Person
from kesu.store.fixed import Fixed
from kesu.store.inserting import insert, put
from kesu.store.models import Obligation, ObligationOwner

OBLIGATION_FIELDS: Final = [f.name for f in Obligation._meta.concrete_fields if f.name not in {"id", "case", "key"}]

Pair = tuple[int, UUID]
"""An obligation, and the account of somebody who owes it."""


@dataclass(frozen=True, slots=True)
class Owing:
    """Of one case; `owners` by the key of the obligation."""

    case: UUID
    obligations: Sequence[Obligation]
    owners: Mapping[str, Sequence[Person]]


def write(cases: Sequence[Owing]) -> None:
    """The caller holds the cases. Four statements at most, however many there are."""
    held = _HELD([one.case for one in cases])
    rows = [row for one in cases for row in one.obligations]
    put(rows, unique=("case", "key"), fields=tuple(OBLIGATION_FIELDS))
    ids = {(row.case_id, row.key): row.pk for row in rows}
    gone = {pk for case, key, pk, _, _ in held if (case, key) not in ids}
    if gone:
        Obligation.objects.filter(pk__in=gone).delete()
    _write_owners(
        {(ids[one.case, key], p.account_id) for one in cases for key, persons in one.owners.items() for p in persons},
        {(pk, account): owner for _, _, pk, owner, account in held if owner is not None and pk not in gone},
    )


_HELD: Final = Fixed(
    lambda cases: Obligation.objects.filter(case__pk__any=cases).values_list(
        "case_id", "key", "pk", "owners__pk", "owners__account_id"
    )
)


def owner_rows(pairs: Collection[Pair]) -> list[ObligationOwner]:
    return [ObligationOwner(obligation_id=o, account_id=a) for o, a in sorted(pairs)]


def _write_owners(wanted: set[Pair], held: Mapping[Pair, int]) -> None:
    """Pairs as they should be, and as they are with the keys of their rows."""
    gone = [pk for pair, pk in held.items() if pair not in wanted]
    if gone:
        ObligationOwner.objects.filter(pk__in=gone).delete()
    insert(owner_rows(wanted - set(held)), or_keep=True)
