"""The organisation goes out to a spreadsheet and comes in from one: all of it, or nothing, line by line."""

from __future__ import annotations

import io

import pytest
from python_calamine import CalamineWorkbook

from kesu.core import clock
from kesu.store.models import Account, HouseChange, Post, PostHolding, Unit
from kesu.web.sheets import Book
from tests import desk
from tests.web.organisation_sheets import sent, workbook

pytestmark = pytest.mark.django_db
NEW = {
    "units": [
        ["north_p1", "听松里", "项目", "north_co", "是", "否"],
        ["north_co", "北部公司", "公司", "north", "", ""],
        ["north", "北部区域", "区域", "group", "", ""],
    ],
    "people": [["Xin1", "辛一", "xin1@example.invalid"], ["xin2", "辛二", ""]],
    "posts": [
        ["xin1", "north_p1", "cs_specialist", "听松里客服专管员", "2026-01-05", ""],
        ["xin2", "north_co", "项目部", "", "", "2030-12-31"],
    ],
}


def test_units_people_and_posts_come_in_whatever_the_order_of_their_lines() -> None:
    desk.opened()
    page = sent(workbook(**NEW))

    assert page.status_code == 200, page.content.decode()
    told = page.content.decode()
    assert "单位新建 3、改动 0；人员新建 2、改动 0；任职新增 2、改动 0" in told
    project = Unit.objects.get(code="north_p1")
    assert project.path.startswith(Unit.objects.get(code="north").path)
    assert project.is_public
    assert str(PostHolding.objects.get(account__login="xin1").from_on) == "2026-01-05"
    assert Post.objects.get(unit__code="north_co").role == "project_dept"
    assert any(Account.objects.get(login="xin1").check_password(word) for word in told.replace("<", ">").split(">"))
    assert page.headers["Cache-Control"].startswith("private, no-store")
    acts = list(HouseChange.objects.values_list("act", flat=True))
    assert [acts.count(act) for act in ("unit.created", "account.created", "post.given")] == [3, 2, 2]


def test_the_same_file_twice_changes_nothing() -> None:
    desk.opened()
    sent(workbook(**NEW))
    before = HouseChange.objects.count()
    again = sent(workbook(**NEW)).content.decode()
    assert "单位新建 0、改动 0；人员新建 0、改动 0；任职新增 0、改动 0" in again
    assert HouseChange.objects.count() == before


def test_what_was_exported_comes_back_as_it_is() -> None:
    desk.opened()
    exported = desk.client_of("admin").get("/organisation/book").content
    book = CalamineWorkbook.from_filelike(io.BytesIO(exported))
    assert book.sheet_names == ["单位", "人员", "任职"]
    told = sent(exported).content.decode()
    assert "单位新建 0、改动 0；人员新建 0、改动 0；任职新增 0、改动 0" in told


def test_one_wrong_line_and_nothing_is_written_and_every_fault_has_its_line() -> None:
    desk.opened()
    units = [
        ["group", "改名了的集团", "集团", "", "", ""],
        ["x1", "", "项目", "nowhere", "", ""],
        ["x2", "某部", "集团", "group", "", ""],
        ["x2", "某部二", "部门", "group", "", ""],
        ["a", "甲", "物业公司", "b", "", ""],
        ["b", "乙", "公司", "a", "", ""],
    ]
    people = [["", "无名", ""], ["ok", "好人", "not an address"]]
    posts = [
        ["nobody", "group", "no_role", "", "2026-13-01", ""],
        ["ok", "group", "cs_dept", "", "2026-05-01", "2026-04-01"],
    ]
    page = sent(workbook(units, people, posts))

    told = page.content.decode()
    assert page.status_code == 422
    for said in (
        "“单位”第 3 行",
        "没有这个代码的单位",
        "这一级下面不能建这种单位",
        "文件里出现了两次",
        "上级绕了一圈",
        "“人员”第 2 行",
        "不像邮箱地址",
        "没有这个账号",
        "没有这个岗位",
        "请写成 2026-10-01 这样的日期",
        "不能早于第一天",
    ):
        assert said in told
    assert not Account.objects.filter(login="ok").exists()
    assert Unit.objects.get(code="group").name != "改名了的集团"
    assert not HouseChange.objects.filter(act__startswith="unit").exists()


def test_a_trial_says_what_would_happen_and_writes_nothing() -> None:
    desk.opened()
    told = sent(workbook(**NEW), dry="yes").content.decode()
    assert "检查通过，没有写入" in told
    assert "单位新建 3" in told
    assert not Unit.objects.filter(code="north").exists()
    assert "首次登录的密码" not in told


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "还没有选文件"),
        (b"not a workbook", "打不开这个文件"),
        (b"PK\x03\x04broken", "打不开这个文件"),
        (workbook(), "文件里没有要导入的行"),
    ],
)
def test_what_is_no_workbook_is_said_in_words(content: bytes, said: str) -> None:
    desk.opened()
    page = sent(content)
    assert page.status_code == 422
    assert said in page.content.decode()


def test_a_workbook_without_the_columns_says_so() -> None:
    desk.opened()
    book = Book(clock.now())
    sheet = book.sheet("单位", [10])
    sheet.row(["代码", "名称"])
    sheet.row(["a", "b"])
    assert "表头缺了几列" in sent(book.close()).content.decode()


def test_nobody_brings_units_in_beyond_his_reach() -> None:
    desk.opened()
    page = sent(workbook(units=[["y", "某", "部门", "group", "", ""]]), login="zhouyining")
    assert page.status_code == 403
