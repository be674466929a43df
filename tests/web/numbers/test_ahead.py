"""What is about to fall due: each number is the length of the list behind it, and who is told next has a name."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from kesu.commands.organisation.give_post import give_post
from kesu.commands.people.begin_absence import begin_absence
from kesu.queries.numbers.ahead import Coming, ahead
from kesu.store.models import CaseCard, PostHolding
from tests import desk
from tests.web.numbers.test_numbers import differing, numbers_in, page_of
from tests.world import MONDAY, World

SOON = MONDAY + timedelta(minutes=10)


def coming(world: World, case_id: UUID, at: datetime = SOON) -> Coming:
    found = ahead(actor=world.actor("linsheng"), at=at).coming
    return next(one for one in found if one.case_id == case_id)


@pytest.mark.django_db
def test_each_number_is_that_of_the_list_behind_it() -> None:
    world, now = desk.opened()
    for nth in range(3):
        world.register("wutong", at=now - timedelta(minutes=5 + nth), title=f"第 {nth} 件")
    client = desk.client_of("linsheng")
    page = page_of(client, "/ahead")

    assert any(count for _url, count in numbers_in(page))
    assert differing(client, page) == {}
    assert "接着到期的" in page


def test_it_counts_the_next_hour_in_today_and_today_in_this_week(world: World) -> None:
    world.register("wutong")
    found = ahead(actor=world.actor("linsheng"), at=SOON).totals

    assert found["next_hour"] == 1
    assert found["next_hour"] <= found["next_day"] <= found["next_week"] <= found["pending"]
    assert ahead(actor=world.actor("linsheng"), at=MONDAY + timedelta(hours=2)).totals["overrun"] == 1


def test_it_says_by_name_who_is_told_next_and_when(world: World) -> None:
    case_id = world.register("wutong")
    (first,) = coming(world, case_id).told

    assert first.at == MONDAY + timedelta(hours=1)
    assert (first.names, first.instead) == (("林声",), "")


def test_it_names_the_deputy_of_whoever_is_away(world: World) -> None:
    case_id = world.register("wutong")
    day = SOON.date()
    begin_absence(
        actor=world.actor("admin"),
        at=SOON,
        on=day,
        account_id=world.people["linsheng"],
        deputy_id=world.people["chenmuzhi"],
        first=day,
        last=day,
    )

    assert ahead(actor=world.actor("heqing"), at=SOON).coming[0].case_id == case_id
    assert ahead(actor=world.actor("heqing"), at=SOON).coming[0].told[0].names == ("陈牧之",)


def test_it_says_that_nobody_will_be_told_where_the_post_is_empty(world: World) -> None:
    case_id = world.register("wutong")
    PostHolding.objects.filter(post__role="cs_manager").delete()
    (first,) = ahead(actor=world.actor("heqing"), at=SOON).coming[0].told

    assert ahead(actor=world.actor("heqing"), at=SOON).coming[0].case_id == case_id
    assert (first.names, first.instead) == ((), "")


def test_it_finds_whoever_carries_more_than_the_others_of_his_post(world: World) -> None:
    """A second one has just taken up the post and owes nothing yet."""
    for nth in range(6):
        world.submit(at=MONDAY, title=f"第 {nth} 件", person__phone=f"1380000200{nth}")
    give_post(
        actor=world.actor("admin"),
        at=MONDAY,
        on=MONDAY.date(),
        unit_id=world.units["qingtang"],
        role="cs_specialist",
        name="青棠湾客服专管员",
        account_id=world.people["xumingche"],
    )
    found = ahead(actor=world.actor("linsheng"), at=SOON).people

    assert [(one.name, one.counts["pending"], one.usual) for one in found if one.is_over] == [("周以宁", 6, 0)]


def test_it_shows_nothing_of_another_company_nor_of_a_confidential_case(world: World) -> None:
    case_id = world.register("wutong")
    assert ahead(actor=world.actor("zhaolang"), at=SOON).totals["pending"] == 0
    assert ahead(actor=world.actor("zhaolang"), at=SOON).coming == ()

    CaseCard.objects.filter(pk=case_id).update(confidential=True)
    assert ahead(actor=world.actor("gulan"), at=SOON).totals["pending"] == 0
