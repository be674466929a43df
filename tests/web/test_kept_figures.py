"""Putting a new version in force: the page offers what the company has set, and says what the version itself says."""

from __future__ import annotations

import re

import pytest

from kesu.commands.policies.adopt_pack import Offer, adopt_pack
from kesu.core import clock
from kesu.policy.calendar.official import WorkingHours
from tests import desk
from tests.world import World

pytestmark = pytest.mark.django_db
SIGNED = {"compiled_by": "周以宁", "reviewed_by": "林声", "approved_by": "顾岚"}


def in_force(world: World, figures: dict[str, str]) -> None:
    adopt_pack(
        actor=None,
        at=clock.now(),
        unit_id=world.units["group"],
        pack=Offer("p10", figures),
        calendar=WorkingHours(),
        signatures=SIGNED,
    )


def page(world: World) -> str:
    return desk.client_of("admin").get(f"/policies/offers/p10?unit={world.units['group'].hex}").content.decode()


def test_it_offers_what_serves_now() -> None:
    world, _now = desk.opened()
    in_force(world, {"callback_limit": "5个工作日"})
    text = page(world)
    assert re.search(r'name="figure\.callback_limit"[^>]*value="5个工作日"', text)
    assert "沿用现行的；这一版写的是 3个工作日" in text
    assert text.count("沿用现行的") == 1


def test_where_nothing_was_set_it_offers_what_the_version_says() -> None:
    world, _now = desk.opened()
    assert "沿用现行的" not in page(world)


def test_the_changes_are_told_with_what_the_company_has_set() -> None:
    world, _now = desk.opened()
    in_force(world, {"callback_limit": "5个工作日"})
    text = desk.client_of("admin").get("/policies/offers/p10/changes").content.decode()
    assert "回访期限" not in text
