"""Derived facts, groups that grow by themselves, notices, and corrections."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kesu.policy.model.conditions import (
    Aggregate,
    AnyOf,
    Comparison,
    Derivation,
    FactRef,
    FactTest,
    Happened,
    LevelTest,
    Moment,
    MomentNoun,
    Not,
    StageTest,
    Table,
)
from kesu.policy.model.facts import FactType, GroupAddition
from kesu.policy.model.rules import Guard, Need, NeedKind, Notice, Who
from kesu.policy.standing import ObligationState, effect_event, void_event
from tests.policy.standing.kinds import (
    CLAUSE,
    Log,
    at,
    coded,
    duty,
    effect_keys,
    event_moment,
    fact,
    is_,
    kind,
    level_from,
    moment,
    step,
    table,
)
from tests.policy.standing.sample_kinds import STATE_FACTS, ageing_by_receipt, quality_track

PAID = event_moment("paid.out")


def derived(code: str, type_: FactType, aggregate: Aggregate, of: Moment = PAID, what: str | None = "sum", **more):
    return fact(code, type_, derive=Derivation(aggregate, what, (of,), **more))


def paying() -> Log:
    rules = kind(
        facts=coded(
            fact("sum", FactType.MONEY),
            fact("kinds", FactType.CHOICES, values=("水", "电")),
            derived("times", FactType.NUMBER, Aggregate.COUNT, what=None),
            derived(
                "big",
                FactType.NUMBER,
                Aggregate.COUNT,
                event_moment("paid.out", FactTest("sum", Comparison.ABOVE, 10)),
                None,
            ),
            derived("total", FactType.MONEY, Aggregate.SUM),
            derived("last", FactType.MONEY, Aggregate.LAST),
            derived("trades", FactType.NUMBER, Aggregate.DISTINCT, what="kinds"),
            fact(
                "size",
                FactType.CHOICE,
                derive=Derivation(
                    Aggregate.TABLE,
                    table=table(
                        (FactTest("total", Comparison.AT_LEAST, 20), "大"),
                        (FactTest("total", Comparison.BELOW, 1), None),
                        default=FactRef("last"),
                    ),
                ),
            ),
        ),
        steps=coded(step("pay", event="paid.out", may_state=("sum", "kinds"))),
    )
    return Log(rules).add("2026-07-02 09:00", "case.received")


def test_it_counts_sums_and_remembers_the_last() -> None:
    log = paying()
    now = log.at("2026-07-02 09:00")
    assert (now.facts["times"], now.facts["total"], now.facts.get("last"), now.facts.get("size")) == (0, 0, None, None)
    log.add("2026-07-02 10:00", "paid.out", sum=Decimal("9.99"), kinds=("水",))
    assert log.at("2026-07-02 10:00").facts["size"] == Decimal("9.99")
    log.add("2026-07-02 11:00", "paid.out", sum=Decimal("10.01"), kinds=("水", "电"))
    facts = log.at("2026-07-02 11:00").facts
    assert [facts[code] for code in ("times", "big", "total", "last", "trades", "size")] == [
        2,
        1,
        Decimal("20.00"),
        Decimal("10.01"),
        2,
        "大",
    ]


def test_each_event_of_one_minute_is_read_with_its_own_facts() -> None:
    log = paying().add("2026-07-02 10:00", "paid.out", sum=11).add("2026-07-02 10:00", "paid.out", sum=5)
    assert (log.at("2026-07-02 10:00").facts["big"], log.at("2026-07-02 10:00").facts["last"]) == (1, 5)


def test_a_default_holds_until_something_is_stated() -> None:
    log = Log(ageing_by_receipt()).add("2026-07-02 09:00", "case.received")
    now = log.at("2026-07-02 09:00")
    assert now.facts["delay_cause"] == "我方"
    assert "delay_cause" not in now.fact_seqs
    assert (
        log.add("2026-07-02 10:00", "facts.stated", delay_cause="客户").at("2026-07-02 10:00").fact_seqs["delay_cause"]
        == 2
    )


def test_a_role_joins_a_group_while_its_condition_holds_and_only_if_it_is_missing() -> None:
    log = Log(quality_track()).add("2026-07-02 09:00", "case.received")
    assert "team" not in log.at("2026-07-02 09:00").facts
    log.add("2026-07-02 09:10", "facts.stated", media=True)
    assert log.at("2026-07-02 09:10").facts["team"] == ("group_center:",)
    log.add("2026-07-02 09:20", "team.formed", team=("group_center:丁",))
    assert log.at("2026-07-02 09:20").facts["team"] == ("group_center:丁",)


def told(*starts: Moment, **more) -> Log:
    rules = kind(
        facts={**STATE_FACTS},
        steps=coded(step("tell", event="x.told", may_state=("media",))),
        notices=coded(Notice("letter", "函", CLAUSE, starts, Table.of((Who("complainant"),)), **more)),
        guards=coded(Guard("hold", "先填", CLAUSE, notices=("letter",), needs=(Need(NeedKind.FACTS, ("media",)),))),
    )
    return Log(rules).add("2026-07-02 09:00", "case.received")


def test_a_notice_is_owed_once_and_held_back_by_its_guard() -> None:
    log = told(event_moment("x.told")).add("2026-07-02 10:00", "x.told")
    assert effect_keys(log.at("2026-07-02 10:00")) == []
    log.add("2026-07-02 11:00", "x.told", media=True)
    now = log.at("2026-07-02 11:00")
    assert effect_keys(now) == ["notice/letter@2", "notice/letter@3"]
    log.events.append(effect_event(log.events, now.effects[0], at("2026-07-02 11:05")))
    assert effect_keys(log.at("2026-07-02 11:05")) == ["notice/letter@3"]


def test_a_notice_whose_condition_does_not_hold_at_its_moment_is_never_owed() -> None:
    log = told(event_moment("x.told"), when=is_("media", True)).add("2026-07-02 10:00", "x.told", media=False)
    log.add("2026-07-02 11:00", "facts.other", media=True)
    assert effect_keys(log.at("2026-07-02 12:00")) == []


def test_an_obligation_whose_start_is_taken_back_is_withdrawn() -> None:
    rules = kind(duties=coded(duty("fix", "x.told", "x.done", "1小时")), steps=coded(step("tell", event="x.told")))
    log = Log(rules).add("2026-07-02 09:00", "case.received").add("2026-07-02 10:00", "x.told")
    log.events.append(void_event(log.events, 2, "甲", "manager", at("2026-07-02 10:30")))
    assert log.at("2026-07-02 10:29").obligations[0].state is ObligationState.OPEN
    (gone,) = log.at("2026-07-02 10:30").obligations
    assert (gone.key, gone.state, gone.due_at) == ("fix@2", ObligationState.WITHDRAWN, None)
    assert log.add("2026-07-02 11:00", "x.told").events[-1].seq == 4


def test_a_level_reached_through_a_mistake_is_taken_back_though_levels_fall_only_by_hand() -> None:
    log = (
        Log(ageing_by_receipt())
        .add("2026-07-02 09:00", "case.received")
        .add("2026-07-02 10:00", "facts.stated", media=True)
    )
    log.events.append(void_event(log.events, 2, "甲", None, at("2026-07-02 11:00")))
    assert log.at("2026-07-02 11:00").level == "general"
    log.events.append(void_event(log.events, 3, "甲", None, at("2026-07-02 12:00")))
    assert log.at("2026-07-02 12:00").level == "major"


@pytest.mark.parametrize(
    ("where", "count"),
    [
        (LevelTest(Comparison.AT_LEAST, ("hot",)), 1),
        (Not(LevelTest(Comparison.AT_MOST, ("important",))), 1),
        (StageTest(("open",)), 2),
        (AnyOf((is_("media", True), is_("needs_help", True))), 1),
        (FactTest("needs_help", Comparison.UNSTATED), 2),
        (FactTest("delay_cause", Comparison.IN, ("客户", "我方")), 2),
        (Happened(event_moment("x.told"), 2), 1),
        (Happened(event_moment("x.told"), since=Moment(MomentNoun.LEVEL, "major")), 0),
    ],
)
def test_a_where_is_read_as_things_stood_at_its_moment(where, count: int) -> None:
    rules = ageing_by_receipt(
        facts=coded(
            fact("found", FactType.NUMBER, derive=Derivation(Aggregate.COUNT, None, (event_moment("x.told", where),)))
        )
    )
    log = Log(rules).add("2026-07-02 09:00", "case.received").add("2026-07-02 10:00", "x.told")
    log.add("2026-07-02 11:00", "x.told", media=True)
    settled = log.at("2026-07-02 11:01").facts["found"]
    assert settled == log.add("2026-07-02 12:00", "nothing.known").at("2026-07-02 12:00").facts["found"] == count


def test_an_addition_by_level_and_a_test_of_the_group_go_together() -> None:
    rules = kind(
        facts={
            **STATE_FACTS,
            **coded(fact("team", FactType.GROUP, adds=(GroupAddition(level_from("hot"), "vp", CLAUSE),))),
        },
        steps=coded(step("tell", event="x.told")),
        notices=coded(
            Notice(
                "hello",
                "到位",
                CLAUSE,
                (moment(MomentNoun.EVENT, "x.told"),),
                Table.of((Who("team", group="team"),)),
                when=FactTest("team", Comparison.HAS, "vp"),
            )
        ),
        levels=ageing_by_receipt().levels,
    )
    log = Log(rules).add("2026-07-02 09:00", "case.received", media=True).add("2026-07-02 10:00", "x.told")
    assert effect_keys(log.at("2026-07-02 10:00")) == ["notice/hello@2"]
