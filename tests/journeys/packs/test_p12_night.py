"""P12 at night: the chain of minutes on a Saturday evening, link by link, with the name of whoever is told at each; the
head of the office is away, and his deputy stands in for him. The papers fall due in the nights that follow."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from kesu.core import clock
from tests.full import only_in_full
from tests.journeys.packs.desks import Desk
from tests.journeys.packs.houses import ZONE, Houses, Settled
from tests.journeys.packs.worked import due


@only_in_full
def test_each_link_is_told_by_name_at_its_instant(houses: Houses) -> None:
    began = _saturday_at_night()
    house = houses.open("p12", began)
    _is_away(house, "fangwanqing", "qiaoyuanshan")
    house.grants("cs_manager", "report:numbers:read")
    front, manager = house.desk("baizhiyu"), house.desk("shensongluo")
    deputy, leader = house.desk("qiaoyuanshan", phone=True), house.desk("jingzhizhou", phone=True)
    board, engineering = house.desk("guchenxi", phone=True), house.desk("tanmuyun", phone=True)
    case = front.opens(
        house.unit("songyue_site"), "complaint", title="水泵房进水", is_emergency="yes", is_major="yes",
        person__phone="13800005205",
    )  # fmt: skip
    opened = house.now()

    # Nobody has done anything yet: who would be told at 22:13 stands there by name.
    _will_be_told(manager, "应急知会部门", opened + timedelta(minutes=3), "柏知雨", "沈松萝")
    _is_not_told(front, "已超时：应急知会部门")
    house.until(opened + timedelta(minutes=3))
    for one in (front, manager):
        _is_told(one, "已超时：应急知会部门")

    # The department and the head are told at once; the head is away, and his deputy reads it and owes what he owes.
    front.takes(case, "alert", responsible_dept=house.unit("songyue_engineering"))
    alerted = house.now()
    for one in (engineering, deputy):
        _is_told(one, "应急：投诉")
    assert due(deputy, case, "上报公司主管领导") == f"{alerted + timedelta(minutes=5):%m-%d %H:%M}"
    deputy.owes(case, "上报公司主管领导", "6b", "乔远山")
    _will_be_told(manager, "上报公司主管领导", alerted + timedelta(minutes=5), "荆止舟")
    _is_not_told(leader, "已超时：上报公司主管领导")
    house.until(alerted + timedelta(minutes=5))
    _is_told(leader, "已超时：上报公司主管领导")

    deputy.takes(case, "tell_leader")
    told = house.now()
    _is_told(leader, "重要重大投诉")
    leader.owes(case, "电话上报董事领导", "7a", "荆止舟")
    _will_be_told(manager, "电话上报董事领导", told + timedelta(minutes=10), "谷晨曦")
    _is_not_told(board, "已超时：电话上报董事领导")
    house.until(told + timedelta(minutes=10))
    _is_told(board, "已超时：电话上报董事领导")
    leader.takes(case, "tell_board")
    _is_told(board, "公司协调不了")

    # A day and two days later, on a Sunday and a Monday night, the papers are owed by the minute.
    assert due(deputy, case, "向公司主管领导交书面报告") == f"{alerted + timedelta(hours=24):%m-%d %H:%M}"
    assert due(leader, case, "向董事领导交书面报告") == f"{told + timedelta(hours=48):%m-%d %H:%M}"
    house.until(alerted + timedelta(hours=24))
    _is_told(leader, "已超时：向公司主管领导交书面报告")
    deputy.takes(case, "submit_leader_report")
    house.until(told + timedelta(hours=48))
    _is_told(board, "已超时：向董事领导交书面报告")
    leader.takes(case, "submit_board_report")


def _saturday_at_night() -> datetime:
    """The next one, at 22:10."""
    today = clock.now().astimezone(ZONE).date()
    return datetime.combine(today + timedelta(days=(5 - today.weekday()) % 7 or 7), time(22, 10), ZONE)


def _is_away(house: Settled, login: str, deputy: str) -> None:
    """He says so himself, on his own page, before he leaves."""
    desk, today = house.desk(login), house.now().date()
    desk.go(f"/people/{house.stage.people[login]}")
    days = {"first": f"{today}", "last": f"{today + timedelta(days=7)}"}
    desk.fill({**days, "deputy": house.stage.people[deputy].hex})
    desk.submit()
    desk.sees("代理")


def _will_be_told(desk: Desk, duty: str, at: datetime, *names: str) -> None:
    """On the board of what is ahead."""
    desk.go("/numbers/ahead")
    line = desk.page.locator(".ah-next").filter(has_text=duty).locator("li").filter(has_text=f"{at:%H:%M}")
    told = " ".join(line.all_inner_texts())
    assert all(name in told for name in names), (duty, desk.page.locator(".ah-next").all_inner_texts())


def _is_told(desk: Desk, words: str) -> None:
    """Among the notices of his own."""
    desk.waits("/notices", words)


def _is_not_told(desk: Desk, words: str) -> None:
    desk.go("/notices")
    desk.does_not_see(words)
