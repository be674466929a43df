"""The worked examples of the lifecycles that concern levels, the notice of an hour, the team and the locked reply."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kesu.policy.calendar import parse_duration
from kesu.policy.model.conditions import Window
from kesu.policy.standing import Standing, StepRefused
from tests.policy.standing.kinds import Log, codes_missing, due, local
from tests.policy.standing.sample_kinds import ageing_by_level, ageing_by_receipt, quality_track, same_issue


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        ("2026-07-06 10:20", "2026-07-06 11:20"),
        ("2026-07-06 17:40", "2026-07-07 09:40"),
        ("2026-07-06 20:30", "2026-07-07 10:00"),
        ("2026-10-09 21:00", "2026-10-10 10:00"),
    ],
)
def test_it_gives_one_working_hour_to_inform_the_specialist(received: str, expected: str) -> None:
    now = Log(quality_track()).add(received, "case.received").at(received)
    assert due(now, "inform") == expected


def raises(now: Standing) -> list[tuple[str | None, str]]:
    return [(local(change.at), change.after) for change in now.level_changes]


def test_it_raises_a_general_case_after_a_month_and_a_hot_one_after_a_week() -> None:
    log = Log(ageing_by_level()).add("2026-07-03 10:00", "case.received")
    assert log.at("2026-08-03 09:59").level == "general"
    assert local(log.at("2026-08-03 09:59").wake_at) == "2026-08-03 10:00"
    hot = log.at("2026-08-03 10:00")
    assert (hot.level, hot.level_clauses) == ("hot", ("6",))
    assert local(hot.wake_at) == "2026-08-10 10:00"
    assert log.at("2026-08-10 09:59").level == "hot"
    assert log.at("2026-08-10 10:00").level == "major"
    assert log.at("2026-12-10 10:00").wake_at is None


def test_it_raises_by_the_age_of_the_case_alone_where_the_rules_say_so() -> None:
    now = Log(ageing_by_receipt()).add("2026-07-03 10:00", "case.received").at("2026-09-01 10:00")
    assert raises(now) == [
        ("2026-07-03 10:00", "general"),
        ("2026-07-18 10:00", "hot"),
        ("2026-08-03 10:00", "major"),
    ]


@pytest.mark.parametrize(
    ("rules", "hot", "major"),
    [
        (ageing_by_level(), "2026-08-08 10:00", "2026-08-15 10:00"),
        (ageing_by_receipt(), "2026-07-23 10:00", "2026-08-08 10:00"),
    ],
)
def test_it_does_not_count_five_days_that_the_customer_caused(rules, hot, major) -> None:
    log = Log(rules).add("2026-07-03 10:00", "case.received")
    log.add("2026-07-10 10:00", "facts.stated", delay_cause="客户")
    assert log.at("2026-07-12 10:00").wake_at is None
    log.add("2026-07-15 10:00", "facts.stated", delay_cause="我方")
    assert raises(log.at("2026-09-01 10:00"))[1:] == [(hot, "hot"), (major, "major")]


@pytest.mark.parametrize(
    ("rules", "people", "level"),
    [
        (ageing_by_level(), 2, "general"),
        (ageing_by_level(), 3, "hot"),
        (ageing_by_level(), 7, "hot"),
        (ageing_by_level(), 8, "major"),
        (ageing_by_receipt(), 9, "hot"),
        (ageing_by_receipt(), 10, "major"),
    ],
)
def test_it_takes_the_level_from_the_number_of_different_people(rules, people: int, level: str) -> None:
    log = Log(rules).add("2026-07-03 10:00", "case.received", person="p0")
    for number in range(1, people):
        log.add("2026-07-03 11:00", "complainant.joined", person=f"p{number}")
    assert log.at("2026-07-03 11:00").level == level


def test_it_rises_at_the_third_and_at_the_eighth_person_at_that_moment() -> None:
    log = Log(ageing_by_level()).add("2026-07-03 10:00", "case.received", person="p0")
    for number in range(1, 8):
        log.add(f"2026-07-03 10:{number:02}", "complainant.joined", person=f"p{number}")
    now = log.at("2026-07-03 12:00")
    assert raises(now)[1:] == [("2026-07-03 10:02", "hot"), ("2026-07-03 10:07", "major")]
    assert now.level_changes[-1].values == {"complainants": 8}


@pytest.mark.parametrize(
    ("window", "third", "when", "level"),
    [
        (Window(rolling=parse_duration("30天")), "p3", "2026-08-10 09:00", "hot"),
        (Window(calendar="month"), "p3", "2026-08-10 09:00", "general"),
        (Window(rolling=parse_duration("30天")), "p2", "2026-08-10 09:00", "general"),
        (Window(rolling=parse_duration("30天")), "p3", "2026-08-19 08:59", "hot"),
        (Window(rolling=parse_duration("30天")), "p3", "2026-08-19 09:00", "general"),
    ],
)
def test_it_counts_the_same_issue_in_its_window_and_each_person_once(window, third, when, level) -> None:
    rules = ageing_by_level()
    rules = replace(rules, facts={**rules.facts, "same_issue": same_issue(window)})
    log = Log(rules).add("2026-07-20 09:00", "case.received").add("2026-07-20 09:00", "matter.joined", person="p1")
    log.add("2026-08-01 09:00", "matter.joined", person="p2").add(when, "matter.joined", person=third)
    assert log.at(when).level == level


def hot_case_with_plan() -> Log:
    log = Log(quality_track()).add("2026-07-03 10:00", "case.received", person="p0")
    log.add("2026-07-03 10:05", "complainant.joined", person="p1").add(
        "2026-07-03 10:06", "complainant.joined", person="p2"
    )
    log.take("2026-07-03 11:00", "form_team", team=("specialist:甲",))
    log.take("2026-07-03 12:00", "make_plan")
    return log.take("2026-07-03 13:00", "submit_plan", cause="已填")


def test_it_refuses_to_send_the_plan_of_a_hot_case_before_it_is_approved() -> None:
    log = hot_case_with_plan()
    assert log.at("2026-07-03 13:00").stage == "joint_review"
    with pytest.raises(StepRefused) as refused:
        log.take("2026-07-03 14:00", "send_plan")
    assert ("reply_locked", ("5.2b",)) in [(r.code, r.clauses) for r in refused.value.refusals]
    log.sign("2026-07-03 14:00", "joint_review", "manager")
    assert log.at("2026-07-03 14:00").stage == "leadership_approval"
    log.sign("2026-07-03 15:00", "leadership", "leader")
    assert log.at("2026-07-03 15:00").stage == "plan_approved"
    assert log.take("2026-07-03 16:00", "send_plan").at("2026-07-03 16:00").stage == "agreeing"


def test_it_refuses_a_team_without_the_vice_president_in_a_major_case() -> None:
    log = (
        Log(quality_track())
        .add("2026-07-03 10:00", "case.received")
        .add("2026-07-03 10:05", "facts.stated", media=True)
    )
    with pytest.raises(StepRefused) as refused:
        log.take("2026-07-03 11:00", "form_team", team=("specialist:甲",))
    assert codes_missing(refused.value.refusals) == {"vp"}
    log.take("2026-07-03 11:00", "form_team", team=("specialist:甲", "vp:丁"))
    assert log.at("2026-07-03 11:00").facts["team"] == ("specialist:甲", "vp:丁", "group_center:")
