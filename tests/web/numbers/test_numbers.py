"""统计: every number opens a list with exactly as many rows, and means what its words say."""

from __future__ import annotations

import html
import re
from datetime import datetime, timedelta

import pytest
from django.test import Client

from tests import desk
from tests.web.numbers import story
from tests.world import World

pytestmark = pytest.mark.django_db

_NUMBER = re.compile(r'<a[^>]*href="(/(?:cases|numbers/duties)\?[^"]+)"[^>]*>([\d,]+)</a>')
_TOTAL = re.compile(r"共 ([\d,]+) [件项]")
_ROW = re.compile(r"<tr[^>]*>\s*<th scope=\"row\">(.*?)</th>(.*?)</tr>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")


def page_of(client: Client, query: str) -> str:
    answer = client.get(f"/numbers{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def numbers_in(page: str) -> list[tuple[str, int]]:
    """Address and number, each address once."""
    found = {html.unescape(url): int(text.replace(",", "")) for url, text in _NUMBER.findall(page)}
    return sorted(found.items())


def total_of(client: Client, url: str) -> int:
    shown = _TOTAL.search(client.get(url).content.decode())
    assert shown, url
    return int(shown[1].replace(",", ""))


def row_of(page: str, label: str) -> list[str]:
    """The cells of the first line with this label."""
    for name, cells in _ROW.findall(page):
        if _TAG.sub("", name).strip() == label:
            return [_TAG.sub("", cell).strip() for cell in re.findall(r"<td[^>]*>(.*?)</td>", cells, re.DOTALL)]
    raise AssertionError(label)


def ago(now: datetime, days: int) -> str:
    from kesu.web import when

    return when.local(now - timedelta(days=days)).date().isoformat()


def past(now: datetime, first: int = 25, last: int = 0) -> str:
    return f"?from={ago(now, first)}&to={ago(now, last)}"


@pytest.fixture
def told() -> tuple[World, datetime]:
    return story.told()


def differing(client: Client, page: str) -> dict[str, tuple[int, int]]:
    """Addresses whose list has another total than the number says. Of those that say 0 every fifth is asked."""
    found = numbers_in(page)
    empty = [one for one in found if one[1] == 0]
    asked = [one for one in found if one[1] > 0] + empty[::5]
    totals = {url: (number, total_of(client, url)) for url, number in asked}
    return {url: both for url, both in totals.items() if both[0] != both[1]}


@pytest.mark.parametrize(
    ("login", "first", "last", "kind"),
    [
        ("linsheng", 25, 0, "&kind=complaint&pack=p10"),
        ("linsheng", 25, 0, "&kind=suggestion&pack=suggestion"),
        ("zhouyining", 6, 1, "&kind=complaint&pack=p10"),
        ("chenmuzhi", 14, 3, ""),
    ],
)
def test_every_number_opens_a_list_of_exactly_as_many_rows(
    told: tuple[World, datetime], login: str, first: int, last: int, kind: str
) -> None:
    client = desk.client_of(login)
    assert differing(client, page_of(client, past(told[1], first, last) + kind)) == {}


def test_the_walk_sees_every_dimension_and_more_than_nothing(told: tuple[World, datetime]) -> None:
    client = desk.client_of("linsheng")
    found = numbers_in(page_of(client, past(told[1])))

    asked = {name for url, _number in found for name in re.findall(r"[?&]([\w.]+)=", url)}
    assert {"level", "fact.channel", "unit", "holder", "fact.category", "fact.track", "department", "slot"} <= asked
    assert sum(number > 0 for _url, number in found) > 40


def test_it_counts_what_was_received_closed_and_is_open(told: tuple[World, datetime]) -> None:
    page = page_of(desk.client_of("linsheng"), past(told[1]))

    received, closed, in_time, share, is_open, *_rest = row_of(page, "合计")
    assert (received, closed, in_time, is_open) == ("8", "3", "1", "5")
    assert share == "33.3%"


def test_a_closed_case_is_in_time_only_if_none_of_its_duties_ran_over(told: tuple[World, datetime]) -> None:
    page = desk.client_of("linsheng").get(f"/cases?state=&in_time=yes&closed={ago(told[1], 25)}..{ago(told[1], 0)}")

    assert "门禁失灵" in page.content.decode()
    assert "电梯异响" not in page.content.decode()


def test_a_duty_that_ran_over_counts_as_missed_also_after_its_case_was_withdrawn(told: tuple[World, datetime]) -> None:
    page = desk.client_of("linsheng").get(
        f"/numbers/duties?outcome=missed&duties={ago(told[1], 25)}..{ago(told[1], 0)}"
    )

    text = page.content.decode()
    assert "误报" in text
    assert "没有办，不再需要" in text


def test_due_is_the_sum_of_in_time_late_and_missed_in_every_line(told: tuple[World, datetime]) -> None:
    page = page_of(desk.client_of("linsheng"), past(told[1]))

    lines = [
        [_TAG.sub("", c).strip() for c in re.findall(r"<td[^>]*>(.*?)</td>", row[1], re.DOTALL)]
        for row in _ROW.findall(page)
    ]
    sums = [[int(text) for text in cells[-5:-1]] for cells in lines]
    assert len(sums) > 10
    assert all(due == in_time + late + missed for due, in_time, late, missed in sums)


def test_it_counts_each_departments_duties_where_its_posts_are(told: tuple[World, datetime]) -> None:
    page = page_of(desk.client_of("linsheng"), past(told[1]))

    pending, overrun, due, *_rest = row_of(page, "东部工程部")
    assert (pending, overrun) == ("2", "2")
    assert int(due) == 2
    assert row_of(page, "青棠湾一期 · 项目客服专管员")
    assert int(row_of(page, "东部客户服务部")[2]) > 0


def test_it_keeps_the_words_of_two_policies_apart(told: tuple[World, datetime]) -> None:
    client = desk.client_of("linsheng")
    complaints = page_of(client, past(told[1]) + "&kind=complaint&pack=p10")
    suggestions = page_of(client, past(told[1]) + "&kind=suggestion&pack=suggestion")

    assert "一般" in complaints
    assert "归入主题" not in complaints
    assert "归入主题" in suggestions
    assert "重大" not in suggestions


def test_it_shows_each_reader_only_his_own_reach(told: tuple[World, datetime]) -> None:
    east = row_of(page_of(desk.client_of("linsheng"), past(told[1])), "合计")
    west = page_of(desk.client_of("zhaolang"), past(told[1]))

    assert east[0] == "8"
    assert "合计" not in west
    assert "这段时间没有可统计的诉件" in west


def test_it_is_closed_to_those_without_the_right(told: tuple[World, datetime]) -> None:
    client = desk.client_of("wutong")

    assert client.get("/numbers").status_code == 403
    assert client.get("/numbers.xlsx").status_code == 403
    assert client.get("/numbers/duties").status_code == 403
    assert "统计" not in client.get("/work").content.decode()
    assert "看统计" in client.get("/numbers").content.decode()


ODD = (
    "?period=x",
    "?from=x&to=y",
    "?from=0001-01-01&to=9999-12-31",
    "?from=2026-02-30&to=2026-03-01",
    "?kind=x&pack=y",
)


@pytest.mark.parametrize("query", ODD)
def test_it_reads_an_odd_address_as_if_nothing_was_said(query: str) -> None:
    desk.opened()
    assert 'aria-current="true">本月' in page_of(desk.client_of("linsheng"), query)


@pytest.mark.parametrize(
    "query",
    [
        "unit=x",
        "department=x",
        "holder=-",
        "duties=x..y",
        "outcome=x",
        "left=x",
        "fact.=x",
        "fact.x%27y=1",
        "page=99",
    ],
)
def test_the_lists_read_an_odd_address_as_best_they_can(query: str) -> None:
    desk.opened()
    client = desk.client_of("linsheng")

    assert client.get(f"/numbers/duties?{query}").status_code == 200
    assert client.get(f"/cases?{query}").status_code == 200


def test_the_list_says_what_the_number_narrowed_it_to(told: tuple[World, datetime]) -> None:
    days = f"{ago(told[1], 25)}..{ago(told[1], 0)}"
    query = f"?kind=complaint&pack=p10&state=&received={days}&fact.category=工程质量&fact.channel=电话"
    page = desk.client_of("linsheng").get(f"/cases{query}").content.decode()

    for name, value in (("category", "工程质量"), ("channel", "电话")):
        assert re.search(f'<select name="fact.{name}".*?<option value="{value}" selected>', page)
    assert re.search(r'<span class="chip">受理 ', page)
    assert f'<input type="hidden" name="received" value="{days}">' in page
    assert _TOTAL.search(page)[0] == "共 1 件"
