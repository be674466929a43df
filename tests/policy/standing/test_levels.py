"""Levels: first match wins, they rise by themselves and fall by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kesu.policy.calendar import parse_duration
from kesu.policy.model.conditions import All, Elapsed, MomentNoun, Table, Window
from kesu.policy.model.facts import FactType
from kesu.policy.model.rules import Notice, Who
from kesu.policy.standing import StepRefused
from tests.policy.standing.kinds import (
    CLAUSE,
    Log,
    at,
    at_least,
    coded,
    codes_missing,
    effect_keys,
    fact,
    is_,
    kind,
    level_is,
    local,
    moment,
    step,
)
from tests.policy.standing.sample_kinds import (
    RECEIVED,
    STATE_FACTS,
    STATE_STEPS,
    ageing_by_level,
    ageing_by_receipt,
    levels,
    same_issue,
)


def received(rules=None) -> Log:
    return Log(rules or ageing_by_level()).add("2026-07-03 10:00", "case.received", person="p0")


def test_it_keeps_the_higher_level_when_the_reason_goes_away() -> None:
    log = received().add("2026-07-03 11:00", "facts.stated", media=True)
    log.add("2026-07-03 12:00", "facts.stated", media=False)
    assert log.at("2026-07-03 12:00").level == "major"


def test_it_falls_by_itself_where_the_policy_says_so() -> None:
    rules = kind(facts=STATE_FACTS, steps=STATE_STEPS, levels=levels(("major", is_("media", True)), falls=True))
    log = received(rules).add("2026-07-03 11:00", "facts.stated", media=True)
    log.add("2026-07-03 12:00", "facts.stated", media=False)
    assert [change.after for change in log.at("2026-07-03 12:00").level_changes] == ["general", "major", "general"]


def test_a_level_lowered_by_hand_rises_only_by_a_rule_that_becomes_true_afterwards() -> None:
    log = received().add("2026-07-03 11:00", "facts.stated", media=True)
    log.take("2026-07-03 12:00", "lower", ("supervisor",), to_level="general")
    lowered = log.at("2026-07-03 12:00")
    assert (lowered.level, lowered.level_changes[-1].rule) == ("general", None)
    assert log.at("2026-08-02 12:00").level == "general"
    log.add("2026-07-04 12:00", "facts.stated", needs_help=True)
    assert log.at("2026-07-04 12:00").level == "important"


def test_a_rule_that_was_false_again_after_the_lowering_may_raise_again() -> None:
    log = received().add("2026-07-03 11:00", "facts.stated", media=True)
    log.take("2026-07-03 12:00", "lower", ("supervisor",), to_level="general")
    log.add("2026-07-04 12:00", "facts.stated", media=False).add("2026-07-05 12:00", "facts.stated", media=True)
    assert log.at("2026-07-05 12:00").level == "major"


def test_an_age_that_was_full_at_the_lowering_does_not_raise_at_once_again() -> None:
    log = received().take("2026-08-04 12:00", "lower", ("supervisor",), to_level="general")
    assert log.at("2026-08-04 11:00").level == "hot"
    assert log.at("2026-09-04 12:00").level == "general"


def test_it_refuses_to_lower_to_a_level_that_is_not_lower() -> None:
    log = received().add("2026-07-03 11:00", "facts.stated", needs_help=True)
    for level in ("hot", "important"):
        with pytest.raises(StepRefused) as refused:
            log.take("2026-07-03 12:00", "lower", ("supervisor",), to_level=level)
        assert level in codes_missing(refused.value.refusals)


def test_what_somebody_raised_by_hand_rises_further_by_rules_and_falls_by_hand_only() -> None:
    log = received().take("2026-07-03 12:00", "lift", ("supervisor",), raised_to="important")
    raised = log.at("2026-07-03 12:00")
    assert (raised.level, raised.level_changes[-1].rule, raised.level_changes[-1].seq) == ("important", None, 2)
    log.add("2026-07-04 11:00", "facts.stated", media=True).add("2026-07-04 12:00", "facts.stated", media=False)
    assert log.at("2026-07-04 12:00").level == "major"
    log.take("2026-07-05 12:00", "lower", ("supervisor",), to_level="general")
    assert log.at("2026-07-05 12:00").level == "general"


def test_levels_that_fall_by_themselves_fall_no_lower_than_somebody_raised_them() -> None:
    falling = levels(("major", is_("media", True)), ("important", is_("needs_help", True)), falls=True)
    log = received(kind(facts=STATE_FACTS, steps=STATE_STEPS, levels=falling))
    log.take("2026-07-03 11:00", "lift", ("supervisor",), raised_to="hot")
    log.add("2026-07-03 12:00", "facts.stated", media=True).add("2026-07-03 13:00", "facts.stated", media=False)
    now = log.at("2026-07-03 13:00")
    assert [change.after for change in now.level_changes] == ["general", "hot", "major", "hot"]
    assert now.level_changes[-1].seq == now.level_changes[1].seq  # it stands again by what she did
    log.add("2026-07-03 14:00", "facts.stated", needs_help=True)
    assert log.at("2026-07-03 14:00").level == "hot"
    log.take("2026-07-03 15:00", "lower", ("supervisor",), to_level="general")
    log.add("2026-07-03 16:00", "facts.stated", needs_help=False).add(
        "2026-07-03 17:00", "facts.stated", needs_help=True
    )
    assert log.at("2026-07-03 17:00").level == "important"


def test_it_refuses_to_raise_to_a_level_that_is_not_higher() -> None:
    log = received().add("2026-07-03 11:00", "facts.stated", needs_help=True)
    for level in ("general", "important"):
        with pytest.raises(StepRefused) as refused:
            log.take("2026-07-03 12:00", "lift", ("supervisor",), raised_to=level)
        assert level in codes_missing(refused.value.refusals)


def test_a_rule_reads_the_level_just_before_so_that_one_instant_cannot_chase_itself() -> None:
    rules = kind(
        facts=STATE_FACTS,
        steps=STATE_STEPS,
        levels=levels(("major", All((level_is("hot"), is_("media", True)))), ("hot", is_("media", True))),
    )
    log = received(rules).add("2026-07-03 11:00", "facts.stated", media=True)
    now = log.at("2026-07-03 11:00")
    assert (now.level, now.wake_at) == ("hot", at("2026-07-03 11:00:00.000001"))
    assert log.at("2026-07-03 11:01").level == "major"


def test_a_case_that_is_received_high_has_been_raised() -> None:
    rules = ageing_by_level()
    told = Notice("raised", "升级", CLAUSE, (moment(MomentNoun.LEVEL, "", "raised"),), Table.of((Who("manager"),)))
    rules = replace(
        rules,
        notices=coded(told),
        steps={
            **rules.steps,
            **coded(step("receive", "everyone", "case.received", starts_case=True, may_state=("media",))),
        },
    )
    assert effect_keys(Log(rules).add("2026-07-03 10:00", "case.received", media=True).at("2026-07-03 10:00")) == [
        "notice/raised@L1"
    ]
    assert effect_keys(Log(rules).add("2026-07-03 10:00", "case.received").at("2026-07-03 10:00")) == []


def test_it_says_which_rule_is_on_its_way_and_how_far_it_is() -> None:
    log = received(ageing_by_receipt()).add("2026-07-03 11:00", "complainant.joined", person="p1")
    found = {(one.level, one.fact, one.have, one.want, local(one.at)) for one in log.at("2026-07-03 11:00").next_raises}
    assert found == {
        ("major", "complainants", 2, 10, None),
        ("hot", "complainants", 2, 3, None),
        ("major", None, None, None, "2026-08-03 10:00"),
        ("hot", None, None, None, "2026-07-18 10:00"),
    }


def test_it_says_which_facts_made_the_rule_true() -> None:
    log = received().add("2026-07-03 11:00", "facts.stated", media=True)
    change = log.at("2026-07-03 11:00").level_changes[-1]
    assert (change.before, change.after, change.clauses, change.values) == ("general", "major", ("1",), {"media": True})


def test_a_member_that_leaves_its_window_wakes_the_case() -> None:
    log = received().add("2026-07-03 11:00", "matter.joined", person="p1")
    now = log.at("2026-07-03 12:00")
    assert (now.facts["same_issue"], local(now.wake_at)) == (1, "2026-08-02 11:00")
    assert log.at("2026-08-02 11:00").facts["same_issue"] == 0


def test_a_calendar_window_ends_with_its_period() -> None:
    rules = replace(ageing_by_level(), facts={**STATE_FACTS, "same_issue": same_issue(Window(calendar="week"))})
    log = received(rules).add("2026-07-03 11:00", "matter.joined", person="p1")
    assert local(log.at("2026-07-03 12:00").wake_at) == "2026-07-06 00:00"


def test_at_most_holds_until_its_deadline_has_passed() -> None:
    rules = kind(levels=levels(("hot", Elapsed(RECEIVED, at_most=parse_duration("1天"))), falls=True))
    log = received(rules)
    assert log.at("2026-07-05 00:00").level == "hot"
    assert log.at("2026-07-05 00:00:00.000001").level == "general"


def test_amounts_of_different_number_kinds_compare() -> None:
    rules = kind(facts=coded(fact("sum", FactType.MONEY)), levels=levels(("hot", at_least("sum", 20000))))
    for stated, level in ((19999, "general"), (20000, "hot")):
        assert received(rules).add("2026-07-03 11:00", "x.y", sum=stated).at("2026-07-03 11:00").level == level


def test_rules_that_never_come_to_rest_do_not_hang_the_program() -> None:
    chasing = levels(("major", level_is("hot")), ("hot", is_("media", True)), falls=True)
    log = received(kind(facts=STATE_FACTS, steps=STATE_STEPS, levels=chasing))
    now = log.add("2026-07-03 11:00", "facts.stated", media=True).at("2026-07-04 11:00")
    assert now.level in {"hot", "major"}
    assert len(now.level_changes) < 100
