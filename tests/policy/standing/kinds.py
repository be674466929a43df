"""Small hand-built kinds of case for the engine's tests: rules as data, without a pack text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from kesu.policy.calendar import parse_duration, sample_calendar
from kesu.policy.events import Event
from kesu.policy.model.conditions import (
    All,
    Always,
    Comparison,
    Condition,
    Derivation,
    Elapsed,
    FactTest,
    Happened,
    LevelTest,
    Measure,
    Moment,
    MomentNoun,
    Not,
    Row,
    Table,
    Window,
)
from kesu.policy.model.facts import Fact, FactType, GroupAddition, Value
from kesu.policy.model.pack import Kind, Numbering
from kesu.policy.model.rules import (
    Approval,
    Document,
    Duty,
    Escalation,
    Guard,
    Level,
    LevelRule,
    Levels,
    Limit,
    Link,
    LinkMode,
    Need,
    NeedKind,
    Notice,
    Role,
    Stage,
    Step,
    Who,
    WorldEvent,
)
from kesu.policy.standing import Obligation, Standing, Taker, attempt, standing

SHANGHAI = ZoneInfo("Asia/Shanghai")
CALENDAR = sample_calendar()
CLAUSE = ("1",)


def at(text: str) -> datetime:
    """A Shanghai wall-clock time, as the aware UTC instant that the engine speaks."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


def local(instant: datetime | None) -> str | None:
    """An instant as Shanghai wall-clock text, for readable comparisons."""
    return instant.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M") if instant else None


def event_moment(kind: str, where: Condition | None = None) -> Moment:
    return Moment(MomentNoun.EVENT, kind, where=where)


def moment(noun: MomentNoun, subject: str, became: str = "") -> Moment:
    return Moment(noun, subject, became)


def is_(fact: str, value: Value) -> FactTest:
    return FactTest(fact, Comparison.IS, value)


def at_least(fact: str, value: Value) -> FactTest:
    return FactTest(fact, Comparison.AT_LEAST, value)


def level_from(level: str) -> LevelTest:
    return LevelTest(Comparison.AT_LEAST, (level,))


def level_is(*levels: str) -> LevelTest:
    return LevelTest(Comparison.IN, levels)


def table(*rows: tuple[Condition, Any], default: Any) -> Table[Any]:
    return Table((*(Row(when, use) for when, use in rows), Row(Always(), default)))


def fact(code: str, type_: FactType, **more: Any) -> Fact:
    return Fact(code, f"名{code}", type_, CLAUSE, **more)


def step(code: str, by: Any = "specialist", event: str = "", **more: Any) -> Step:
    whos = by if isinstance(by, Table) else Table.of((Who(by),) if isinstance(by, str) else tuple(by))
    to = more.pop("to", None)
    return Step(
        code,
        f"名{code}",
        whos,
        event or f"{code}.done",
        CLAUSE,
        to=to if to is None or isinstance(to, Table) else Table.of(to),
        **more,
    )


def duty(code: str, starts: Any, met_by: Any, within: Any, **more: Any) -> Duty:
    owner = more.pop("owner", "specialist")
    limit = within if isinstance(within, Table) else Table.of(Limit(parse_duration(within)))
    return Duty(
        code,
        f"名{code}",
        CLAUSE,
        _moments(starts),
        owner if isinstance(owner, Table) else Table.of(Who(owner)),
        limit,
        _moments(met_by),
        **more,
    )


def _moments(given: Any) -> tuple[Moment, ...]:
    if isinstance(given, str):
        return (event_moment(given),)
    return (given,) if isinstance(given, Moment) else tuple(given)


def limit(text: str) -> Limit:
    return Limit(parse_duration(text))


def link(*roles: str, mode: LinkMode = LinkMode.ONE) -> Link:
    return Link(mode, tuple(Who(role) for role in roles))


def approval(code: str, of: Any, *links: Any, **more: Any) -> Approval:
    chain = tuple(one if isinstance(one, Table) else Table.of(one) for one in links)
    return Approval(code, f"名{code}", CLAUSE, _moments(of), chain, **more)


def sign_step(code: str) -> Step:
    return step(f"sign_{code}", event="approval.signed", asks=("verdict",), may_state=("opinion",), signs=code)


def coded(*rules: Any) -> dict[str, Any]:
    return {rule.code: rule for rule in rules}


def kind(**parts: Any) -> Kind:
    """A kind with two facts, two open stages and an opening step; `parts` add to the mappings or replace the rest."""
    base: dict[str, Any] = {
        "stages": coded(Stage("start", "开始"), Stage("open", "处理中"), Stage("closed", "结案", final=True)),
        "facts": coded(fact("content", FactType.TEXT), fact("person", FactType.PERSON)),
        "roles": coded(Role("specialist", "专管员", CLAUSE)),
        "steps": coded(
            step("receive", "everyone", "case.received", starts_case=True, to="open", may_state=("content", "person")),
            step("close", event="case.resolved", to="closed", from_stages=("open",)),
        ),
        "events": coded_events(WorldEvent("matter.joined", "同诉", ("person",))),
    }
    for name, value in parts.items():
        old = base.get(name)
        base[name] = {**old, **value} if isinstance(old, dict) else value
    return Kind(
        code="complaint",
        name="投诉",
        numbering=Numbering("TS"),
        holder="specialist",
        title_fact="content",
        place_fact=None,
        list_facts=(),
        start_stage="start",
        **base,
    )


def coded_events(*events: WorldEvent) -> dict[str, WorldEvent]:
    return {event.kind: event for event in events}


class Log:
    """A log that is written in wall-clock times; every event is recorded as it happens."""

    def __init__(self, rules: Kind) -> None:
        self.kind = rules
        self.events: list[Event] = []

    def add(self, when: str, what: str, by: str | None = "甲", step: str | None = None, **facts: Value) -> Log:
        """An event as it lies in the log; a step's code is found by its event."""
        found = step or next((s.code for s in self.kind.steps.values() if s.event == what and s.signs is None), None)
        forms = self.kind.steps[found].forms if found else ()
        instant = at(when)
        self.events.append(Event(len(self.events) + 1, what, instant, instant, by, "specialist", found, facts, forms))
        return self

    def take(self, when: str, code: str, roles: Sequence[str] = ("specialist",), by: str = "甲", **facts: Value) -> Log:
        """Take a step through the engine."""
        instant = at(when)
        taker = Taker(by, frozenset(roles))
        self.events.append(attempt(self.kind, self.events, code, taker, facts, instant, instant, CALENDAR))
        return self

    def sign(self, when: str, approval: str, role: str, verdict: str = "granted", by: str = "乙") -> Log:
        facts: dict[str, Value] = {"verdict": verdict, **({"opinion": "已填"} if verdict == "refused" else {})}
        return self.take(when, f"sign_{approval}", (role,), by, **facts)

    def at(self, when: str) -> Standing:
        return standing(self.kind, self.events, at(when), CALENDAR)


def due(now: Standing, code: str) -> str | None:
    """The due instant of the newest obligation of a duty."""
    return local(obligation(now, code).due_at)


def obligation(now: Standing, code: str) -> Obligation:
    return [one for one in now.obligations if one.duty == code][-1]


def codes_missing(refusals: Any) -> set[str]:
    return {one.code for refusal in refusals for one in refusal.missing}


def effect_keys(now: Standing) -> list[str]:
    return [effect.key for effect in now.effects]


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
    derive=Derivation(Measure.DISTINCT, "person", (RECEIVED, event_moment("complainant.joined"))),
)


def same_issue(window: Window) -> Fact:
    return fact(
        "same_issue",
        FactType.NUMBER,
        derive=Derivation(Measure.DISTINCT, "person", (event_moment("matter.joined"),), window),
    )


STATE_STEPS = coded(
    step("state", event="facts.stated", may_state=("delay_cause", "media", "needs_help")),
    step("join", event="complainant.joined", asks=("person",)),
    step("lower", "supervisor", "level.lowered", asks=("to_level",), may_state=("lowering_reason",)),
)
STATE_FACTS = coded(
    DELAY_CAUSE,
    COMPLAINANTS,
    fact("media", FactType.FLAG),
    fact("needs_help", FactType.FLAG),
    fact("to_level", FactType.CHOICE, values=("general", "important", "hot", "major")),
    fact("lowering_reason", FactType.TEXT),
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
            Notice("raised", "升级告知", CLAUSE, (moment(MomentNoun.LEVEL, "raised"),), (Who("manager"),), urgent=True),
        ),
    )


def with_duty(rules: Kind, *duties: Duty) -> Kind:
    """The kind with more duties."""
    return replace(rules, duties={**rules.duties, **coded(*duties)})


Facts = Mapping[str, Value]
