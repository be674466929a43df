"""Who sees which case is said once: a query of a fixed shape sees what the lists see, for every shape of a scope."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import transaction

from kesu.access.actor import Actor, actor_of
from kesu.access.cases import cards_apart, cards_for, case_for, sees
from kesu.access.finding import found_by
from kesu.access.scope import Scope
from kesu.core import clock
from kesu.core.errors import NotFound
from kesu.core.searching import read_search
from kesu.store.models import Account, Case
from tests import confidential, deposits, desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def cases() -> list[UUID]:
    """One in each of two projects, and a confidential one."""
    world, now = desk.opened()
    confidential.adopt(world, "huaixu", now - timedelta(hours=4), also=deposits.LINES)
    at = now - timedelta(hours=1)
    words = {"title": "材料验收走过场", "content": "材料不符", "person__phone": "13800002016", "deposit": "300元"}
    return [
        world.register(at=at, title="外墙渗水", promised_feedback_at=desk.PROMISED),
        world.register("xumingche", at=at, unit="huaixu", legal_support="否", **words | {"title": "渗水"}),
        world.register("xumingche", at=at, unit="huaixu", legal_support="是", **words),
    ]


def actors() -> list[Actor]:
    """Everybody, with what nobody holds in the sample: no post, posts in two projects, and each in place of another."""
    today = clock.now().date()
    own = [actor_of(account, today) for account in Account.objects.order_by("login")]
    absent = desk.actor("zhouyining").account_id
    both = (*desk.actor("zhouyining").posts, *desk.actor("xumingche").posts)
    found = [*own, *(replace(one, posts=()) for one in own), *(replace(one, posts=both) for one in own)]
    return [*found, *(replace(one, posts=tuple(replace(p, stands_for=absent) for p in one.posts)) for one in found)]


def test_a_fixed_query_and_a_list_see_the_same_cases(cases: list[UUID]) -> None:
    shapes, answers = set(), set()
    for actor in actors():
        listed = set(cards_for(actor).values_list("pk", flat=True))
        assert {case for case in cases if sees(actor, case)} == listed
        shapes.add(Scope.of(actor).shape)
        answers.add(frozenset(listed))
    assert len(shapes) > 4
    assert len(answers) > 2


def test_the_parts_that_are_counted_share_no_case_and_miss_none(cases: list[UUID]) -> None:
    for actor in actors():
        counted = [pk for part in cards_apart(actor) for pk in part.values_list("pk", flat=True)]
        assert sorted(counted) == sorted(cards_for(actor).values_list("pk", flat=True))


def test_one_case_is_read_with_its_unit_its_card_and_its_holder_in_one_query(cases: list[UUID]) -> None:
    found = case_for(desk.actor("zhouyining"), cases[0])
    anew = Case.objects.select_related("unit", "card__holder").get(pk=cases[0])
    assert (found, found.unit, found.card, found.card.holder) == (anew, anew.unit, anew.card, anew.card.holder)
    assert found.version == anew.version
    assert bytes(found.data_key) == bytes(anew.data_key)


def test_a_case_out_of_sight_is_not_there_locked_or_not(cases: list[UUID]) -> None:
    outsider = desk.actor("heqing")
    hidden = next(case for case in cases if not sees(outsider, case))
    for lock in (False, True):
        for case in (hidden, uuid4()):
            with pytest.raises(NotFound), transaction.atomic():
                case_for(outsider, case, lock=lock)


def test_a_search_finds_by_a_fixed_query_what_each_may_read(cases: list[UUID]) -> None:
    for words in ("渗水", "材料不符", "13800002016", "材料 不符 渗"):
        for actor in actors():
            found = set(found_by(cards_for(actor), actor, read_search(words)).cards.values_list("pk", flat=True))
            assert found <= {case for case in cases if sees(actor, case)}
    keeper = desk.actor("xumingche")
    by_phone = found_by(cards_for(keeper), keeper, read_search("13800002016")).cards
    assert set(by_phone.values_list("pk", flat=True)) == set(cases[1:])
    by_words = found_by(cards_for(keeper), keeper, read_search("材料 渗水")).cards
    assert set(by_words.values_list("pk", flat=True)) == {cases[1]}
