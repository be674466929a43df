"""Writes new rows: one statement for all of them, made once a process for so many rows of a table."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.db import connection, models
from django.db.models import Field


def insert(rows: Sequence[models.Model], *, or_keep: bool = False) -> None:
    """Rows of one model, as they are; those that the table numbers know their numbers afterwards. `or_keep`: a row that
    is there already stays as it is, and no numbers are told."""
    if not rows:
        return
    tells = rows[0].pk is None and not or_keep
    with connection.cursor() as cursor:
        cursor.execute(*_stated(rows, or_keep=or_keep, tells=tells))
        numbers = cursor.fetchall() if tells else ()
    for row, (number,) in zip(rows, numbers, strict=tells):
        row.pk = number
    _are_there(rows)


def put(rows: Sequence[models.Model], *, unique: tuple[str, ...], fields: tuple[str, ...]) -> None:
    """Rows of one model, each once: new ones as they are; of those that are there already (by the fields `unique`) the
    `fields` become what they are here. All know their numbers afterwards."""
    if not rows:
        return
    model, is_numbered = type(rows[0]), rows[0].pk is not None
    _, values = _stated(rows, or_keep=False, tells=False)
    with connection.cursor() as cursor:
        cursor.execute(_putting(model, is_numbered, len(rows), unique, fields), values)
        numbers = cursor.fetchall()
    for row, (number,) in zip(rows, numbers, strict=True):
        row.pk = number
    _are_there(rows)


class Together:
    """Statements that are one for the database: what each of them costs on the way is spent once. None of them sees
    what another writes, and of what they answer nothing is heard: rows that the table numbers do not know their
    numbers."""

    def __init__(self) -> None:
        self._statements: list[str] = []
        self._values: list[Any] = []

    def insert(self, rows: Sequence[models.Model], *, or_keep: bool = False) -> None:
        """As `insert`. The rows count as written from now on, though they are when `send` is called."""
        if rows:
            self.state(*_stated(rows, or_keep=or_keep, tells=False))
            _are_there(rows)

    def state(self, statement: str, values: Sequence[Any]) -> None:
        """One that writes."""
        self._statements.append(statement)
        self._values += values

    def send(self, last: tuple[str, Sequence[Any]] = ("SELECT", ())) -> None:
        """`last`: what is asked in the end. Nothing, where nothing was stated since it was sent last."""
        statements, values = self._statements, [*self._values, *last[1]]
        self._statements, self._values = [], []
        if statements:
            parts = ", ".join(f"s{number} AS ({statement})" for number, statement in enumerate(statements))
            with connection.cursor() as cursor:
                cursor.execute(f"WITH {parts} {last[0]}", values)


def _stated(rows: Sequence[models.Model], *, or_keep: bool, tells: bool) -> tuple[str, list[Any]]:
    model, is_numbered = type(rows[0]), rows[0].pk is not None
    if any(type(row) is not model or (row.pk is not None) is not is_numbered for row in rows):
        raise ValueError("rows of one model, either all with numbers of their own or none")
    fields = written(model, is_numbered)
    values = [field.get_db_prep_save(getattr(row, field.attname), connection) for row in rows for field in fields]
    return _statement(model, is_numbered, len(rows), or_keep, tells), values


def _are_there(rows: Sequence[models.Model]) -> None:
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def insert_many(rows: Sequence[models.Model]) -> None:
    """Rows of one model by the thousand: copied in, not stated. Those that the table numbers are not told their
    numbers."""
    if not rows:
        return
    model, is_numbered = type(rows[0]), rows[0].pk is not None
    fields = [(field, str(field.attname)) for field in written(model, is_numbered)]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field, _name in fields)
    statement = f"COPY {quote(model._meta.db_table)} ({columns}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row([field.get_db_prep_save(getattr(row, name), connection) for field, name in fields])


@lru_cache(maxsize=64)
def written(model: type[models.Model], is_numbered: bool) -> tuple[Field[Any, Any], ...]:
    """The columns that a new row gives. The table gives a number of its own where the row has none."""
    fields = (field for field in model._meta.concrete_fields if not field.generated)
    return tuple(field for field in fields if is_numbered or not field.primary_key)


@lru_cache(maxsize=256)
def _putting(
    model: type[models.Model], is_numbered: bool, count: int, unique: tuple[str, ...], fields: tuple[str, ...]
) -> str:
    quote = connection.ops.quote_name

    def columns(names: tuple[str, ...]) -> list[str]:
        return [quote(str(field.column)) for field in model._meta.concrete_fields if field.name in names]

    changed = ", ".join(f"{column} = EXCLUDED.{column}" for column in columns(fields))
    told = quote(str(model._meta.pk.column))
    into = _statement(model, is_numbered, count, or_keep=False, tells=False)
    return f"{into} ON CONFLICT ({', '.join(columns(unique))}) DO UPDATE SET {changed} RETURNING {told}"


@lru_cache(maxsize=256)
def _statement(model: type[models.Model], is_numbered: bool, count: int, or_keep: bool, tells: bool) -> str:
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in written(model, is_numbered))
    row = f"({', '.join(['%s'] * len(written(model, is_numbered)))})"
    rows = ", ".join([row] * count)
    kept = " ON CONFLICT DO NOTHING" if or_keep else ""
    told = f" RETURNING {quote(str(model._meta.pk.column))}" if tells else ""
    return f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES {rows}{kept}{told}"  # noqa: S608  names only
