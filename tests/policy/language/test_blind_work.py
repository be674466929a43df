"""`sees: coded`: what would lead back to the case is refused when the policy is checked."""

from __future__ import annotations

import pytest

from kesu.policy.coded import coded_slots, is_blind
from kesu.policy.errors import PackInvalid
from tests import blind
from tests.own_packs import changed


def test_a_step_is_blind_when_only_those_take_it_who_know_no_more_than_the_code() -> None:
    kind = blind.policy().kinds["complaint"]
    assert coded_slots(kind) == {"gauger"}
    assert [step.code for step in kind.steps.values() if is_blind(kind, step)] == ["gauge"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("shows: [lot_items]", "shows: [title]", "是标题或地点，不能露在编号件上"),
        ("shows: [lot_items]", "shows: [person]", "会说出是哪一件、谁的"),
        ("shows: [lot_items]", "shows: [lot]", "就是编号，不用写"),
        ("lot_items: {name: 测什么", "lot_items: {data: personal, name: 测什么", "不是人人看得到的"),
        ("acts: [], ", "", "请写 acts: []"),
        ("sees: coded, ", "", "写 是 的角色才写"),
        ("drawn: 8位, seen_by: cs_dept", "seen_by: cs_dept", "有 0 个抽取的编号"),
        ("by: {group: gaugers}", "by: cs_specialist", "没有只由测量员办的步骤"),
        ("asks: [gauged]", "asks: [gauged, gaugers]", "这一步只看编号办，不能填 gaugers"),
    ],
)
def test_a_mistake_is_told(old: str, new: str, said: str) -> None:
    lines = tuple((here, text.replace(old, new, 1)) for here, text in blind.LINES)
    with pytest.raises(PackInvalid) as caught:
        changed("p10", "complaint.yaml", *lines)
    assert said in "\n".join(str(problem) for problem in caught.value.problems)
