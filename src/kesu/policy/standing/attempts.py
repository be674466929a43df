"""Taking steps: from a log and what a person states to the next event, or to all the reasons why not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from kesu.policy.calendar import Calendar
from kesu.policy.events import (
    COPIED,
    DUTY_ESCALATED,
    DUTY_REMINDED,
    EVENT_VOIDED,
    NOTICE_SENT,
    SIGN_PLACE,
    TOLD_INSTEAD,
    Event,
)
from kesu.policy.model.facts import Value
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import SYSTEM, WORLD, GuardMode, Step
from kesu.policy.standing.checking import (
    StepRefused,
    Trial,
    as_logged,
    place_of_taker,
    refusals_of,
    role_of_taker,
    taker_refusals,
    time_refusals,
)
from kesu.policy.standing.compute import standing
from kesu.policy.standing.corrections import corrected, voided_seqs
from kesu.policy.standing.facts import moves
from kesu.policy.standing.moments import TICK
from kesu.policy.standing.naming import missing
from kesu.policy.standing.publications import published
from kesu.policy.standing.results import Effect, EffectKind, Missing, MissingKind, Refusal, Standing
from kesu.policy.standing.takers import Taker, as_holder
from kesu.policy.standing.walk import Walk
from kesu.policy.standing.walking import walked
from kesu.policy.values import fits


def attempt(
    kind: Kind,
    log: Sequence[Event],
    step: str,
    taker: Taker,
    stated: Mapping[str, Value],
    at: datetime,
    recorded_at: datetime,
    calendar: Calendar,
) -> Event:
    """The event that the step yields when `taker` takes it at `at` (aware), learned at `recorded_at`.

    Raises StepRefused with every reason at once. `stated` are rule-fact values: marks in place of texts."""
    return attempt_warned(kind, log, step, taker, stated, at, recorded_at, calendar)[0]


def attempt_warned(
    kind: Kind,
    log: Sequence[Event],
    step: str,
    taker: Taker,
    stated: Mapping[str, Value],
    at: datetime,
    recorded_at: datetime,
    calendar: Calendar,
) -> tuple[Event, tuple[Refusal, ...]]:
    """As `attempt`, with what speaks against the step without refusing it."""
    return attempt_on(walked(kind, log, at, calendar), log, step, taker, stated, at, recorded_at)


def attempt_on(
    walk: Walk,
    log: Sequence[Event],
    step: str,
    taker: Taker,
    stated: Mapping[str, Value],
    at: datetime,
    recorded_at: datetime,
) -> tuple[Event, tuple[Refusal, ...]]:
    """The same on a walk of the log up to `at` that somebody has; it stays as it is."""
    kind, calendar = walk.kind, walk.calendar
    renewed = max((event.at for event in log if event.renewal is not None), default=at)
    if renewed > at:  # the rules of that time may not know the step, and nobody asks by them any more
        raise StepRefused((_only_from(renewed, step, (), calendar),))
    rule = _step(kind, step)
    facts = as_logged(kind, rule, stated)
    taker = as_holder(kind, walk.view(at).facts, taker)
    trial = Trial.of(rule, walk, at, facts, taker.by)
    # What the program states may lie before the case: a neighbour who complained earlier.
    first = min((event for event in log if event.step), key=lambda event: event.at, default=None)
    refusals = (
        *time_refusals(rule, trial.walk, first, at, recorded_at),
        *_moved_since(rule, trial.walk, log, at, calendar),
        *_shown_since(rule, facts, trial.walk, log, at, calendar),
        *taker_refusals(trial, taker),
        *refusals_of(trial),
    )
    blocking = tuple(refusal for refusal in refusals if refusal.mode is not GuardMode.WARN)
    if blocking:
        raise StepRefused(blocking)
    place = place_of_taker(trial, taker)
    if place is not None:
        facts[SIGN_PLACE] = place
    event = Event(
        seq=next_seq(log),
        kind=rule.event,
        at=at,
        recorded_at=recorded_at,
        by=taker.by,
        role=role_of_taker(trial, taker),
        step=rule.code,
        facts=facts,
        forms=rule.forms,
    )
    return event, refusals


def preview(
    kind: Kind, log: Sequence[Event], step: str, stated: Mapping[str, Value], at: datetime, calendar: Calendar
) -> tuple[Standing, tuple[Refusal, ...]]:
    """The case as it would stand at `at` after the step, and what still speaks against it (warnings included).

    Values that cannot be used yet, as happens while somebody types, are left out of the standing."""
    rule = _step(kind, step)
    facts = as_logged(kind, rule, stated)
    trial = Trial.of(rule, walked(kind, log, at, calendar), at, facts)
    refusals = tuple(refusals_of(trial))
    unusable = {one.code for refusal in refusals for one in refusal.missing if one.kind is MissingKind.VALUE}
    event = Event(
        seq=next_seq(log),
        kind=rule.event,
        at=at,
        recorded_at=at,
        step=rule.code,
        facts={code: value for code, value in facts.items() if code not in unusable},
        forms=rule.forms,
    )
    return standing(kind, [*log, event], at, calendar), refusals


def world_event(
    kind: Kind,
    log: Sequence[Event],
    event_kind: str,
    facts: Mapping[str, Value],
    at: datetime,
    recorded_at: datetime | None = None,
) -> Event:
    """An event that the program itself states: it happened at `at` and was learned at `recorded_at` (at once if not
    given). Raises StepRefused for one that the pack does not list, or for facts that it does not name or whose values
    do not fit."""
    rule = kind.events.get(event_kind)
    if rule is None:
        raise StepRefused((Refusal("value", "", (), (Missing(MissingKind.EVENT, event_kind, event_kind),)),))
    wrong = [code for code, value in facts.items() if code not in rule.facts or not fits(kind.facts[code], value)]
    if wrong:
        names = tuple(
            Missing(MissingKind.VALUE, code, kind.facts[code].name if code in kind.facts else code) for code in wrong
        )
        raise StepRefused((Refusal("value", "", (), names),))
    return Event(next_seq(log), event_kind, at, recorded_at or at, role=WORLD, facts=dict(facts))


def effect_event(
    log: Sequence[Event], effect: Effect, at: datetime, instead: str | None = None, copied: tuple[str, ...] = ()
) -> Event:
    """The event which says that an effect was carried out, so that it is not owed again. `instead`: the slot that was
    told because nobody held those that the policy names ("" when there was none either). `copied`: who sees the case
    from now on."""
    facts: dict[str, Value] = {"effect": effect.key}
    if instead is not None:
        facts[TOLD_INSTEAD] = instead
    if effect.kind is EffectKind.NOTICE:
        facts["notice"] = effect.code
        if copied:
            facts[COPIED] = copied
        kind = NOTICE_SENT
    else:
        facts["duty"] = effect.obligation.partition("@")[0] if effect.obligation else effect.code
        kind = DUTY_REMINDED if effect.kind is EffectKind.REMINDER else DUTY_ESCALATED
    return Event(next_seq(log), kind, at, at, role=SYSTEM, facts=facts)


def void_event(log: Sequence[Event], seq: int, by: str | None, role: str | None, at: datetime) -> Event:
    """The event that takes an earlier one back. Raises StepRefused for a number that is not in the log."""
    if all(event.seq != seq for event in log):
        raise StepRefused((Refusal("value", "", (), (Missing(MissingKind.EVENT, str(seq), str(seq)),)),))
    return Event(next_seq(log), EVENT_VOIDED, at, at, by=by, role=role, facts={"seq": seq})


def next_seq(log: Sequence[Event]) -> int:
    """The number of the next event: numbers start at 1 and are never used twice."""
    return max((event.seq for event in log), default=0) + 1


def _step(kind: Kind, code: str) -> Step:
    step = kind.steps.get(code)
    if step is None:
        raise StepRefused((Refusal("stage", "", (), (Missing(MissingKind.CONDITION, code, code),)),))
    return step


def _moved_since(step: Step, walk: Walk, log: Sequence[Event], at: datetime, calendar: Calendar) -> tuple[Refusal, ...]:
    """Why a step that moves the case, or signs, can no longer be dated back to `at`: what others did afterwards would
    take it back without anybody deciding so."""
    last = max((event.at for event in log), default=at)
    if last <= at:
        return ()
    if step.moves_to is not None:
        handed = max((event.at for event, _ in moves(walk.kind, corrected(log, voided_seqs(log)))), default=at)
        if handed > at:
            return (_only_from(handed, step.code, step.clauses, calendar),)
    if step.to is None and step.approval is None:
        return ()
    later = walked(walk.kind, log, last, calendar)
    if all(change.at <= at for change in later.stages.changes):
        return ()
    return (Refusal("stage", "", step.clauses, (missing(walk.kind, MissingKind.STAGE, walk.stages.stage),)),)


def _shown_since(
    step: Step, facts: Mapping[str, Value], walk: Walk, log: Sequence[Event], at: datetime, calendar: Calendar
) -> tuple[Refusal, ...]:
    """Why what has been published since `at` can no longer be stated otherwise as of then: what the public reads would
    change without the step that publishes, and without whatever review comes before it."""
    says = {code for rule in walk.kind.publishes.values() for code in (*rule.title, *rule.says)}
    last = max((event.at for event in log), default=at)
    if says.isdisjoint(facts) or last <= at:
        return ()
    shown = published(walked(walk.kind, log, last, calendar).view(last))
    since = [one.shown_at for one in shown if not {*one.rule.title, *one.rule.says}.isdisjoint(facts)]
    latest = max(since, default=at)
    return (_only_from(latest, step.code, step.clauses, calendar),) if latest > at else ()


def _only_from(instant: datetime, step: str, clauses: tuple[str, ...], calendar: Calendar) -> Refusal:
    """Named by the next whole minute: nobody types seconds."""
    named = f"{calendar.local(instant + timedelta(minutes=1) - TICK):%Y-%m-%d %H:%M}"
    return Refusal("time", "", clauses, (Missing(MissingKind.OPENS, step, named),))
