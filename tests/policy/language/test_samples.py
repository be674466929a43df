"""Measures and samples as they are written: what is told about one that could not work, and how it is told, mutated and
compared."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kesu.policy.errors import PackInvalid
from kesu.policy.model.measures import Figure, Span
from kesu.policy.model.samples import Size
from kesu.policy.model.schedule import Every
from kesu.policy.mutants import mutants
from kesu.policy.telling.changes import changes
from kesu.policy.telling.rules import told_rules
from tests.own_packs import changed

REVIEW, COMPLAINT = "handling_review.yaml", "complaint.yaml"
SIZE = "size: {share: {param: review_share}}"
MEASURE = "closed: {change: {}, clause: 4c"


def problems(file: str, *lines: tuple[str, str], code: str = "p06") -> str:
    with pytest.raises(PackInvalid) as caught:
        changed(code, file, *lines)
    return "\n".join(str(problem) for problem in caught.value.problems)


@pytest.mark.parametrize(
    ("written", "said", "helped"),
    [
        ("size: 很多", '看不懂"很多"', "写件数，至少一件，如 20件"),
        ("size: 0件", '看不懂"0件"', "按比例抽的写百分数，如 10%"),
        ("size: 0%", '看不懂"0%"', "大于 0，不超过 100"),
        ("size: 101%", '看不懂"101%"', "大于 0，不超过 100"),
        ("size: {at_least: 1件}", "要写抽多少", "如 20件、10%"),
        ("size: {share: 10%, count: 3件}", "要写抽多少", "如 20件、10%"),
        ("size: {share: 10%, at_least: 9件, at_most: 3件}", "至少 9 件比至多 3 件还多", ""),
        ("size: {shares: 10%}", "没有 shares 这个键", "是不是 share"),
    ],
)
def test_a_size_that_cannot_be_read_is_told_with_what_to_write(written: str, said: str, helped: str) -> None:
    told = problems(REVIEW, (SIZE, written))
    assert said in told
    assert helped in told


@pytest.mark.parametrize(
    ("written", "size"),
    [
        ("size: 20件", Size(count=20)),
        ("size: 12.5%", Size(share=Decimal("12.5"))),
        ("size: {param: review_share}", Size(count=10)),
        ("size: {count: 5, at_most: 3}", Size(count=5, at_most=3)),
        ("size: {share: 10%, at_least: 1件, at_most: 50件}", Size(share=Decimal(10), at_least=1, at_most=50)),
    ],
)
def test_a_size_is_a_figure_or_a_share_between_bounds(written: str, size: Size) -> None:
    assert changed("p06", REVIEW, (SIZE, written)).kinds["handling_review"].samples["checked"].size == size


@pytest.mark.parametrize(
    ("old", "new", "said", "helped"),
    [
        ("of: complaint.closed", "of: complaint.clossed", "投诉没有指标 clossed", "是不是 complaint.closed"),
        ("of: complaint.closed", "of: complaints.closed", "本制度没有案件种类 complaints", "是不是 complaint.closed"),
        ("of: complaint.closed", "of: closed", '看不懂"closed"', "写成“案件种类.指标”"),
        ("period: {previous: {param: review_period}}", "period: {previous: 旬}", '没有"旬"这个写法', "周、月、季"),
        ("period: {previous: {param: review_period}}", "period: {next: 月}", "要写哪一期", "{previous: 季}（上一季）"),
        ("case: checked_case, done", "case: check_note, done", "不是案件（case）类型的事实", "请写 type: case 的事实"),
        ("done: review.looked_at", "done: review.looked", "没有事件 review.looked", "review.looked_at"),
        ("done: review.looked_at", "done: occurrence.completed", "步骤没有要 checked_case", "请在那个步骤的 asks"),
        ("given_up: review.passed_over", "given_up: review.looked_at", "查完和查不了是两件事", ""),
        ("brings: {sampled: drawn", "brings: {check_note: drawn", "要是数（number）类型", ""),
        ("brings: {sampled: drawn", "brings: {sampled: took", '没有"took"这个写法', "可用：drawn、base"),
        ("needs: {sampled: checked}", "needs: {sampled: sampled}", "没有抽样 sampled", "可用：checked"),
        ("asks: [summary, improvement]", "asks: [summary, improvement, sampled]", "程序填写的事实，步骤 complete", ""),
        ("asks: [summary, improvement]", "asks: [summary, improvement, checked_case]", "步骤 complete 也填", "请另用"),
    ],
)
def test_a_sample_of_which_something_is_wrong_is_told(old: str, new: str, said: str, helped: str) -> None:
    told = problems(REVIEW, (old, new))
    assert said in told
    assert helped in told


@pytest.mark.parametrize(
    ("written", "said", "helped"),
    [
        ("of: case.resolve, when: {stage: closed}", "没有事件 case.resolve", "case.resolved"),
        ("of: case.resolved, mean: cause_analysis", "cause_analysis（原因分析）不是数", "数（number）或金额（money）"),
        (
            "of: case.resolved, mean: compensation_amount, sum: compensation_amount",
            "一个指标只算一个数",
            "都不写就是件数",
        ),
        (
            "of: case.resolved, when: {elapsed: {since: case.resolved, at_least: 3天}}",
            "不能看现在几点、过了多久",
            "请看发生过什么",
        ),
        ("of: case.resolved, share: {finish_on: {below: 今天}}", "不能看现在几点、过了多久", "请看发生过什么"),
    ],
)
def test_a_measure_of_which_something_is_wrong_is_told(written: str, said: str, helped: str) -> None:
    told = problems(COMPLAINT, (MEASURE, MEASURE.replace("{}", f"{{{written}}}")))
    assert said in told
    assert helped in told


def test_sealed_cases_count_nowhere_and_draw_nothing() -> None:
    measure = "\nmeasures:\n  found: {name: 查实的举报, of: report.received, clause: 3a}\n\nguards:\n"
    assert "密封案件不能计数" in problems("whistle_report.yaml", ("\nguards:\n", measure), code="w01")


def test_both_are_told_compared_and_mutated() -> None:
    pack = changed("p06", REVIEW)
    complaint, review = pack.kinds["complaint"], pack.kinds["handling_review"]
    measure, sample = complaint.measures["closed"], review.samples["checked"]
    assert (measure.figure, sample.period) == (Figure.COUNT, Span(Every.QUARTER, before=True))
    assert told_rules(complaint)["measures.closed"] == ("指标“办结的投诉”：按结案的时间计入，算件数。")
    assert told_rules(review)["samples.checked"] == (
        "抽样“抽查办结的投诉”：到期开立时，由系统抽签，从上一季度的“办结的投诉”里抽 10%（不足一件的算一件），"
        "抽出后不再变；以查一件为查完；这一件查不了的，由抽签次序里的下一件补上；填写抽查的件数（抽出的件数）、这一期办结的件数（从多少件里抽）。"
    )
    assert told_rules(review)["guards.all_checked"].startswith("办“写好评估”，须已抽出“抽查办结的投诉”，抽中的都查过")
    other = changed("p06", REVIEW, (SIZE, "size: 20件"))
    assert [str(one) for one in changes(pack, other) if one.part == "samples"]
    moves = {mutant.move for mutant in mutants(review) if mutant.address.startswith("samples.checked")}
    assert {"share 10→9", "share 10→11", "quarter→month", "本期与上一期对调", "不再填写 sampled"} <= moves
    assert {"查不了的不再补抽", "去掉"} <= moves
    orders = changed("s16", "work_order.yaml").kinds["work_order"]
    counted = {mutant.move for mutant in mutants(orders) if mutant.address.startswith("measures.poor")}
    assert {"order.signed_off→order.witnessed", "不再看条件", "去掉"} <= counted
    assert told_rules(orders)["measures.poor"] == (
        "指标“评价为差的工单”：按客户签认的时间，综合评价为差的计入，算件数。"
    )


@pytest.mark.parametrize(
    ("figure", "told"),
    [
        ("share: {reasonableness: 合理}", "算其中投诉是否合理为合理的占百分之几"),
        ("mean: compensation_amount", "算赔偿金额的平均"),
        ("sum: compensation_amount", "算赔偿金额的合计"),
    ],
)
def test_a_measure_is_a_share_a_mean_or_a_sum(figure: str, told: str) -> None:
    kind = changed("p06", COMPLAINT, (MEASURE, MEASURE.replace("{}", f"{{{figure}}}"))).kinds["complaint"]
    assert told in told_rules(kind)["measures.closed"]
