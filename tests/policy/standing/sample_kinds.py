"""Whole kinds of case for the engine's tests: levels that rise with time and people, a way with every construct."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from kesu.policy.calendar import parse_duration
from kesu.policy.model.conditions import (
    Aggregate,
    All,
    Always,
    Condition,
    Derivation,
    Elapsed,
    Happened,
    Moment,
    MomentNoun,
    Not,
    Table,
    Window,
)
from kesu.policy.model.facts import Fact, FactType, GroupAddition, Value
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import (
    Document,
    Duty,
    Escalation,
    Guard,
    Level,
    LevelRule,
    Levels,
    Need,
    NeedKind,
    Notice,
    Role,
    Stage,
    Who,
)
from tests.policy.standing.kinds import (
    CLAUSE,
    approval,
    at_least,
    coded,
    duty,
    event_moment,
    fact,
    is_,
    kind,
    level_from,
    level_is,
    link,
    moment,
    sign_step,
    step,
    table,
)

LEVEL_ORDER = (Level("general", "一般"), Level("important", "重要"), Level("hot", "热点"), Level("major", "重大"))


def levels(*rules: tuple[str, Condition], falls: bool = False) -> Levels:
    made = tuple(LevelRule(level, when, (f"{index + 1}",)) for index, (level, when) in enumerate(rules))
    return Levels(LEVEL_ORDER, (*made, LevelRule("general", Always(), ("9",))), falls, "supervisor")


DELAY_CAUSE = fact("delay_cause", FactType.CHOICE, values=("我方", "客户"), default="我方")
OURS = (("delay_cause", "我方"),)


def age(since: Moment, length: str) -> Elapsed:
    return Elapsed(since, at_least=parse_duration(length), counts=OURS)


RECEIVED = event_moment("case.received")
RESOLVED = Happened(event_moment("case.resolved"))
COMPLAINANTS = fact(
    "complainants",
    FactType.NUMBER,
    derive=Derivation(Aggregate.DISTINCT, "person", (RECEIVED, event_moment("complainant.joined"))),
)


def same_issue(window: Window) -> Fact:
    return fact(
        "same_issue",
        FactType.NUMBER,
        derive=Derivation(Aggregate.DISTINCT, "person", (event_moment("matter.joined"),), window),
    )


STATE_STEPS = coded(
    step("state", event="facts.stated", may_state=("delay_cause", "media", "needs_help")),
    step("join", event="complainant.joined", asks=("person",)),
    step("lower", "supervisor", "level.lowered", asks=("to_level",), may_state=("lowering_reason",)),
    step("lift", "supervisor", "level.raised_by_hand", asks=("raised_to",)),
)
STATE_FACTS = coded(
    DELAY_CAUSE,
    COMPLAINANTS,
    fact("media", FactType.FLAG),
    fact("needs_help", FactType.FLAG),
    fact("to_level", FactType.CHOICE, values=("general", "important", "hot", "major")),
    fact("lowering_reason", FactType.TEXT),
    fact("raised_to", FactType.CHOICE, values=("general", "important", "hot", "major")),
    same_issue(Window(rolling=parse_duration("30天"))),
)


def ageing_by_level() -> Kind:
    """A month to hot, then a week to major; eight people are major, three hot."""
    return kind(
        facts=STATE_FACTS,
        steps=STATE_STEPS,
        levels=levels(
            ("major", is_("media", True)),
            ("major", at_least("complainants", 8)),
            (
                "major",
                All((level_is("hot"), age(Moment(MomentNoun.LEVEL, "hot"), "1周"), Not(RESOLVED))),
            ),
            ("hot", at_least("same_issue", 3)),
            ("hot", at_least("complainants", 3)),
            ("hot", All((level_is("general"), age(RECEIVED, "1个月"), Not(RESOLVED)))),
            ("important", is_("needs_help", True)),
        ),
    )


def ageing_by_receipt(**parts: Any) -> Kind:
    """Half a month to hot, a month to major; ten people are major, three hot."""
    return kind(
        facts={**STATE_FACTS, **parts.pop("facts", {})},
        steps={**STATE_STEPS, **parts.pop("steps", {})},
        levels=levels(
            ("major", is_("media", True)),
            ("major", at_least("complainants", 10)),
            ("major", All((age(RECEIVED, "1个月"), Not(RESOLVED)))),
            ("hot", at_least("same_issue", 3)),
            ("hot", at_least("complainants", 3)),
            ("hot", All((age(RECEIVED, "半个月"), Not(RESOLVED)))),
            ("important", is_("needs_help", True)),
        ),
        **parts,
    )


def quality_track() -> Kind:
    """A complaint with a team, a plan, two approvals in a row and a reply that they lock."""
    return ageing_by_receipt(
        stages=coded(
            Stage("team_formed", "已成组"),
            Stage("planning", "拟定方案"),
            Stage("joint_review", "联合审核"),
            Stage("leadership_approval", "领导审批"),
            Stage("plan_approved", "方案已批"),
            Stage("agreeing", "客户确认"),
        ),
        roles=coded(
            *(
                Role(code, f"岗{code}", CLAUSE)
                for code in ("cs_dept", "group_center", "vp", "manager", "leader", "legal")
            )
        ),
        facts=coded(
            fact("team", FactType.GROUP, adds=(GroupAddition(level_from("major"), "group_center", ("4",)),)),
            fact("verdict", FactType.CHOICE, values=("同意", "退回")),
            fact("opinion", FactType.TEXT),
            fact("legal_support", FactType.FLAG),
            fact("cause", FactType.TEXT),
        ),
        documents=coded(Document("plan", "处理方案", ("cause",), CLAUSE)),
        steps=coded(
            step("inform", event="specialist.informed"),
            step(
                "form_team",
                event="team.formed",
                asks=("team",),
                from_stages=("open", "team_formed"),
                to="team_formed",
            ),
            step("make_plan", event="plan.begun", from_stages=("team_formed",), to="planning"),
            step(
                "submit_plan",
                event="plan.submitted",
                from_stages=("planning",),
                forms=("plan",),
                may_state=("legal_support",),
            ),
            step("send_plan", event="plan.notified", from_stages=("planning", "plan_approved"), to="agreeing"),
            sign_step("joint_review"),
            sign_step("leadership"),
        ),
        guards=coded(
            Guard(
                "team_major",
                "重大投诉的小组须有集团客服中心和主管副总裁",
                ("4.3",),
                steps=("form_team", "make_plan"),
                when=level_is("major"),
                needs=(Need(NeedKind.PEOPLE, ("group_center", "vp"), group="team"),),
            ),
            Guard(
                "reply_locked",
                "联合审核并经领导批准后才可答复客户",
                ("5.2b",),
                steps=("send_plan",),
                when=level_from("important"),
                needs=(Need(NeedKind.APPROVED, ("joint_review", "leadership")),),
            ),
            Guard(
                "plan_first",
                "先提交处理方案",
                ("5.1b",),
                steps=("send_plan",),
                needs=(Need(NeedKind.HAPPENED, moments=(event_moment("plan.submitted"),)),),
            ),
        ),
        approvals=coded(
            approval(
                "joint_review",
                "plan.submitted",
                link("manager"),
                table((is_("legal_support", True), link("legal")), default=None),
                when=level_from("important"),
                until=(event_moment("plan.notified"),),
                opened_to="joint_review",
                refused_to="planning",
                each_within=parse_duration("1个工作日"),
            ),
            approval(
                "leadership",
                moment(MomentNoun.APPROVAL, "joint_review", "granted"),
                link("leader"),
                opened_to="leadership_approval",
                granted_to="plan_approved",
                refused_to="planning",
            ),
        ),
        duties=coded(
            duty(
                "inform",
                "case.received",
                "specialist.informed",
                "1工作小时",
                owner="first_contact",
                overdue=(Escalation(parse_duration("0分钟"), (Who("manager"),)),),
            ),
        ),
        notices=coded(
            Notice(
                "raised",
                "升级告知",
                CLAUSE,
                (moment(MomentNoun.LEVEL, "raised"),),
                Table.of((Who("manager"),)),
                urgent=True,
            ),
        ),
    )


def with_duty(rules: Kind, *duties: Duty) -> Kind:
    """The kind with more duties."""
    return replace(rules, duties={**rules.duties, **coded(*duties)})


Facts = Mapping[str, Value]
