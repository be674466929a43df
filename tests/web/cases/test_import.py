"""Many reports in one file: checked whole, registered whole or not at all, and once."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from python_calamine import CalamineWorkbook

from kesu.store.models import Case, CaseCard, CaseEvent
from kesu.web.sheets import Book
from tests.world import World

SignIn = Callable[[str], Client]
LOCAL = timedelta(hours=8)


def rows_of(answer: HttpResponse, sheet: int = 0) -> list[list[Any]]:
    rows: list[list[Any]] = (
        CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(sheet).to_python()
    )
    return rows


def heads(client: Client, here: World) -> list[str]:
    place = {"unit": here.units["qingtang"].hex, "kind": "complaint"}
    return [str(head) for head in rows_of(client.get("/cases/import/template", place))[0]]


def row(**changes: str) -> Mapping[str, str]:
    """An hour ago, with the answer promised for tomorrow."""
    local = datetime.now(UTC) + LOCAL
    told = {
        "接报时间": (local - timedelta(hours=1)).strftime("%Y/%m/%d %H:%M"),
        "渠道": "电话",
        "投诉人姓名": "苏女士",
        "投诉人电话": "13800002016",
        "主题": "外墙渗水",
        "内容": "下雨后客厅东墙渗水",
        "房号": "3 栋 1 单元 1702",
        "告诉客户的反馈时间": (local + timedelta(hours=24)).strftime("%Y-%m-%d %H:%M"),
    }
    return told | changes


def file_of(columns: list[str], rows: list[Mapping[str, str]]) -> SimpleUploadedFile:
    book = Book(datetime.now(UTC))
    page = book.sheet("诉件", [20] * len(columns))
    page.row(columns)
    for one in rows:
        page.row([one.get(column.rstrip("*"), "") for column in columns])
    return SimpleUploadedFile("周报.xlsx", book.close())


def send(client: Client, here: World, rows: list[Mapping[str, str]]) -> HttpResponse:
    file = file_of(heads(client, here), rows)
    place = {"unit": here.units["qingtang"].hex, "kind": "complaint"}
    answer: HttpResponse = client.post("/cases/import", {**place, "file": file})
    return answer


def test_each_row_is_a_case_with_all_that_follows_from_registering_it(here: World, sign_in: SignIn) -> None:
    client = sign_in("zhouyining")

    answer = send(client, here, [row(), row(主题="电梯停运", 投诉人姓名="白先生", 投诉人电话="13700003333")])

    assert answer.status_code == 200
    assert "已登记 2 件" in answer.content.decode()
    cards = list(CaseCard.objects.order_by("number"))
    assert [card.title for card in cards] == ["外墙渗水", "电梯停运"]
    assert [card.person_name for card in cards] == ["苏女士", "白先生"]
    assert all(card.level_name and card.next_due_at for card in cards)
    heard = CaseEvent.objects.filter(seq=1).values_list("at", flat=True)
    assert all(timedelta(minutes=59) <= datetime.now(UTC) - at <= timedelta(minutes=62) for at in heard)


def test_one_wrong_row_and_nothing_is_registered_and_each_fault_names_its_row(here: World, sign_in: SignIn) -> None:
    client = sign_in("zhouyining")

    answer = send(client, here, [row(), row(主题=""), row(渠道="飞鸽")])

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "什么都没有写入" in page
    assert not Case.objects.exists()
    for line, column in ((3, "主题"), (4, "渠道")):
        assert f"第 {line} 行" in page
        assert column in page


def test_a_moment_that_nobody_can_read_is_told_before_anything_is_tried(here: World, sign_in: SignIn) -> None:
    page = send(sign_in("zhouyining"), here, [row(接报时间="昨天")]).content.decode()
    assert "第 2 行" in page
    assert "接报时间" in page
    assert "日期和时间" in page


def test_a_lack_that_field_and_rule_want_is_told_once_with_the_rule_behind_it(here: World, sign_in: SignIn) -> None:
    night = (datetime.now(UTC) + LOCAL - timedelta(days=1)).strftime("%Y/%m/%d 00:10")

    answer = send(sign_in("zhouyining"), here, [row(接报时间=night, 告诉客户的反馈时间="")])

    assert answer.status_code == 422
    assert answer.context is not None
    told = [(one.column, one.says) for one in answer.context["wrong"]]
    assert len(told) == 1, told
    assert told[0][0] == "告诉客户的反馈时间"
    assert "下班时间接到的，须告诉客户什么时候反馈（1.3）" in told[0][1]


def test_the_same_rows_are_registered_once(here: World, sign_in: SignIn) -> None:
    client = sign_in("zhouyining")
    rows = [row(), row(主题="电梯停运")]
    send(client, here, rows)
    first = Case.objects.order_by("number").first()

    again = send(client, here, rows)

    assert again.status_code == 422
    assert first is not None
    assert first.number in again.content.decode()
    assert Case.objects.count() == 2

    twice = send(client, here, [row(主题="噪声"), row(主题="噪声")])
    assert "与上面一行完全相同" in twice.content.decode()


def test_the_faults_can_be_taken_along_as_a_file_without_what_stood_in_the_cells(here: World, sign_in: SignIn) -> None:
    client = sign_in("zhouyining")
    answer = send(client, here, [row(渠道="飞鸽", 投诉人姓名="不该带走")])
    assert answer.context is not None

    listed = rows_of(client.post("/cases/import/errors", {"lines": answer.context["kept"]}))

    assert listed[0] == ["行", "列", "哪里不对"]
    assert listed[1][:2] == [2, "渠道"]
    assert "不该带走" not in str(listed)
    assert client.post("/cases/import/errors", {"lines": "[[1,2]]"}).status_code == 404


def test_the_template_marks_what_must_be_said_and_lists_what_may_be(here: World, sign_in: SignIn) -> None:
    client = sign_in("zhouyining")
    place = {"unit": here.units["qingtang"].hex, "kind": "complaint"}
    answer = client.get("/cases/import/template", place)

    assert {"主题*", "渠道*", "接报时间"} <= set(rows_of(answer)[0])
    about = " ".join(str(cells[0]) for cells in rows_of(answer, 1))
    assert "渠道：" in about
    assert "电话" in about


def test_who_may_not_register_may_not_bring_in_a_file(here: World, sign_in: SignIn) -> None:
    assert sign_in("zhengyiran").get("/cases/import").status_code == 403


def test_no_more_rows_than_people_wait_for(here: World, sign_in: SignIn) -> None:
    answer = send(sign_in("zhouyining"), here, [row(主题=f"第 {nth} 件") for nth in range(301)])
    assert answer.status_code == 422
    assert "一次最多 300 行" in answer.content.decode()


def test_the_same_file_is_known_again_where_it_does_not_say_when(here: World, sign_in: SignIn) -> None:
    client, rows = sign_in("zhouyining"), [row(接报时间=""), row(接报时间="", 主题="电梯停运")]
    assert send(client, here, rows).status_code == 200

    again = send(client, here, rows)

    assert again.status_code == 422
    assert "已经登记过" in again.content.decode()
    assert Case.objects.count() == 2
