"""Two versions of a policy: what differs is said in sentences that a manager understands, with the clause."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kesu.casefile.library import read_library
from kesu.policy.loader import load_pack
from kesu.policy.model.pack import Pack
from kesu.policy.telling.changes import changes, role_changes

LIBRARY = read_library()
CODE = "p02"
OLD = LIBRARY.load(CODE)


def with_text(file: str, *moves: tuple[str, str]) -> Pack:
    """The pack with some words of one file replaced; each must stand there. Without its texts in other languages, which
    would no longer fit."""
    files = {path: text for path, text in LIBRARY.texts[CODE].items() if not path.startswith("texts/")}
    for old, new in moves:
        assert old in files[file], old
        files[file] = files[file].replace(old, new)
    return load_pack({**LIBRARY.texts, CODE: files}, CODE)


def told(new: Pack, old: Pack = OLD) -> list[str]:
    return [str(change) for change in changes(old, new)]


@pytest.mark.parametrize("code", LIBRARY.codes)
def test_a_pack_does_not_differ_from_itself(code: str) -> None:
    pack = LIBRARY.load(code)
    assert changes(pack, pack) == ()
    assert role_changes(pack, pack) == ()


@pytest.mark.parametrize("code", LIBRARY.codes)
def test_any_two_packs_can_be_compared_and_every_change_is_a_sentence(code: str) -> None:
    found = changes(OLD, LIBRARY.load(code))
    assert all(str(change)[-1] in "。”" for change in found)
    assert bool(found) == (code != CODE)


def test_a_shorter_limit_is_said_with_both_lengths_and_the_clause() -> None:
    new = with_text("complaint.yaml", ("within: {param: respond_limit}", "within: 4工作小时"))
    assert told(new) == ["义务“首次回应客户”的期限由1个工作日改为4工作小时（三、1）。"]


def test_a_figure_of_the_company_moves_and_so_do_the_limits_that_name_it() -> None:
    new = with_text("pack.yaml", ("value: 3个工作日", "value: 2个工作日"))
    assert told(new) == [
        "“答复并给出方案的期限”由 3个工作日 改为 2个工作日（三、1）。",
        "义务“答复客户并给出方案”的期限由3个工作日改为2个工作日（三、1）。",
    ]


def test_money_is_said_as_money() -> None:
    assert "“一份礼品的价值上限”由 500 元 改为 1,500 元（五、1）。" in told(
        with_text("pack.yaml", ("value: 500元", "value: 1500元"))
    )


def test_whoever_may_take_a_step_comes_and_goes_one_by_one() -> None:
    taken = "[{}, cs_manager], from: [triaged, implementing], event: site"
    new = with_text("complaint.yaml", (taken.format("holder"), taken.format("helping_staff")))
    assert told(new) == ["步骤“现场核查”的办理人增加相关部门协调人，去掉承办人（三、2）。"]
    gains = {change.role: (change.gains, change.loses) for change in role_changes(OLD, new)}
    assert gains == {"承办人": ((), ("步骤“现场核查”",)), "相关部门协调人": (("步骤“现场核查”",), ())}


def test_an_approval_goes_to_somebody_else() -> None:
    new = with_text("complaint.yaml", ("chain: [cs_manager]", "chain: [cs_manager, helping_staff]"))
    assert told(new) == ["审批“批准礼品”的审批人由“销售中心经理”改为“销售中心经理，再由相关部门协调人”（五、1）。"]


def test_a_rule_that_is_gone_or_new_is_named_with_its_clause_and_said() -> None:
    text = LIBRARY.texts[CODE]["complaint.yaml"]
    line = next(line for line in text.splitlines() if line.lstrip().startswith("within_cap:"))
    without = with_text("complaint.yaml", (f"{line}\n", ""))
    assert told(without) == ["取消关卡“一份礼品不超过公司定的价值上限”（五、1）。"]
    (sentence,) = told(OLD, without)
    assert sentence.startswith("新增关卡“一份礼品不超过公司定的价值上限”（五、1）：办“申请赠送礼品”")


def test_a_rule_under_another_code_is_the_same_rule_where_it_keeps_its_name() -> None:
    new = with_text("complaint.yaml", ("  commend_staff: {", "  praise_staff: {"))
    assert told(new) == []


def test_a_clause_that_is_asked_more_strictly() -> None:
    new = with_text(
        "clauses.yaml", ("记下客户姓名、联系方式、投诉时间和内容, enforce: guard", "记下客户姓名, enforce: record")
    )
    assert told(new) == [
        "一、1由“记下客户姓名、联系方式、投诉时间和内容”改为“记下客户姓名”。",
        "一、1（记下客户姓名）的落实方式由关卡改为记录。",
    ]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("QY-XS-TS002", "QY-XS-TS003"), "制度的文件编号由QY-XS-TS002改为QY-XS-TS003。"),
        (('version: "1.0"', 'version: "1.1"'), "制度的版本由1.0改为1.1。"),
    ],
)  # fmt: skip
def test_what_the_paper_itself_is_called(change: tuple[str, str], said: str) -> None:
    assert said in told(with_text("pack.yaml", change))


def test_a_level_and_its_condition(pack_with: Callable[[str, str], Pack]) -> None:
    old = LIBRARY.load("p10")
    assert told(pack_with("{complainants: {at_least: 10}}", "{complainants: {at_least: 8}}"), old) == [
        (
            "级别“重大：10 人以上集体投诉”的条件由“投诉人数达到 10（含），或一个月内同一事项投诉人数达到 10（含）”"
            "改为“投诉人数达到 8（含），或一个月内同一事项投诉人数达到 10（含）”（第3.4.1条）。"
        )
    ]


@pytest.fixture
def pack_with() -> Callable[[str, str], Pack]:
    def make(old: str, new: str) -> Pack:
        files = {path: text for path, text in LIBRARY.texts["p10"].items() if not path.startswith("texts/")}
        assert files["complaint.yaml"].count(old) == 1
        files["complaint.yaml"] = files["complaint.yaml"].replace(old, new)
        return load_pack({**LIBRARY.texts, "p10": files}, "p10")

    return make
