"""Queries of a fixed shape: written with the models as any other, but their SQL is made once a process.

Making the SQL costs several times what reading a handful of rows costs. What nearly every page asks is asked this way.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from django.db import connection
from django.db.models import Expression, Field, Lookup, Model, QuerySet
from django.db.models.query import get_related_populators
from django.db.models.sql.compiler import SQLCompiler

Row = TypeVar("Row", bound=Model)


class Slot(Expression):
    """Where a value stands that each call gives. Fit for exact, comparing and `any` lookups."""

    def __init__(self, place: int) -> None:
        super().__init__()
        self.place: Final = place

    def as_sql(self, _compiler: object, _connection: object) -> tuple[str, tuple[Any, ...]]:
        return "%s", (self,)


class _WithSlots(Lookup):
    """A look-up that takes its value as it is given, so that it may be a slot."""

    def get_prep_lookup(self) -> Any:
        return self.rhs

    def sides(self, compiler: SQLCompiler, connection: Any) -> tuple[str, str, tuple[Any, ...]]:
        left, left_values = self.process_lhs(compiler, connection)
        right, right_values = self.process_rhs(compiler, connection)
        return left, right, (*left_values, *right_values)


@Field.register_lookup
class AnyOf(_WithSlots):
    """`column__any=values`: one of a list that is one value of the statement, however long it is."""

    lookup_name = "any"

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, right, values = self.sides(compiler, connection)
        return f"{left} = ANY {right if right.startswith('(') else f'({right})'}", values


@Field.register_lookup
class Like(_WithSlots):
    """`column__like=pattern`, where a pattern can be the value of a slot."""

    lookup_name = "like"

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, right, values = self.sides(compiler, connection)
        return f"{left} LIKE {right}", values


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
        if self._made is None:
            rows = self._build(*map(Slot, range(len(values))))
            self._made = _made_by(rows.query.get_compiler(connection=connection))
        return _fetched(self._made, values)


class FixedRows(Generic[Row]):
    """The same for whole rows, with what `select_related` puts beside them: `build` makes the query, and chooses
    nothing."""

    def __init__(self, build: Callable[..., QuerySet[Row]]) -> None:
        self._build = build
        self._made: _MadeRows | None = None

    def __call__(self, *values: Any) -> list[Row]:
        made = self._made = self._made or _MadeRows(self._build(*map(Slot, range(len(values)))))
        return [made.row(values_of) for values_of in _fetched(made.made, values)]

    def one(self, *values: Any) -> Row | None:
        """The first, where there is any."""
        return next(iter(self(*values)), None)


class _MadeRows:
    """How the framework itself makes objects from the columns of a query, kept beside its SQL."""

    def __init__(self, rows: QuerySet[Any]) -> None:
        compiler = rows.query.get_compiler(connection=connection)
        self.made: Final = _made_by(compiler)
        chosen = compiler.klass_info["select_fields"]
        self._model = compiler.klass_info["model"]
        self._own = slice(chosen[0], chosen[-1] + 1)
        self._names = [column[0].target.attname for column in compiler.select[self._own]]
        self._beside = get_related_populators(  # type: ignore[call-arg]  # the stubs are those of a newer release
            compiler.klass_info, compiler.select, connection.alias
        )

    def row(self, values: tuple[Any, ...]) -> Any:
        row = self._model.from_db(connection.alias, self._names, values[self._own])
        for one in self._beside:
            one.populate(values, row)
        return row


def _made_by(compiler: SQLCompiler) -> _Made:
    sql, values = compiler.as_sql()
    found = compiler.get_converters([expression for expression, _, _ in compiler.select])
    return _Made(sql, tuple(values), tuple((place, how, what) for place, (how, what) in found.items()))


def _fetched(made: _Made, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(made.sql, [values[v.place] if isinstance(v, Slot) else v for v in made.values])
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return [_converted(row, made) for row in rows] if made.converters else rows


def _converted(row: tuple[Any, ...], made: _Made) -> tuple[Any, ...]:
    values = list(row)
    for place, converters, expression in made.converters:
        for convert in converters:
            values[place] = convert(values[place], expression, connection)
    return tuple(values)
