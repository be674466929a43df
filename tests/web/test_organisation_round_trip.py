"""What was built on the page goes out to a spreadsheet and comes back as it is; what a spreadsheet may found."""

from __future__ import annotations

import io
from datetime import date, datetime

import pytest
from python_calamine import CalamineWorkbook

from kesu.core import clock
from kesu.store.models import Account, HouseChange, Post, PostHolding, Unit
from kesu.web import when
from tests import desk
from tests.web.organisation_sheets import sent, workbook

pytestmark = pytest.mark.django_db
NOTHING = "单位新建 0、改动 0；人员新建 0、改动 0；任职新增 0、改动 0"


def built() -> None:
    """By an administrator, on the page."""
    world, _now = desk.opened()
    admin, group = desk.client_of("admin"), world.units["group"].hex
    admin.post("/organisation/units", {"unit": group, "kind": "region", "name": "南部区域"})
    south = Unit.objects.get(name="南部区域")
    for kind, name in (("project", "听松里"), ("project", "听松丽"), ("department", "南部客服部")):
        admin.post("/organisation/units", {"unit": south.pk.hex, "kind": kind, "name": name, "is_public": "yes"})
    admin.post("/organisation/roots", {"kind": "property", "name": "某某物业（南）"})
    admin.post("/people", {"name": "辛某", "login": "xin"})
    unit, account = Unit.objects.get(name="南部客服部").pk.hex, Account.objects.get(login="xin").pk.hex
    admin.post("/organisation/posts", {"unit": unit, "role": "cs_specialist", "account": account})


def test_an_unchanged_export_of_what_the_page_has_built_changes_nothing() -> None:
    built()
    exported = desk.client_of("admin").get("/organisation/book").content
    before = HouseChange.objects.count(), Unit.objects.count()
    page = sent(exported)
    assert page.status_code == 200, page.content.decode()
    assert NOTHING in page.content.decode()
    assert (HouseChange.objects.count(), Unit.objects.count()) == before


def test_every_unit_of_the_page_has_a_code_of_its_own_that_can_be_changed() -> None:
    built()
    codes = dict(Unit.objects.values_list("name", "code"))
    assert (codes["南部区域"], codes["听松里"], codes["听松丽"], codes["某某物业（南）"]) == (
        "nbqy",
        "tsl",
        "tsl-2",
        "mmwyn",
    )
    unit = Unit.objects.get(code="tsl-2")
    form = {"name": unit.name, "is_public": "no", "is_closed": "no"}
    admin, address = desk.client_of("admin"), f"/organisation/units/{unit.pk}"
    assert admin.post(address, {**form, "code": "Ｐ２"}).status_code == 302
    unit.refresh_from_db()
    assert unit.code == "P2"
    for code, said in (("", "还没有写内容"), ("两 个", "只用字母"), ("TSL", "这个代码已经有了")):
        page = admin.post(address, {**form, "code": code})
        assert page.status_code == 422
        assert said in page.content.decode()


def test_a_new_line_takes_no_name_that_stands_beside_it_and_is_told_its_code() -> None:
    built()
    page = sent(workbook(units=[["n1", "听松里", "项目", "nbqy", "", ""], ["n2", "甲", "项目", "nbqy", "", ""]]))
    assert page.status_code == 422
    assert "同一级已经有这个名称，它的代码是 tsl" in page.content.decode()
    assert "“单位”第 3 行" not in page.content.decode()
    twice = sent(workbook(units=[["n1", "乙", "项目", "nbqy", "", ""], ["n2", "乙", "项目", "nbqy", "", ""]]))
    assert "它的代码是 n2" in twice.content.decode()
    renamed = sent(workbook(units=[["tsl-2", "听松里", "项目", "nbqy", "", ""]]))
    assert "它的代码是 tsl" in renamed.content.decode()


def test_two_units_may_exchange_their_names() -> None:
    built()
    page = sent(
        workbook(units=[["tsl", "听松丽", "项目", "nbqy", "", ""], ["tsl-2", "听松里", "项目", "nbqy", "", ""]])
    )
    assert "单位新建 0、改动 2" in page.content.decode()


def test_a_line_without_a_unit_above_founds_a_company_that_whoever_sends_it_administers() -> None:
    desk.opened()
    units = [
        ["wy_p", "物业项目", "项目", "wy", "", ""],
        ["wy", "某物业", "物业公司", "", "", ""],
        ["sg", "某施工", "施工维修单位", "", "", ""],
        ["jc", "某检测", "检测机构", "", "", ""],
        ["zg", "某主管", "主管部门", "", "", ""],
    ]
    page = sent(workbook(units, people=[["xin", "辛某", ""]], posts=[["xin", "wy_p", "cs_specialist", "", "", ""]]))
    assert "单位新建 5" in page.content.decode()
    roots = Unit.objects.filter(code__in=["wy", "sg", "jc", "zg"])
    assert not roots.exclude(parent=None).exists()
    assert PostHolding.objects.filter(post__unit__in=roots, account__login="admin").count() == 4
    assert Unit.objects.get(code="wy_p").parent == Unit.objects.get(code="wy")
    assert NOTHING in sent(desk.client_of("admin").get("/organisation/book").content).content.decode()


def test_what_cannot_stand_alone_and_a_kind_that_is_missing_are_said_to_be_so() -> None:
    world, _now = desk.opened()
    told = sent(workbook(units=[["a", "甲", "部门", "", "", ""], ["b", "乙", "", "group", "", ""]])).content.decode()
    assert "这种单位不能单独成立，请填上级代码" in told
    assert "还没有填单位的种类" in told
    form = {"unit": world.units["group"].hex, "name": "丙"}
    assert "还没有填单位的种类" in desk.client_of("admin").post("/organisation/units", form).content.decode()


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (["n", "甲", "项目", "group", "也许", ""], "请写“是”或“否”"),
        (["n", "甲", "项目", "group", "", "可能"], "请写“是”或“否”"),
        (["n", "甲", "小区", "group", "", ""], "没有这种单位。可以写：集团、区域"),
    ],
)
def test_a_word_that_is_not_offered_is_refused_with_the_words_that_are(row: list[str], said: str) -> None:
    desk.opened()
    told = sent(workbook(units=[row])).content.decode()
    assert "“单位”第 2 行" in told
    assert said in told
    assert not Unit.objects.filter(code="n").exists()


@pytest.mark.parametrize("flag", ["是", "Yes", "ＹＥＳ", "1", "true"])
def test_yes_is_written_in_several_ways(flag: str) -> None:
    desk.opened()
    sent(workbook(units=[["n", "甲", "项目", "group", flag, "否"]]))
    assert Unit.objects.get(code="n").is_public


CELL = datetime.fromisoformat("2026-01-05T00:00+08:00")
"""A day as the spreadsheet program itself keeps it."""


@pytest.mark.parametrize("day", ["2026-01-05", "2026/1/5", "2026.1.5", "2026年1月5日", "２０２６／１／５", CELL])
def test_a_day_is_written_in_several_ways(day: str | datetime) -> None:
    desk.opened()
    page = sent(workbook(people=[["xin", "辛某", ""]], posts=[["xin", "group", "cs_dept", "", day, ""]]))
    assert page.status_code == 200, page.content.decode()
    assert PostHolding.objects.get(account__login="xin").from_on == date(2026, 1, 5)


def test_codes_and_logins_in_full_width_are_those_in_half_width() -> None:
    desk.opened()
    units, people = [["ｎ１", "甲", "项目", "ｇｒｏｕｐ", "", ""]], [["Ｘｉｎ０１", "辛某", ""]]
    page = sent(workbook(units, people, posts=[["ｘｉｎ０１", "ｎ１", "ｃｓ＿ｄｅｐｔ", "", "", ""]]))
    assert page.status_code == 200, page.content.decode()
    assert Post.objects.get(unit__code="n1").role == "cs_dept"
    assert Account.objects.get(login="xin01").name == "辛某"


def test_of_two_terms_of_one_post_each_line_is_its_own() -> None:
    desk.opened()
    terms = [["xin", "group", "cs_dept", "", "2026-01-05", "2099-01-01"]]
    later = [["xin", "group", "cs_dept", "", "2099-02-01", ""]]
    sent(workbook(people=[["xin", "辛某", ""]], posts=terms))
    post = Post.objects.get(holdings__account__login="xin")
    PostHolding.objects.create(post=post, account=Account.objects.get(login="xin"), from_on=date(2099, 2, 1))
    assert NOTHING in sent(workbook(posts=[*later, *terms])).content.decode()


def test_faults_and_sums_come_in_the_order_of_the_book() -> None:
    desk.opened()
    units, people = [["n", "", "项目", "group", "", ""]], [["", "无名", ""]]
    told = sent(workbook(units, people, posts=[["nobody", "group", "cs_dept", "", "", ""]])).content.decode()
    places = [told.index(f"“{sheet}”第 2 行") for sheet in ("单位", "人员", "任职")]
    assert places == sorted(places)


def test_a_book_has_units_before_people_before_posts() -> None:
    built()
    exported = desk.client_of("admin").get("/organisation/book").content
    book = CalamineWorkbook.from_filelike(io.BytesIO(exported))
    assert book.sheet_names == ["单位", "人员", "任职"]
    rows = book.get_sheet_by_name("单位").to_python()
    assert all(row[0] for row in rows)
    assert when.local(clock.now()).date().isoformat() in str(book.get_sheet_by_name("任职").to_python())
