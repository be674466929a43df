"""The list as a spreadsheet: texts stay texts, dates are dates, and whoever is not shown a name does not export it."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from python_calamine import CalamineWorkbook

from kesu.web.cases import export
from kesu.web.sheets import Book, cleaned
from tests import desk
from tests.world import World

pytestmark = pytest.mark.django_db

TOLD = {"promised_feedback_at": desk.PROMISED}


def rows_of(answer: HttpResponse, sheet: int = 0) -> list[list[Any]]:
    assert answer.status_code == 200
    return CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(sheet).to_python()


def exported(login: str, query: str = "") -> list[dict[str, Any]]:
    """The rows below the head, by column."""
    rows = rows_of(desk.client_of(login).get(f"/cases.xlsx{query}"))
    head = rows[3]
    return [dict(zip(head, row, strict=True)) for row in rows[4:]]


@pytest.fixture
def three() -> tuple[World, datetime]:
    world, now = desk.opened()
    world.register(at=now - timedelta(days=2), title="=1+1", room="+86138", person__name="@SUM(A1)", **TOLD)
    world.register(at=now - timedelta(hours=2), title="-2+3 cmd", room="8-2-0901", channel="来访", **TOLD)
    world.register("zhaolang", at=now, unit="wangting", title="露台排水不畅", **TOLD)
    return world, now


def make_reader_without_names() -> None:
    from kesu.commands.organisation.load_organisation import Organisation, load_organisation
    from kesu.core import clock

    reader = Organisation(units=[], people=[], posts=[], grants={"call_operator": ["case:case:read"]})
    load_organisation(organisation=reader, on=clock.now().date())


def test_what_looks_like_a_formula_stays_a_text(three: tuple[World, datetime]) -> None:
    found = exported("zhouyining")

    row = next(one for one in found if one["主题"] == "=1+1")
    assert row["房号"] == "+86138"
    assert row["客户"] == "@SUM(A1)"
    assert {one["主题"] for one in found} == {"=1+1", "-2+3 cmd"}
    answer = desk.client_of("zhouyining").get("/cases.xlsx")
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    assert b"<f>" not in _sheet(answer)
    assert all(isinstance(row[2], str) for row in book.get_sheet_by_index(0).to_python()[4:])


def _sheet(answer: HttpResponse) -> bytes:
    import zipfile

    return zipfile.ZipFile(io.BytesIO(answer.content)).read("xl/worksheets/sheet1.xml")


def test_dates_are_dates_on_the_wall_clock(three: tuple[World, datetime]) -> None:
    from kesu.web import when

    row = next(one for one in exported("zhouyining") if one["主题"] == "=1+1")
    received = three[1] - timedelta(days=2)

    assert isinstance(row["受理时间"], datetime)
    assert abs(row["受理时间"] - when.local(received).replace(tzinfo=None)) < timedelta(seconds=1)
    assert row["办结时间"] == ""


def test_it_keeps_the_filters_and_columns_of_the_list(three: tuple[World, datetime]) -> None:
    found = exported("zhouyining", "?kind=complaint&fact.channel=来访")

    assert [one["主题"] for one in found] == ["-2+3 cmd"]
    assert found[0]["渠道"] == "来访"
    assert "渠道" not in exported("zhouyining")[0]
    assert exported("zhaolang", "?kind=complaint")[0]["主题"] == "露台排水不畅"


def test_it_masks_as_the_list_does(three: tuple[World, datetime]) -> None:
    make_reader_without_names()

    found = exported("wutong")

    assert {(one["客户"], one["房号"]) for one in found} == {("@**", ""), ("苏**", "")}


def test_it_records_who_took_personal_data_out_and_how_much(three: tuple[World, datetime]) -> None:
    from kesu.store.models import ExportRecord

    make_reader_without_names()
    exported("wutong")
    assert ExportRecord.objects.count() == 0

    exported("zhouyining", "?kind=complaint&q=苏女士&state=")

    record = ExportRecord.objects.get()
    assert record.account.login == "zhouyining"
    assert (record.what, record.rows, record.clear) == ("case-list", 1, 1)
    assert record.filters == {"kind": "complaint", "state": "", "sought": "yes"}


def test_it_says_so_when_not_everything_fits(three: tuple[World, datetime], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "MOST_EXPORTED", 1)

    rows = rows_of(desk.client_of("zhouyining").get("/cases.xlsx"))

    assert len(rows) == 5
    assert "超过 1 件，这里只有排在前面的 1 件" in rows[2][0]


def test_the_file_is_called_after_the_day(three: tuple[World, datetime]) -> None:
    from kesu.web import when

    answer = desk.client_of("zhouyining").get("/cases.xlsx")

    assert answer.headers["Content-Type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert f"{when.local(three[1]).date()}.xlsx" in answer.headers["Content-Disposition"]
    assert answer.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    "text", ["=1+1", "@SUM(A1)", "+8613800001111", "-1", "\t=1", "\r=1", "http://x", "_x0041_", "00123", "TRUE"]
)
def test_every_text_comes_back_as_a_text(three: tuple[World, datetime], text: str) -> None:
    book = Book(three[1])
    book.sheet("[表]:*?", (10,)).row([text])

    (value,), *_rest = CalamineWorkbook.from_filelike(io.BytesIO(book.close())).get_sheet_by_index(0).to_python()
    assert isinstance(value, str)
    assert value.strip() == text.strip()


@pytest.mark.parametrize(
    ("text", "clean"), [("a\x00b\x07", "ab"), ("a\nb", "a b"), ("\ud800x", "x"), ("\ufffe好", "好")]
)
def test_no_sign_stays_that_a_cell_cannot_hold(text: str, clean: str) -> None:
    assert cleaned(text) == clean


def test_the_record_keeps_nothing_that_narrows_no_list(three: tuple[World, datetime]) -> None:
    from kesu.store.models import ExportRecord

    exported("zhouyining", f"?kind=complaint&remark=苏女士&due={'x' * 5000}&state=")
    exported("zhouyining", "?kind=complaint&remark=苏女士&level=%00")

    for record in ExportRecord.objects.all():
        assert "remark" not in record.filters
        assert all(len(said) <= 80 for said in record.filters.values())
    assert ExportRecord.objects.filter(filters__kind="complaint").exists()
