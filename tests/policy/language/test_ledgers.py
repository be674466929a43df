"""Ledgers as they are written: what is told about one that could not work, and how it is told, mutated and compared."""

from __future__ import annotations

import pytest

from kesu.policy.errors import PackInvalid
from kesu.policy.model.ledgers import Beyond
from kesu.policy.mutants import mutants
from kesu.policy.telling.changes import changes
from kesu.policy.telling.rules import told_rules
from tests.own_packs import changed

FUND, ORDER = "fund.yaml", "work_order.yaml"
KEPT = "retention: {name: 质量保证金, per: [contractor, unit], minus: [retention.deducted], amount: settlement_total,"
CREW = "crew_fund: {name: 工程周转金, per: [unit],"

PASS_ON = (
    "{name: 转走, by: finance, from: [in_use], moves_to: taken_by, event: fund.passed_on, asks: [taken_by, amount], "
    "clause: 3.6a}"
)


def problems(file: str, *lines: tuple[str, str], code: str = "s16") -> str:
    with pytest.raises(PackInvalid) as caught:
        changed(code, file, *lines)
    return "\n".join(str(problem) for problem in caught.value.problems)


@pytest.mark.parametrize(
    ("written", "said", "helped"),
    [
        ("amount: settlement_totals,", "没有事实 settlement_totals", "是不是 settlement_total（结算金额）？"),
        ("amount: trades,", "不是金额（money）类型", ""),
        ("amount: settlement_total, below_zero: allow,", '没有"allow"这个写法', "可用：refuse、warn"),
        ("amount: settlement_total, limit: 0元,", "上限是 0 元", "如 50000元"),
        ("amount: settlement_total, limit: 很多,", '看不懂"很多"', "20000元 或 2万元"),
        ("amount: settlement_total, above_limit: warn,", "没有上限，不会超过", "请写 limit（上限）"),
        ("amount: settlement_total, plus: [stage.settled],", "入账的是一个步骤的事件", "如 settlement.paid"),
        ("amount: settlement_total, plus: [settlement.payed],", "没有事件 settlement.payed", "settlement.paid"),
        ("amount: settlement_total, plus: [retention.deducted],", "又收又支", "请用 where（筛选）分开"),
        ("amount: settlement_total, per_case: 是,", "没有 per_case 这个键", ""),
    ],
)
def test_a_mistake_is_told_with_what_to_write(written: str, said: str, helped: str) -> None:
    bare = KEPT.removesuffix("amount: settlement_total,")
    told = problems(ORDER, (f"{KEPT} below_zero: warn,", f"{bare}{written}"))
    assert said in told
    assert helped in told


@pytest.mark.parametrize(
    ("per", "said"),
    [
        ("[person, unit]", "person（客户）不能分户"),
        ("[room]", "room（房号）不能分户"),
        ("[contractor, contractor]", "同一个事实写了两次"),
        ("[contractors]", "没有事实 contractors"),
    ],
)
def test_accounts_are_named_by_a_choice_or_a_unit_and_never_by_a_person(per: str, said: str) -> None:
    assert said in problems(ORDER, ("per: [contractor, unit]", f"per: {per}"))


def test_a_step_that_moves_the_case_enters_nothing_by_its_unit() -> None:
    """Nobody could say whose account it is."""
    moving = ("\nsteps:\n", f"\nsteps:\n  pass_on: {PASS_ON}\n")
    fact = ("\nfacts:\n", "\nfacts:\n  taken_by: {name: 接手的单位, type: unit, clause: 3.6a}\n")
    enters = ("minus: [{event: fund.spent, where: {fund: 工程周转金}}]", "minus: [fund.passed_on]")
    told = problems(FUND, moving, fact, enters)
    assert "步骤 pass_on（转走）把案件移交到别处，又按所属单位入账" in told
    assert "先入账，再移交" in told


def test_a_ledger_that_nothing_enters_or_whose_amount_nobody_states_is_refused() -> None:
    assert "台账没有写什么时候入账" in problems(ORDER, ("minus: [retention.deducted], ", ""))
    unstated = ("facts:\n", "facts:\n  spare: {name: 备用金额, type: money, clause: 3.5.5}\n")
    told = problems(ORDER, unstated, ("amount: settlement_total,", "amount: spare,"))
    assert "没有步骤填写 spare（备用金额），永远入不了账" in told


def test_one_code_in_two_kinds_is_one_ledger_and_must_have_the_same_accounts() -> None:
    told = problems(ORDER, ("per: [contractor, unit]", "per: [contractor]"))
    assert "与 work_order 的台账 retention 不一样：per（按什么分别计）" in told
    assert "名称、分户和上限要一样" in told


def test_no_condition_reads_a_balance_and_the_message_says_what_to_write_instead() -> None:
    guard = (
        "guards:\n",
        "guards:\n  enough: {steps: [deduct], unless: {retention: {at_least: 1元}}, says: 够, clause: 2.6c}\n",
    )
    told = problems(ORDER, guard)
    assert "retention（质量保证金）是台账。余额由许多案件一起定" in told
    assert "below_zero（不够时）" in told


def test_sealed_cases_keep_no_ledger() -> None:
    money = ("\nfacts:\n", "\nfacts:\n  reward: {name: 奖金, type: money, clause: 3a}\n")
    asked = ("asks: [leader_told, leader_clear]", "asks: [leader_told, leader_clear, reward]")
    ledger = "\nledgers:\n  rewards: {name: 奖金, plus: [leader.informed], amount: reward, clause: 3a}\n\nguards:\n"
    told = problems("whistle_report.yaml", money, asked, ("\nguards:\n", ledger), code="w01")
    assert "密封案件不能入账" in told


def test_it_is_told_compared_and_mutated() -> None:
    pack = changed("s16", FUND)
    kind = pack.kinds["fund"]
    ledger = kind.ledgers["crew_fund"]
    assert (ledger.per, str(ledger.limit), ledger.below_zero) == (("unit",), "100000", Beyond.REFUSE)
    assert told_rules(kind)["ledgers.crew_fund"] == (
        "台账“工程周转金”，每个案件所属的单位一户：拨付（哪一项周转金为工程周转金）或补足（哪一项周转金为工程周转金）时收入，"
        "支用（哪一项周转金为工程周转金）时支出金额；余额不够的不能办，超过 100,000 元的不能办。"
    )
    other = changed("s16", FUND, (f"{CREW}", f"{CREW.replace('[unit]', '[fund]')}"))
    assert [str(one) for one in changes(pack, other) if one.part == "ledgers"]
    moves = {mutant.move for mutant in mutants(kind) if mutant.address == "ledgers.crew_fund"}
    assert {"100000→99999.99", "100000→100000.01", "below_zero refuse→warn", "不再按 unit 分户"} <= moves
