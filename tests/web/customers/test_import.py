"""A file of rooms and customers: checked whole, written whole or not at all, changing nothing the second time."""

from __future__ import annotations

import io
from datetime import date

import pytest
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from kesu.store.models import Customer, CustomerChange, CustomerPlace, CustomerRoom, HouseChange, Room, RoomChange
from tests import desk
from tests.web.customers.books import book, many

pytestmark = pytest.mark.django_db

ROOMS = [
    ("青棠湾一期", "一期", "3栋", "1单元", 1702, date(2025, 6, 30), "", "自住", "防水 2030-06-30"),
    ("青棠湾一期", "一期", "3栋", "1单元", 1802, "2025/7/1", "", "出租", ""),
]
CUSTOMERS = [
    ("苏晴", 13800002016, "业主", "青棠湾一期", "3栋", "1单元", 1702, 1980, "老人"),
    ("苏晴", "138 0000 2016，13900001111", "业主", "青棠湾一期", "3栋", "1单元", "1802", "", ""),
    ("白露", "13700003333", "意向客户", "青棠湾一期", "", "", "", "", ""),
]


def send(client: Client, file: object) -> str:
    page = client.post("/customers/import", {"file": file}, follow=True)
    assert page.status_code == 200, page.content.decode()
    return page.content.decode()


@pytest.fixture
def client() -> Client:
    desk.opened()
    return desk.client_of("linsheng")


def kept() -> list[object]:
    tables = (Room, RoomChange, Customer, CustomerRoom, CustomerChange, CustomerPlace, HouseChange)
    return [list(table.objects.order_by("pk").values_list()) for table in tables]


def test_it_brings_in_rooms_and_customers(client: Client) -> None:
    page = send(client, book(ROOMS, CUSTOMERS))
    assert "房产：新 2，改 0，没有变化 0；客户：新 2，改 0，没有变化 0" in page
    room = Room.objects.get(number="1702")
    assert (room.delivered_on.isoformat(), room.occupancy) == ("2025-06-30", "own")
    found = client.get("/customers?q=苏晴").content.decode()
    assert "3-1-1702、3-1-1802" in found
    assert "老人" in found
    assert "导入房产和客户" in desk.client_of("admin").get("/organisation/changes").content.decode()


def test_the_same_file_changes_nothing_the_second_time(client: Client) -> None:
    send(client, book(ROOMS, CUSTOMERS))
    before = kept()
    page = send(client, book(ROOMS, CUSTOMERS))
    assert "房产：新 0，改 0，没有变化 2；客户：新 0，改 0，没有变化 2" in page
    assert kept() == before


def test_it_goes_on_where_a_longer_file_goes_on(client: Client) -> None:
    send(client, book(ROOMS[:1], CUSTOMERS[:1]))
    more = [(*ROOMS[0][:7], "空置", ""), ROOMS[1]]
    page = send(client, book(more, CUSTOMERS))
    assert "房产：新 1，改 1，没有变化 0；客户：新 1，改 1，没有变化 0" in page
    assert Room.objects.get(number="1702").warranties.count() == 1, "an empty cell leaves what is there"


def test_it_names_every_mistake_by_its_line_and_writes_nothing(client: Client) -> None:
    before = kept()
    rooms = [*ROOMS, ROOMS[0], ("望汀", "", "1", "", 1), ("青棠湾一期", "", "", "", 5, "2025-13-01", "", "闲着")]
    customers = [
        ("", "12", "邻居", "青棠湾一期"),
        ("苏晴", "13800002016", "业主", "青棠湾一期", "9栋", "", "101"),
        ("白露", "13700003333", "业主", "青棠湾一期"),
        ("白霜", "13700003333", "业主", "青棠湾一期"),
    ]
    page = send(client, book(rooms, customers))
    assert kept() == before
    for what in ("文件里出现了两次", "没有这个项目，或您不能改它", "日期写得不对", "不像电话号码", "姓名不一样"):
        assert what in page
    address = page.split('href="/customers/import/')[1].split('"')[0]
    file = client.get(f"/customers/import/{address}")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(file.content)).get_sheet_by_index(0).to_python()
    assert [tuple(row[:3]) for row in rows[2:]] == [
        ("房产", 4, "房号"),
        ("房产", 5, "项目"),
        ("房产", 6, "栋"),
        ("房产", 6, "交付日期"),
        ("房产", 6, "使用情况"),
        ("客户", 2, "类别"),
        ("客户", 2, "姓名"),
        ("客户", 2, "电话"),
        ("客户", 3, "房号"),
        ("客户", 5, "姓名"),
    ]
    assert "13700003333" not in str(rows), "a list of mistakes names nobody"


def test_it_hands_out_a_template_with_what_must_be_filled_in(client: Client) -> None:
    file = client.get("/customers/import/template.xlsx")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(file.content))
    assert sheet.sheet_names == ["房产", "客户", "填写说明"]
    assert sheet.get_sheet_by_name("客户").to_python()[0][:3] == ["姓名*", "电话*", "类别*"]


@pytest.mark.parametrize(("content", "said"), [(b"PK not a book", "打不开这个文件"), (None, "文件里没有要导入的行")])
def test_it_says_what_is_no_such_file(client: Client, content: bytes | None, said: str) -> None:
    file = book() if content is None else io.BytesIO(content)
    page = client.post("/customers/import", {"file": file})
    assert page.status_code == 422
    assert said in page.content.decode()


def test_it_asks_no_more_for_two_thousand_than_for_five_hundred_lines_but_by_the_thousand(client: Client) -> None:
    from django.db import connection

    def asked(rooms: int, customers: int) -> int:
        with CaptureQueriesContext(connection) as caught:
            send(client, many(rooms, customers))
        return len(caught)

    few = asked(100, 500)
    assert asked(200, 900) <= few + 12
