"""Rooms and customers as the people at the desk use them."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.test import Client

from kesu.store.models import Customer, CustomerChange, CustomerPhone, CustomerReading, ExportRecord
from tests import desk
from tests.access import house_samples
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> tuple[World, UUID, UUID]:
    """A world with a room and a customer of it."""
    world, now = desk.opened()
    return world, house_samples.room(world, now), house_samples.customer(world, now)


def text(client: Client, address: str) -> str:
    page = client.get(address)
    assert page.status_code == 200, address
    return page.content.decode()


def sent(client: Client, address: str, **given: str) -> str:
    page = client.post(address, given, follow=True)
    assert page.status_code == 200, (page.status_code, page.content.decode())
    return page.content.decode()


def test_it_finds_a_room_however_its_address_is_written(house: tuple[World, UUID, UUID]) -> None:
    client = desk.client_of("zhouyining")
    for written in ("1702", "3栋", "3-1-1702", "3栋 1702", "青棠"):
        assert ("1702</a>" in text(client, f"/rooms?q={written}")) is (written != "青棠"), written
    assert "没有这样的房产" in text(client, "/rooms?occupancy=empty")


def test_it_adds_a_room_once_and_says_what_is_wrong(house: tuple[World, UUID, UUID]) -> None:
    world, _room, _customer = house
    client = desk.client_of("zhouyining")
    given = {"project": world.units["qingtang"].hex, **house_samples.ROOM}
    again = client.post("/rooms/new", given)
    assert again.status_code == 422
    assert "这个项目已经有这套房" in again.content.decode()
    wrong = client.post("/rooms/new", {**given, "number": "", "delivered_on": "2026-13-01", "warranties": "防水"})
    for said in ("还没有写内容", "日期写得不对", "写“工种 日期”"):
        assert said in wrong.content.decode()
    page = sent(client, "/rooms/new", **given | {"number": "1802", "delivered_on": "2026-06-30"})
    assert "2026-06-30" in page
    assert "防水保修至" in page


def test_it_keeps_what_was_changed_of_a_room(house: tuple[World, UUID, UUID]) -> None:
    _world, room, _customer = house
    page = sent(desk.client_of("zhouyining"), f"/rooms/{room}", occupancy="let", warranties="门窗 2028-01-01")
    assert "使用情况：自住 → 出租" in page
    assert "保修到期：防水 2031-06-30 → 门窗 2028-01-01" in page


@pytest.mark.parametrize("sought", ["苏晴", "2016", "138 0000 2016", "13800002016", "苏晴 2016"])
def test_it_finds_a_customer_by_name_and_telephone(house: tuple[World, UUID, UUID], sought: str) -> None:
    found = text(desk.client_of("zhouyining"), f"/customers?q={sought}")
    assert "****" in found
    assert "苏晴" in found.replace("<mark>", "").replace("</mark>", "")


def test_a_part_of_a_number_finds_nobody(house: tuple[World, UUID, UUID]) -> None:
    assert "没有这样的客户" in text(desk.client_of("zhouyining"), "/customers?q=138000")


def test_it_shows_personal_data_only_on_record(house: tuple[World, UUID, UUID]) -> None:
    _world, _room, customer = house
    client = desk.client_of("zhouyining")
    masked = text(client, f"/customers/{customer}")
    assert "13800002016" not in masked
    assert "教师" not in masked
    assert "还没有人看过" in masked
    shown = sent(client, f"/customers/{customer}/shown")
    assert "13800002016" in shown
    assert "教师" in shown
    assert CustomerReading.objects.filter(customer_id=customer, what="shown").count() == 1
    assert "查看完整信息" in text(client, f"/customers/{customer}")


def test_nothing_personal_stands_readable_but_the_name(house: tuple[World, UUID, UUID]) -> None:
    row = Customer.objects.get()
    kept = [bytes(row.details), *(bytes(one.sealed) for one in CustomerPhone.objects.all())]
    kept += [bytes(one.sealed) for one in CustomerChange.objects.all()]
    assert all(box for box in kept)
    for word in ("13800002016", "教师"):
        assert all(word.encode() not in box for box in kept)


def test_it_tells_another_project_nothing(house: tuple[World, UUID, UUID]) -> None:
    _world, room, customer = house
    client = desk.client_of("zhaolang")
    assert client.get(f"/customers/{customer}").status_code == 404
    assert client.get(f"/rooms/{room}").status_code == 404
    assert "苏晴" not in text(client, "/customers?q=苏晴").replace('value="苏晴"', "")
    assert "还没有客户" in text(client, "/customers")


def test_it_changes_a_customer_and_keeps_from_what_to_what(house: tuple[World, UUID, UUID]) -> None:
    _world, _room, customer = house
    client = desk.client_of("zhouyining")
    given = {**house_samples.PERSON, "phones": "13800002016，13900001111", "occupation": "医生", "channels": "sms"}
    page = sent(client, f"/customers/{customer}/change", **given)
    assert "电话、职业、愿意的联系方式" in page
    assert "医生" not in page
    shown = sent(client, f"/customers/{customer}/shown")
    assert "职业：教师 → 医生" in shown
    assert "13900001111" in shown
    wrong = client.post(f"/customers/{customer}/change", {**given, "phones": "12", "birth_year": "80"})
    assert wrong.status_code == 422
    assert "不像电话号码" in wrong.content.decode()
    assert "年份写得不对" in wrong.content.decode()


def test_it_links_a_room_and_shows_its_people(house: tuple[World, UUID, UUID]) -> None:
    world, room, customer = house
    client = desk.client_of("zhouyining")
    project = world.units["qingtang"].hex
    page = sent(client, f"/customers/{customer}/rooms", project=project, room="3-1-1702", relation="owner")
    assert "3栋 1单元 1702" in page
    assert "苏晴" in text(client, f"/rooms/{room}")
    assert "苏晴" in text(client, "/customers?q=3-1-1702")
    unknown = client.post(f"/customers/{customer}/rooms", {"project": project, "room": "9-9-999", "relation": "owner"})
    assert "没有这套房" in unknown.content.decode()
    link = Customer.objects.get().rooms.get().pk
    page = sent(client, f"/customers/{customer}/rooms/{link}/end")
    assert "解除" in page
    assert "没有这样的客户" in text(client, "/customers?q=3-1-1702")


def test_it_shows_purchases_consents_and_cases_on_one_page(house: tuple[World, UUID, UUID]) -> None:
    world, _room, customer = house
    client = desk.client_of("zhouyining")
    world.register(at=desk.world_again()[1], title="厨房漏水", promised_feedback_at=desk.PROMISED)
    sent(client, f"/customers/{customer}/purchases", bought_on="2024-05-01", place="售楼处", amount="1,280,000")
    sent(client, f"/customers/{customer}/consents", purpose="给装修公司联系方式", how="书面", given_on="2025-01-02")
    page = text(client, f"/customers/{customer}")
    for said in ("厨房漏水", "¥1,280,000.00", "售楼处", "给装修公司联系方式"):
        assert said in page
    consent = Customer.objects.get().consents.get().pk
    assert "撤回（电话）" in sent(client, f"/customers/{customer}/consents/{consent}/end", how="电话")


def test_it_joins_two_rows_of_one_person_and_parts_them_exactly(house: tuple[World, UUID, UUID]) -> None:
    world, _room, customer = house
    other = house_samples.customer(world, desk.world_again()[1], name="苏 晴", occupation="护士")
    client = desk.client_of("zhouyining")

    def kept() -> list[object]:
        rows = Customer.objects.order_by("pk").values_list("pk", "name", "details", "groups", "merged_into")
        return [[*map(str, rows)], text(client, "/customers"), *CustomerPhone.objects.values_list("pk", "customer")]

    before = kept()
    assert "电话相同" in text(client, f"/customers/{customer}")
    assert "苏 晴" in text(client, "/customers/duplicates")
    page = sent(client, f"/customers/{customer}/join", other=str(other))
    assert "没有可能重复的客户" in text(client, "/customers/duplicates")
    assert "已并入" in page
    assert client.get(f"/customers/{other}").url == f"/customers/{customer}"
    assert "共 1 条" in text(client, "/customers")
    sent(client, f"/customers/{customer}/part", other=str(other))
    assert kept()[0] == before[0]
    assert kept()[2:] == before[2:]
    assert "共 2 条" in text(client, "/customers")


def test_it_gives_somebody_his_own_data_and_records_it(house: tuple[World, UUID, UUID]) -> None:
    _world, _room, customer = house
    file = desk.client_of("zhouyining").post(f"/customers/{customer}/export")
    told = file.json()
    assert told["records"][0]["phones"] == ["+8613800002016"]
    assert told["records"][0]["occupation"] == "教师"
    assert ExportRecord.objects.get().what == "customer"
    assert "客户个人资料" in desk.client_of("admin").get("/organisation/exports").content.decode()


def test_it_erases_somebody_and_leaves_the_record_that_it_did(house: tuple[World, UUID, UUID]) -> None:
    _world, _room, customer = house
    client = desk.client_of("linsheng")
    sent(desk.client_of("zhouyining"), f"/customers/{customer}/purchases", bought_on="2024-05-01", place="售楼处")
    unsure = client.post(f"/customers/{customer}/erase")
    assert unsure.status_code == 422
    assert "请先勾选" in unsure.content.decode()
    page = sent(client, f"/customers/{customer}/erase", certain="yes")
    assert "抹去个人信息" in page
    assert "苏晴" not in page
    assert "没有这样的客户" in text(client, "/customers?q=13800002016")
    row = Customer.objects.get()
    assert (row.name, bytes(row.data_key), bytes(row.details)) == ("", b"", b"")
    assert not CustomerPhone.objects.exists()
    assert client.post(f"/customers/{customer}/shown").status_code == 404
    assert client.post(f"/customers/{customer}/erase", {"certain": "yes"}).status_code == 404


def test_administrators_see_who_looked_at_whom_and_the_name_stays_masked(house: tuple[World, UUID, UUID]) -> None:
    _world, _room, customer = house
    sent(desk.client_of("zhouyining"), f"/customers/{customer}/shown")
    page = text(desk.client_of("admin"), "/organisation/readings")
    assert "周以宁" in page
    assert "查看完整信息" in page
    assert "客户 苏* · 青棠湾一期" in page
    assert "苏晴" not in page
