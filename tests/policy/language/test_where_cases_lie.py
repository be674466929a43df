"""A kind says at which level of the house its cases lie: how it is written, told, and what is said of mistakes."""

from __future__ import annotations

import pytest

from kesu.policy.errors import PackInvalid
from kesu.policy.loader import read_canonical
from kesu.policy.telling.changes import changes
from kesu.policy.telling.rules import told_rules
from tests.own_packs import changed

REWARD = "staff_reward.yaml"
IN = "in: [property, company]"


def said(code: str, file: str, *lines: tuple[str, str]) -> str:
    with pytest.raises(PackInvalid) as caught:
        changed(code, file, *lines)
    return "\n".join(str(problem) for problem in caught.value.problems)


def test_it_is_read_and_read_again_from_the_signed_text() -> None:
    pack = changed("p11", REWARD)
    assert pack.kinds["staff_reward"].lies_in == ("property", "company")
    assert read_canonical(pack.canonical).kinds["staff_reward"].lies_in == ("property", "company")
    assert pack.kinds["complaint"].lies_in == ()
    assert changed("p11", REWARD, (IN, "in: group")).kinds["staff_reward"].lies_in == ("group",)


def test_it_is_told_with_the_step_that_opens_and_when_it_changes() -> None:
    told = told_rules(changed("p11", REWARD).kinds["staff_reward"])
    assert told["steps.nominate"].startswith("“提名”在物业公司或公司开立时由投诉处理小组、客服部经理办")
    (change,) = changes(changed("p11", REWARD), changed("p11", REWARD, (IN, "in: group")))
    assert "集团" in change.sentence
    assert "物业公司或公司" in change.sentence


def test_a_level_that_is_none_or_where_no_cases_lie_is_refused() -> None:
    assert '没有"departments"这个写法' in said("p11", REWARD, (IN, "in: departments"))
    assert '没有"department"这个写法' in said("p11", REWARD, (IN, "in: department"))


def test_kinds_whose_place_is_decided_otherwise_say_nothing() -> None:
    at = "numbering: {prefix: JY, digits: 4}\n"
    assert "公众可提交的案件由来的人选在哪里" in said("suggestion", "suggestion.yaml", (at, f"{at}in: company\n"))
    at = "numbering: {prefix: PX, digits: 4}\n"
    told = said("p11", "staff_training.yaml", (at, f"{at}in: company\n"))
    assert "在哪一级写在 schedule（定期开立）里" in told
