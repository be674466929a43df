"""What holds a clock up, and by which ways a notice goes: each part of it is changed when scenarios are put to the
proof, and scenarios that stand on its boundaries notice every change."""

from __future__ import annotations

import pytest

from kesu.policy.calendar import sample_calendar
from kesu.policy.mutants import mutants
from kesu.policy.scenarios.proving import tried
from tests.policy.times.desk import HEARD, desk

RULES = {
    "facts": """
waiting: {name: 等尺寸, type: flag, clause: "1"}
storm: {name: 台风, type: flag, clause: "1"}
""",
    "steps": """
tell: {name: 说明情况, by: clerk, event: wish.told, may: [waiting, storm], clause: "1"}
ask: {name: 申请停表, by: clerk, event: stop.asked, clause: "1"}
""",
    "approvals": """
standstill: {name: 停表, of: stop.asked, clause: "3", chain: [chief]}
""",
    "duties": """
reply: {name: 办好, clause: "2", starts: wish.heard, owner: clerk, within: 24小时, met_by: wish.answered,
  pauses: [{name: 等客户量尺寸, while: {waiting: 是}, limit: 3小时, approval: standstill, clause: "3"}],
  slower: [{name: 台风停工, while: {storm: 是}, factor: 2, clause: "3"}]}
""",
    "notices": """
done: {name: 办好告知, clause: "2", starts: wish.answered, to: complainant, text: 办好了, ways: [sms, mail]}
letter: {name: 书面告知, clause: "3", starts: wish.closed, to: complainant, text: 结束了, written: 是}
""",
    "written_by": "[mail, paper]",
}

WAITS = "{at: 2026-07-01 11:00, step: tell, facts: {waiting: 是}}"
ASKS = "{at: 2026-07-01 11:00, step: ask}"
GRANTED = "{at: 2026-07-01 12:00, step: sign_standstill, facts: {verdict: 同意}}"
AT_NIGHT = GRANTED.replace("12:00", "17:00")
"""The cap runs on when nobody works."""
DUE = "{{obligation: reply, owner: clerk, due: 2026-07-02 {}}}"


def until(moment: str) -> str:
    return f"{{at: 2026-07-01 {moment}, step: tell, facts: {{waiting: 否}}}}"


SCENARIOS = {
    "held from the approval until it is over": ((WAITS, ASKS, GRANTED, until("13:00")), DUE.format("11:00")),
    "held no longer than its cap": ((WAITS, ASKS, AT_NIGHT, until("22:00")), DUE.format("13:00")),
    "not held unless the reason is there": ((ASKS, GRANTED, until("13:00")), DUE.format("10:00")),
    "slower in a storm": (
        (
            "{at: 2026-07-01 11:00, step: tell, facts: {storm: 是}}",
            "{at: 2026-07-01 13:00, step: tell, facts: {storm: 否}}",
        ),
        DUE.format("11:00"),
    ),
    "told by these ways": (
        ("{at: 2026-07-01 11:00, step: answer}",),
        "{notice: done, to: complainant, ways: [sms, mail]}, {obligation: reply, is: met}",
    ),
    "told in writing": (
        ("{at: 2026-07-01 11:00, step: close}",),
        "{notice: letter, to: complainant, ways: [mail, paper]}",
    ),
}


def noticed() -> dict[str, bool]:
    """Each change of the duty and the notices, and whether a scenario notices it."""
    text = "defaults: {topic: 加一盏灯}\nscenarios:\n"
    for name, (acts, expect) in SCENARIOS.items():
        text += f"  - scenario: {name}\n    given: [{', '.join((HEARD, *acts))}]\n    expect: [{expect}]\n"
    found = tried(desk(**RULES), {"scenarios/desk.yaml": text}, sample_calendar(), mutants)
    wanted = ("duties.reply", "notices.")
    return {f"{one.address} {one.move}": by is not None for one, by in found if one.address.startswith(wanted)}


@pytest.fixture(scope="module")
def moves() -> dict[str, bool]:
    return noticed()


@pytest.mark.parametrize(
    "move",
    [
        "duties.reply 不再等客户量尺寸",
        "duties.reply 等客户量尺寸不用“停表”",
        "duties.reply 等客户量尺寸没有上限",
        "duties.reply.pauses[1].limit 3小时→2小时",
        "duties.reply.pauses[1].limit 3小时→4小时",
        "duties.reply.pauses[1].when.waiting True→False",
        "duties.reply 不再台风停工",
        "duties.reply 台风停工2→3/2",
        "duties.reply 台风停工2→3",
        "duties.reply.pauses[2].when.storm True→False",
        "notices.done 不再经 sms 送达",
        "notices.done 先经 mail 再经 sms 送达",
        "notices.letter 不再经 paper 送达",
        "notices.letter 不必书面",
    ],
)
def test_it_is_changed_and_noticed(moves: dict[str, bool], move: str) -> None:
    assert moves.get(move), sorted(moves)


def test_no_change_goes_unnoticed(moves: dict[str, bool]) -> None:
    assert [move for move, is_noticed in moves.items() if not is_noticed] == []
