"""Kinds that use every construct of the language."""

from __future__ import annotations

from dataclasses import replace

from kesu.policy.calendar import parse_duration
from kesu.policy.model.approving import LinkMode
from kesu.policy.model.conditions import (
    Aggregate,
    All,
    AnyOf,
    Comparison,
    Derivation,
    Elapsed,
    FactRef,
    FactTest,
    Happened,
    MatterCount,
    Moment,
    MomentNoun,
    Not,
    Present,
    StageTest,
    StartIn,
    Table,
    Window,
)
from kesu.policy.model.facts import FactType, GroupAddition
from kesu.policy.model.ledgers import Ledger
from kesu.policy.model.limits import Reminder
from kesu.policy.model.opens import LinkedCase
from kesu.policy.model.pack import Kind
from kesu.policy.model.printing import Letter
from kesu.policy.model.rules import (
    Document,
    Escalation,
    Guard,
    Need,
    NeedKind,
    Notice,
    Undo,
    Who,
    WorldEvent,
)
from kesu.policy.model.secrecy import Secrecy
from kesu.policy.model.stepping import Credential, Handover, Issue, Opening
from tests.policy.standing.duties import duties
from tests.policy.standing.kinds import (
    CLAUSE,
    approval,
    coded,
    coded_events,
    duty,
    event_moment,
    fact,
    is_,
    level_from,
    level_is,
    link,
    moment,
    sign_step,
    step,
    table,
)
from tests.policy.standing.sample_kinds import levels, quality_track


def everything() -> Kind:
    """The quality track with pauses, extensions, windows, dates, chains and clock-reading guards added."""
    base = quality_track()
    more = {
        "facts": _facts(),
        "steps": _steps(),
        "guards": _guards(),
        "duties": duties(),
        "notices": _notices(),
        "approvals": _approvals(),
        "documents": _documents(),
        "events": coded_events(WorldEvent("case.repeated", "又来投诉", ("later",))),
    }
    return replace(base, **{name: {**getattr(base, name), **rules} for name, rules in more.items()})


def _facts() -> dict[str, object]:
    return coded(
        fact("waiting", FactType.FLAG),
        fact("solved", FactType.FLAG, lapses=(event_moment("case.reopened"), event_moment("wait.changed"))),
        fact("promised", FactType.TIME),
        fact("moved_in", FactType.DATE, lapses=(event_moment("case.reopened"),)),
        fact("enquiry", FactType.TEXT),
        fact("more_days", FactType.NUMBER),
        fact("sum", FactType.MONEY),
        fact("given", FactType.CHOICE, values=("答复函",)),
        fact("place", FactType.UNIT),
        fact("into", FactType.CASE),
        fact("later", FactType.CASE),
        fact("behind", FactType.NUMBER, counted=MatterCount(Window(rolling=parse_duration("30天")))),
        fact("sort", FactType.CHOICE, values=("房屋", "房屋/渗漏", "房屋/渗漏/屋面", "服务"), is_tree=True),
        fact("card", FactType.TEXT),
        fact("card_until", FactType.DATE),
        fact("paper", FactType.TEXT),
        fact("area", FactType.CHOICE, values=("东", "西")),
        fact("helper", FactType.GROUP, per="area"),
        fact("helped_by", FactType.TIME, per="area"),
        fact("urgent", FactType.FLAG, default=False, asked_when=is_("waiting", True)),
        fact(
            "this_week",
            FactType.NUMBER,
            derive=Derivation(Aggregate.COUNT, None, (event_moment("call.tried"),), Window(calendar="week")),
        ),
        fact("total", FactType.MONEY, derive=Derivation(Aggregate.SUM, "sum", (event_moment("paid.out"),))),
        fact(
            "fresh_total",
            FactType.MONEY,
            derive=Derivation(
                Aggregate.SUM,
                "sum",
                (event_moment("paid.out"),),
                since=(event_moment("case.reopened"), event_moment("wait.changed")),
            ),
        ),
        fact("last_sum", FactType.MONEY, derive=Derivation(Aggregate.LAST, "sum", (event_moment("paid.out"),))),
        fact(
            "route",
            FactType.CHOICE,
            derive=Derivation(Aggregate.TABLE, table=table((is_("solved", True), "短"), default=FactRef("enquiry"))),
        ),
        fact(
            "board",
            FactType.GROUP,
            adds=(GroupAddition(Elapsed(event_moment("case.received"), at_least=parse_duration("1周")), "vp", CLAUSE),),
        ),
    )


def _documents() -> dict[str, object]:
    letter = Letter("答复", "您好", ("{enquiry}",), says=("sum",))
    return coded(Document("reply_letter", "答复函", ("enquiry",), CLAUSE, letter=letter))


def _steps() -> dict[str, object]:
    return coded(
        step("wait", event="wait.changed", asks=("waiting",)),
        step("solve", event="site.answered", asks=("solved",)),
        step("call", event="call.tried", by=table((StartIn(False), (Who("night"),)), default=(Who("specialist"),))),
        step("promise", event="promise.made", asks=("promised",), may_state=("moved_in", "urgent")),
        step("extend", event="term.extended", asks=("more_days",)),
        step("ask", event="enquiry.received", asks=("enquiry",)),
        step("reply", event="reply.sent", asks=("enquiry",)),
        step("write", event="letter.written", asks=("enquiry",), forms=("reply_letter",)),
        step("give", event="letter.given", asks=("given",), hands_over="given"),
        step("pay", event="paid.out", asks=("sum",)),
        step(
            "appeal",
            event="case.appealed",
            opening=Opening(
                event_moment("plan.notified"), parse_duration("15天"), 1, "manager", parse_duration("4工作小时")
            ),
        ),
        sign_step("budget"),
        step("reopen", event="case.reopened", from_stages=("closed",), to="open"),
        step("hand_on", event="case.handed_on", asks=("place",), moves_to=Handover("place")),
        step("merge", event="case.merged", asks=("into",), to="closed", merges="into", undo=(Undo((Who("manager"),)),)),
        step("name_part", event="part.named", asks=("into",)),
        step("sort_out", event="case.sorted", asks=("sort",)),
        step(
            "show_card",
            event="card.shown",
            asks=("card", "card_until"),
            credential=Credential("执法证件", "card", "card_until"),
        ),
        step("issue", event="paper.issued", asks=("paper",), issues=Issue("报告", "paper", recalled_by="wait.changed")),
        step(
            "take_up_again",
            by="system",
            event="case.reopened",
            from_stages=("closed",),
            to="open",
            asks=("later",),
            answers="case.repeated",
        ),
        step("send_help", event="help.sent", asks=("area",), may_state=("helper", "helped_by")),
        step(
            "help",
            by=(Who("", group="helper"), Who("leader")),
            event="help.given",
            asks=("area",),
            opening=Opening(event_moment("help.sent"), parse_duration("15天"), 2),
        ),
    )


def _guards() -> dict[str, object]:
    return coded(
        Guard(
            "in_writing",
            "先给答复函",
            CLAUSE,
            steps=("extend",),
            needs=(Need(NeedKind.HANDED_OVER, ("reply_letter",)),),
        ),
        Guard("parts", "子件结束", CLAUSE, steps=("reopen",), needs=(Need(NeedKind.NAMED_CLOSED, ("into",)),)),
        Guard(
            "still_owed",
            "没有派过",
            CLAUSE,
            steps=("help",),
            unless=Happened(event_moment("help.sent"), since=event_moment("help.given")),
            needs=(Need(NeedKind.MET, ("helping",)),),
            when=FactTest("helped_by", Comparison.STATED),
        ),
        Guard("by_day", "工作时间才回访", CLAUSE, steps=("reply",), unless=StartIn(True)),
        Guard(
            "not_too_soon",
            "满三天才可支付",
            CLAUSE,
            steps=("pay",),
            unless=Elapsed(event_moment("case.received"), at_least=parse_duration("3天")),
        ),
        Guard(
            "good_card",
            "证件有效才可出具",
            CLAUSE,
            steps=("issue",),
            unless=Not(FactTest("card_until", Comparison.BELOW, Present())),
        ),
        Guard("held_back", "先谈妥", CLAUSE, notices=("letter",), needs=(Need(NeedKind.FACTS, ("solved",)),)),
    )


def _notices() -> dict[str, object]:
    return coded(
        Notice(
            "raised",
            "升级",
            CLAUSE,
            (moment(MomentNoun.LEVEL, "raised"),),
            Table.of((Who("manager"),)),
            urgent=True,
        ),
        Notice("sent", "派出", CLAUSE, (event_moment("help.sent"),), Table.of((Who("", group="helper"),))),
        Notice("letter", "函件", CLAUSE, (event_moment("plan.notified"),), Table.of((Who("complainant"),))),
        Notice("late", "逾期", CLAUSE, (moment(MomentNoun.DUTY, "fix", "overdue"),), Table.of((Who("leader"),))),
    )


def _approvals() -> dict[str, object]:
    return coded(
        approval(
            "budget",
            event_moment("paid.out", FactTest("sum", Comparison.AT_LEAST, 100)),
            link("manager", "leader", mode=LinkMode.ANY),
            link("legal", "vp", mode=LinkMode.ALL),
            when=AnyOf((level_from("hot"), is_("urgent", True))),
            until=(event_moment("case.appealed"),),
            each_within=parse_duration("4工作小时"),
            remind=(Reminder(percent=50),),
            overdue=(Escalation(parse_duration("0分钟"), (Who("vp"),)),),
        ),
    )


KIND = everything()
KINDS = (
    KIND,
    replace(
        KIND,
        levels=levels(
            ("major", FactTest("this_week", Comparison.AT_LEAST, 2)),
            ("hot", Elapsed(event_moment("wait.changed"), at_most=parse_duration("3天"))),
            ("hot", All((Elapsed(event_moment("case.received"), parse_duration("1周")), Not(is_("solved", True))))),
            ("important", Happened(event_moment("call.tried", level_is("major")), 2)),
            ("important", FactTest("promised", Comparison.AT_MOST, Present())),
            ("important", FactTest("same_issue", Comparison.ABOVE, 0)),
            ("important", Happened(event_moment("case.reopened"), since=event_moment("case.repeated"))),
            falls=True,
        ),
    ),
    replace(
        KIND,
        levels=replace(
            levels(
                ("major", FactTest("behind", Comparison.AT_LEAST, 8)),
                ("hot", FactTest("behind", Comparison.AT_LEAST, 3)),
                ("important", FactTest("sort", Comparison.IN, ("房屋/渗漏", "房屋/渗漏/屋面"))),
            ),
            raised_by=(Who("manager"),),
            lowered_by=(Who("manager"),),
        ),
    ),
)
LINKING = replace(
    KIND,
    opens=coded(
        LinkedCase(
            "crisis",
            "危机",
            CLAUSE,
            (
                moment(MomentNoun.LEVEL, "hot"),
                moment(MomentNoun.LEVEL, "raised"),
                moment(MomentNoun.FACT, "moved_in"),
                moment(MomentNoun.DUTY, "report", "overdue"),
                moment(MomentNoun.DUTY, "answer", "overdue"),
                moment(MomentNoun.STAGE, "planning"),
                event_moment("promise.made"),
            ),
            "crisis",
            when=Not(is_("solved", True)),
            closed_to=table((StageTest(("planning",)), "agreeing"), default=None),
        )
    ),
    guards={
        **KIND.guards,
        **coded(
            Guard(
                "crisis_over",
                "危机办结才结案",
                CLAUSE,
                steps=("close",),
                needs=(Need(NeedKind.LINKS_CLOSED, ("crisis",)),),
            )
        ),
    },
    duties={
        **KIND.duties,
        **coded(
            duty(
                "follow",
                Moment(MomentNoun.LINK, "crisis", "closed"),
                Moment(MomentNoun.LINK, "crisis", "reopened"),
                "1天",
            )
        ),
    },
    ledgers=coded(
        Ledger(
            "fund", "周转金", CLAUSE, "sum", ("place",), (event_moment("paid.out"),), (event_moment("plan.notified"),)
        )
    ),
    secrecy=Secrecy(
        sealed=False,
        opened_to=table((StartIn(False), (Who("night"),)), default=(Who("manager"), Who("", group="team"))),
        when=AnyOf((is_("urgent", True), Elapsed(event_moment("wait.changed"), at_most=parse_duration("3天")))),
    ),
)
KINDS = (*KINDS, LINKING)
