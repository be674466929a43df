"""Running a pack's scenarios through the engine. Pure: texts and a calendar in, results with differences out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from kesu.policy.calendar import Calendar
from kesu.policy.model.pack import Kind, Pack
from kesu.policy.scenarios.acting import Course
from kesu.policy.scenarios.claims import NONE, Claims
from kesu.policy.scenarios.paths import NoWay, walk_to
from kesu.policy.scenarios.reading import read_scenarios
from kesu.policy.scenarios.script import Act, Impossible, Scenario, Stated, refusal_words
from kesu.policy.standing import StepRefused

_BEFORE = timedelta(minutes=1)
"""The path to a starting stage is walked this long before the first act, unless the scenario says since when."""


@dataclass(frozen=True, slots=True)
class Difference:
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Result:
    scenario: Scenario
    differences: tuple[Difference, ...]
    path: tuple[str, ...] = ()
    """Names of the steps by which the program came to the starting stage; empty where the scenario begins at the
    beginning."""

    @property
    def passed(self) -> bool:
        return not self.differences

    def __str__(self) -> str:
        if self.passed:
            return f"通过 {self.scenario.title}"
        lines = [f"失败 {self.scenario.title}"]
        lines.extend(f"  {self.scenario.file}:{each.line} {each.text}" for each in self.differences)
        if self.path:
            lines.append(f"  到阶段 {self.scenario.start_stage} 走的是：{' → '.join(self.path)}")
        return "\n".join(lines)


@dataclass(slots=True)
class Ways:
    """Ways to starting stages found so far: a scenario that starts where another did walks the same acts."""

    known: dict[tuple[object, ...], tuple[Act, ...]] = field(default_factory=dict)


def run_scenarios(pack: Pack, texts: Mapping[str, str], calendar: Calendar) -> tuple[Result, ...]:
    """Run every scenario of `texts` against `pack`. Raises `PackInvalid` where a text cannot be read."""
    ways = Ways()
    scenarios = read_scenarios(texts, ZoneInfo(calendar.zone))
    return tuple(run_scenario(pack.kinds, scenario, calendar, ways) for scenario in scenarios)


def run_scenario(kinds: Mapping[str, Kind], scenario: Scenario, calendar: Calendar, ways: Ways) -> Result:
    """Play one scenario from its beginning and hold what is seen against what is expected."""
    kind = kinds.get(scenario.kind or next(iter(kinds)))
    if kind is None:
        return _failed(scenario, scenario.line, f"没有案件种类 {scenario.kind}")
    if not scenario.expectations and not any(act.refused for act in scenario.acts):
        return _failed(scenario, scenario.line, "场景没有写要看到什么")
    course = Course(
        kind, calendar, scenario.defaults, scenario.facts, scenario.balances, kinds=kinds, found=scenario.found
    )
    path: tuple[str, ...] = ()
    try:
        path = tuple(kind.steps[act.step].name for act in _walk(course, scenario, ways) if act.step is not None)
        refusals = _act(course, scenario)
    except _Stopped as stopped:
        return replace(_failed(scenario, stopped.line, stopped.text), path=path)
    return Result(scenario, tuple(_differences(course, scenario, refusals)), path)


def play(kinds: Mapping[str, Kind], scenario: Scenario, calendar: Calendar, ways: Ways) -> Course:
    """The course of a scenario with its whole log, as far as it could be played; nothing is compared."""
    kind = kinds[scenario.kind or next(iter(kinds))]
    course = Course(
        kind, calendar, scenario.defaults, scenario.facts, scenario.balances, kinds=kinds, found=scenario.found
    )
    with suppress(_Stopped):
        _walk(course, scenario, ways)
        _act(course, scenario)
    return course


class _Stopped(Exception):
    def __init__(self, line: int, text: str) -> None:
        super().__init__(text)
        self.line = line
        self.text = text


def _failed(scenario: Scenario, line: int, text: str) -> Result:
    return Result(scenario, (Difference(line, text),))


def _walk(course: Course, scenario: Scenario, ways: Ways) -> tuple[Act, ...]:
    """The acts that led to the starting stage."""
    if scenario.start_stage is None:
        return ()
    if scenario.start_stage not in course.kind.stages:
        raise _Stopped(scenario.line, f"没有阶段 {scenario.start_stage}")
    first = min((act.at for act in scenario.acts), default=None)
    at = scenario.opened_at or (first - _BEFORE if first is not None else None)
    if at is None:
        raise _Stopped(scenario.line, "只写 from 时要用 since 写明从何时起")
    held = tuple(sorted(scenario.balances.items()))
    told = (_frozen(scenario.facts), _frozen(scenario.defaults), held, tuple(sorted(scenario.found.items())))
    key = (course.kind.code, scenario.start_stage, at, *told)
    if key in ways.known:
        try:
            for act in ways.known[key]:
                course.take(act)
            return ways.known[key]
        except (StepRefused, Impossible):
            course.log, course.people = [], 0
    try:
        ways.known[key] = walk_to(course, scenario.start_stage, at)
    except NoWay as no_way:
        raise _Stopped(scenario.line, str(no_way)) from no_way
    return ways.known[key]


def _frozen(values: Mapping[str, Stated]) -> tuple[tuple[str, Stated], ...]:
    return tuple(sorted(values.items()))


def _act(course: Course, scenario: Scenario) -> dict[int, StepRefused]:
    """Take the acts; the refusals that were foreseen, by the line of their act."""
    refusals: dict[int, StepRefused] = {}
    for act in scenario.acts:
        name = act.name
        try:
            course.take(act)
        except Impossible as impossible:
            raise _Stopped(act.line, f"{name}：{impossible}") from impossible
        except StepRefused as refused:
            if not act.refused:
                raise _Stopped(act.line, f"{name} 被拒：{refusal_words(refused.refusals)}") from refused
            given = {code for refusal in refused.refusals for code in (refusal.code, *refusal.clauses)}
            other = [wanted for wanted in act.refused if wanted not in given]
            if other:
                words = f"{name} 应依据 {'、'.join(other)} 被拒，实为：{refusal_words(refused.refusals)}"
                raise _Stopped(act.line, words) from refused
            refusals[act.line] = refused
        else:
            if act.refused:
                raise _Stopped(act.line, f"{name} 应依据 {'、'.join(act.refused)} 被拒，实际办成了")
            _warn(act, course)
    return refusals


def _warn(act: Act, course: Course) -> None:
    given = {code for warning in course.warnings for code in (warning.code, *warning.clauses)}
    if act.warned == (NONE,):
        if given:
            raise _Stopped(act.line, f"{act.step} 办成时不该提醒，实为：{refusal_words(course.warnings)}")
        return
    other = [wanted for wanted in act.warned if wanted not in given]
    if other:
        seen = refusal_words(course.warnings) or "没有提醒"
        raise _Stopped(act.line, f"{act.step} 办成时应依据 {'、'.join(other)} 提醒，实为：{seen}")


def _differences(course: Course, scenario: Scenario, refusals: Mapping[int, StepRefused]) -> Iterable[Difference]:
    zone = ZoneInfo(course.calendar.zone)
    last = max((act.at for act in scenario.acts), default=scenario.opened_at)
    for expectation in scenario.expectations:
        at = expectation.at or last
        if at is None:
            yield Difference(expectation.line, "没有写时间")
            continue
        if not any(event.at <= at for event in course.log):
            yield Difference(expectation.line, "这一刻案件还没有开立")
            continue
        refused = _last_refusal(scenario.acts, refusals)
        claims = Claims(course.kind, course.now(at), zone, expectation.claims, refused, scenario.balances)
        for text in claims.differences():
            yield Difference(expectation.line, f"{at:%Y-%m-%d %H:%M} {text}")


def _last_refusal(acts: Sequence[Act], refusals: Mapping[int, StepRefused]) -> StepRefused | None:
    return next((refusals[act.line] for act in reversed(acts) if act.line in refusals), None)
