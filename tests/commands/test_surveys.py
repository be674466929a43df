"""What a customer brings up in a satisfaction survey becomes a complaint of its own."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kesu.store.models import Case
from tests.commands.test_overlays import adopt
from tests.web.numbers.story import resolved
from tests.world import MONDAY, World

pytestmark = pytest.mark.django_db


def test_it_is_opened_under_the_policy_of_the_place_and_hears_of_nothing_else(world: World) -> None:
    adopt(world, "surveys", at=MONDAY - timedelta(days=20))
    first = resolved(world, MONDAY, "电梯异响")

    later = MONDAY + timedelta(hours=3)
    told = {"satisfaction_score": "两分", "satisfaction_words": "等了太久", "other_matter": "车库照明不亮"}
    world.take(first, "ask_satisfaction", "zhouyining", later, **told)

    other = Case.objects.exclude(pk=first).get()
    assert (other.kind, other.channel, other.unit.code) == ("complaint", "linked", "qingtang")
    assert (other.card.title, other.card.stage) == ("满意度调查说到的事", "received")
    assert Case.objects.get(pk=first).card.stage == "closed", "what was settled stays settled"


def test_a_poor_score_alone_opens_nothing(world: World) -> None:
    adopt(world, "surveys", at=MONDAY - timedelta(days=20))
    first = resolved(world, MONDAY, "电梯异响")

    told = {"satisfaction_score": "一分", "satisfaction_words": "等了太久"}
    world.take(first, "ask_satisfaction", "zhouyining", MONDAY + timedelta(hours=3), **told)

    assert Case.objects.count() == 1
