"""P03: the policy on policies. Its own steps: it reads every policy and says what is not written there, its audit draws
a sample of what the others closed, and what is told in public is looked over first."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kesu.casefile import library as library_module
from kesu.config.cli import main
from tests.full import only_in_full
from tests.journeys.packs.earlier import brought_to
from tests.journeys.packs.houses import Houses

_WANTING = "p09：《地产公司投诉管理制度》要求写明 10 项，还有 1 项没有写明：受理条件（二、2）"
_GUARDS = "\nguards:\n"
_CONDITION = "  room_first: {steps: [receive], needs: {facts: [room]}, says: 须写明房号才能受理, clause: 3.1a}\n"


def test_a_policy_that_it_finds_wanting_is_mended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It misses the conditions on which complaints are accepted; their author writes one down."""
    shutil.copytree(library_module._CHECKOUT, tmp_path / "packs")
    monkeypatch.setattr(library_module, "_CHECKOUT", tmp_path / "packs")
    main(["policy", "check", "p09"])
    assert _WANTING in capsys.readouterr().out
    file = tmp_path / "packs" / "p09" / "complaint.yaml"
    written = file.read_text("utf-8")
    assert written.count(_GUARDS) == 1
    file.write_text(written.replace(_GUARDS, _GUARDS + _CONDITION), "utf-8")
    main(["policy", "check", "p09"])
    said = capsys.readouterr().out
    assert "p09：" in said
    assert "受理条件" not in said


@only_in_full
def test_the_audit_draws_what_was_closed_and_the_disclosure_is_looked_over(houses: Houses) -> None:
    house = houses.open("p03")
    supervision, intake = house.desk("luoyushi"), house.desk("lingwanzhao")
    brought_to(house, "p01", "closed", "chengyuan_site", token="closed-one")
    quarter = house.next_quarter()

    # What the program opened by itself, with the list that it drew.
    audit = supervision.finds_soon(f"投诉工作审核 {quarter}")
    supervision.reads(audit, "抽查办结的投诉", "抽签抽出")
    supervision.owes(audit, "按期完成", "2.5")
    supervision.takes(audit, "look_at", flawed="yes", check_note="回访晚了两天")
    supervision.takes(audit, "complete", summary="抽查的办得基本合规", improvement="回访提前提醒")
    supervision.reads(audit, "已完成")

    disclosure = intake.finds_soon(f"投诉信息公开 {quarter}")
    intake.is_refused(disclosure, "draft", "2.4", "公开稿须隐去能认出人的内容", anonymised="no")
    intake.takes(disclosure, "draft", anonymised="yes", public_results="本季办结一件，客户满意")
    intake.may_not(disclosure, "complete", "2.4", "公开稿须先经另一人审核")
    supervision.signs(disclosure, "sign_disclosure_review", "同意", opinion="认不出是谁")
    intake.takes(disclosure, "complete", publish_channel="企业网站")
    resident = house.resident()
    resident.go("/publications")
    resident.sees("投诉信息公开")
