"""Duties: from a start to met, lapsed, paused, re-dated, extended, overdue."""

from __future__ import annotations

from datetime import date

import pytest

from kesu.policy.calendar import LineCode, parse_duration
from kesu.policy.model.conditions import FactRef, MomentNoun, Not, Table
from kesu.policy.model.facts import FactType, Value
from kesu.policy.model.limits import HolidayRule, Limit, Reminder
from kesu.policy.model.rules import Escalation, Stage, Who
from kesu.policy.model.stretching import Extension, Pause
from kesu.policy.standing import EffectKind, ObligationState
from tests.policy.standing.kinds import (
    Log,
    at,
    coded,
    due,
    duty,
    effect_keys,
    fact,
    is_,
    kind,
    limit,
    local,
    moment,
    obligation,
    step,
    table,
)

FACTS = coded(
    fact("urgent", FactType.FLAG),
    fact("waiting", FactType.FLAG),
    fact("solved", FactType.FLAG),
    fact("reply_due", FactType.TIME),
    fact("days", FactType.NUMBER),
    fact("enquiry", FactType.TEXT),
)
STEPS = coded(
    step("state", event="facts.stated", may_state=("urgent", "waiting", "solved", "reply_due")),
    step("extend", event="term.extended", asks=("days",)),
    step("handle", event="case.handled"),
    step("ask", event="enquiry.received", asks=("enquiry",)),
    step("reply", event="reply.sent", asks=("enquiry",)),
)


def log_of(*duties, **parts) -> Log:
    return Log(kind(facts=FACTS, steps={**STEPS, **parts.pop("steps", {})}, duties=coded(*duties), **parts))


def begun(*duties, when: str = "2026-07-02 16:00", **facts: Value) -> Log:
    return log_of(*duties).add(when, "case.received", **facts)


def fix(within="3个工作日", **more):
    return duty("fix", "case.received", "case.handled", within, **more)


def test_it_opens_an_obligation_with_owner_due_instant_and_receipt() -> None:
    one = obligation(begun(fix()).at("2026-07-02 16:00"), "fix")
    assert (one.key, one.owner, one.started_seq) == ("fix@1", Who("specialist"), 1)
    assert local(one.due_at) == "2026-07-07 18:00"
    assert one.receipt is not None
    assert [line.code for line in one.receipt.lines][-1] is LineCode.DUE


def test_it_is_met_by_its_moment_and_stays_met() -> None:
    log = begun(fix()).add("2026-07-03 09:00", "case.handled")
    one = obligation(log.at("2026-08-01 09:00"), "fix")
    assert (one.state, one.met_at) == (ObligationState.MET, at("2026-07-03 09:00"))


def test_it_is_met_by_an_event_of_the_same_minute_that_was_recorded_after_its_start() -> None:
    log = begun(fix()).add("2026-07-02 16:00", "case.handled")
    assert obligation(log.at("2026-07-02 16:00"), "fix").state is ObligationState.MET


def test_it_reads_when_once_at_the_start() -> None:
    rules = fix(when=is_("urgent", True))
    assert not begun(rules, urgent=False).at("2026-07-02 17:00").obligations
    log = begun(rules, urgent=True).add("2026-07-02 17:00", "facts.stated", urgent=False)
    assert obligation(log.at("2026-07-02 18:00"), "fix").is_open


def test_a_second_start_while_one_is_open_changes_nothing() -> None:
    log = begun(duty("fix", "case.received", "case.handled", "3个工作日"))
    log.add("2026-07-03 16:00", "case.received")
    assert [one.key for one in log.at("2026-07-03 17:00").obligations] == ["fix@1"]
    log.add("2026-07-03 18:00", "case.handled").add("2026-07-03 19:00", "case.received")
    assert [one.key for one in log.at("2026-07-03 20:00").obligations] == ["fix@1", "fix@4"]


def test_it_follows_its_table_from_the_original_start() -> None:
    rules = fix(table((is_("urgent", True), limit("1个工作日")), default=limit("7个工作日")))
    log = begun(rules)
    assert due(log.at("2026-07-02 16:30"), "fix") == "2026-07-13 18:00"
    log.add("2026-07-02 17:00", "facts.stated", urgent=True)
    assert due(log.at("2026-07-02 17:30"), "fix") == "2026-07-03 18:00"


def test_a_new_row_never_makes_a_breach_in_the_past() -> None:
    rules = fix(table((is_("urgent", True), limit("1个工作日")), default=limit("7个工作日")))
    log = begun(rules).add("2026-07-08 10:00", "facts.stated", urgent=True)
    one = obligation(log.at("2026-07-08 10:00"), "fix")
    assert local(one.due_at) == "2026-07-08 10:00"
    assert one.receipt is not None
    assert local(one.receipt.due_at) == "2026-07-08 10:00"
    assert LineCode.MOVED in {line.code for line in one.receipt.lines}


def test_it_follows_a_date_that_somebody_stated() -> None:
    log = begun(fix(table(default=(Limit(FactRef("reply_due")),))))
    assert due(log.at("2026-07-02 17:00"), "fix") is None
    log.add("2026-07-02 17:00", "facts.stated", reply_due=at("2026-07-05 12:00"))
    assert due(log.at("2026-07-02 17:00"), "fix") == "2026-07-05 12:00"


def test_a_paused_obligation_has_no_due_instant_and_later_a_later_one() -> None:
    log = begun(fix("24小时", pauses=(Pause(is_("waiting", True)),)))
    log.add("2026-07-02 20:00", "facts.stated", waiting=True)
    one = obligation(log.at("2026-07-02 21:00"), "fix")
    assert (one.state, one.due_at, one.paused_since) == (ObligationState.PAUSED, None, at("2026-07-02 20:00"))
    assert log.at("2026-07-02 21:00").wake_at is None
    log.add("2026-07-03 01:00", "facts.stated", waiting=False)
    assert due(log.at("2026-07-03 02:00"), "fix") == "2026-07-03 21:00"


def test_a_pause_ends_by_itself_when_its_limit_is_used_up() -> None:
    log = begun(fix("24小时", pauses=(Pause(is_("waiting", True), parse_duration("3小时")),)))
    log.add("2026-07-02 17:00", "facts.stated", waiting=True).add("2026-07-02 19:00", "facts.stated", waiting=False)
    log.add("2026-07-02 20:00", "facts.stated", waiting=True)
    assert local(log.at("2026-07-02 20:30").wake_at) == "2026-07-02 21:00"
    one = obligation(log.at("2026-07-02 21:00"), "fix")
    assert (one.state, local(one.due_at)) == (ObligationState.OPEN, "2026-07-03 19:00")


def test_a_pause_does_not_bring_back_what_is_overdue() -> None:
    log = begun(fix("1小时", pauses=(Pause(is_("waiting", True)),))).add(
        "2026-07-02 18:00", "facts.stated", waiting=True
    )
    assert obligation(log.at("2026-07-02 19:00"), "fix").state is ObligationState.OPEN


def test_an_extension_adds_to_the_length_so_often_and_only_in_time() -> None:
    extension = Extension("term.extended", FactRef("days"), times=1)
    log = begun(fix(extension=extension)).add("2026-07-03 10:00", "term.extended", days=2)
    assert due(log.at("2026-07-03 10:00"), "fix") == "2026-07-09 18:00"
    log.add("2026-07-04 10:00", "term.extended", days=2)
    assert due(log.at("2026-07-04 10:00"), "fix") == "2026-07-09 18:00"
    late = begun(fix(extension=extension)).add("2026-07-08 10:00", "term.extended", days=2)
    assert due(late.at("2026-07-08 10:00"), "fix") == "2026-07-07 18:00"


def test_an_extension_in_other_units_is_counted_from_the_end() -> None:
    in_days = begun(fix(extension=Extension("term.extended", parse_duration("5天"))))
    in_days.add("2026-07-03 10:00", "term.extended")
    assert due(in_days.at("2026-07-03 10:00"), "fix") == "2026-07-13 00:00"
    in_workdays = begun(fix("1个月", extension=Extension("term.extended", parse_duration("5个工作日"))))
    assert due(in_workdays.at("2026-07-02 17:30"), "fix") == "2026-08-03 00:00"
    in_workdays.add("2026-07-03 10:00", "term.extended")
    assert due(in_workdays.at("2026-07-03 10:00"), "fix") == "2026-08-07 18:00"
    receipt = obligation(in_workdays.at("2026-07-03 10:00"), "fix").receipt
    assert receipt is not None
    assert [line.code for line in receipt.lines].count(LineCode.EXTENDED) == 1
    assert receipt.lines[-1].to_at == receipt.due_at


def test_an_extension_in_other_units_that_ends_on_a_holiday_is_postponed_as_the_rule_says() -> None:
    sixty_days = Table.of((Limit(parse_duration("60天"), HolidayRule("end", "end_of_work")),))
    log = begun(fix(sixty_days, extension=Extension("term.extended", parse_duration("2个月"))))
    log.add("2026-07-03 10:00", "term.extended")
    assert due(log.at("2026-07-03 10:00"), "fix") == "2026-11-02 18:00"  # the last day of October is a Saturday


def test_nothing_passes_the_cap() -> None:
    extension = Extension("term.extended", FactRef("days"))
    log = begun(fix(extension=extension, cap=parse_duration("5个工作日"))).add(
        "2026-07-03 10:00", "term.extended", days=9
    )
    assert due(log.at("2026-07-03 10:00"), "fix") == "2026-07-09 18:00"


def test_with_per_each_value_has_its_own_obligation() -> None:
    log = begun(duty("answer", "enquiry.received", "reply.sent", "1个工作日", per="enquiry"))
    log.add("2026-07-03 10:00", "enquiry.received", enquiry="a").add(
        "2026-07-03 11:00", "enquiry.received", enquiry="b"
    )
    log.add("2026-07-03 12:00", "reply.sent", enquiry="a")
    states = {one.key: one.state for one in log.at("2026-07-03 13:00").obligations}
    assert states == {"answer@2#a": ObligationState.MET, "answer@3#b": ObligationState.OPEN}


def test_it_lapses_when_its_while_ends() -> None:
    log = begun(fix(whilst=Not(is_("solved", True)))).add("2026-07-02 17:00", "facts.stated", solved=True)
    assert obligation(log.at("2026-07-02 17:00"), "fix").state is ObligationState.LAPSED


def test_the_end_of_the_case_lapses_all_but_what_survives() -> None:
    log = begun(fix(), duty("keep", "case.received", "case.handled", "30天", survives=True))
    log.add("2026-07-03 10:00", "case.resolved")
    now = log.at("2026-07-03 10:00")
    assert obligation(now, "fix").state is ObligationState.LAPSED
    assert obligation(now, "keep").is_open


def test_the_owner_follows_its_table() -> None:
    log = begun(fix(owner=table((is_("urgent", True), Who("manager")), default=Who("specialist"))))
    log.add("2026-07-02 17:00", "facts.stated", urgent=True)
    assert obligation(log.at("2026-07-02 16:30"), "fix").owner == Who("specialist")
    assert obligation(log.at("2026-07-02 17:00"), "fix").owner == Who("manager")


def test_it_reminds_at_shares_of_the_length_and_only_of_the_latest() -> None:
    log = begun(fix("10小时", remind=(Reminder(percent=50), Reminder(percent=80))), when="2026-07-02 10:00")
    assert effect_keys(log.at("2026-07-02 14:59")) == []
    assert effect_keys(log.at("2026-07-02 15:00")) == ["fix@1/remind/1"]
    assert effect_keys(log.at("2026-07-02 18:00")) == ["fix@1/remind/2"]
    assert effect_keys(log.at("2026-07-02 20:00")) == []
    log.add("2026-07-02 15:05", "duty.reminded", effect="fix@1/remind/1")
    assert effect_keys(log.at("2026-07-02 15:10")) == []


def test_a_share_of_a_working_length_is_a_share_of_working_time() -> None:
    log = begun(fix("2工作小时", remind=(Reminder(percent=50),)), when="2026-07-02 20:00")
    assert local(log.at("2026-07-02 21:00").wake_at) == "2026-07-03 10:00"


def test_it_drops_a_share_that_leaves_less_than_a_minute() -> None:
    log = begun(fix("3分钟", remind=(Reminder(percent=20), Reminder(percent=50), Reminder(percent=80))))
    assert effect_keys(log.at("2026-07-02 16:02")) == ["fix@1/remind/2"]
    assert local(log.at("2026-07-02 16:02").wake_at) == "2026-07-02 16:03"


@pytest.mark.parametrize(
    ("before", "when"),
    [
        ("2小时", "2026-07-07 16:00"),
        ("2工作小时", "2026-07-07 16:00"),
        ("1个工作日", "2026-07-06 18:00"),
        ("1天", "2026-07-06 18:00"),
    ],
)
def test_it_reminds_a_length_before_the_end(before: str, when: str) -> None:
    log = begun(fix(remind=(Reminder(before=parse_duration(before)),)))
    assert local(log.at("2026-07-03 09:00").wake_at) == when


def test_every_escalation_that_passed_is_owed_even_after_the_deed() -> None:
    chain = (
        Escalation(parse_duration("0分钟"), (Who("manager"),)),
        Escalation(parse_duration("1小时"), (Who("leader"),)),
    )
    log = begun(fix("1小时", overdue=chain))
    assert effect_keys(log.at("2026-07-02 16:59")) == []
    assert effect_keys(log.at("2026-07-02 18:00")) == ["fix@1/overdue/1", "fix@1/overdue/2"]
    log.add("2026-07-02 17:30", "case.handled")
    assert effect_keys(log.at("2026-07-02 19:00")) == ["fix@1/overdue/1"]


def test_an_escalation_may_hand_the_duty_over() -> None:
    chain = (Escalation(parse_duration("1小时"), (Who("leader"),), hand_over=True),)
    log = begun(fix("1小时", overdue=chain))
    assert obligation(log.at("2026-07-02 17:59"), "fix").owner == Who("specialist")
    assert obligation(log.at("2026-07-02 18:00"), "fix").owner == Who("leader")


def test_an_escalation_may_ask_the_system_to_take_a_step() -> None:
    log = begun(fix("1小时", overdue=(Escalation(parse_duration("0分钟"), step="handle"),)))
    (effect,) = log.at("2026-07-02 17:00").effects
    assert (effect.kind, effect.code, effect.key) == (EffectKind.STEP, "handle", "fix@1/overdue/1")
    log.add("2026-07-02 17:00", "case.handled")
    assert log.at("2026-07-02 17:01").effects == ()


def test_the_minute_chain_counts_each_link_from_its_real_start() -> None:
    steps = coded(*(step(code, event=f"{code}.done") for code in ("alarm", "head", "leader", "board")))
    zero = (Escalation(parse_duration("0分钟"), (Who("manager"),)),)
    log = log_of(
        duty("department", "case.received", "alarm.done", "3分钟", overdue=zero),
        duty("to_leader", "head.done", "leader.done", "5分钟", whilst=Not(is_("solved", True))),
        duty("paper", "head.done", "paper.done", "24小时"),
        duty("to_board", "leader.done", "board.done", "10分钟"),
        duty("paper_board", "leader.done", "paper.done", "48小时"),
        steps=steps,
    ).add("2026-07-04 22:10", "case.received")
    assert due(log.at("2026-07-04 22:12"), "department") == "2026-07-04 22:13"
    assert local(log.at("2026-07-04 22:12").wake_at) == "2026-07-04 22:13"
    log.add("2026-07-04 22:13", "alarm.done").add("2026-07-04 22:13", "head.done")
    now = log.at("2026-07-04 22:17")
    assert effect_keys(now) == []
    assert (due(now, "to_leader"), due(now, "paper")) == ("2026-07-04 22:18", "2026-07-05 22:13")
    log.add("2026-07-04 22:18", "leader.done")
    now = log.at("2026-07-04 22:19")
    assert (due(now, "to_board"), due(now, "paper_board")) == ("2026-07-04 22:28", "2026-07-06 22:18")


def test_one_duty_may_start_when_another_runs_over_and_when_it_is_met() -> None:
    log = begun(
        fix("1小时"),
        duty("tell", moment(MomentNoun.DUTY, "fix", "overdue"), "facts.stated", "2小时"),
        duty("check", moment(MomentNoun.DUTY, "fix", "met"), "facts.stated", "3小时"),
    )
    assert due(log.at("2026-07-02 17:00"), "tell") == "2026-07-02 19:00"
    log.add("2026-07-02 17:30", "case.handled")
    assert due(log.at("2026-07-02 17:30"), "check") == "2026-07-02 20:30"


def test_a_stage_and_a_date_may_start_a_duty() -> None:
    rules = kind(
        facts={**FACTS, **coded(fact("moved_in", FactType.DATE))},
        stages=coded(Stage("open", "处理中"), Stage("next", "下一步")),
        steps=coded(step("on", event="moved.on", to="next", may_state=("moved_in",))),
        duties=coded(
            duty("in_next", moment(MomentNoun.STAGE, "next"), "x.y", "1小时"),
            duty("greet", moment(MomentNoun.FACT, "moved_in"), "x.y", "1个月"),
        ),
    )
    log = Log(rules).add("2026-07-02 16:00", "case.received")
    log.add("2026-07-03 10:00", "moved.on", moved_in=date(2026, 7, 10))
    assert due(log.at("2026-07-03 10:00"), "in_next") == "2026-07-03 11:00"
    assert [one.duty for one in log.at("2026-07-09 23:59").obligations] == ["in_next"]
    assert local(log.at("2026-07-09 12:00").wake_at) == "2026-07-10 00:00"
    assert due(log.at("2026-07-10 00:00"), "greet") == "2026-08-11 00:00"
