"""What settling a case costs: whoever holds its slots is looked up each time, with as many queries whoever many there
are."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kesu.core import clock
from kesu.store.models import Account, ObligationOwner, Post, PostHolding
from tests import desk
from tests.full import only_in_full
from tests.world import World

pytestmark = [pytest.mark.django_db, only_in_full]

CROWD = 12


def queries_of_a_signature(case: UUID) -> int:
    """Looks for the holders of the next link, of the duties that follow, and of those who are told."""
    with CaptureQueriesContext(connection) as caught:
        desk.take(case, "sign_joint_review", "chenmuzhi", verdict="同意")
    return len(caught)


def crowd(world: World) -> None:
    """Many more people in every post that anybody holds."""
    for post in Post.objects.filter(pk__in=PostHolding.objects.values("post")):
        for number in range(CROWD):
            login = f"{post.pk.hex[-8:]}{number}"
            account = Account.objects.create(login=login, name=login, email=f"{login}@example.invalid")
            PostHolding.objects.create(post=post, account=account, from_on=world.began)


def test_a_signature_asks_no_more_with_many_people_and_many_cases() -> None:
    world, _ = desk.opened()
    at = clock.now() - timedelta(hours=5)
    cases = [world.planned(at - timedelta(minutes=one)) for one in range(3)]
    queries_of_a_signature(cases[0])  # the first of a process reads the policy
    few = queries_of_a_signature(cases[1])

    crowd(world)
    for one in range(4):
        world.register("wutong", at=at, person__phone=f"1380000660{one}", title=f"旧件 {one}")
    assert queries_of_a_signature(cases[2]) == few
    assert ObligationOwner.objects.filter(obligation__case_id=cases[2]).count() > CROWD  # they are all found
