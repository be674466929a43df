"""Queries of a fixed shape: written with the models as any other, but their SQL is made once a process.

Making the SQL costs several times what reading a handful of rows costs. What nearly every page asks is asked this way.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from django.db import connection
from django.db.models import Expression, Field, Lookup, Model, QuerySet
from django.db.models.sql.compiler import SQLCompiler

Row = TypeVar("Row", bound=Model)


class Slot(Expression):
    """Where a value stands that each call gives. Fit for exact, comparing and `any` lookups."""

    def __init__(self, place: int) -> None:
        super().__init__()
        self.place: Final = place

    def as_sql(self, _compiler: object, _connection: object) -> tuple[str, tuple[Any, ...]]:
        return "%s", (self,)


@Field.register_lookup
class AnyOf(Lookup):
    """`column__any=values`: one of a list that is one value of the statement, however long it is."""

    lookup_name = "any"

    def get_prep_lookup(self) -> Any:
        return self.rhs

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, left_values = self.process_lhs(compiler, connection)
        right, right_values = self.process_rhs(compiler, connection)
        return f"{left} = ANY {right if right.startswith('(') else f'({right})'}", (*left_values, *right_values)


@dataclass(frozen=True, slots=True)
class _Made:
    sql: str
    values: tuple[Any, ...]
    converters: tuple[tuple[int, Sequence[Callable[..., Any]], Any], ...]


class Fixed:
    """`build` makes the query from slots, one for each value of a call; it must choose columns (`values_list`).

    A call gives the rows as tuples. One statement, nothing is kept between calls.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Any]]) -> None:
        self._build = build
        self._made: _Made | None = None

    def __call__(self, *values: Any) -> list[tuple[Any, ...]]:
        made = self._made or self._make(len(values))
        with connection.cursor() as cursor:
            cursor.execute(made.sql, [values[v.place] if isinstance(v, Slot) else v for v in made.values])
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return [_converted(row, made) for row in rows] if made.converters else rows

    def _make(self, count: int) -> _Made:
        compiler = self._build(*map(Slot, range(count))).query.get_compiler(connection=connection)
        sql, values = compiler.as_sql()
        found = compiler.get_converters([expression for expression, _, _ in compiler.select])
        made = _Made(sql, tuple(values), tuple((place, how, what) for place, (how, what) in found.items()))
        self._made = made
        return made


class FixedRows(Generic[Row]):
    """The same for whole rows: `build` makes the query, and chooses nothing."""

    def __init__(self, model: type[Row], build: Callable[..., QuerySet[Row]]) -> None:
        columns = tuple(field.attname for field in model._meta.concrete_fields)
        self._model, self._columns = model, columns
        self._fixed = Fixed(lambda *slots: build(*slots).values_list(*columns))

    def __call__(self, *values: Any) -> list[Row]:
        return [self._model.from_db(connection.alias, self._columns, row) for row in self._fixed(*values)]

    def one(self, *values: Any) -> Row | None:
        """The first, where there is any."""
        return next(iter(self(*values)), None)


def _converted(row: tuple[Any, ...], made: _Made) -> tuple[Any, ...]:
    values = list(row)
    for place, converters, expression in made.converters:
        for convert in converters:
            values[place] = convert(values[place], expression, connection)
    return tuple(values)
