"""The shortest legal way to a stage, so that a scenario may start there without writing an impossible log.

The way is found by taking steps, never by moving the stage: guards that ask for an event, a signature or a duty are
met by taking the step that yields it.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from kesu.policy.events import Event
from kesu.policy.model.facts import STATED
from kesu.policy.model.rules import VERDICT_GRANTED, Step
from kesu.policy.scenarios.acting import Course
from kesu.policy.scenarios.script import Act, Impossible, refusal_words
from kesu.policy.standing import MissingKind, Standing, StepRefused

_DEPTH: Final = 4
"""How many steps deep one step may need others first (a plan needs an opinion, which needs a task)."""
_VERDICT: Final = "verdict"


class NoWay(Exception):
    """No course of legal steps leads to the stage."""


@dataclass(frozen=True, slots=True)
class _Place:
    log: tuple[Event, ...]
    acts: tuple[Act, ...]
    people: int


def walk_to(course: Course, stage: str, at: datetime) -> tuple[Act, ...]:
    """Take `course` to `stage` by the fewest stage changes, everything at `at`, and return the acts. Raises `NoWay`."""
    opening = course.kind.opening
    if opening is None:
        raise NoWay("没有开立案件的步骤")
    begun = _tried(course, opening, at, place := _Place((), (), 0))
    waiting = deque([begun] if begun is not None else [])
    been: set[str] = set()
    while waiting:
        place = waiting.popleft()
        _return_to(course, place)
        present = course.now(at)
        mark = _mark(present)
        if present.stage == stage:
            return place.acts
        if mark in been:
            continue
        been.add(mark)
        for step in _moving_steps(course, present):
            found = _tried(course, step, at, place)
            if found is not None:
                waiting.append(found)
    raise NoWay(f"从开立起走不到阶段 {stage}{_hindrance(course, opening, at, place)}")


def _hindrance(course: Course, opening: Step, at: datetime, place: _Place) -> str:
    """What stood in the way at the place that was reached last: each step on from there, and why it is refused."""
    _return_to(course, place)
    if not place.acts:
        return _refusal(course, opening, at, place)
    present = course.now(at)
    steps = _moving_steps(course, present)
    return f"，最后到 {present.stage}" + "".join(_refusal(course, step, at, place) for step in steps)


def _refusal(course: Course, step: Step, at: datetime, place: _Place) -> str:
    """Why the step cannot be taken there, as the report of a scenario says it; nothing where it can."""
    _return_to(course, place)
    try:
        course.take(Act(0, at, step.code, facts=_stated_on_the_way(course, step)))
    except Impossible as impossible:
        return f"；{step.code}：{impossible}"
    except StepRefused as refused:
        return f"；{step.code} 被拒：{refusal_words(refused.refusals)}"
    return ""


def _mark(present: Standing) -> str:
    """What tells two places of the search apart: the stage and who has still to sign."""
    waiting = [f"{state.code}:{who.role}" for state in present.approvals for who in state.waiting_for]
    return "/".join([present.stage, *waiting])


def _moving_steps(course: Course, present: Standing) -> list[Step]:
    final = {code for code, stage in course.kind.stages.items() if stage.final}
    found = [step for step in course.kind.steps.values() if _may_move(course, step, present)]
    return sorted(found, key=lambda step: bool(step.to and all(row.use in final for row in step.to.rows)))


def _may_move(course: Course, step: Step, present: Standing) -> bool:
    """Whether the step could change the stage: it leads somewhere, is a signature that is waited for, or yields what
    an approval waits for."""
    if step.acts_on is not None:
        return False
    if step.signs is not None:
        return any(state.code == step.signs and state.waiting_for for state in present.approvals)
    asked = {moment.subject for approval in course.kind.approvals.values() for moment in approval.of}
    return present.stage in step.from_stages and (step.to is not None or step.event in asked)


def _tried(course: Course, step: Step, at: datetime, place: _Place, depth: int = _DEPTH) -> _Place | None:
    """The place after `step`, with what its guards ask for taken first; None where it cannot be taken."""
    _return_to(course, place)
    act = Act(0, at, step.code, facts=_stated_on_the_way(course, step))
    try:
        course.take(act)
    except Impossible:
        return None
    except StepRefused as refused:
        if depth == 0:
            return None
        return _after_what_is_missing(course, step, at, place, refused, depth)
    return _Place(tuple(course.log), (*place.acts, act), course.people)


def _stated_on_the_way(course: Course, step: Step) -> dict[str, str | tuple[str, ...]]:
    stated = course.with_choices(step)
    if step.signs is not None:
        stated[_VERDICT] = VERDICT_GRANTED
    return stated


def _after_what_is_missing(
    course: Course, step: Step, at: datetime, place: _Place, refused: StepRefused, depth: int
) -> _Place | None:
    for helping in _helping_steps(course, refused):
        if helping.code == step.code:
            continue
        before = _tried(course, helping, at, place, depth - 1)
        if before is not None:
            found = _tried(course, step, at, before, depth - 1)
            if found is not None:
                return found
    return _with_defaults(course, step, at, place, refused)


def _helping_steps(course: Course, refused: StepRefused) -> list[Step]:
    """Steps that yield what a refusal says is missing."""
    steps = list(course.kind.steps.values())
    found: list[Step] = []
    for missing in (missing for refusal in refused.refusals for missing in refusal.missing):
        if missing.kind is MissingKind.EVENT:
            found.extend(step for step in steps if step.event == missing.code)
        elif missing.kind is MissingKind.DUTY:
            duty = course.kind.duties.get(missing.code)
            found.extend(step for step in steps if duty is not None and step.code == duty.step)
        elif missing.kind is MissingKind.FORM:
            found.extend(step for step in steps if missing.code in step.forms)
        elif missing.kind is MissingKind.FACT:
            found.extend(step for step in steps if missing.code in step.asks)
        elif missing.kind is MissingKind.APPROVAL:
            found.extend(step for step in steps if step.signs == missing.code)
    return found


def _with_defaults(course: Course, step: Step, at: datetime, place: _Place, refused: StepRefused) -> _Place | None:
    """The step once more, with missing facts that it may state taken from the defaults."""
    codes = [item.code for refusal in refused.refusals for item in refusal.missing if item.kind is MissingKind.FACT]
    extra = {code: course.defaults.get(code, STATED) for code in codes if code in step.may_state}
    if not extra:
        return None
    _return_to(course, place)
    act = Act(0, at, step.code, facts={**extra, **_stated_on_the_way(course, step)})
    try:
        course.take(act)
    except (Impossible, StepRefused):
        return None
    return _Place(tuple(course.log), (*place.acts, act), course.people)


def _return_to(course: Course, place: _Place) -> None:
    course.log = list(place.log)
    course.people = place.people
