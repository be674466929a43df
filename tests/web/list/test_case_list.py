"""诉件列表: what it finds, whom it masks, that its address says everything."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest

from kesu.store.models import Case, CaseCard
from tests import desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def two() -> tuple[str, str]:
    """Numbers of an old and a new case of one project; a third lies in another company."""
    world, now = desk.opened()
    said = {"promised_feedback_at": desk.PROMISED}
    old = world.register(at=now - timedelta(days=2), title="单元门禁失灵", **said)
    new = world.register(at=now - timedelta(minutes=5), title="外墙渗水", room="8-2-0901", **said)
    world.register("zhaolang", at=now, unit="wangting", title="露台排水不畅", **said)
    numbers = dict(Case.objects.values_list("pk", "number"))
    return numbers[old], numbers[new]


def shown(login: str, query: str = "") -> list[str]:
    """The numbers in the table, from top to bottom."""
    page = desk.client_of(login).get(f"/cases{query}").content.decode()
    return [re.sub("<.*?>", "", cell) for cell in re.findall(r'<td class="tight num last">(.+?)</td>', page)]


def test_it_shows_the_reach_of_the_readers_posts_and_nothing_else(two: tuple[str, str]) -> None:
    assert sorted(shown("zhouyining")) == sorted(two)
    assert len(shown("zhaolang")) == 1
    assert shown("admin") == []


def test_it_puts_what_is_due_first_on_top(two: tuple[str, str]) -> None:
    old, new = two

    assert shown("zhouyining") == [old, new]
    assert shown("zhouyining", "?sort=-due") == [new, old]
    assert shown("zhouyining", "?sort=received") == [old, new]


@pytest.mark.parametrize("text", ["门禁", "单元"])
def test_it_finds_by_title(two: tuple[str, str], text: str) -> None:
    assert shown("zhouyining", f"?q={text}") == [two[0]]


def test_it_finds_by_number_and_room(two: tuple[str, str]) -> None:
    assert shown("zhouyining", f"?q={two[1]}") == [two[1]]
    assert shown("zhouyining", "?q=8-2-09") == [two[1]]


def test_it_finds_names_only_for_those_who_may_see_them(two: tuple[str, str]) -> None:
    from kesu.commands.organisation.load_organisation import Organisation, load_organisation
    from kesu.core import clock

    assert sorted(shown("zhouyining", "?q=苏女士")) == sorted(two)

    # wutong heard none of these cases; made a reader without the right to names, he finds none by name.
    reader = Organisation(units=[], people=[], posts=[], grants={"call_operator": ["case:case:read"]})
    load_organisation(organisation=reader, on=clock.now().date())
    assert sorted(shown("wutong")) == sorted(two)
    assert shown("wutong", "?q=苏女士") == []
    page = desk.client_of("wutong").get("/cases").content.decode()
    assert "苏女士" not in page
    assert "苏**" in page


def test_it_shows_only_what_is_overdue_when_asked(two: tuple[str, str]) -> None:
    assert shown("zhouyining", "?due=overdue") == [two[0]]


def test_it_shows_the_columns_of_the_policy_when_one_kind_is_chosen(two: tuple[str, str]) -> None:
    page = desk.client_of("zhouyining").get("/cases?kind=complaint").content.decode()

    assert "<th>渠道</th>" in page
    assert '<td class="tight sec no-sm">电话</td>' in page


def test_it_counts_truly_whatever_is_filtered(two: tuple[str, str]) -> None:
    page = desk.client_of("zhouyining").get("/cases?q=门禁").content.decode()

    assert "共 1 件" in page
    assert re.search(r'全部在办<span class="n">2</span>', page)
    assert re.search(r'已超时<span class="n over">1</span>', page)


def test_it_turns_pages_and_keeps_the_filters(two: tuple[str, str]) -> None:
    world, now = desk.world_again()
    for i in range(20):
        world.submit(at=now - timedelta(seconds=i), title=f"电梯停运 {i}", person__phone=f"138000100{i:02d}")
    client = desk.client_of("zhouyining")

    first = client.get("/cases?q=电梯&sort=-received").content.decode()
    second = shown("zhouyining", "?page=2&size=20")

    assert "共 20 件" in first
    assert len(second) == 2
    page = client.get("/cases?size=20&sort=-received").content.decode()
    assert "?size=20&amp;sort=-received&amp;page=2" in page


ODD = (
    "?page=0",
    "?page=999999",
    "?page=x",
    "?size=7",
    "?unit=x",
    "?kind=x",
    "?sort=x",
    "?due=x",
    "?q=%E2%80%8B",
)


@pytest.mark.parametrize("query", ODD)
def test_it_reads_an_odd_address_as_if_nothing_was_said(two: tuple[str, str], query: str) -> None:
    assert desk.client_of("zhouyining").get(f"/cases{query}").status_code == 200


def test_it_says_what_to_do_when_nothing_fits(two: tuple[str, str]) -> None:
    page = desk.client_of("zhouyining").get("/cases?q=没有这样的事").content.decode()

    assert "没有找到“没有这样的事”" in page
    assert 'href="/cases?state="' in page


HOSTILE = (
    "'",
    "%",
    "_",
    "\\",
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "a" * 60,
    "& | ! :*",
    "\ud800",
    "%s %(x)s",
    "漏 " * 8,
)


@pytest.mark.parametrize("text", HOSTILE)
def test_it_takes_any_words_as_words(two: tuple[str, str], text: str) -> None:
    page = desk.client_of("zhouyining").get(f"/cases?{urlencode({'q': text}, errors='replace')}")

    assert page.status_code == 200
    assert shown("zhouyining", f"?{urlencode({'q': text}, errors='replace')}") == []
    assert "<script>alert" not in page.content.decode()


def test_it_says_that_a_search_is_too_long_and_does_not_repeat_it(two: tuple[str, str]) -> None:
    page = desk.client_of("zhouyining").get("/cases", {"q": "漏" * 3_000_000}).content

    assert "最多 60 个字、8 个词；这次没有搜索" in page.decode()
    assert len(page) < 100_000


def test_it_marks_what_it_found_and_says_where(two: tuple[str, str]) -> None:
    world, now = desk.world_again()
    world.register(at=now, title="<b>渗</b>水&墙", content="厨房<i>吊顶</i>滴水", promised_feedback_at=desk.PROMISED)
    page = desk.client_of("zhouyining").get("/cases", {"q": "渗 吊顶"}).content.decode()

    assert "&lt;b&gt;<mark>渗</mark>&lt;/b&gt;水&amp;墙" in page
    assert "厨房&lt;i&gt;<mark>吊顶</mark>&lt;/i&gt;滴水" in page
    assert "内容：" in page


def test_it_narrows_a_search_by_the_filters(two: tuple[str, str]) -> None:
    assert shown("zhouyining", "?q=外墙 8-2&state=open") == [two[1]]
    assert shown("zhouyining", "?q=外墙&state=closed") == []
    page = desk.client_of("zhouyining").get("/cases", {"q": "外墙", "state": "closed"}).content.decode()
    assert 'href="/cases?q=%E5%A4%96%E5%A2%99"' in page
    assert '<input type="hidden" name="q" value="外墙">' in page


def test_it_says_where_it_looked_by_the_rights_of_the_reader(two: tuple[str, str]) -> None:
    assert "姓名、房号、电话" in desk.client_of("zhouyining").get("/cases?q=无此").content.decode()
    assert "姓名、房号、电话" not in desk.client_of("admin").get("/cases?q=无此").content.decode()


def test_it_picks_cases_out_by_the_list_facts_that_people_choose(two: tuple[str, str]) -> None:
    assert shown("zhouyining", "?kind=complaint&fact.channel=来访") == []
    assert sorted(shown("zhouyining", "?kind=complaint&fact.channel=电话&fact.category=-")) == sorted(two)

    page = desk.client_of("zhouyining").get("/cases?kind=complaint&fact.channel=电话").content.decode()
    assert re.search(r'<select name="fact.channel".*?<option value="电话" selected>', page)
    assert page.count('name="fact.channel"') == 1  # said by the filter, and not sent along a second time
    assert 'name="fact.category"' in page
    assert 'name="fact.channel"' not in desk.client_of("zhouyining").get("/cases").content.decode()


def test_it_picks_cases_out_by_one_of_several_values(two: tuple[str, str]) -> None:
    CaseCard.objects.filter(number=two[0]).update(columns={"responsibility": "设计、施工"})

    assert shown("zhouyining", "?has.responsibility=施工") == [two[0]]
    assert shown("zhouyining", "?has.responsibility=工") == []
    assert shown("zhouyining", "?has.responsibility=施工&has.channel=电话") == []
