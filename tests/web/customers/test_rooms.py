"""Addresses of rooms: how they are written, corrected, and taken away again."""

from __future__ import annotations

from uuid import UUID

import pytest

from kesu.store.models import Room
from tests import desk
from tests.access import house_samples
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> tuple[World, UUID, UUID]:
    """A world with a room and a customer of it."""
    world, now = desk.opened()
    return world, house_samples.room(world, now), house_samples.customer(world, now)


def test_an_address_of_full_width_is_the_same_address(house: tuple[World, UUID, UUID]) -> None:
    world, _room, _customer = house
    client = desk.client_of("zhouyining")
    given = {"project": world.units["qingtang"].hex, "building": "３栋", "entrance": "１单元", "number": "１７０２"}
    again = client.post("/rooms/new", given)
    assert again.status_code == 422
    assert "这个项目已经有这套房" in again.content.decode()
    assert client.post("/rooms/new", {**given, "building": "Ａ座", "phase": "Ⅱ期"}).status_code == 302
    made = Room.objects.get(building="A座")
    assert (made.phase, made.entrance, made.number) == ("II期", "1单元", "1702")


@pytest.mark.parametrize(
    "written",
    [
        "3栋1单元1702",
        "3栋1单元1702室",
        "3栋 1单元 1702",
        "3 栋 1 单元 1702",
        "3-1-1702",
        "３栋１单元１７０２",
        "3-1单元1702",
    ],
)
def test_a_room_is_linked_however_its_address_is_written(house: tuple[World, UUID, UUID], written: str) -> None:
    world, _room, customer = house
    given = {"project": world.units["qingtang"].hex, "room": written, "relation": "owner"}
    assert desk.client_of("zhouyining").post(f"/customers/{customer}/rooms", given).status_code == 302


@pytest.mark.parametrize("written", ["3栋1702", "13栋1单元1702", "3栋1单元170", "3栋11单元702", ""])
def test_another_address_is_not_that_room(house: tuple[World, UUID, UUID], written: str) -> None:
    world, _room, customer = house
    given = {"project": world.units["qingtang"].hex, "room": written, "relation": "owner"}
    assert desk.client_of("zhouyining").post(f"/customers/{customer}/rooms", given).status_code == 422
