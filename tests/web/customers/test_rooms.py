"""Addresses of rooms: how they are written, corrected, and taken away again."""

from __future__ import annotations

from uuid import UUID

import pytest

from kesu.store.models import Customer, Room, RoomChange
from tests import desk
from tests.access import house_samples
from tests.web.customers import forms
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


def stated(world: World, room: UUID, **given: str) -> dict[str, str]:
    seen = forms.room_seen(desk.client_of("zhouyining"), room)
    return {"project": world.units["qingtang"].hex, **house_samples.ROOM, "seen_version": seen, **given}


def test_an_address_is_corrected_and_its_people_go_with_it(house: tuple[World, UUID, UUID]) -> None:
    world, room, customer = house
    client = desk.client_of("zhouyining")
    project = world.units["qingtang"].hex
    client.post(f"/customers/{customer}/rooms", {"project": project, "room": "3-1-1702", "relation": "owner"})
    given = stated(world, room, building="5栋", phase="二期")
    assert client.post(f"/rooms/{room}", given).status_code == 302
    page = client.get(f"/rooms/{room}").content.decode()
    assert "栋：3栋 → 5栋" in page
    assert "期：二期" in page or "期：无 → 二期" in page
    assert Customer.objects.get().places.get().rooms == "5-1-1702"
    assert "苏晴" in client.get("/customers?q=5栋1702").content.decode()
    assert "没有这样的客户" in client.get("/customers?q=3-1-1702").content.decode()
    assert "1702</a>" in client.get("/rooms?q=5-1-1702").content.decode()


def test_an_address_that_another_room_has_is_refused(house: tuple[World, UUID, UUID]) -> None:
    world, room, _customer = house
    house_samples.room(world, desk.world_again()[1], number="1802")
    refused = desk.client_of("zhouyining").post(f"/rooms/{room}", stated(world, room, number="1802"))
    assert refused.status_code == 422
    assert "这个项目已经有这套房" in refused.content.decode()
    assert Room.objects.get(pk=room).number == "1702"


def test_a_room_goes_to_a_project_that_he_may_edit_and_to_no_other(house: tuple[World, UUID, UUID]) -> None:
    world, room, _customer = house
    given = stated(world, room, project=world.units["huaixu"].hex)
    assert desk.client_of("zhouyining").post(f"/rooms/{room}", given).status_code == 422
    client = desk.client_of("linsheng")
    assert client.post(f"/rooms/{room}", given).status_code == 302
    assert Room.objects.get(pk=room).project_id == world.units["huaixu"]
    assert "项目：青棠湾一期 → " in client.get(f"/rooms/{room}").content.decode()


def test_a_room_that_nothing_hangs_on_is_removed_on_record(house: tuple[World, UUID, UUID]) -> None:
    _world, room, _customer = house
    gone = desk.client_of("zhouyining").post(f"/rooms/{room}/remove", follow=True)
    assert "已删除" in gone.content.decode()
    assert not Room.objects.exists()
    assert RoomChange.objects.get().after["number"] == "1702"
    record = desk.client_of("admin").get("/organisation/changes").content.decode()
    assert "删除房产" in record
    assert "青棠湾一期 3栋-1单元-1702" in record


def test_a_room_with_people_or_cases_stays(house: tuple[World, UUID, UUID]) -> None:
    world, room, customer = house
    client = desk.client_of("zhouyining")
    world.register(at=desk.world_again()[1], title="厨房漏水", room="3-1-1702", promised_feedback_at=desk.PROMISED)
    assert client.post(f"/rooms/{room}/remove").status_code == 422
    other = house_samples.room(world, desk.world_again()[1], number="1802")
    project = world.units["qingtang"].hex
    client.post(f"/customers/{customer}/rooms", {"project": project, "room": "3-1-1802", "relation": "owner"})
    link = Customer.objects.get().rooms.get().pk
    client.post(f"/customers/{customer}/rooms/{link}/end")
    refused = client.post(f"/rooms/{other}/remove")
    assert refused.status_code == 422
    assert "不能删除" in refused.content.decode()
    assert Room.objects.count() == 2
