"""A small policy of our own about one desk: tests add the rules they speak of and let scenarios tell what happens."""

from __future__ import annotations

from textwrap import indent

import pytest

from kesu.policy.calendar import sample_calendar
from kesu.policy.errors import PackInvalid
from kesu.policy.loader import load_pack
from kesu.policy.model.pack import Kind, Pack
from kesu.policy.mutants import mutants
from kesu.policy.scenarios import run_scenarios
from kesu.policy.telling.rules import told_rules

_PACK = """
pack: desk
title: 窗口规则
version: "1"
status: draft
document: {number: CK-01}
signatures: [compiled_by]
scope: 试用
kinds: [wish]
"""
_CLAUSES = """
"1": {printed: 第一条, text: 登记愿望, enforce: record}
"2": {printed: 第二条, text: 按时答复, enforce: automatic}
"3": {printed: 第三条, text: 另一个期限, enforce: automatic}
"""
_KIND = """
kind: wish
name: 愿望
numbering: {prefix: YW}
holder: clerk
title: topic
list: [topic]
start: heard
"""
_SECTIONS = {
    "stages": """
heard: {name: 已听到, clause: "1"}
checked: {name: 已核对, clause: "1"}
closed: {name: 已结, final: 是, clause: "1"}
dropped: {name: 已撤回, final: 是, clause: "1"}
""",
    "roles": """
clerk: {name: 店员, scope: project, clause: "1"}
chief: {name: 店长, scope: project, clause: "1"}
""",
    "facts": """
topic: {name: 主题, type: text, clause: "1"}
urgent: {name: 急, type: flag, clause: "1"}
promised_on: {name: 答应的日期, type: date, clause: "3"}
meets_at: {name: 见面的时间, type: time, clause: "3"}
""",
    "steps": """
hear: {name: 听取, by: everyone, from: [start], to: heard, event: wish.heard, asks: [topic], may: [promised_on],
  clause: "1"}
set: {name: 约定, by: clerk, event: wish.set, may: [promised_on, meets_at, urgent], clause: "1"}
check: {name: 核对, by: clerk, from: [heard], to: checked, event: wish.checked, clause: "1"}
answer: {name: 答复, by: clerk, event: wish.answered, clause: "2"}
close: {name: 办结, by: clerk, to: closed, event: wish.closed, clause: "1"}
drop: {name: 撤回, by: clerk, to: dropped, event: wish.dropped, clause: "1"}
again: {name: 重开, by: chief, from: [closed, dropped], to: heard, event: wish.reopened, clause: "1"}
""",
}
_DEFAULTS = "defaults: {topic: 加一盏灯}\n"


def desk(**rules: str) -> Pack:
    """The policy with these rules added, by section."""
    sections = {**_SECTIONS, **{name: _SECTIONS.get(name, "") + more for name, more in rules.items()}}
    kind = _KIND + "".join(f"{name}:\n{indent(text.strip(), '  ')}\n" for name, text in sections.items())
    return load_pack({"desk": {"pack.yaml": _PACK, "clauses.yaml": _CLAUSES, "wish.yaml": kind}}, "desk")


def wish(**rules: str) -> Kind:
    return desk(**rules).kinds["wish"]


def mistakes(**rules: str) -> str:
    """What is said of a policy that cannot be read."""
    with pytest.raises(PackInvalid) as invalid:
        desk(**rules)
    return str(invalid.value)


HEARD = "{at: 2026-07-01 10:00, step: hear}"  # a Wednesday


def happens(pack: Pack, *acts: str, expect: str, heard: str = HEARD) -> None:
    """After a wish was heard and these acts, the policy gives what is expected. All in the words of scenarios."""
    given = ", ".join((heard, *acts))
    text = f"{_DEFAULTS}scenarios:\n  - scenario: 窗口\n    given: [{given}]\n    expect: [{expect}]\n"
    results = run_scenarios(pack, {"scenarios/desk.yaml": text}, sample_calendar())
    assert [str(result) for result in results if not result.passed] == []


def told(address: str, **rules: str) -> str:
    return told_rules(wish(**rules))[address]


def moves(address: str, **rules: str) -> list[str]:
    """What is changed of a rule when its scenarios are put to the proof."""
    return [one.move for one in mutants(wish(**rules)) if one.address.startswith(address)]
