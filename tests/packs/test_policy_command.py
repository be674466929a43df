"""`kesu policy …` as somebody types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kesu.casefile import library as library_module
from kesu.config.cli import main
from tests.full import only_in_full


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


@only_in_full
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
    assert "不算错；怎样让它认出来、怎样答复见“管制度的制度”：p03.acceptance_conditions" in said
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


def test_it_gives_coverage_as_json_a_clause_at_a_time(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "coverage", "SUGGESTION", "base", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {each["pack"] for each in found} == {"suggestion"}
    clauses = {each["clause"]: each for each in found}
    assert clauses["4.1a"]["depth"] == "runs"
    assert clauses["4.1a"]["enforce"] == "automatic"
    assert clauses["4.1a"]["rules"] == ["suggestion/levels.rules[1]", "parameters.focus_supporters"]
    assert clauses["4.1a"]["scenarios"] == ["附议够二十人列为重点，同一个人只算一次"]
    assert clauses["1.2"] == clauses["1.2"] | {
        "honoured": "product",
        "depth": "none",
        "reason": "one_register_for_all_channels",
    }


CATALOGUE = """
- {pack: SUGGESTION, clause: "1.1", enforce: record, text: 都可以提}
- {pack: suggestion, clause: 4.1a, enforce: record, text: 附议多的列为重点}
- {pack: suggestion, clause: "99", enforce: guard, text: 没有这一条}
- {regime: Z99, id: Z99-1, enforce: guard, zh: 没有这部制度}
"""


def test_it_compares_the_library_with_a_catalogue(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "catalogue.yaml"
    file.write_text(CATALOGUE, "utf-8")
    assert main(["policy", "compare", str(file)]) == 1
    said = capsys.readouterr().out
    assert said.startswith("目录 4 条条款，2 部制度，其中制度库里有 1 部\n")
    assert "目录里有、制度里没有的条款（1）：\n  suggestion 99 没有这一条，目录要求关卡" in said
    assert "suggestion 4.1a 附议多的列为重点，目录要求记录，制度是自动" in said
    assert "suggestion 1.2 建议统一登记" in said  # beyond the catalogue
    assert "制度库里没有的制度（1）：\n  z99 1 条" in said


def test_it_finds_clauses_without_a_status(
    broken_library: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "catalogue.yaml"
    rows = [
        f'- {{pack: kiosk, clause: "{id}", enforce: {how}}}'
        for id, how in [("1", "record"), ("2", "automatic"), ("3", "automatic"), ("4", "guard"), ("9", "record")]
    ]
    file.write_text("\n".join(rows), "utf-8")
    assert main(["policy", "compare", str(file)]) == 1
    assert (
        "没有着落的条款：没有规则，也不在 provided、lost、later 里（1）：\n  kiosk 9 一个柜台"
        in capsys.readouterr().out
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1", "不是一份条款目录"),
        ("- {pack: p10}", "目录第 1 项看不懂"),
        ("- {pack: p10, clause: 1, enforce: must}", "must"),
    ],
)
def test_it_says_what_is_wrong_with_a_catalogue(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, said: str
) -> None:
    file = tmp_path / "catalogue.yaml"
    file.write_text(text, "utf-8")
    assert main(["policy", "compare", str(file)]) == 1
    assert said in capsys.readouterr().err


def test_it_prints_one_line_a_clause(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "coverage", "suggestion"]) == 0
    said = capsys.readouterr().out
    assert "4.1a 附议达到规定人数的列为重点 | 要求自动 | 执行 | 已跑通" in said
    assert "没有场景证明的规则 0 条" in said


def test_it_says_what_an_older_folder_of_a_policy_differs_in(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    older = tmp_path / "p02"
    for path, text in library_module.read_library().texts["p02"].items():
        if not path.startswith(("texts/", "scenarios/")):
            older.mkdir(exist_ok=True)
            (older / path).write_text(text.replace("value: 3个工作日", "value: 5个工作日"), "utf-8")
    assert main(["policy", "diff", str(older)]) == 0
    said = capsys.readouterr().out
    assert "- 义务“答复客户并给出方案”的期限由5个工作日改为3个工作日（三、1）。" in said
    assert main(["policy", "diff", "p02", "P02"]) == 0
    assert capsys.readouterr().out.endswith("没有差别。\n")


def test_it_says_who_has_more_to_do_under_another_policy(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "diff", "p01", "p02"]) == 0
    said = capsys.readouterr().out
    assert "## 谁多了什么，少了什么" in said
    assert "- 公司领导层：少了审批“领导批准”。" in said
