"""Lists and pages of rooms and customers: as many queries for many as for one, and nobody finds what he may not see."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kesu.commands.customers.import_house import import_house
from kesu.core.errors import Forbidden
from kesu.queries.customers.customer_list import CustomerFilter, customer_list
from kesu.queries.customers.customer_page import customer_page
from kesu.queries.customers.known_callers import known_callers
from kesu.queries.estate.room_list import RoomFilter, room_list
from kesu.queries.estate.room_page import room_page
from kesu.store.models import Customer, RoleGrant, Room
from tests.access import house_samples
from tests.commands.importing import lines
from tests.world import MONDAY, World

AT = MONDAY + timedelta(minutes=20)


def bring_in(world: World, rooms: int, customers: int) -> None:
    flats, people = lines(rooms, customers)
    actor = world.actor("linsheng")
    import_house(actor=actor, at=MONDAY, name="x.xlsx", digest="0" * 64, rooms=flats, customers=people)


def asked(world: World, query: Callable[[World], object]) -> int:
    query(world)
    with CaptureQueriesContext(connection) as caught:
        query(world)
    return len(caught)


QUERIES: dict[str, Callable[[World], object]] = {
    "rooms": lambda w: room_list(actor=w.actor("zhouyining"), room_filter=RoomFilter()),
    "rooms sought": lambda w: room_list(actor=w.actor("zhouyining"), room_filter=RoomFilter(text="1栋")),
    "customers": lambda w: customer_list(actor=w.actor("zhouyining"), customer_filter=CustomerFilter()),
    "sought": lambda w: customer_list(actor=w.actor("zhouyining"), customer_filter=CustomerFilter(text="业主")),
    "room": lambda w: room_page(actor=w.actor("zhouyining"), room_id=Room.objects.get(number="00000").pk),
    "customer": lambda w: customer_page(actor=w.actor("zhouyining"), customer_id=Customer.objects.get(name="业主0").pk),
}


def test_it_asks_as_often_for_many_rows_as_for_one(world: World) -> None:
    bring_in(world, 1, 1)
    for_one = {name: asked(world, query) for name, query in QUERIES.items()}

    bring_in(world, 60, 120)

    assert {name: asked(world, query) for name, query in QUERIES.items()} == for_one
    assert len(room_list(actor=world.actor("zhouyining"), room_filter=RoomFilter()).rows) == 50
    found = customer_list(actor=world.actor("zhouyining"), customer_filter=CustomerFilter())
    assert (len(found.rows), found.total, found.pages) == (50, 120, 3)


def test_whoever_may_see_no_personal_data_finds_nobody_by_them(world: World) -> None:
    bring_in(world, 2, 2)
    RoleGrant.objects.create(role="legal_counsel", permission="customer:customer:read")
    counsel = world.actor("zhengyiran")

    rows = customer_list(actor=counsel, customer_filter=CustomerFilter()).rows
    assert [(row.name, row.rooms, row.phone) for row in rows] == [("业**", "", ""), ("业**", "", "")]
    for text in ("业主0", "yezhu", "yz", "13900000000", "0000", "1-00000"):
        assert customer_list(actor=counsel, customer_filter=CustomerFilter(text=text)).total == 0, text
    page = customer_page(actor=counsel, customer_id=rows[0].id)
    assert (page.phones, page.purchases, page.cases, page.similar, page.rights.show) == ((), (), (), (), False)


def test_administrators_see_no_customers(world: World) -> None:
    with pytest.raises(Forbidden):
        customer_list(actor=world.actor("admin"), customer_filter=CustomerFilter())


def test_it_names_whoever_calls_with_his_rooms(world: World) -> None:
    bring_in(world, 2, 2)
    place = world.units["qingtang"]
    found = known_callers(actor=world.actor("zhouyining"), numbers=["139 0000 0001"], unit_id=place)
    assert [(one.name, one.rooms) for one in found] == [("业主1", ("1栋 00001",))]
    assert known_callers(actor=world.actor("zhouyining"), numbers=["1390000"], unit_id=place) == ()
    assert known_callers(actor=world.actor("zhaolang"), numbers=["13900000001"], unit_id=place) == ()


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("suqing", {"苏晴"}),
        ("su", {"苏晴", "苏小姐"}),
        ("sq", {"苏晴"}),
        ("xiaojie", {"苏小姐"}),
        ("zengle", {"曾乐"}),
        ("SUQING", {"苏晴"}),
        ("uqing", set()),
        ("suqing 2016", {"苏晴"}),
        ("suqing 青", set()),
    ],
)
def test_it_finds_names_by_their_sounds(world: World, typed: str, names: set[str]) -> None:
    for name, phones in (("苏晴", "13800002016"), ("苏小姐", "13800000001"), ("曾乐", "13800000002")):
        house_samples.customer(world, MONDAY, name=name, phones=phones)
    found = customer_list(actor=world.actor("zhouyining"), customer_filter=CustomerFilter(text=typed))
    assert {row.name for row in found.rows} == names
    elsewhere = customer_list(actor=world.actor("zhaolang"), customer_filter=CustomerFilter(text=typed))
    assert elsewhere.rows == ()


def test_a_group_has_its_members_in_the_order_of_the_list(world: World) -> None:
    for n, groups in enumerate(("老人", "", "老人，儿童", "儿童", "老人")):
        house_samples.customer(world, MONDAY, name=f"客{n}", phones=f"1380000200{n}", groups=groups, kind="owner")
    house_samples.customer(world, MONDAY, "xumingche", "huaixu", name="客6", groups="老人", kind="tenant")

    def listed(login: str, **chosen: str) -> list[str]:
        found = customer_list(actor=world.actor(login), customer_filter=CustomerFilter(**chosen))
        assert found.total == len(found.rows)
        return [row.name for row in found.rows]

    assert listed("zhouyining", group="老人") == ["客0", "客2", "客4"]
    assert listed("linsheng", group="老人", kind="tenant") == ["客6"]
    assert listed("linsheng", group="老人", project=world.units["huaixu"].hex) == ["客6"]
    assert listed("linsheng", group="老人", text="客2") == ["客2"]
    assert listed("zhouyining", group="没有") == []
