"""Counts many measures by many dimensions in one pass over the rows, which the framework's own queries cannot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection
from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from psycopg import sql

from kesu.access.measures import WITHIN
from kesu.store.models import CaseCard, Obligation


@dataclass(frozen=True, slots=True)
class Tally:
    """One group: the dimensions it was grouped by, its values of them, and its counts by measure."""

    by: tuple[str, ...]
    values: tuple[Any, ...]
    counts: Mapping[str, int]


def tally_cases(
    cards: QuerySet[CaseCard], sets: Sequence[tuple[str, ...]], measures: Mapping[str, Q]
) -> Iterator[Tally]:
    """Cards counted by each of the `sets` of columns and annotations; what no measure counts is not looked at."""
    keys = _keys(sets)
    rows = _measured(cards.order_by(), measures).values(*keys, *(f"is_{name}" for name in measures))
    yield from _counted(_part(rows), sets, keys, tuple(measures))


def tally_duties(
    cards: QuerySet[CaseCard],
    duties: QuerySet[Obligation],
    sets: Sequence[tuple[str, ...]],
    measures: Mapping[str, Q],
) -> Iterator[Tally]:
    """The same for obligations of the `cards`; a dimension is one of theirs, else one of their card."""
    keys = _keys(sets)
    own = [key for key in keys if key in _OWN]
    counted = _measured(duties.order_by(), measures).values("case_id", *own, *(f"is_{name}" for name in measures))
    held = cards.order_by().values("case_id", *(key for key in keys if key not in _OWN))
    left, right = _part(held), _part(counted)
    joined = (sql.SQL("{} JOIN {} USING (case_id)").format(left[0], right[0]), (*left[1], *right[1]))
    yield from _counted(joined, sets, keys, tuple(measures))


_OWN = frozenset({"department_id", "owner_role"})
_Part = tuple[sql.Composable, tuple[Any, ...]]


def _keys(sets: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for one in sets for key in one))


def _measured(rows: QuerySet[Any], measures: Mapping[str, Q]) -> QuerySet[Any]:
    """Rows that any measure counts, each measure beside them as a flag. A measure that is part of another one
    (`WITHIN`) finds nothing that the other does not: the database is not asked for it twice."""
    flags = {name: ExpressionWrapper(rule, output_field=BooleanField()) for name, rule in measures.items()}
    counted = Q()
    for name, rule in measures.items():
        if WITHIN.get(name) not in measures:
            counted |= rule
    measured: QuerySet[Any] = rows.filter(counted).annotate(**{f"is_{name}": flag for name, flag in flags.items()})
    return measured


def _part(rows: QuerySet[Any]) -> _Part:
    text, values = rows.query.sql_with_params()
    return sql.SQL("({}) AS {}").format(sql.SQL(text), sql.Identifier(rows.model._meta.model_name)), tuple(values)


_AT_ONCE: Final = 31
"""So many keys the database answers for in one mask."""


def _counted(
    rows: _Part, sets: Sequence[tuple[str, ...]], keys: tuple[str, ...], measures: tuple[str, ...]
) -> Iterator[Tally]:
    def listed(names: Sequence[str]) -> sql.Composable:
        return sql.SQL(", ").join([sql.Identifier(name) for name in names])

    counts = [sql.SQL("count(*) FILTER (WHERE {})").format(sql.Identifier(f"is_{name}")) for name in measures]
    parts = [keys[start : start + _AT_ONCE] for start in range(0, len(keys), _AT_ONCE)]
    query = sql.SQL("SELECT {}, {}, {} FROM {} GROUP BY GROUPING SETS ({})").format(
        sql.SQL(", ").join([sql.SQL("GROUPING({})").format(listed(part)) for part in parts]),
        listed(keys),
        sql.SQL(", ").join(counts),
        rows[0],
        sql.SQL(", ").join([sql.SQL("({})").format(listed(one)) for one in sets]),
    )
    by_mask = {tuple(_mask(one, part) for part in parts): one for one in sets}
    with connection.cursor() as cursor:
        cursor.execute(query, rows[1])
        for row in cursor.fetchall():
            mask, rest = row[: len(parts)], row[len(parts) :]
            found = dict(zip(keys, rest, strict=False))
            by = by_mask[mask]
            yield Tally(by, tuple(found[key] for key in by), dict(zip(measures, rest[len(keys) :], strict=True)))


def _mask(one: tuple[str, ...], keys: tuple[str, ...]) -> int:
    """What GROUPING answers: a bit for each key that the set leaves out, the last key the lowest."""
    return sum(1 << place for place, key in enumerate(reversed(keys)) if key not in one)
