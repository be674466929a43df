"""Rare words, frequent words and words that come late in the list: each is found another way, and all the same rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kesu.commands.customers.import_house import import_house
from kesu.core.importing import Line
from kesu.queries.customers.customer_list import CustomerFilter, CustomerList, customer_list
from kesu.queries.estate.room_list import RoomFilter, RoomList, room_list
from kesu.store.models import CustomerPlace, Room
from tests.world import MONDAY, World

PROJECTS = ("青棠湾一期", "槐序里")
SURNAMES, GIVEN = "赵王李张", "文博晨雨欣怡然宇轩诗"
MOST, SIZE = 20, 10
READER = "linsheng"


@pytest.fixture
def house(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """Two projects of 64 rooms and as many customers; a list counts no further than 20, and a page has 10."""
    for module in ("customers.customer_list", "estate.room_list"):
        monkeypatch.setattr(f"kesu.queries.{module}.MOST_FOUND", MOST)
        monkeypatch.setattr(f"kesu.queries.{module}.SIZE", SIZE)
    rooms = [
        {"project": project, "building": f"{n % 8 + 1}栋", "number": f"{n // 8 + 1:02d}01"}
        for project in PROJECTS
        for n in range(64)
    ]
    people = [
        {**room, "name": SURNAMES[n % 4] + GIVEN[n % 10] + GIVEN[n % 7], "phones": f"139{n:08d}", "kind": "owner"}
        for n, room in enumerate(rooms)
    ]
    sent = (
        [Line(sheet, number, given) for number, given in enumerate(lines, start=2)]
        for sheet, lines in (("rooms", rooms), ("customers", people))
    )
    actor = world.actor(READER)
    import_house(actor=actor, at=MONDAY, name="x.xlsx", digest="0" * 64, rooms=next(sent), customers=next(sent))
    return world


def customers(world: World, text: str, page: int = 1, kind: str = "") -> CustomerList:
    return customer_list(actor=world.actor(READER), customer_filter=CustomerFilter(text=text, page=page, kind=kind))


def rooms(world: World, text: str, page: int = 1) -> RoomList:
    return room_list(actor=world.actor(READER), room_filter=RoomFilter(text=text, page=page))


def paged(found: Sequence[object]) -> list[list[object]]:
    shown = list(found)[:MOST]
    return [shown[start : start + SIZE] for start in range(0, len(shown), SIZE)] or [[]]


def in_order(holds: Callable[[CustomerPlace], bool]) -> list[object]:
    return [row.customer_id for row in CustomerPlace.objects.order_by("place", "pk") if holds(row)]


WORDS: dict[str, Callable[[CustomerPlace], bool]] = {
    "zhao": lambda row: row.name.startswith("赵"),
    "wang": lambda row: row.name.startswith("王"),
    "wa": lambda row: row.name.startswith("王"),
    "zha": lambda row: row.name[0] in "赵张",
    "王": lambda row: "王" in row.name,
    "3栋": lambda row: "\n3栋" in row.text,
    "0301": lambda row: "0301" in row.text,
    "张 0301": lambda row: "张" in row.name and "0301" in row.text,
    "zhao 0301": lambda row: row.name.startswith("赵") and "0301" in row.text,
    "没有": lambda row: False,
}


@pytest.mark.parametrize("sorted_here", [0, 1_000], ids=["many", "some"])
@pytest.mark.parametrize("near", [8_000, 20, 0], ids=["walked", "half walked", "not met"])
def test_every_page_of_customers_has_the_rows_that_hold_the_words_in_their_order(
    house: World, monkeypatch: pytest.MonkeyPatch, near: int, sorted_here: int
) -> None:
    monkeypatch.setattr("kesu.access.finding._NEAR", near)
    monkeypatch.setattr("kesu.access.finding._NEAR_A_PAGE", 1)
    monkeypatch.setattr("kesu.access.finding._SORTED", sorted_here)
    for text, holds in WORDS.items():
        wanted = in_order(holds)
        pages = paged(wanted)
        for number, shown in enumerate(pages, start=1):
            found = customers(house, text, number)
            assert [row.id for row in found.rows] == shown, text
            assert (found.total, found.pages, found.page) == (min(len(wanted), MOST + 1), len(pages), number), text
        assert customers(house, text, 99).page == len(pages), text


def test_the_words_are_frequent_and_rare(house: World) -> None:
    assert [text for text, holds in WORDS.items() if len(in_order(holds)) > MOST] == ["zhao", "wang", "wa", "zha", "王"]
    assert customers(house, "3栋").total == 16


def test_every_page_of_rooms_has_the_rows_that_hold_the_words_in_their_order(house: World) -> None:
    for text in ("3栋", "0301", "栋", "1栋", "3栋 0301"):
        order = Room.objects.order_by("place", "pk")
        every: list[object] = [room.pk for room in order if all(word in room.text for word in text.split())]
        pages = paged(every)
        for number, shown in enumerate(pages, start=1):
            found = rooms(house, text, number)
            assert [row.id for row in found.rows] == shown, text
            assert (found.total, found.pages) == (min(len(every), MOST + 1), len(pages)), text


def test_a_filter_beside_the_words_holds_for_frequent_ones_too(house: World) -> None:
    assert customers(house, "zhao", kind="owner").total == MOST + 1
    assert customers(house, "zhao", kind="tenant").total == 0


def test_it_asks_no_more_often_the_more_there_are(house: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def asked(text: str) -> int:
        with CaptureQueriesContext(connection) as caught:
            customers(house, text)
        return len(caught)

    assert [asked(text) for text in ("没有", "zhao 0301", "3栋")] == [asked("0301")] * 3
    assert asked("王") == asked("zhao") == asked("0301")
    assert asked("wa") == asked("0301")
    monkeypatch.setattr("kesu.access.finding._SORTED", 0)
    assert asked("wa") == asked("0301") + 1
    monkeypatch.setattr("kesu.access.finding._NEAR", 0)
    monkeypatch.setattr("kesu.access.finding._NEAR_A_PAGE", 1)
    assert asked("wa") == asked("0301") + 2


def test_of_a_frequent_surname_those_who_bear_it_are_shown(house: World) -> None:
    bearers = [row for row in CustomerPlace.objects.order_by("place", "pk") if row.name.startswith("李")]
    of_others = CustomerPlace.objects.filter(name__startswith="王").first()
    assert of_others is not None
    CustomerPlace.objects.filter(pk=of_others.pk).update(sounds="wangli li wl")

    found = customers(house, "li")

    assert found.total == MOST + 1
    assert [row.id for row in found.rows] == [row.customer_id for row in bearers[:SIZE]]
    assert [row.id for row in customers(house, "li", kind="owner").rows] != []


def test_a_rare_surname_is_found_wherever_it_stands_in_a_name(house: World) -> None:
    renamed = CustomerPlace.objects.filter(name__startswith="王").first()
    assert renamed is not None
    CustomerPlace.objects.filter(pk=renamed.pk).update(sounds="wangsong song ws")

    assert [row.id for row in customers(house, "song").rows] == [renamed.customer_id]
