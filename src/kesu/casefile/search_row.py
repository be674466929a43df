"""The row that a search reads, kept in line with as few statements as can be. The caller holds the case's lock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import F, TextField, Value
from django.db.models.functions import Concat, Left, Replace

from kesu.core.searching import fold
from kesu.store.inserting import Together
from kesu.store.models import CaseSearch

MOST_SIGNS: Final = 40_000
"""Of a case's internal texts, and again of its notes: the earliest are kept. A row of pairs stays far below the
megabyte that PostgreSQL allows."""

_WRITE: Final = """
WITH given (card_id, unit_path, confidential, internal, personal, restricted, phones) AS (
    VALUES {rows}
), changed AS (
    UPDATE store_casesearch AS held
    SET unit_path = given.unit_path, confidential = given.confidential, internal = given.internal,
        personal = given.personal, restricted = given.restricted, phones = given.phones
    FROM given
    WHERE held.card_id = given.card_id
      AND (held.unit_path, held.confidential, held.internal, held.personal, held.restricted, held.phones)
          IS DISTINCT FROM (given.unit_path, given.confidential, given.internal, given.personal, given.restricted,
                            given.phones)
)
INSERT INTO store_casesearch (card_id, unit_path, confidential, internal, notes, personal, restricted, phones)
SELECT card_id, unit_path, confidential, internal, '', personal, restricted, phones FROM given
WHERE NOT EXISTS (SELECT FROM store_casesearch AS held WHERE held.card_id = given.card_id)
RETURNING card_id
"""
"""One statement, and the pairs of signs are made only when a text has changed."""
_ROW: Final = "(%s::uuid, %s::text, %s::boolean, %s::text, %s::text, %s::text, %s::varchar[])"


_FIRST: Final = """
INSERT INTO store_casesearch (card_id, unit_path, confidential, internal, notes, personal, restricted, phones)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
"""
"""The pairs of signs are made once, of the notes as well."""


@dataclass(frozen=True, slots=True)
class Sought:
    """What a search reads of a case beside its notes: folded texts by data class, and tokens of telephone numbers."""

    unit_path: str
    confidential: bool
    internal: str
    personal: str
    restricted: str
    phones: tuple[str, ...]


def line(text: str) -> str:
    """A text as the row keeps it, on a line of its own; empty for an empty one."""
    folded = fold(text).strip()
    return f"\n{folded}" if folded else ""


def write(wanted: Mapping[UUID, Sought]) -> set[UUID]:
    """The cases whose rows are new, and so still without notes. One statement."""
    values: list[Any] = []
    for case_id, one in wanted.items():
        values += [case_id, one.unit_path, one.confidential, one.internal, one.personal, one.restricted]
        values.append(list(one.phones))
    with connection.cursor() as cursor:
        cursor.execute(_WRITE.format(rows=", ".join([_ROW] * len(wanted))), values)
        return {pk for (pk,) in cursor.fetchall()}


def first(case_id: UUID, sought: Sought, notes: Iterable[str]) -> CaseSearch:
    """The row of a case that has none yet, not yet written."""
    return CaseSearch(
        card_id=case_id,
        unit_path=sought.unit_path,
        confidential=sought.confidential,
        internal=sought.internal,
        notes=joined(notes),
        personal=sought.personal,
        restricted=sought.restricted,
        phones=list(sought.phones),
    )


def write_first(row: CaseSearch, rest: Together) -> None:
    """Not saved as a model: that would read back all pairs of signs."""
    held = (row.unit_path, row.confidential, row.internal, row.notes, row.personal, row.restricted)
    rest.state(_FIRST, [row.card_id, *held, row.phones])


def joined(notes: Iterable[str]) -> str:
    """Notes as the row keeps them: the earliest."""
    return "".join(map(line, notes))[:MOST_SIGNS]


def add_notes(case_id: UUID, texts: Iterable[str]) -> None:
    """One statement; without effect where there is no row yet."""
    more = Value(joined(texts))
    longer = Concat(F("notes"), more, output_field=TextField())
    _row(case_id).update(notes=Left(longer, MOST_SIGNS))


def name_number(case_id: UUID, number: str, before: str) -> None:
    """The case went by `before` until it got its number. One statement."""
    old, new = Value(fold(before)), Value(fold(number))
    _row(case_id).update(internal=Replace(F("internal"), old, new), notes=Replace(F("notes"), old, new))


def _row(case_id: UUID) -> Any:
    return CaseSearch.objects.filter(pk=case_id)
