"""A new policy from answers: what is written checks, proves itself and runs on the desk."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from kesu.casefile.library import Library, read_folder, read_library
from kesu.config.authoring.new import draft
from kesu.config.authoring.questions import QUESTIONS, answers_from, ask_all
from kesu.config.cli import main
from kesu.config.trouble import Trouble
from kesu.policy.calendar import Calendar
from kesu.policy.checking.demands import answers
from kesu.policy.coverage import coverage
from kesu.policy.language.texts import missing_texts
from kesu.policy.loader import load_pack, pack_words
from kesu.policy.model.pack import Pack
from kesu.policy.scenarios import run_scenarios
from kesu.policy.scenarios.proving import loose_figures, prove
from tests.full import only_in_full
from tests.world import MONDAY, World, standing_of
from tests.world import calendar as working_calendar

ANSWERS: dict[str, dict[str, Any]] = {
    "as_usual": {},
    "three_levels_all_approved": {
        "levels": ["一般", "重要", "重大"],
        "answer_within": {"一般": "10天", "重要": "5个工作日", "重大": "8工作小时"},
        "settle_within": "2个月、1个月、半个月",
        "approved_from": "一般",
        "review_every": "周",
        "training_every": "年",
    },
    "without_the_web": {
        "channels": "电话、来信",
        "register_within": "30分钟",
        "callback_within": "48小时",
        "categories": "工程：土建、工程：安装、物业, 绿化",
        "told_result": "“{title}”办好了：请看 #{case}",
        "accepts": "写明：谁、何时、何事 # 缺一不可",
        "review_every": "月",
    },
    "four_levels": {"levels": "甲、乙、丙、丁", "approved_from": "丙"},
}


@cache
def written(case: str) -> dict[str, str]:
    """Written once for all tests that only read it: the whole library is looked at each time."""
    return draft("newcomer", answers_from(ANSWERS[case]))


@cache
def compiled(case: str) -> Pack:
    return load_pack({**read_library().texts, "newcomer": written(case)}, "newcomer")


@pytest.mark.parametrize(
    "case", [one if one == "as_usual" else pytest.param(one, marks=only_in_full) for one in ANSWERS]
)
def test_it_writes_a_policy_that_passes_every_check(case: str, calendar: Calendar) -> None:
    files, pack = written(case), compiled(case)
    texts = {path: text for path, text in files.items() if path.startswith("scenarios/")}

    assert [str(result) for result in run_scenarios(pack, texts, calendar) if not result.passed] == []
    found = coverage(pack, {})
    assert found.unanswered == ()
    assert [each.clause.id for each in found.clauses if each.is_weaker] == []
    for language in ("en", "zh-Hant"):
        assert missing_texts(pack_words(pack), pack.texts[language]) == {}


@pytest.mark.parametrize("case", ["as_usual", pytest.param("three_levels_all_approved", marks=only_in_full)])
def test_a_scenario_proves_every_rule_and_holds_every_figure(case: str, calendar: Calendar) -> None:
    files, pack = written(case), compiled(case)
    texts = {path: text for path, text in files.items() if path.startswith("scenarios/")}
    found = coverage(pack, prove(pack, texts, calendar), loose_figures(pack, texts, calendar))
    assert found.unproved == ()
    assert found.loose_figures == ()


def test_what_no_clause_asks_for_is_marked_generic() -> None:
    pack = compiled("as_usual")
    assert pack.kinds["complaint"].steps["investigate"].clauses == ("generic",)
    assert pack.kinds["complaint"].steps["decline"].clauses == ("2.5",)


def test_it_asks_one_thing_after_another_and_again_where_an_answer_cannot_be_read() -> None:
    typed = {"levels": iter(["只有一级", "一般、重大"]), "answer_within": iter(["3个工作日", "两天、一天", "4天、2天"])}
    asked: list[str] = []
    told: list[str] = []

    def ask(question: str) -> str:
        asked.append(question)
        key = next(one.key for one in QUESTIONS if one.asks in question)
        return next(typed[key]) if key in typed else ""

    answers = ask_all(ask, told.append)
    assert answers["levels"] == ["一般", "重大"]
    assert answers["answer_within"] == ["4天", "2天"]
    assert len(asked) == len(QUESTIONS) + 3
    assert "请写两级到 6 级" in told[0]
    assert "级别有 2 级，期限写了 1 个" in told[1]
    assert "看不懂时长 两天" in told[2]


def test_it_defines_everything_that_policies_demand_of_each_other(library: Library) -> None:
    pack = compiled("as_usual")
    demanding = [one for one in map(library.load, library.codes) if one.charter.requires]
    assert demanding
    assert [answer.demand for one in demanding for answer in answers(pack, one) if answer.is_open] == []


def test_it_says_that_only_the_library_is_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "answers.yaml"
    file.write_text("title: 试写的办法\n", "utf-8")
    assert main(["policy", "new", "elsewhere", "--answers", str(file), "--into", str(tmp_path)]) == 0
    assert "检查和演算只看制度库：先把 elsewhere 放进" in capsys.readouterr().out


def test_it_says_all_that_is_wrong_in_a_file_of_answers() -> None:
    with pytest.raises(Trouble) as trouble:
        answers_from(
            {
                "titel": "x",
                "prefix": "投诉",
                "approved_from": "特大",
                "review_every": "天",
                "scope": 'a "b"',
                "answer_within": {"一般": "5天"},
            }
        )
    for said in (
        "没有 titel 这个问题，有的是 title、number、",
        "没有写 重大 这几级",
        "字头 投诉 不合适",
        "没有级别 特大",
        "看不懂周期 天",
        "英文引号",
    ):
        assert said in trouble.value.why


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    answers = tmp_path / "answers.yaml"
    answers.write_text("title: 试写的办法\nintake: 前台专员\n", "utf-8")
    assert main(["policy", "new", "NEWCOMER", "--answers", str(answers), "--into", str(tmp_path)]) == 0
    return tmp_path / "newcomer"


def test_it_writes_a_folder_and_nothing_over_what_is_there(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert (folder / "pack.yaml").is_file()
    assert (folder / "texts" / "en.yaml").is_file()
    answers = str(tmp_path / "answers.yaml")
    assert main(["policy", "new", "newcomer", "--answers", answers, "--into", str(tmp_path)]) == 1
    assert "已经有 newcomer 了" in capsys.readouterr().err
    assert main(["policy", "new", "p10", "--answers", answers, "--into", str(tmp_path)]) == 1
    assert main(["policy", "new", "9-x", "--answers", answers, "--into", str(tmp_path)]) == 1


def test_a_case_is_registered_under_it_on_the_desk(folder: Path, world: World, library: Library) -> None:
    from kesu.commands.policies.adopt_pack import adopt_pack
    from kesu.store.models import Case, Post

    texts = read_folder(folder)
    texts["pack.yaml"] = texts["pack.yaml"].replace("status: draft", "status: effective")
    pack = load_pack({**library.texts, "newcomer": texts}, "newcomer")
    post = Post.objects.filter(fills__slot="regional_leadership").first()
    assert post is not None
    post.fills.create(slot="plan_approver")
    adopt_pack(
        actor=None,
        at=MONDAY - timedelta(days=1),
        unit_id=world.units["group"],
        pack=pack,
        calendar=working_calendar(),
        signatures=dict(zip(pack.signatures, ("周以宁", "林声", "顾岚"), strict=True)),
    )
    case_id = world.register(title="路灯不亮", room="")
    world.take(
        case_id, "register", "zhouyining", MONDAY + timedelta(hours=1), demand="修好", grade="重大", is_acceptable="是"
    )
    assert Case.objects.get(pk=case_id).policy_version_id == pack.hash
    now = standing_of(case_id, MONDAY + timedelta(hours=1))
    assert (now.stage, now.level) == ("registered", "level_2")
