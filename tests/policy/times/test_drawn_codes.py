"""Codes that the program draws and texts that only some roles read, as they are written."""

from __future__ import annotations

import pytest

from kesu.access.sight.reserved import only_for_reader, reserved_for
from kesu.casefile.drawing import SIGNS, with_codes
from kesu.casefile.statement import Statement
from kesu.policy.asking import fields_of
from kesu.policy.model.facts import STATED, DataClass
from kesu.policy.standing import Taker
from tests.policy.standing.kinds import Log
from tests.policy.times.desk import desk, happens, mistakes, moves, told, wish

FACTS = 'lot: {name: 号码, type: text, drawn: 8位, seen_by: chief, clause: "1"}'
STEPS = 'draw: {name: 抽号, by: clerk, event: lot.drawn, asks: [lot, urgent], clause: "1"}'
DRAWN = "{at: 2026-07-02 10:00, step: draw, facts: {urgent: 是}}"


def test_a_step_states_it_without_anybody_writing_it() -> None:
    happens(desk(facts=FACTS, steps=STEPS), DRAWN, expect="{facts: {lot: 已填}}")
    kind = wish(facts=FACTS, steps=STEPS)
    assert [field.code for field in fields_of(kind, kind.steps["draw"])] == ["urgent"]


@pytest.mark.django_db
def test_it_is_drawn_when_the_step_is_taken_and_never_by_who_takes_it() -> None:
    kind = wish(facts=FACTS, steps=STEPS)
    log = Log(kind).add("2026-07-01 10:00", "wish.heard").take("2026-07-02 10:00", "draw", ("clerk",), urgent=True)
    event = log.events[-1]
    assert event.facts["lot"] == STATED
    typed = Statement({}, {"reserved": {"lot": "OWN"}, "internal": {"topic": "灯"}})
    codes = {str(with_codes(kind, event, typed).bodies["reserved"]["lot"]) for _ in range(50)}
    assert len(codes) == 50
    assert {len(code) for code in codes} == {8}
    assert set("".join(codes)) <= set(SIGNS)
    assert with_codes(kind, event, typed).bodies["internal"] == {"topic": "灯"}
    assert with_codes(kind, log.events[0], Statement({})).bodies == {}


def test_only_the_named_roles_read_it() -> None:
    kind = wish(facts=FACTS, steps=STEPS)
    assert kind.facts["lot"].data is DataClass.RESERVED
    bodies = {1: {"topic": "灯"}, 2: {"lot": "ABCD2345"}}
    for roles, own in ((("clerk",), set()), (("chief",), {"lot"}), (("chief@unit-1", "clerk"), {"lot"})):
        assert reserved_for(kind, Taker("甲", frozenset(roles))) == own
    assert only_for_reader(bodies, kind, frozenset({"lot"})) == bodies
    other = FACTS + '\nnote_of: {name: 备忘, type: text, seen_by: [clerk, chief], clause: "1"}'
    both = wish(facts=other, steps=STEPS.replace("asks: [lot,", "may: [note_of], asks: [lot,"))
    assert only_for_reader(bodies, both, frozenset({"note_of"})) == {1: {"topic": "灯"}, 2: {}}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("drawn: 8位", "drawn: 5位", "看不懂“5位”"),
        ("drawn: 8位", "drawn: 八位", "写抽几位，如 8位，6 到 20 位"),
        ("type: text, drawn", "type: number, drawn", "只有文字（text）类型的事实可以写 drawn（抽取）"),
        ("drawn: 8位", "drawn: 8位, multiline: 是", "不能写 multiline（多行）：没有人填"),
        ("seen_by: chief", "seen_by: chef", "没有角色 chef。是不是 chief（店长）？"),
        ("seen_by: chief", "seen_by: chief, data: personal", "写了 seen_by（给谁看），数据级别就定了"),
        ("seen_by: chief", "data: reserved", "reserved"),
    ],
)
def test_a_mistake_is_told_with_what_to_write(old: str, new: str, said: str) -> None:
    assert said in mistakes(facts=FACTS.replace(old, new), steps=STEPS)


def test_it_must_be_asked_for_and_goes_nowhere_where_others_read() -> None:
    assert "没有步骤要 lot（号码），永远不会抽取" in mistakes(facts=FACTS)
    may = STEPS.replace("asks: [lot, urgent]", "asks: [lot], may: [lot]")
    assert "lot（号码）由程序抽取，没有人填" in mistakes(facts=FACTS, steps=may)
    tell = 'tell: {name: 告知, starts: lot.drawn, to: clerk, says: [lot], text: "{lot}", clause: "1"}'
    assert "只给写明的岗位看，不能写进告知“告知”" in mistakes(facts=FACTS, steps=STEPS, notices=tell)


def test_it_is_printed_and_tried() -> None:
    assert told("facts.lot", facts=FACTS, steps=STEPS) == "记录号码（文字），由程序随机抽取 8 位，只有店长看得到。"
    assert "不再由程序抽取" in moves("facts.lot", facts=FACTS, steps=STEPS)
