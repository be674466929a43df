"""Small hand-built kinds of case for the engine's tests: rules as data, without a pack text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from kesu.policy.calendar import parse_duration, sample_calendar
from kesu.policy.events import Event
from kesu.policy.model.approving import LinkMode
from kesu.policy.model.conditions import (
    Always,
    Comparison,
    Condition,
    FactTest,
    LevelTest,
    Moment,
    MomentNoun,
    Row,
    Table,
)
from kesu.policy.model.facts import Fact, FactType, Value
from kesu.policy.model.limits import Limit
from kesu.policy.model.pack import Kind, Numbering
from kesu.policy.model.rules import Approval, Duty, Link, Role, Stage, Step, Who, WorldEvent
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
    limit = within if isinstance(within, Table) else Table.of((Limit(parse_duration(within)),))
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


def limit(text: str) -> tuple[Limit, ...]:
    return (Limit(parse_duration(text)),)


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
