"""Steps as they stand for nobody in particular: whose they are, whether it is their stage, what is in the way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from kesu.policy.model.conditions import MomentNoun
from kesu.policy.model.rules import Guard, GuardMode, Step, Who
from kesu.policy.model.stepping import Opening
from kesu.policy.standing.apart import is_about, meant, members_about, values_of
from kesu.policy.standing.conditions import View, asks_who_takes, choose, earliest, last_mark, table_change
from kesu.policy.standing.facts import instant_of
from kesu.policy.standing.guards import Sight, guard_change, refusal_of
from kesu.policy.standing.moments import TICK, Mark
from kesu.policy.standing.naming import missing, missing_moment
from kesu.policy.standing.results import ApartState, Missing, MissingKind, Refusal, Standing, StepState
from kesu.policy.standing.samples import sample_refusals
from kesu.policy.standing.urging import may_act, takers_on_approval, urging_opens_at, urging_refusal
from kesu.policy.standing.walk import Walk


@dataclass(frozen=True, slots=True)
class WindowState:
    """The window of a step: shut (`refusal`), until `opens_at` where it is early; open until `closes_at`, or open late
    for one role only."""

    refusal: Refusal | None = None
    late_by: str | None = None
    opens_at: datetime | None = None
    closes_at: datetime | None = None


def step_states(walk: Walk, view: View) -> tuple[StepState, ...]:
    """All steps of the kind, in the order of the pack."""
    if not walk.has_begun:
        return tuple(_state(step, walk, view) for step in walk.kind.steps.values())
    offers = walk.plan.offers.get(view.stage)
    if offers is None:
        offers = walk.plan.offers[view.stage] = tuple(_offer(step, walk, view) for step in walk.kind.steps.values())
    return tuple(one if isinstance(one, StepState) else _state(one, walk, view) for one in offers)


def _offer(step: Step, walk: Walk, view: View) -> StepState | Step:
    """The state of a step of which the stage alone decides; the step itself where more than that does."""
    if step.approval is not None or step.opening is not None or (step.by.rows and step.by.only is None):
        return step
    if step.code in walk.plan.apart.steps:
        return step
    if stage_refusal(step, walk) is None and (walk.plan.step_guards[step.code] or step.event in walk.plan.over.told):
        return step
    return _state(step, walk, view)


def steps_change(walk: Walk, view: View) -> datetime | None:
    """When time alone changes what a step says: a window shuts, a guard or an owner reads the clock."""
    return earliest(at for step in walk.plan.timed_steps for at in _changes(step, walk, view))


def kept_from(current: Standing, step: Step, taker: str) -> bool:
    """Whether a guard keeps this person in particular from the step, as the case stands: whoever handled it from
    calling back. `taker`: as events name him."""
    walk = current.walk
    guards = walk.plan.step_guards[step.code]
    asking = [one for one in guards if one.mode is GuardMode.BLOCK and _asks_who_takes(one)]
    if not asking:
        return False
    view = walk.view(current.now)
    view.taker = taker
    sight = _sight(step, walk, view)
    return any(refusal_of(guard, sight) is not None for guard in asking)


def _asks_who_takes(guard: Guard) -> bool:
    return asks_who_takes(guard.when) or asks_who_takes(guard.unless)


def takers_of(step: Step, walk: Walk, view: View) -> tuple[Who, ...]:
    """Who may take the step now: for a signature those whose turn it is."""
    if step.approval is not None:
        return takers_on_approval(step, walk.approvals.latest(step.approval), walk.kind, view)
    late_by = window_of(step, view).late_by
    whos = (Who(late_by),) if late_by is not None else choose(step.by, view) or ()
    if view.about is None:
        return whos
    members = members_about(view.about, view.history)
    return tuple(meant(who, members) for who in whos)


def stage_refusal(step: Step, walk: Walk) -> Refusal | None:
    """Why the step does not belong to the present stage."""
    kind, stage = walk.kind, walk.stages.stage
    has_begun = walk.has_begun
    if step.starts_case or not has_begun:
        if step.starts_case is not has_begun:
            return None
        return Refusal("stage", "", step.clauses, (missing(kind, MissingKind.STAGE, stage),))
    if step.approval is not None:
        found = walk.approvals.latest(step.approval)
        if found is not None and found.is_open and may_act(step, found, kind):
            return None
        return Refusal("stage", "", step.clauses, (missing(kind, MissingKind.APPROVAL, step.approval),))
    if stage in step.from_stages or (not step.from_stages and not walk.stages.is_final):
        return None
    if step.from_stages:
        return walk.plan.wrong_stage[step.code]
    return Refusal("stage", "", step.clauses, (missing(kind, MissingKind.STAGE, stage),))


def window_of(step: Step, view: View) -> WindowState:
    """Whether the step's window is open at `view.now`."""
    opening = step.opening
    if opening is None:
        return WindowState()
    since = last_mark(opening.since, view)
    opens_at = _opens_at(opening, since, view)
    if opens_at is not None and view.now < opens_at:
        named = f"{view.calendar.local(opens_at):%Y-%m-%d %H:%M}"
        early = Refusal("early", "", step.clauses, (Missing(MissingKind.OPENS, step.code, named),))
        return WindowState(early, opens_at=opens_at)
    if since is None:
        return WindowState(_shut(step, missing_moment(view.kind, opening.since)))
    own = Missing(MissingKind.WINDOW, step.code, step.name)
    if opening.times is not None:
        taken = [mark for mark in view.history.of_event(step.event) if mark.index > since.index]
        if sum(view.about is None or is_about(mark, view.about) for mark in taken) >= opening.times:
            return WindowState(_shut(step, own))
    if opening.within is None:
        return WindowState()
    closes_at = view.clocks.ends_at(view.calendar, since.at, opening.within)
    if view.now <= closes_at:
        return WindowState(closes_at=closes_at)
    return WindowState(late_by=opening.late_by) if opening.late_by else WindowState(_shut(step, own))


def _opens_at(opening: Opening, since: Mark | None, view: View) -> datetime | None:
    """From when on the step may be taken; known ahead where that goes by a stated date that has not come."""
    begins = since.at if since is not None else None
    if opening.since.noun is MomentNoun.FACT and opening.since.where is None:
        value = view.facts.get(opening.since.subject)
        stated = None if value is None else instant_of(value, view.calendar)
        if stated is not None and stated > view.now:
            begins = stated
    if begins is None or opening.after is None:
        return begins
    return view.clocks.plain_age(view.calendar, begins, opening.after)


def _shut(step: Step, why: Missing) -> Refusal:
    return Refusal("window", "", step.clauses, (why,))


def _sight(step: Step, walk: Walk, view: View) -> Sight:
    return Sight(
        walk,
        view,
        walk.ledger.documents,
        walk.ledger.files,
        own_facts=walk.plan.own_facts[step.code],
        own_forms=frozenset(step.forms),
    )


def _state(step: Step, walk: Walk, view: View) -> StepState:
    stage = stage_refusal(step, walk)
    tried = [_tried(step, walk, one, stage) for one in _views_of(step, walk, view)]
    # Of what is kept apart for several values, one for which the step may be taken is enough.
    able = [one for one in tried if one.is_open] or tried
    return StepState(
        code=step.code,
        name=step.name,
        clauses=step.clauses,
        by=tuple(dict.fromkeys(who for one in able for who in one.by)),
        in_stage=stage is None,
        refusals=able[0].refusals,
        apart=tuple(one for one in tried if one.is_open) if step.code in walk.plan.apart.steps else (),
        primary=step.primary,
        asks=step.asks,
        may_state=step.may_state,
    )


def _tried(step: Step, walk: Walk, view: View, stage: Refusal | None) -> ApartState:
    """How the step stands for the value that the view speaks of, or for all of the case."""
    refusals = (stage,) if stage is not None else tuple(_refusals(step, walk, view))
    return ApartState(view.about[1] if view.about is not None else None, takers_of(step, walk, view), refusals)


def _views_of(step: Step, walk: Walk, view: View) -> tuple[View, ...]:
    """The case as the step may be about it: where something is kept apart, as each value sees it, the latest first, and
    one of which nothing was said yet."""
    per = walk.plan.apart.steps.get(step.code)
    if per is None:
        return (view,)
    values = values_of(per, view.history)
    return tuple(view.of((per, value)) for value in (*reversed(values), None))


def _refusals(step: Step, walk: Walk, view: View) -> Iterator[Refusal]:
    window = window_of(step, view)
    if window.refusal is not None:
        yield window.refusal
    urged = urging_refusal(step, walk, view)
    if urged is not None:
        yield urged
    yield from sample_refusals(step, walk.samples, walk.kind)
    guards = walk.plan.step_guards[step.code]
    if not guards:
        return
    sight = _sight(step, walk, view)
    for guard in guards:
        refusal = refusal_of(guard, sight)
        if refusal is not None:
            yield refusal


def _changes(step: Step, walk: Walk, view: View) -> Iterator[datetime | None]:
    for one in _views_of(step, walk, view):
        yield from _changes_in(step, walk, one)


def _changes_in(step: Step, walk: Walk, view: View) -> Iterator[datetime | None]:
    if step.approval is None:
        yield table_change(step.by, view)
    window = window_of(step, view)
    yield window.opens_at
    if window.closes_at is not None:
        yield window.closes_at + TICK
    yield urging_opens_at(step, walk, view)
    if stage_refusal(step, walk) is not None:
        return
    guards = walk.plan.step_guards[step.code]
    if guards:
        sight = _sight(step, walk, view)
        for guard in guards:
            yield guard_change(guard, sight)
