"""Taking a step back: who may, how long, and what has been done since on the strength of it.

What is taken back never happened. What was sent stays sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from kesu.policy.calendar import Calendar
from kesu.policy.events import LINK_OPENED, NOTICE_SENT, Event
from kesu.policy.model.facts import Value
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import AUTHOR, SYSTEM, GuardMode, Step, Undo
from kesu.policy.standing.attempts import void_event
from kesu.policy.standing.checking import StepRefused, Trial, refusals_of, role_of_taker
from kesu.policy.standing.corrections import corrected, voided_seqs
from kesu.policy.standing.publications import published
from kesu.policy.standing.results import Missing, MissingKind, Refusal
from kesu.policy.standing.takers import Taker, acts_as
from kesu.policy.standing.walk import Walk
from kesu.policy.standing.walking import rules_at, walked


def can_be_taken_back(kind: Kind, log: Sequence[Event]) -> tuple[Event, ...]:
    """The events of steps that somebody may take back and that stand."""
    undone = {code for code, step in kind.steps.items() if step.undo}
    voided = voided_seqs(log) if undone else frozenset()
    return tuple(event for event in log if event.step in undone and event.seq not in voided)


def may_take_back(kind: Kind, event: Event, taker: Taker, walk: Walk, now: datetime) -> bool:
    """Whether it is his to take back, and still time; what rests on it is another question."""
    rows = _rows_of(kind.steps[event.step or ""], event, taker, walk.facts)
    return any(_is_in_time(row, event, walk, now) for row, _ in rows)


def taken_back(
    kind: Kind, log: Sequence[Event], seq: int, taker: Taker, now: datetime, calendar: Calendar
) -> Event:  # fmt: skip
    """The event that takes the step with this number back. Raises `StepRefused` with every reason."""
    event = next((one for one in can_be_taken_back(kind, log) if one.seq == seq), None)
    if event is None:
        raise StepRefused((Refusal("value", "", (), (Missing(MissingKind.EVENT, str(seq), str(seq)),)),))
    refusals = refusals_to_take_back(kind, log, event, taker, now, calendar)
    if refusals:
        raise StepRefused(refusals)
    walk = walked(kind, log, now, calendar)
    rows = _rows_of(kind.steps[event.step or ""], event, taker, walk.facts)
    role = next(role for row, role in rows if _is_in_time(row, event, walk, now))
    return void_event(log, seq, taker.by, role, now)


def refusals_to_take_back(
    kind: Kind, log: Sequence[Event], event: Event, taker: Taker, now: datetime, calendar: Calendar
) -> tuple[Refusal, ...]:
    """Why it cannot be taken back by this person now."""
    step, walk = kind.steps[event.step or ""], walked(kind, log, now, calendar)
    clauses = tuple(dict.fromkeys(clause for row in step.undo for clause in row.clauses)) or step.clauses
    rows = _rows_of(step, event, taker, walk.facts)
    found = []
    if not rows:
        found.append(Refusal("role", "", clauses))
    elif not any(_is_in_time(row, event, walk, now) for row, _ in rows):
        found.append(Refusal("window", "", clauses, (Missing(MissingKind.WINDOW, step.code, step.name),)))
    rests = tuple(dict.fromkeys(_resting(kind, log, event, now, calendar)))
    if rests:
        found.append(Refusal("rests", "", clauses, tuple(Missing(MissingKind.RESTS, name, name) for name in rests)))
    return tuple(found)


def sent_for(kind: Kind, log: Sequence[Event], seq: int, now: datetime, calendar: Calendar) -> tuple[str, ...]:
    """The codes of the notices that were sent because of this event, and that stay sent."""
    owed = walked(kind, log, now, calendar).notices.owed.keys()
    left = walked(kind, _without(log, seq), now, calendar).notices.owed.keys()
    gone = owed - left
    sent = (event for event in log if event.kind == NOTICE_SENT and event.facts.get("effect") in gone)
    return tuple(dict.fromkeys(str(event.facts["notice"]) for event in sent))


def _rows_of(step: Step, event: Event, taker: Taker, facts: Mapping[str, Value]) -> list[tuple[Undo, str]]:
    """The rows by which it is his to take back, with the role in which."""
    found = []
    for row in step.undo:
        for who in row.by:
            is_author = who.role == AUTHOR and taker.by is not None and taker.by == event.by
            role = (AUTHOR if is_author else None) if who.role == AUTHOR else acts_as(taker, who, facts)
            if role is not None:
                found.append((row, role))
    return found


def _is_in_time(row: Undo, event: Event, walk: Walk, now: datetime) -> bool:
    return row.within is None or now <= walk.clocks.ends_at(walk.calendar, event.recorded_at, row.within)


def _without(log: Sequence[Event], seq: int) -> list[Event]:
    return [event for event in corrected(log, voided_seqs(log)) if event.seq != seq]


def _resting(kind: Kind, log: Sequence[Event], undone: Event, now: datetime, calendar: Calendar) -> Iterator[str]:
    """Names of what was done since and could not have been done without it."""
    stands, without = corrected(log, voided_seqs(log)), _without(log, undone.seq)
    for event in stands:
        if event.seq > undone.seq and event.step is not None:
            rules = rules_at(kind, log, event.seq)
            before = _against(rules, [one for one in stands if one.seq < event.seq], event, calendar)
            after = _against(rules, [one for one in without if one.seq < event.seq], event, calendar)
            if after - before:
                yield rules.steps[event.step].name
    walk, left = (walked(kind, events, now, calendar) for events in (stands, without))
    opened = {str(event.facts["effect"]) for event in stands if event.kind == LINK_OPENED}
    yield from (walk.links.owed[key].link.name for key in opened & walk.links.owed.keys() - left.links.owed.keys())
    shown = {(one.rule.code, one.seq) for one in published(left.view(now))}
    yield from (one.rule.name for one in published(walk.view(now)) if (one.rule.code, one.seq) not in shown)


def _against(kind: Kind, log: Sequence[Event], event: Event, calendar: Calendar) -> set[tuple[str, object]]:
    """What would speak against taking a step again, as it was taken, after this log."""
    rule = kind.steps[event.step or ""]
    trial = Trial.of(rule, walked(kind, log, event.at, calendar), event.at, event.facts, event.by)
    found: set[tuple[str, object]] = {
        (one.code, one.missing) for one in refusals_of(trial) if one.mode is GuardMode.BLOCK
    }
    if event.role != SYSTEM and role_of_taker(trial, _taker(event, trial)) is None:
        found.add(("role", ""))
    return found


def _taker(event: Event, trial: Trial) -> Taker:
    """Whoever took it, in the role in which he did."""
    role = (event.role or "").partition("@")[0]
    units = {unit for value in trial.view.facts.values() for unit in (value if isinstance(value, tuple) else (value,))}
    return Taker(event.by, frozenset({role, event.role or "", *(f"{role}@{unit}" for unit in units)}))
