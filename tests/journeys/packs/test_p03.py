"""P03: the policy on policies. Its own steps: it reads every policy and says what is not written there, its audit draws
a sample of what the others closed, and what is told in public is looked over first."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kesu.casefile import library as library_module
from kesu.config.cli import main
from tests.full import only_in_full
from tests.journeys.packs.desks import Desk
from tests.journeys.packs.earlier import brought_to
from tests.journeys.packs.houses import Houses, Settled

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


@only_in_full
def test_a_policy_that_misses_something_is_mended_signed_for_and_its_cases_are_audited(
    houses_apart: Houses, tmp_path: Path
) -> None:
    houses = houses_apart
    house = houses.open("p03")
    place, offer = house.unit("chengyuan"), "/policies/offers/p09"
    admin = house.desk("xunweiyang")
    admin.page.set_default_timeout(90_000)  # the library is compiled anew, twice
    _who_the_policy_needs(house)

    # The house thinks of another policy for its complaints; by its policy on policies something is missing there.
    admin.go(f"{offer}?unit={place}")
    admin.sees("《地产公司投诉管理制度》二、2要求写明：受理条件")
    file = tmp_path / "checkout" / "packs" / "p09" / "complaint.yaml"
    written = file.read_text("utf-8")
    file.write_text(written.replace(_GUARDS, _GUARDS + _CONDITION), "utf-8")
    houses.live.restart()
    admin.go(f"{offer}?unit={place}")
    admin.does_not_see("要求写明")

    # Mended, it is in force when the three who answer for it have read and signed it, and not before.
    signers = {"compiled_by": "xijibei", "reviewed_by": "lingwanzhao", "approved_by": "yuanmuchuan"}
    admin.fill({f"signature.{slot}": house.stage.people[who].hex for slot, who in signers.items()}, _form(offer))
    admin.submit()
    admin.sees("最后一人签完即施行")
    proposal = admin.page.url.removeprefix(admin.base)
    for login in signers.values():
        assert not _rules_there(admin)
        signer = house.desk(login)
        signer.go(proposal)
        with signer.page.expect_navigation(wait_until="domcontentloaded"):
            signer.page.click(f'form[action="{proposal}/sign"] button[type="submit"]')
    assert _rules_there(admin)

    # What was written down is asked from now on.
    mended = Settled(houses, "p09", house.stage)  # the same house, by the words and clauses of that policy
    desk, manager = mended.desk("xijibei"), mended.desk("lingwanzhao")
    told = {"channel": "电话", "title": "说物业多收一个月", "person__phone": "13800005131"}
    site = house.unit("chengyuan_site")
    desk.may_not_open(site, "complaint", "3.1a", "须写明房号才能受理", **told, room="")
    case = desk.opens(site, "complaint", **told, room="2 栋 301")
    desk.takes(case, "respond")
    desk.takes(case, "register")
    desk.takes(case, "classify", truth="不属实", legal_dispute="no", sensitive="no")
    desk.takes(case, "give_result", reply_text="核对了收据，没有多收")
    desk.takes(case, "call_back", satisfied="yes")
    manager.takes(case, "close", lesson="收据要写明月份")
    number = desk.number(case)

    # The quarter is over: the audit draws from what ended, and this one was all that did.
    supervision = house.desk("luoyushi")
    audit = supervision.finds_soon(f"投诉工作审核 {house.next_quarter()}")
    supervision.reads(audit, "抽签抽出", number)
    supervision.takes(audit, "look_at", flawed="no", check_note="回访、教训都有")
    supervision.takes(audit, "complete", summary="抽查的一件合规", improvement="收据样张发给各处")
    supervision.reads(audit, "已完成")


def _rules_there(admin: Desk) -> bool:
    """Another company of the group goes by it already."""
    admin.go("/policies/adoptions")
    return admin.page.locator("main tr", has_text="澄原公司").filter(has_text="客户投诉跨部门处理细则").count() > 0


def _who_the_policy_needs(house: Settled) -> None:
    for role, login in (("dept_representative", "licaiwei"), ("dept_handler", "licaiwei"), ("legal_dept", "luoyushi")):
        house.gives_post("chengyuan", role, login)
    house.grants("policy_admin", "policy:version:read", "policy:version:adopt", "house:organisation:read")


def _form(action: str) -> str:
    return f'form[action="{action}"][method="post"]'
