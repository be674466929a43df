"""Duties of every form that the language has."""

from __future__ import annotations

from fractions import Fraction

from kesu.policy.calendar import parse_duration
from kesu.policy.model.conditions import (
    All,
    Comparison,
    FactRef,
    FactTest,
    Happened,
    Moment,
    MomentNoun,
    Not,
    Present,
    StageTest,
    StartIn,
    Table,
)
from kesu.policy.model.limits import Ahead, HolidayRule, Limit, Reminder
from kesu.policy.model.rules import Escalation, Who
from kesu.policy.model.stretching import Extension, Pause
from tests.policy.standing.kinds import (
    coded,
    duty,
    event_moment,
    is_,
    level_from,
    level_is,
    limit,
    moment,
    table,
)


def duties() -> dict[str, object]:
    zero, hour = parse_duration("0分钟"), parse_duration("1小时")
    return coded(
        duty(
            "fix",
            "case.received",
            "case.resolved",
            table((level_from("hot"), limit("2个工作日")), default=limit("15天")),
            owner=table((level_is("major"), Who("cs_dept")), default=Who("specialist")),
            pauses=(
                Pause(is_("waiting", True), parse_duration("5天")),
                Pause(is_("media", True), parse_duration("20天"), name="记者在等", factor=Fraction(3, 2)),
            ),
            extension=Extension("term.extended", FactRef("more_days"), 2),
            cap=parse_duration("2个月"),
            remind=(Reminder(percent=50), Reminder(percent=80), Reminder(before=parse_duration("2工作小时"))),
            overdue=(Escalation(zero, (Who("manager"),)), Escalation(hour, (Who("leader"),), hand_over=True)),
        ),
        duty("tell_leader", moment(MomentNoun.DUTY, "fix", "overdue"), "site.answered", "30分钟"),
        duty(
            "site",
            "case.received",
            "case.handled",
            "5分钟",
            whilst=Not(is_("solved", True)),
            overdue=(Escalation(zero, step="solve"),),
        ),
        duty(
            "look",
            "case.sorted",
            "paper.issued",
            table(
                (FactTest("sort", Comparison.IN, ("房屋/渗漏", "房屋/渗漏/屋面")), limit("4小时")), default=limit("3天")
            ),
            whilst=FactTest("behind", Comparison.BELOW, 8),
        ),
        duty(
            "helping",
            event_moment("help.sent", FactTest("helped_by", Comparison.STATED)),
            "help.given",
            table(default=(Limit(FactRef("helped_by")),)),
            owner=Table.of(Who("", group="helper")),
            per="area",
            restarts=True,
            overdue=(Escalation(zero, tell=(Who("", group="helper"), Who("leader"))),),
        ),
        duty("answer", "enquiry.received", "reply.sent", "1个工作日", per="enquiry"),
        duty(
            "keep_promise",
            "promise.made",
            "reply.sent",
            table((is_("urgent", True), limit("3小时")), default=(Limit(FactRef("promised")), *limit("2个工作日"))),
        ),
        duty(
            "invite",
            (event_moment("case.received"), event_moment("promise.made")),
            "reply.sent",
            table(default=(Limit(Ahead(parse_duration("2天"), FactRef("promised"))),)),
            whilst=Not(FactTest("promised", Comparison.BELOW, Present())),
        ),
        duty("greet", moment(MomentNoun.FACT, "moved_in"), "call.tried", "当天", survives=True),
        duty(
            "report",
            (Moment(MomentNoun.LEVEL, "hot"), Moment(MomentNoun.LEVEL, "major")),
            "site.answered",
            table(
                (level_is("major"), limit("2小时")),
                default=(Limit(parse_duration("24小时"), HolidayRule("end", "end_of_work")),),
            ),
            restarts=True,
            when=All((Not(StageTest(("closed",))), StartIn(True))),
        ),
        duty(
            "keep_in_touch", moment(MomentNoun.STAGE, "planning"), moment(MomentNoun.STAGE, "planning", "left"), "1周"
        ),
        duty(
            "third_call",
            event_moment("call.tried", Happened(event_moment("call.tried"), 2)),
            "reply.sent",
            "2工作小时",
        ),
    )
