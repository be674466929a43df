# ruff: noqa: E501  (rules are read more easily on one line)
"""A rule that asks whether one and the same person stands on both sides."""

from __future__ import annotations

import pytest

from kesu.policy.standing import kept_from
from tests.policy.standing.kinds import Log
from tests.policy.times.desk import desk, happens, mistakes, moves, told, wish

FACTS = """
team: {name: 经办小组, type: group, clause: "1"}
buyer: {name: 买家, type: person, data: personal, clause: "1"}
"""
STEPS = """
form: {name: 成组, by: chief, event: team.formed, asks: [team], clause: "1"}
praise: {name: 回访, by: [clerk, chief], event: wish.praised, clause: "1"}
"""
OTHER = 'other: {steps: [praise], unless: {not: {same_person: [{done: wish.answered}, taker]}}, says: 办的人不能回访, clause: "2"}'
SAME = (
    'same: {steps: [praise], unless: {same_person: [{done: wish.answered}, taker]}, says: 办的人自己回访, clause: "2"}'
)
TEAM = 'team: {steps: [close], when: {same_person: [{done: wish.answered}, team]}, needs: {facts: [urgent]}, says: 写明急不急, clause: "3"}'
ANSWERED = "{at: 2026-07-02 10:00, step: answer, by: li}"


def test_whoever_did_one_thing_may_be_kept_from_another() -> None:
    rules = desk(facts=FACTS, steps=STEPS, guards=OTHER)
    happens(rules, ANSWERED, '{at: 2026-07-03 10:00, step: praise, by: li, refused: "2"}', expect="{stage: heard}")
    happens(rules, ANSWERED, "{at: 2026-07-03 10:00, step: praise, by: wang}", expect="{stage: heard}")


def test_or_may_be_the_only_one_who_does_it() -> None:
    rules = desk(facts=FACTS, steps=STEPS, guards=SAME)
    happens(rules, ANSWERED, "{at: 2026-07-03 10:00, step: praise, by: li}", expect="{stage: heard}")
    happens(rules, ANSWERED, '{at: 2026-07-03 10:00, step: praise, by: wang, refused: "2"}', expect="{stage: heard}")


def test_the_step_is_offered_while_nobody_in_particular_takes_it() -> None:
    for guard in (OTHER, SAME):
        happens(desk(facts=FACTS, steps=STEPS, guards=guard), ANSWERED, expect="{allowed: praise}")


def test_it_is_not_offered_to_whom_the_guard_keeps_away() -> None:
    rules = wish(facts=FACTS, steps=STEPS, guards=OTHER)
    log = Log(rules).add("2026-07-01 10:00", "wish.heard").add("2026-07-02 10:00", "wish.answered", by="li")
    now = log.at("2026-07-03 10:00")
    praise = rules.steps["praise"]
    assert [kept_from(now, praise, person) for person in ("li", "wang")] == [True, False]
    assert not kept_from(now, rules.steps["close"], "li")


def test_the_last_who_did_it_counts_and_a_group_counts_with_each_of_its_members() -> None:
    formed = '{at: 2026-07-01 11:00, step: form, facts: {team: ["clerk:li", "clerk:wang"]}}'
    rules = desk(facts=FACTS, steps=STEPS, guards=TEAM)
    late = "{at: 2026-07-03 10:00, step: close"
    happens(rules, formed, ANSWERED, f'{late}, refused: "3"}}', expect="{stage: heard}")
    happens(
        rules, formed, ANSWERED, "{at: 2026-07-02 11:00, step: answer, by: zhao}", f"{late}}}", expect="{stage: closed}"
    )
    happens(rules, ANSWERED, f"{late}}}", expect="{stage: closed}")


@pytest.mark.parametrize(
    ("sides", "said"),
    [
        ("[taker]", "same_person（同一个人）比的是两边的人"),
        ("[taker, taker]", "两边写的是同一样"),
        ("[{done: stage.closed}, taker]", "done（办完）要写步骤的事件"),
        ("[{don: wish.answered}, taker]", "没有 don 这个键。是不是 done（办完）？"),
        ("[urgent, taker]", "urgent（急）里没有人"),
        ("[buyer, team]", "从来不是同一个代号"),
        ("[tem, taker]", "没有事实 tem。是不是 team（经办小组）？"),
    ],
)
def test_a_mistake_is_told_with_what_to_write(sides: str, said: str) -> None:
    guard = OTHER.replace("[{done: wish.answered}, taker]", sides)
    assert said in mistakes(facts=FACTS, steps=STEPS, guards=guard)


def test_who_takes_a_step_is_asked_only_of_the_guards_of_that_step() -> None:
    tell = (
        "tell: {name: 告知, starts: wish.closed, when: {same_person: [{done: wish.answered}, taker]}, to: chief, "
        'text: 已办结, clause: "2"}'
    )
    assert "taker（办这一步的人）只能写在管步骤的关卡里" in mistakes(facts=FACTS, steps=STEPS, notices=tell)


def test_who_takes_a_step_is_not_asked_about_an_earlier_moment() -> None:
    guard = (
        "other: {steps: [praise], when: {happened: {event: wish.answered, where: {same_person: [team, taker]}}}, "
        'needs: {facts: [urgent]}, says: 写明急不急, clause: "2"}'
    )
    assert "不能写在 where 里" in mistakes(facts=FACTS, steps=STEPS, guards=guard)


def test_it_is_printed_and_tried() -> None:
    assert "须满足：办“答复”的人和办这一步的人不是同一个人" in told(
        "guards.other", facts=FACTS, steps=STEPS, guards=OTHER
    )
    assert "办“答复”的人和经办小组是同一个人的，须填急" in told("guards.team", facts=FACTS, steps=STEPS, guards=TEAM)
    assert "不再看是不是同一个人" in " ".join(moves("guards.other", facts=FACTS, steps=STEPS, guards=OTHER))
