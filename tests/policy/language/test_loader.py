"""What a valid pack becomes."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from kesu.policy.calendar import parse_duration
from kesu.policy.errors import PackInvalid
from kesu.policy.loader import load_pack, read_canonical
from kesu.policy.model.approving import LinkMode
from kesu.policy.model.conditions import (
    Aggregate,
    All,
    Always,
    Comparison,
    Elapsed,
    FactTest,
    Happened,
    LevelTest,
    Moment,
    MomentNoun,
    Not,
    Row,
    Table,
    Window,
)
from kesu.policy.model.facts import FactType
from kesu.policy.model.limits import Limit, Reminder
from kesu.policy.model.pack import Kind, Pack
from kesu.policy.model.rules import GENERIC, Link, Need, NeedKind, Who

Files = dict[str, dict[str, str]]
LIBRARY = Path(__file__).parents[3] / "packs"


def library() -> Files:
    return {
        folder.name: {str(path.relative_to(folder)): path.read_text("utf-8") for path in folder.rglob("*.yaml")}
        for folder in sorted(LIBRARY.iterdir())
        if folder.is_dir()
    }


def test_it_puts_new_stages_where_the_child_wants_them(kind: Kind) -> None:
    assert list(kind.stages) == ["received", "working", "review", "closed"]


def test_it_marks_inherited_rules_without_a_clause_as_generic(kind: Kind) -> None:
    assert kind.steps["receive"].clauses == (GENERIC,)
    assert kind.facts["topic"].clauses == (GENERIC,)


def test_it_gives_a_kept_step_the_clause_that_asks_for_it(kind: Kind) -> None:
    assert kind.steps["close"].clauses == ("1",)


def test_it_merges_a_change_field_by_field(kind: Kind) -> None:
    work = kind.steps["work"]
    assert (work.name, work.asks, work.may_state, work.clauses) == ("开始办理", ("sort",), ("dept", "team"), ("1",))


def test_it_reads_the_clause_of_each_choice(kind: Kind) -> None:
    sort = kind.facts["sort"]
    assert sort.values == ("普通", "工程", "其他")
    assert sort.value_clauses == {"普通": "3c", "工程": "3a", "其他": "1"}


def test_it_opens_the_case_with_the_step_from_start(kind: Kind) -> None:
    receive = kind.steps["receive"]
    assert receive.starts_case
    assert receive.from_stages == ()
    assert not kind.steps["work"].starts_case
    assert kind.start_stage == "received"


def test_it_knows_what_the_program_states_for_a_customer(kind: Kind) -> None:
    assert kind.portal
    assert kind.portal_facts == {"sort": "普通"}


def test_it_puts_the_value_of_a_parameter_into_the_rule(kind: Kind) -> None:
    assert kind.levels is not None
    assert kind.levels.rules[0].when == FactTest("heads", Comparison.AT_LEAST, 8)


def test_it_takes_the_value_that_the_company_sets(files: Files) -> None:
    pack = load_pack(files, "sample", {"crowd": "12", "ceiling": "5000元"})
    levels = pack.kinds["request"].levels
    assert levels is not None
    assert levels.rules[0].when == FactTest("heads", Comparison.AT_LEAST, 12)
    assert pack.parameters["ceiling"].value == Decimal(5000)
    assert pack.is_complete


def test_it_lists_the_parameters_that_the_company_still_has_to_fill(pack: Pack) -> None:
    assert not pack.is_complete
    assert pack.unset_parameters == ("ceiling",)
    assert pack.parameters["ceiling"].sample == Decimal(20000)


def test_it_reads_ages_that_do_not_count_every_day(kind: Kind) -> None:
    assert kind.levels is not None
    received = Moment(MomentNoun.EVENT, "case.received")
    assert kind.levels.rules[1].when == All(
        (
            Elapsed(received, at_least=parse_duration("1个月"), counts=(("urgent", False),)),
            Not(Happened(Moment(MomentNoun.EVENT, "case.resolved"))),
        )
    )


def test_it_reads_tables_as_rows_with_an_else(kind: Kind) -> None:
    assert kind.steps["answer"].by == Table(
        (Row(LevelTest(Comparison.IN, ("focus",)), (Who("chief"),)), Row(Always(), (Who("clerk"),)))
    )
    assert kind.duties["answer"].within == Table(
        (
            Row(FactTest("urgent", Comparison.IS, True), (Limit(parse_duration("24小时")),)),
            Row(Always(), (Limit(parse_duration("3个工作日")),)),
        )
    )


def test_it_reads_chains_with_links_that_may_be_left_out(kind: Kind) -> None:
    first, second = kind.approvals["plan"].chain
    assert first.rows[0].use == Link(LinkMode.ONE, (Who("chief", of="dept"),))
    assert second.rows[0].use == Link(LinkMode.ALL, (Who("chief"), Who("clerk")))
    assert second.rows[1].use is None


def test_it_makes_the_signing_step_of_an_approval(kind: Kind) -> None:
    step = kind.steps["sign_plan"]
    assert (step.event, step.signs, step.asks, step.may_state) == (
        "approval.signed",
        "plan",
        ("verdict",),
        ("opinion",),
    )
    assert step.by.rows[0].use == (Who("chief", of="dept"), Who("chief"), Who("clerk"))
    assert kind.facts["verdict"].values == ("同意", "退回")
    assert kind.facts["opinion"].type is FactType.TEXT


def test_it_makes_the_step_that_lowers_a_level(kind: Kind) -> None:
    step = kind.steps["lower_level"]
    assert (step.event, step.asks) == ("level.lowered", ("to_level", "lowering_reason"))
    assert step.by == Table.of((Who("chief"),))
    assert kind.facts["to_level"].values == ("normal", "focus")
    assert kind.levels is not None
    assert kind.levels.lowered_by == "chief"


def test_it_finds_the_step_that_meets_a_duty(kind: Kind) -> None:
    assert kind.duties["tell"].step == "work"
    assert kind.duties["answer"].step == "answer"


def test_it_reads_reminders_pauses_and_caps(kind: Kind) -> None:
    duty = kind.duties["answer"]
    assert duty.remind == (Reminder(percent=50), Reminder(before=parse_duration("2小时")))
    assert duty.pauses[0].when == FactTest("sort", Comparison.IS, "其他")
    assert duty.cap == parse_duration("30天")


def test_it_derives_facts_from_the_log(kind: Kind) -> None:
    visitors = kind.facts["visitors"].derive
    plans = kind.facts["plans"].derive
    route = kind.facts["route"].derive
    assert visitors is not None
    assert (visitors.aggregate, visitors.fact) == (Aggregate.DISTINCT, "visitor")
    assert visitors.window == Window(rolling=parse_duration("30天"))
    assert plans is not None
    assert plans.of == (Moment(MomentNoun.EVENT, "plan.submitted", "", FactTest("urgent", Comparison.IS, True)),)
    assert route is not None
    assert route.table is not None
    assert [row.use for row in route.table.rows] == ["快", "慢"]


def test_it_reads_what_a_guard_needs(kind: Kind) -> None:
    assert kind.guards["approved_first"].needs == (Need(NeedKind.APPROVED, ("plan",)),)
    assert kind.guards["team_first"].needs == (Need(NeedKind.PEOPLE, ("clerk", "chief"), "team"),)


def test_it_reads_a_step_that_is_open_for_a_while(kind: Kind) -> None:
    opening = kind.steps["answer"].opening
    assert opening is not None
    assert (opening.within, opening.times, opening.late_by) == (parse_duration("15天"), 1, "chief")


def test_it_keeps_the_reasons_why_a_clause_has_no_rule(pack: Pack) -> None:
    assert pack.later == {"9": "要等定期报告一起做"}


def test_it_loads_a_generic_pack_by_itself(files: Files) -> None:
    common = load_pack(files, "common")
    assert list(common.kinds["request"].steps) == ["receive", "work", "close"]
    assert common.clauses == {}


def test_it_lets_inherited_rules_keep_the_clauses_of_their_document(files: Files) -> None:
    files["branch"] = {
        "pack.yaml": 'pack: branch\ntitle: 分办法\nversion: "1"\nstatus: draft\nextends: sample\nkinds: [request]\n',
        "clauses.yaml": 'B1: {printed: "1", text: 两天内答复, enforce: automatic}\n',
        "request.yaml": "kind: request\nduties:\n  answer: {change: {within: 2个工作日}, clause: B1}\n",
    }
    branch = load_pack(files, "branch")
    duties = branch.kinds["request"].duties
    assert duties["answer"].clauses == ("B1",)
    assert duties["answer"].within == Table.of((Limit(parse_duration("2个工作日")),))
    assert duties["tell"].clauses == ("1",)
    assert set(branch.clauses) > {"B1", "1"}


def test_it_drops_a_rule_of_the_parent_with_a_reason(files: Files) -> None:
    text = files["sample"]["request.yaml"]
    for old, new in (
        ("guards:\n", "  close: {drop: 原文没有办结}\nguards:\n"),
        ("steps: [close]", "steps: [answer]"),
        ("event: request.answered", "to: closed, event: request.answered"),
        ("{happened: case.resolved}", "{happened: request.answered}"),
        ('keeps:\n  close: "1"\n', ""),
    ):
        text = text.replace(old, new)
    files["sample"]["request.yaml"] = text
    assert "close" not in load_pack(files, "sample").kinds["request"].steps


def test_it_refuses_to_name_a_rule_that_was_dropped(files: Files) -> None:
    text = files["sample"]["request.yaml"]
    files["sample"]["request.yaml"] = text.replace("facts:\n", "facts:\n  visitor: {drop: 原文不记来人}\n")
    with pytest.raises(PackInvalid, match="没有事实 visitor"):
        load_pack(files, "sample")


@pytest.mark.parametrize("code", sorted(library()))
def test_it_gives_the_same_pack_from_the_canonical_text(code: str) -> None:
    pack = load_pack(library(), code)
    again = read_canonical(pack.canonical)
    assert again == pack
    for name, kind in pack.kinds.items():
        assert list(again.kinds[name].stages) == list(kind.stages)
        assert list(again.kinds[name].steps) == list(kind.steps)


def test_it_gives_the_same_hash_for_the_same_rules_and_another_for_one_figure_more(files: Files, pack: Pack) -> None:
    assert load_pack(files, "sample").hash == pack.hash
    files["sample"]["request.yaml"] = "# 一句说明\n" + files["sample"]["request.yaml"]
    assert load_pack(files, "sample").hash == pack.hash
    assert load_pack(files, "sample", {"crowd": "9"}).hash != pack.hash


def test_it_refuses_a_canonical_text_that_is_none() -> None:
    with pytest.raises(PackInvalid, match="不是制度正本"):
        read_canonical('{"format":"other"}')
    with pytest.raises(PackInvalid, match="不是制度正本"):
        read_canonical("pack: p10")
