# ruff: noqa: E501 (a mistake, and what is said about it, are compared more easily on one line)
"""What a company sets itself: texts, choices, lists and moments, in conditions, values, starts and sentences."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from kesu.casefile.library import read_library
from kesu.policy.calendar import sample_calendar
from kesu.policy.errors import PackInvalid
from kesu.policy.events import Event
from kesu.policy.model.conditions import Comparison, FactTest
from kesu.policy.standing import standing
from kesu.queries.policies.words import offered_words
from tests.own_packs import changed

LIBRARY = read_library()
MONDAY = datetime(2026, 7, 6, 2, tzinfo=UTC)
TAKEN = {"channel": "电话", "title": "已填", "content": "已填", "person": "p1"}


def told(code: str, file: str, *lines: tuple[str, str]) -> str:
    with pytest.raises(PackInvalid) as caught:
        changed(code, file, *lines)
    return "\n".join(str(problem) for problem in caught.value.problems)


def refused(code: str, settings: dict[str, str]) -> str:
    with pytest.raises(PackInvalid) as caught:
        LIBRARY.load(code, settings)
    return "\n".join(str(problem) for problem in caught.value.problems)


def test_a_text_stands_in_the_sentences_that_name_it() -> None:
    pack = LIBRARY.load("p07", {"hotline": "95500"})
    assert pack.kinds["complaint"].steps["receive"].help == (
        "也可以打热线 95500，写信到售楼部客户接待处，或发邮件到 tousu@example.com"
    )
    assert pack.unset_parameters == ("letter_address", "mail_address")


def test_a_text_in_another_language_says_the_same_value() -> None:
    words = offered_words(language="en", pack_code="p07")
    chinese = LIBRARY.load("p07").kinds["complaint"].steps["receive"].help
    assert words[chinese or ""] == (
        "You can also call 400-000-0000, write to 售楼部客户接待处 or send an e-mail to tousu@example.com"
    )


def test_a_list_holds_the_values_of_a_fact_and_a_company_may_go_on_with_it() -> None:
    own = LIBRARY.load("p01", {"categories": "工程质量、停车、其他"})
    assert own.kinds["complaint"].facts["category"].values == ("工程质量", "停车", "其他")
    assert own.parameters["categories"].shown == ("工程质量", "停车", "其他")
    assert "投诉类别不能少了 其他：有规则要用" in refused("p01", {"categories": "工程质量、停车"})
    assert "列表里有重复" in refused("p01", {"categories": "其他、停车、停车"})
    assert "列表里不能用专用词：未填" in refused("p01", {"categories": "其他、未填"})


def test_a_list_in_a_condition_means_any_of_it() -> None:
    own = changed(
        "p01",
        "complaint.yaml",
        (
            "{when: {level: complex}, use: 7个工作日, clause",
            "{when: {category: {param: categories}}, use: 7个工作日, clause",
        ),
    )
    assert own.kinds["complaint"].duties["result"].within.rows[0].when == FactTest(
        "category", Comparison.IN, ("工程质量", "售后服务", "其他")
    )


def test_a_choice_settles_which_way_a_case_goes() -> None:
    table = LIBRARY.load("p04", {"both_go_to": "合同部门"}).kinds["complaint"].facts["routed_to"].derive
    assert table is not None
    assert table.table is not None
    assert table.table.rows[0].use == "合同部门"
    assert '没有"合同部"这个值。是不是 合同部门？' in refused("p04", {"both_go_to": "合同部"})


def test_a_moment_settles_what_a_limit_counts_from() -> None:
    kind = LIBRARY.load("p01", {"result_start": "case.received"}).kinds["complaint"]
    log = [Event(1, "case.received", MONDAY, MONDAY, by="a", step="receive", facts=TAKEN)]
    owed = standing(kind, log, MONDAY, sample_calendar()).open_obligations
    assert "result" in {one.duty for one in owed}
    assert LIBRARY.load("p01").parameters["result_start"].shown == "从受理起"


PACK_MISTAKES = [
    ("values: {case.accepted: 从受理起, case.received: 从收到投诉起}, value", "value", "moment 类型的参数要有 values"),
    ("values: {case.accepted: 从受理起, case.received: 从收到投诉起}", "values: [case.accepted]", "每个时刻要写它的名称"),
    ("case.received: 从收到投诉起}", "case.recieved: 从收到投诉起}", "没有事件 case.recieved。是不是 case.received"),
    ("value: case.accepted", "value: case.closed", '没有"case.closed"这个值'),
    ("type: list, value: [工程质量, 售后服务, 其他]", "type: duration, values: [1天], value: 1天", "没有 values（可选值）"),
    ("type: list, value: [工程质量, 售后服务, 其他], at_least: [其他]", "type: text, value: 其他", "要用列表（list）或分级（tree）类型的参数"),
    ("at_least: [其他]", "at_least: [其它]", "不能少了 其它"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "said"), PACK_MISTAKES)
def test_a_mistake_in_a_parameter_is_told_with_what_to_write(old: str, new: str, said: str) -> None:
    assert said in told("p01", "pack.yaml", (old, new))


def test_a_text_that_does_not_fit_into_a_sentence_is_refused() -> None:
    assert "一行，最多 200 个字" in refused("p07", {"hotline": "9" * 201})
    assert "不写大括号" in refused("p07", {"hotline": "{title}"})
    assert "参数 hotline 还没有值" in told("p07", "pack.yaml", (", sample: 400-000-0000", ""))
