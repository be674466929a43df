"""Several statements as one: all of them or none, however often they are sent."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from kesu.core.ids import uuid7
from kesu.store.inserting import Together
from kesu.store.models import Account, Unit

pytestmark = pytest.mark.django_db


def unit(name: str) -> Unit:
    pk = uuid7()
    return Unit(pk=pk, kind="group", name=name, code=name, path=f"/{pk.hex}/", scope_path=f"/{pk.hex}/")


def test_they_are_one_statement_and_each_is_written() -> None:
    unit("丁").save(force_insert=True)
    together = Together()
    together.insert([unit("甲"), unit("乙")])
    together.insert([Account(login="jia", name="100% 甲; '乙'")])
    together.state("UPDATE store_unit SET name = %s WHERE name = %s", ["丙", "丁"])
    assert Unit.objects.count() == 1

    with CaptureQueriesContext(connection) as caught:
        together.send()
    assert len(caught) == 1
    assert set(Unit.objects.values_list("name", flat=True)) == {"甲", "乙", "丙"}
    assert Account.objects.get().name == "100% 甲; '乙'"


def test_they_may_be_sent_as_often_as_one_likes() -> None:
    together = Together()
    for number in range(12):  # the driver prepares what it has seen a few times
        together.insert([unit(f"单位{number}")])
        together.insert([Account(login=f"person{number}", name="某人")])
        together.send(("SELECT pg_notify(%s, '')", ["kesu_work"]))
    assert Unit.objects.count() == Account.objects.count() == 12


def test_one_that_fails_leaves_nothing_of_the_others() -> None:
    same = unit("甲")
    together = Together()
    together.insert([same])
    together.insert([Unit(pk=same.pk, kind="group", name="乙", code="乙", path="/乙/", scope_path="/乙/")])
    with pytest.raises(IntegrityError), transaction.atomic():
        together.send()
    assert not Unit.objects.exists()


def test_nothing_is_sent_twice() -> None:
    together = Together()
    together.insert([unit("甲")])
    together.send()
    with CaptureQueriesContext(connection) as caught:
        together.send()
    assert len(caught) == 0
