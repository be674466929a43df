"""A policy may ask for so many signs in a text: forms say so, and what is shorter is not taken."""

from __future__ import annotations

import pytest

from kesu.commands.policies.adopt_pack import adopt_pack
from kesu.core.errors import Unacceptable
from kesu.policy.errors import PackInvalid
from kesu.web import sentences
from tests.own_packs import changed
from tests.world import MONDAY, World, calendar

SIGNED = {"compiled_by": "周以宁", "reviewed_by": "林声", "approved_by": "顾岚"}
FACTS = ("\nfacts:\n", "\nfacts:\n  content: {change: {at_least: 8字}, clause: D1c}\n")


@pytest.fixture
def strict(world: World) -> World:
    own = changed("p10", "complaint.yaml", FACTS)
    adopt_pack(actor=None, at=MONDAY, unit_id=world.units["qingtang"], pack=own, calendar=calendar(), signatures=SIGNED)
    return world


def test_what_is_too_short_is_told_at_its_field(strict: World) -> None:
    with pytest.raises(Unacceptable) as refused:
        strict.register(content="东墙 漏水 很久了")
    assert sentences.field_errors(refused.value) == {"content": "太短，至少 8 字"}


def test_blanks_do_not_count_and_the_bound_itself_is_enough(strict: World) -> None:
    assert strict.register(content="东墙 漏水 很久 了啊")


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("content: {change: {at_least: 很多}, clause: D1c}", "写最少几个字，如 20字"),
        ("content: {change: {at_least: 0字}, clause: D1c}", "写最少几个字，如 20字"),
        ("accused: {name: 人, type: group, at_least: 8字, clause: D1c}", "只有文字（text）类型的事实可以写"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_what_to_write(written: str, said: str) -> None:
    with pytest.raises(PackInvalid) as caught:
        changed("p10", "complaint.yaml", ("\nfacts:\n", f"\nfacts:\n  {written}\n"))
    assert said in "\n".join(str(problem) for problem in caught.value.problems)
