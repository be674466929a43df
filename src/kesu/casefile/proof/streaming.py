"""Rows of any number, read in a memory that does not grow with them, all as of one moment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Final, Generic, TypeVar
from uuid import UUID

from django.db import connection, transaction

CHUNK: Final = 1000

Row = TypeVar("Row")


@contextmanager
def one_moment() -> Iterator[None]:
    """Everything read inside is as it was at the first reading, whatever is written meanwhile. Inside of a
    transaction that already runs it promises nothing more than that one does."""
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


def chunks(rows: Iterable[Row], size: int = CHUNK) -> Iterator[list[Row]]:
    held = iter(rows)
    while part := list(islice(held, size)):
        yield part


class ByCase(Generic[Row]):
    """Rows in the order of their cases, given out case by case."""

    def __init__(self, rows: Iterable[Row], case_of: Callable[[Row], UUID]) -> None:
        self._rows = iter(rows)
        self._case_of = case_of
        self._next = next(self._rows, None)

    @property
    def case_id(self) -> UUID | None:
        """The case whose rows come next; None at the end."""
        return None if self._next is None else self._case_of(self._next)

    def take(self, case_id: UUID) -> Iterator[Row]:
        """The rows of this case, which must be read to the end before the next case is asked for."""
        while self._next is not None and self._case_of(self._next) == case_id:
            row, self._next = self._next, next(self._rows, None)
            yield row
