"""Queries whose SQL is made once: the same answers as asked anew, values never mixed up."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import Q, QuerySet
from django.test.utils import CaptureQueriesContext

from kesu.store.fixed import Fixed, Slot
from kesu.store.models import Case, CaseEvent, PostHolding, Unit
from tests import desk
from tests.world import World

pytestmark = pytest.mark.django_db


def _by_kind(kinds: Slot, name: Slot) -> QuerySet[Any, Any]:
    return Unit.objects.filter(kind__any=kinds).exclude(name=name).order_by("path").values_list("name", "kind")


BY_KIND = Fixed(_by_kind)


@pytest.fixture(autouse=True)
def house() -> tuple[World, datetime]:
    return desk.opened()


def asked_anew(kinds: list[str], name: str) -> list[tuple[str, str]]:
    return list(Unit.objects.filter(kind__in=kinds).exclude(name=name).order_by("path").values_list("name", "kind"))


@pytest.mark.parametrize("kinds", [["project"], ["project", "company"], ["group", "region", "company"], []])
def test_it_answers_as_the_same_query_asked_anew(kinds: list[str]) -> None:
    for name in ("", Unit.objects.filter(kind="project").values_list("name", flat=True)[0]):
        assert BY_KIND(kinds, name) == asked_anew(kinds, name)


def test_each_call_has_its_own_values() -> None:
    assert BY_KIND(["project"], "")
    assert BY_KIND(["department"], "") == asked_anew(["department"], "")
    assert BY_KIND(["project"], "") == asked_anew(["project"], "")


def test_a_value_is_never_read_as_sql() -> None:
    assert BY_KIND(["project'); DROP TABLE store_unit; --"], "%s'\"") == []
    assert Unit.objects.exists()


def test_a_key_of_another_table_is_compared_with_a_list() -> None:
    of_units = Fixed(lambda units: PostHolding.objects.filter(post__unit__pk__any=units).values_list("pk"))
    unit = Unit.objects.filter(kind="department").order_by("path")[0]
    anew = PostHolding.objects.filter(post__unit=unit)
    assert sorted(of_units([unit.pk])) == sorted(anew.values_list("pk"))
    assert of_units([uuid4()]) == []


def test_days_and_what_is_missing_are_compared_too() -> None:
    def held(on: Slot) -> QuerySet[Any, Any]:
        still = Q(until_on__isnull=True) | Q(until_on__gte=on)
        return PostHolding.objects.filter(still, from_on__lte=on).order_by("pk").values_list("pk")

    today = date(2026, 10, 9)
    still = Q(until_on__isnull=True) | Q(until_on__gte=today)
    assert Fixed(held)(today) == list(
        PostHolding.objects.filter(still, from_on__lte=today).order_by("pk").values_list("pk")
    )


def test_documents_come_back_as_documents(house: tuple[World, datetime]) -> None:
    world, now = house
    case = world.register(at=now, title="外墙渗水", promised_feedback_at=desk.PROMISED)
    of_case = Fixed(lambda pk: CaseEvent.objects.filter(case=pk).order_by("seq").values_list("facts"))
    assert of_case(case) == list(Case.objects.get(pk=case).events.order_by("seq").values_list("facts"))
    assert all(isinstance(facts, dict) for (facts,) in of_case(case))


def test_it_is_one_statement_a_call() -> None:
    BY_KIND(["project"], "")
    with CaptureQueriesContext(connection) as asked:
        BY_KIND(["company"], "")
    assert len(asked) == 1
