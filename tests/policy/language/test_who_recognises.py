"""Nobody opens a case for himself, and one of every unit signs: how it is written, told and tried."""

from __future__ import annotations

import pytest

from kesu.policy.errors import PackInvalid
from kesu.policy.model.approving import LinkMode
from kesu.policy.model.pack import Kind
from kesu.policy.model.separations import Part
from kesu.policy.mutants import mutants
from kesu.policy.telling.changes import changes
from kesu.policy.telling.rules import told_rules
from tests.own_packs import changed

FILE = "merit_reward.yaml"
APART = "apart: [opener, taker, signers]"
NOMINATED = "asks: [title, nominees, merit"
BY = "by: [dept_handler, site_office_head, cs_manager], from: [start]"
EACH = "{each: {role: dept_head, of: concerned_depts}}"


def reward(*lines: tuple[str, str]) -> Kind:
    return changed("p12", FILE, *lines).kinds["merit_reward"]


def said(*lines: tuple[str, str]) -> str:
    with pytest.raises(PackInvalid) as caught:
        reward(*lines)
    return "\n".join(str(problem) for problem in caught.value.problems)


def test_an_opener_is_told_and_tried_like_the_other_parts() -> None:
    kind = reward()
    assert kind.separations["not_for_oneself"].apart == (Part.OPENER, Part.TAKER, Part.SIGNERS)
    told = told_rules(kind)["separations.not_for_oneself"]
    assert told.startswith("奖励谁不开立写着自己的、不办任何步骤、不审批：被提名的人不提名自己")
    moves = {one.move for one in mutants(kind) if one.address == "separations.not_for_oneself"}
    assert moves == {"不再管 opener", "不再管 taker", "不再管 signers", "去掉"}
    (change,) = changes(changed("p12", FILE, (APART, "apart: [taker, signers]")), changed("p12", FILE))
    assert "开立" in change.sentence


def test_an_opener_who_can_never_be_known_or_is_not_of_the_house_is_refused() -> None:
    later = ("asks: [award_note]", "asks: [award_note, nominees]")
    told = said((NOMINATED, "asks: [title, merit"), later)
    assert "开立的步骤“提名”不填 nominees（奖励谁），开立的时候不知道是谁" in told
    assert "开立的步骤“提名”不由本单位的人办" in said((BY, "by: complainant, from: [start]"))


def test_one_of_every_unit_signs_is_told_and_tried() -> None:
    kind = reward()
    (first, _board) = kind.approvals["recognition"].chain
    assert [row.use.mode for row in first.rows if row.use is not None] == [LinkMode.EACH]
    assert "由有关部门中每一个的部门负责人，再由董事领导审" in told_rules(kind)["approvals.recognition"]
    assert "有一个单位签就可以" in {one.move for one in mutants(kind)}
    (change,) = changes(changed("p12", FILE, (EACH, "{role: dept_head, of: concerned_depts}")), changed("p12", FILE))
    assert "有关部门中每一个的部门负责人" in change.sentence


@pytest.mark.parametrize(
    "written", ["{each: board_leader}", "{each: {group: nominees}}", "{each: {role: dept_head, of: title}}"]
)
def test_one_of_every_unit_needs_several_units(written: str) -> None:
    told = said((EACH, written))
    assert "approvals.recognition.chain" in told
    assert "each（逐一）要几个单位" in told or "不是部门（unit 或 units）类型的事实" in told
