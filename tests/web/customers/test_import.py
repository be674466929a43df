"""A file of rooms and customers: checked whole, written whole or not at all, changing nothing the second time."""

from __future__ import annotations

import io
from datetime import date

import pytest
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from kesu.core import clock
from kesu.jobs.imports import Stopped, import_one
from kesu.store.models import (
    Account,
    Customer,
    CustomerChange,
    CustomerPlace,
    CustomerRoom,
    HouseChange,
    ImportRun,
    ImportWork,
    Room,
    RoomChange,
)
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


def sent(client: Client, file: object) -> str:
    """The address of its progress and result."""
    answer = client.post("/customers/import", {"file": file})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.url)


def send(client: Client, file: object) -> str:
    """It is sent, the worker brings it in, and the result is looked at."""
    address = sent(client, file)
    assert import_one(lambda _work: lambda _done: None)
    page = client.get(address)
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


def test_it_shows_how_far_it_is_and_then_what_came_of_it(client: Client) -> None:
    address = sent(client, book(ROOMS, CUSTOMERS))
    page = client.get(address)
    assert "等候检查：5 行" in page.content.decode()
    assert page.headers["Refresh"] == "2"
    assert "等候检查：5 行" in client.get("/customers/import").content.decode()
    assert client.get(address, HTTP_ACCEPT_LANGUAGE="en").status_code == 200
    for done, said in ((3, "正在检查：3 / 5 行"), (5, "全部检查完了，正在写入")):
        ImportWork.objects.update(done=done)
        assert said in client.get(address).content.decode()
    assert not Room.objects.exists(), "nothing is written while it waits"

    heard: list[int] = []
    assert import_one(lambda _work: heard.append)
    assert (heard[0], heard[-1]) == (0, 5)
    page = client.get(address)
    assert "Refresh" not in page.headers
    assert "房产：新 2，改 0，没有变化 0" in page.content.decode()
    assert not ImportWork.objects.exists(), "the lines, with names and numbers in them, are gone"
    assert not import_one(lambda _work: heard.append)


def test_names_and_numbers_stand_readable_nowhere_while_a_file_waits(client: Client) -> None:
    sent(client, book(ROOMS, CUSTOMERS))
    work = ImportWork.objects.get()
    assert "苏晴".encode() not in bytes(work.sealed)
    assert desk.client_of("zhouyining").get(f"/customers/import/{work.pk}").status_code == 403
    assert desk.client_of("baiting").get(f"/customers/import/{work.pk}").status_code == 404, "of somebody else"


def test_a_file_sent_twice_waits_once(client: Client) -> None:
    file = book(ROOMS, CUSTOMERS)
    first = sent(client, file)
    file.seek(0)
    assert sent(client, file) == first
    assert ImportWork.objects.count() == 1


def test_several_files_come_in_one_after_another(client: Client) -> None:
    first, second = sent(client, book(ROOMS, [])), sent(client, book([], CUSTOMERS))
    while import_one(lambda _work: lambda _done: None):
        pass
    assert "房产：新 2" in client.get(first).content.decode()
    assert "客户：新 2" in client.get(second).content.decode()


def test_whoever_lost_the_right_meanwhile_brings_in_nothing(client: Client) -> None:
    sent(client, book(ROOMS, CUSTOMERS))
    Account.objects.filter(login="linsheng").update(is_active=False)
    assert import_one(lambda _work: lambda _done: None)
    assert (Room.objects.count(), ImportWork.objects.count()) == (0, 0)
    Account.objects.filter(login="linsheng").update(is_active=True)
    assert "没有导入：您已没有导入客户的权限" in desk.client_of("linsheng").get("/customers/import").content.decode()


def test_a_worker_that_ends_in_the_middle_leaves_it_to_the_next(client: Client) -> None:
    address = sent(client, book(ROOMS, CUSTOMERS))

    def end(_done: int) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        import_one(lambda _work: end)
    assert not Room.objects.exists()
    assert import_one(lambda _work: lambda _done: None)
    assert "房产：新 2，改 0，没有变化 0；客户：新 2" in client.get(address).content.decode()


def test_a_file_that_fails_again_and_again_is_given_up_and_its_sender_told(client: Client) -> None:
    address = sent(client, book(ROOMS, CUSTOMERS))

    def fail(_done: int) -> None:
        raise RuntimeError

    for _time in range(5):
        ImportWork.objects.update(try_at=clock.now())
        assert import_one(lambda _work: fail)
        assert not import_one(lambda _work: fail), "it is not tried again at once"
    ImportWork.objects.update(try_at=clock.now())
    assert import_one(lambda _work: fail)
    assert "试了几次都没有做完" in client.get(address).content.decode()
    assert ImportRun.objects.get().counts == {"failed": 6}
    assert not Room.objects.exists()


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
