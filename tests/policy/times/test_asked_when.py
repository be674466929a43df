"""Facts that a form asks only where what else is chosen says so: not wanted, not taken elsewhere."""

from __future__ import annotations

import pytest

from kesu.policy.asking import asked_now, fields_of, once_for_all, with_known
from kesu.policy.telling.rules import told_rules
from tests.policy.times.desk import desk, happens, mistakes, wish

FACTS = """
way: {name: 方式, type: choice, values: [电话, 来访, 来信], clause: "1"}
tags: {name: 标签, type: choices, values: [急, 老客户], clause: "1"}
room: {name: 接待室, type: text, asked_when: {way: [来访, 来信]}, clause: "1"}
scan: {name: 影像, type: file, asked_when: {all: [{way: 来信}, {not: {urgent: 是}}]}, clause: "1"}
tagged: {name: 标签说明, type: text, asked_when: {tags: {has: 急}}, clause: "1"}
"""
STEPS = """
say: {name: 登记方式, by: clerk, event: wish.said, asks: [way, room], may: [urgent, tags, scan, tagged], clause: "1"}
"""
PACK = {"facts": FACTS, "steps": STEPS}


def said(facts: str, refused: str = "") -> str:
    tail = f", refused: {refused}" if refused else ""
    return f"{{at: 2026-07-02 10:00, step: say, facts: {{{facts}}}{tail}}}"


@pytest.mark.parametrize(
    ("facts", "refused"),
    [
        ("way: 电话", ""),
        ("way: 来访, room: 一室", ""),
        ("way: 来访", "value"),
        ("way: 来信", "value"),
        ("way: 电话, room: 一室", "value"),
        ('way: 来信, room: 一室, scan: "1"', ""),
        ('way: 来信, room: 一室, urgent: 否, scan: "1"', ""),
        ('way: 来信, room: 一室, urgent: 是, scan: "1"', "value"),
        ('way: 来访, room: 一室, scan: "1"', "value"),
        ("way: 电话, tags: [急, 老客户], tagged: 已三次", ""),
        ("way: 电话, tags: [老客户], tagged: 已三次", "value"),
        ("way: 电话, tagged: 已三次", "value"),
    ],
)
def test_it_is_wanted_and_taken_only_then(facts: str, refused: str) -> None:
    happens(desk(**PACK), said(facts, refused), expect="{stage: heard}")


def test_what_is_known_already_decides_where_the_form_does_not_ask_it() -> None:
    steps = f'{STEPS}\nshow: {{name: 带去, by: clerk, event: wish.shown, asks: [room], clause: "1"}}'
    pack = desk(facts=FACTS, steps=steps)
    shown = "{at: 2026-07-02 11:00, step: show, facts: {room: 二室}%s}"
    happens(pack, said("way: 来访, room: 一室"), shown % "", expect="{stage: heard}")
    happens(pack, said("way: 电话"), shown % ", refused: value", expect="{stage: heard}")
    kind = pack.kinds["wish"]
    for way, fields in (("来访", ["room"]), ("电话", [])):
        assert [one.code for one in with_known(fields_of(kind, kind.steps["show"]), {"way": way})] == fields


def test_a_form_shows_what_is_asked_now() -> None:
    kind = wish(**PACK)
    fields = fields_of(kind, kind.steps["say"])

    def shown(**typed: tuple[str, ...]) -> list[str]:
        return [one.code for one in asked_now(fields, typed) if one.asked]

    assert shown() == []
    assert shown(way=("来访",)) == ["room"]
    assert shown(way=("来信",)) == ["room", "scan"]
    assert shown(way=("来信",), urgent=("是",)) == ["room"]
    assert shown(tags=("老客户", "急")) == ["tagged"]
    assert shown(way=("",), tags=()) == []
    known = with_known(fields, {"way": "来信"})
    assert [one.code for one in asked_now(known, {}) if one.asked] == ["room", "scan"]
    assert [one.code for one in asked_now(known, {"way": ("电话",)}) if one.asked] == []


def test_a_page_that_does_not_redraw_itself_shows_all_and_wants_none_of_it() -> None:
    kind = wish(**PACK)
    fields = once_for_all(fields_of(kind, kind.steps["say"]), {})
    assert {one.code: one.is_required for one in fields if one.asked} == {"room": False, "scan": False, "tagged": False}


def test_it_is_told() -> None:
    told = told_rules(wish(**PACK))["facts.room"]
    assert told.startswith("方式为来访或来信时，记录接待室")


@pytest.mark.parametrize(
    ("asked_when", "says"),
    [
        ("{promised_on: 已填}", "不是在表单上选的"),
        ("{stage: heard}", "这里只能看表单上选了什么"),
        ("{happened: wish.set}", "这里只能看表单上选了什么"),
        ("{room: 已填}", "不是在表单上选的"),
        ("{way: 短信}", "短信"),
        ("{shade: 深}", "自己也不是总要填的"),
    ],
)
def test_it_looks_at_nothing_but_what_is_chosen(asked_when: str, says: str) -> None:
    more = f"""
shade: {{name: 深浅, type: choice, values: [深, 浅], asked_when: {{way: 来信}}, clause: "1"}}
more: {{name: 更多, type: text, asked_when: {asked_when}, clause: "1"}}
"""
    steps = 'tell: {name: 补充, by: clerk, event: wish.told, may: [more, shade], clause: "1"}'
    assert says in mistakes(facts=FACTS + more, steps=f"{STEPS}\n{steps}")


def test_nothing_worked_out_and_no_title_is_asked_now_and_then() -> None:
    derived = 'times: {name: 次数, type: number, derive: {count: wish.set}, asked_when: {way: 来信}, clause: "1"}'
    assert "不由人填" in mistakes(facts=FACTS + derived, steps=STEPS)
