"""P03: the policy on policies. Its own steps: it reads every policy and says what is not written there, its audit draws
a sample of what the others closed, and what is told in public is looked over first."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

import pytest

from kesu.casefile import library as library_module
from kesu.casefile.library import offered
from kesu.commands.cases.register_case import register_case
from kesu.config.cli import main
from kesu.config.demonstration.courses import Move, defaults_of, moves_to
from kesu.config.demonstration.stories import Stage, actor_at, take
from kesu.core import clock
from kesu.core.errors import Overtaken
from tests.full import only_in_full
from tests.journeys.packs.houses import WEEK, ZONE, Houses, Settled, house_of

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
    _closed_one(house)
    _next_quarter(house)

    # What the program opened by itself, with the list that it drew.
    audit = _found(house, "luoyushi", "投诉工作审核")
    supervision.reads(audit, "抽查办结的投诉", "抽签抽出")
    supervision.owes(audit, "按期完成", "2.5")
    supervision.takes(audit, "look_at", flawed="yes", check_note="回访晚了两天")
    supervision.takes(audit, "complete", summary="抽查的办得基本合规", improvement="回访提前提醒")
    supervision.reads(audit, "已完成")

    disclosure = _found(house, "lingwanzhao", "投诉信息公开")
    intake.is_refused(disclosure, "draft", "2.4", "公开稿须隐去能认出人的内容", anonymised="no")
    intake.takes(disclosure, "draft", anonymised="yes", public_results="本季办结一件，客户满意")
    intake.may_not(disclosure, "complete", "2.4", "公开稿须先经另一人审核")
    supervision.signs(disclosure, "sign_disclosure_review", "同意", opinion="认不出是谁")
    intake.takes(disclosure, "complete", publish_channel="企业网站")
    resident = house.resident()
    resident.go("/publications")
    resident.sees("投诉信息公开")


def _closed_one(house: Settled) -> None:
    """A complaint under the house's own policy, from its opening to its end."""
    at, stage = clock.now(), replace(house.stage, at=clock.now())
    kind = offered()["p01"].kinds["complaint"]
    story = {"at": "chengyuan_site", "person": "龚女士", "phone": "13800005101"}
    cast = house_of("p01").cast_at(story, stage)
    words = defaults_of("p01", ZONE)
    opening, *moves = moves_to("closed", kind, words, {"photos": "1"}, cast, at, WEEK)
    case_id = register_case(
        actor=actor_at(opening.login, stage, at),
        at=at,
        happened_at=at,
        unit_id=stage.units["chengyuan_site"],
        kind="complaint",
        given=opening.given,
        uploads=opening.uploads,
        token="closed-one",
    )
    for move in moves:
        _take(case_id, move, at, stage)


def _take(case_id: UUID, move: Move, at: datetime, stage: Stage) -> None:
    """Again where the worker of the running program came between."""
    try:
        assert take(case_id, move.step, move.login, move.given, at, stage, move.uploads), move.step
    except Overtaken:
        _take(case_id, move, at, stage)


def _next_quarter(house: Settled) -> None:
    today = house.now().date()
    first = date(today.year + (today.month > 9), (today.month + 2) // 3 * 3 % 12 + 1, 1)
    house.until_day(first, "10:00")


def _found(house: Settled, login: str, kind: str) -> str:
    """On the list, as soon as the worker has opened it."""
    desk = house.desk(login)
    for _ in range(40):
        desk.go("/cases")
        if desk.page.locator("main a", has_text=kind).count():
            return desk.finds(kind)
        desk.page.wait_for_timeout(500)
    raise AssertionError(desk.page.locator("main").inner_text())
