"""`kesu policy …` as somebody types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kesu.casefile import library as library_module
from kesu.config.cli import main


@pytest.fixture
def broken_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A library of one pack that leaves a clause open and expects what is not so."""
    from tests.policy.test_scenarios_running import CLAUSES, KIND, PACK

    folder = tmp_path / "kiosk"
    (folder / "scenarios").mkdir(parents=True)
    (folder / "pack.yaml").write_text(PACK.replace('provided: {"9": one_counter}\n', ""), "utf-8")
    (folder / "clauses.yaml").write_text(CLAUSES, "utf-8")
    (folder / "wish.yaml").write_text(KIND, "utf-8")
    scenario = "given: [{at: 2026-07-06 10:00, step: hear}], expect: [{stage: answered}]"
    text = f"defaults: {{topic: 灯}}\nscenarios:\n  - {{scenario: 一步到底, {scenario}}}\n"
    (folder / "scenarios" / "a.yaml").write_text(text, "utf-8")
    monkeypatch.setattr(library_module, "_CHECKOUT", tmp_path)
    return folder


def test_it_checks_the_whole_library(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "check"]) == 0
    said = capsys.readouterr().out
    assert "p10：客户投诉处理流程 1.0，60 条条款" in said
    codes = library_module.read_library().codes
    assert [line.partition("：")[0] for line in said.splitlines() if "指纹" in line] == list(codes)
    assert {line.partition("：")[0] for line in said.splitlines()} == set(codes)


def test_it_reports_what_the_policy_on_policies_finds_undefined(capsys: pytest.CaptureFixture[str]) -> None:
    """A report, no mistake: a document that breaks off says why, and the next version may say more."""
    assert main(["policy", "check", "p09", "p05", "p07"]) == 0
    said = capsys.readouterr().out
    assert "p09：《地产公司投诉管理制度》要求写明 10 项，还有 1 项没有写明：受理条件（二、2）" in said
    assert "效果评估（二、3），原因：原文到第十八条为止" in said
    assert not [line for line in said.splitlines() if line.startswith("p07：《")]


def test_it_fails_on_a_clause_that_nothing_answers(broken_library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "check", "KIOSK"]) == 1
    assert "kiosk：9「一个柜台」没有规则" in capsys.readouterr().out


def test_it_prints_every_mistake_of_a_pack(broken_library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (broken_library / "wish.yaml").read_text("utf-8")
    (broken_library / "wish.yaml").write_text(text.replace("within: 2天", "within: 两天"), "utf-8")
    assert main(["policy", "check"]) == 1
    assert "数字请用阿拉伯数字：2天" in capsys.readouterr().out


def test_it_fails_on_a_scenario_that_does_not_hold(broken_library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "test", "kiosk"]) == 1
    said = capsys.readouterr().out
    assert "kiosk 失败 一步到底" in said
    assert "阶段应为 answered，实为 heard" in said
    assert said.endswith("1 个场景，1 个失败\n")


def test_it_names_the_known_packs_for_an_unknown_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "test", "p99"]) == 1
    assert "、".join(library_module.read_library().codes) in capsys.readouterr().err


def test_it_gives_coverage_as_json_for_a_pack_named_in_any_case(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "coverage", "SUGGESTION", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    clauses = {each["clause"]: each for each in found["clauses"]}
    assert found["document_number"] == "QY-KH-JY002"
    assert clauses["4.1a"]["depth"] == "proved"
    assert clauses["4.1a"]["scenarios"] == ["附议够二十人列为重点，同一个人只算一次"]
    assert clauses["1.2"] == clauses["1.2"] | {
        "honoured": "product",
        "depth": "none",
        "reason": "one_register_for_all_channels",
    }
    assert found["loose_figures"] == []


def test_it_prints_one_line_a_clause(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "coverage", "suggestion"]) == 0
    said = capsys.readouterr().out
    assert "4.1a 附议达到规定人数的列为重点 | 要求自动 | 执行 | 已证" in said
    assert "没有场景证明的规则 0 条" in said
