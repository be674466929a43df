"""Rows that are sought by words of which some are rare and some frequent: no one plan is good for both.

So the planner sees the words each time. Of most it knows how many rows hold them, but not that these lie together; of
beginnings of words it knows next to nothing. There, whoever asks says which way to go.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model, QuerySet


def seen(rows: QuerySet[Any, Any]) -> list[tuple[Any, ...]]:
    """`rows`, which choose columns, planned for their values and not as any statement of this form."""
    try:
        return _fetched(*rows.query.sql_with_params())
    except EmptyResultSet:
        return []


def by_index(rows: QuerySet[Any, Any], most: int, start: int | None = None) -> list[tuple[Any, ...]]:
    """`most` of `rows`, which choose columns: planned as if all were wanted, so by the index of what is sought, and
    read only so far. With a `start` those from there on, in the order of the columns, for which all are read."""
    try:
        sql, values = rows.order_by().query.sql_with_params()
    except EmptyResultSet:
        return []
    columns = ", ".join(str(place) for place in range(1, len(rows.query.values_select) + 1))
    order = "" if start is None else f"ORDER BY {columns}"
    found = f"WITH found AS MATERIALIZED ({sql}) SELECT * FROM found {order}"  # noqa: S608  written by the ORM
    return _fetched(f"{found} LIMIT %s OFFSET %s", (*values, most, start or 0))


def among_first(rows: QuerySet[Any, Any], of: QuerySet[Any, Any], first: int) -> list[tuple[Any, ...]]:
    """`rows`, which choose columns and have the order of an index, as far as they are among the `first` of all rows
    `of` theirs. Read until there are enough."""
    columns = [field.attname for field in of.model._meta.concrete_fields]
    sql, values = rows.query.sql_with_params()
    near, bounds = of.values_list(*columns)[:first].query.sql_with_params()
    table = connection.ops.quote_name(of.model._meta.db_table)
    return _fetched(f"WITH {table} AS ({near}) {sql}", (*bounds, *values))


def starting(model: type[Model], column: str, starts: Sequence[str], most: int) -> list[tuple[Any, ...]]:
    """The first `most` rows of which the column (in the order of its bytes, under an index) starts with any of these,
    which are in order and of which none starts another: column and key, in order. Goes to one start after the other
    and no further than it must."""
    ends = [one[:-1] + chr(ord(one[-1]) + 1) for one in starts]
    name, table = connection.ops.quote_name(column), connection.ops.quote_name(model._meta.db_table)
    found = f"SELECT {name}, id FROM {table} WHERE {name} >= low AND {name} < high ORDER BY {name}, id LIMIT %s"  # noqa: S608  names of the model
    ranges = f"unnest(%s::text[], %s::text[]) AS one (low, high) CROSS JOIN LATERAL ({found}) AS hit"
    return _fetched(f"SELECT hit.* FROM {ranges} LIMIT %s", (starts, ends, most, most))  # noqa: S608  the same


def _fetched(sql: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    """Never prepared: a plan that is kept serves any word."""
    with connection.cursor() as cursor:
        kept = connection.connection.prepare_threshold
        connection.connection.prepare_threshold = None
        try:
            cursor.execute(sql, values)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        finally:
            connection.connection.prepare_threshold = kept
    return rows
