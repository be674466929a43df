"""The log cannot be changed, deleted or truncated, also not by raw SQL of the application's role."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from kesu.store.models import CaseEvent, PolicyVersion
from tests.world import World

TABLES = ("store_caseevent", "store_eventbody", "store_policyversion", "store_calendarversion")


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_it_refuses_to_lose_a_row(world: World, table: str, statement: str) -> None:
    world.register("wutong")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table))


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("store_caseevent", "facts = '{}'"),
        ("store_eventbody", "sealed = ''"),
        ("store_policyversion", "title = ''"),
        ("store_calendarversion", "name = ''"),
    ],
)
def test_it_refuses_to_change_a_row(world: World, table: str, column: str) -> None:
    world.register("wutong")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {column}")


def test_it_refuses_a_second_event_in_one_place(world: World) -> None:
    world.register("wutong")
    event = CaseEvent.objects.get(seq=1)
    event.pk = None
    with pytest.raises(DatabaseError), transaction.atomic():
        event.save(force_insert=True)


def test_it_stores_one_text_once_under_its_digest(world: World) -> None:
    hashes = list(PolicyVersion.objects.values_list("hash", flat=True))
    assert len(hashes) == len(set(hashes)) == 3
