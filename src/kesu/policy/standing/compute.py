"""The standing of a case: what its log, the rules, the calendar and one instant say together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from kesu.policy.calendar import Calendar
from kesu.policy.events import EVENT_VOIDED, Event
from kesu.policy.model.pack import Kind
from kesu.policy.standing.conditions import View, earliest
from kesu.policy.standing.corrections import corrected, voided_seqs
from kesu.policy.standing.effects import Alarms, duty_alarms, keys_done, notice_effect
from kesu.policy.standing.guards import Sight, guard_change, refusal_of
from kesu.policy.standing.links import link_effect
from kesu.policy.standing.results import Effect, Obligation, ObligationState, Standing
from kesu.policy.standing.signing import Signing, signings
from kesu.policy.standing.steps import step_states, steps_change
from kesu.policy.standing.walk import Walk


def standing(kind: Kind, log: Sequence[Event], now: datetime, calendar: Calendar) -> Standing:
    """The case as it stands at an aware `now`. Events after `now` have not happened yet.

    Pure: the same arguments give the same standing, on any machine, at any time."""
    happened = [event for event in log if event.at <= now]
    voided = voided_seqs(happened)
    walk = Walk(kind, calendar)
    upcoming = walk.run(corrected(happened, voided), now)
    view = walk.view(now)
    signed = signings(walk)
    alarms = [*map(duty_alarms, walk.duties.all), *(signing.alarms for signing in signed)]
    obligations = _obligations(walk, signed)
    if voided:
        obligations = (*obligations, *_withdrawn(kind, happened, voided, now, calendar, obligations))
    return Standing(
        now=now,
        stage=walk.stages.stage,
        is_final=walk.stages.is_final,
        level=walk.levels.level,
        level_clauses=walk.levels.clauses,
        level_changes=tuple(walk.levels.changes),
        stage_changes=tuple(walk.stages.changes),
        next_raises=walk.levels.next_raises(view),
        facts=dict(view.facts),
        fact_seqs=dict(walk.ledger.seqs),
        obligations=obligations,
        approvals=walk.approvals.states(),
        steps=step_states(walk, view),
        documents=tuple(walk.ledger.documents),
        effects=_effects(walk, view, log, alarms),
        wake_at=earliest(
            (
                upcoming,
                min((event.at for event in log if event.at > now), default=None),
                steps_change(walk, view),
                _notices_change(walk, view),
                *(alarm.next_change(now) for alarm in alarms),
            )
        ),
        walk=walk,
    )


def _obligations(walk: Walk, signed: Sequence[Signing]) -> tuple[Obligation, ...]:
    return (*(running.result() for running in walk.duties.all), *(signing.obligation for signing in signed))


def _withdrawn(
    kind: Kind,
    happened: Sequence[Event],
    voided: frozenset[int],
    now: datetime,
    calendar: Calendar,
    present: Sequence[Obligation],
) -> tuple[Obligation, ...]:
    """What was opened by events that have been taken back: shown, so that nobody wonders where it went."""
    walk = Walk(kind, calendar)
    walk.run([event for event in happened if event.kind != EVENT_VOIDED], now)
    keys = {obligation.key for obligation in present}
    return tuple(
        replace(gone, state=ObligationState.WITHDRAWN, due_at=None, receipt=None, met_at=None, paused_since=None)
        for gone in _obligations(walk, signings(walk))
        if gone.started_seq in voided and gone.key not in keys
    )


def _effects(walk: Walk, view: View, log: Sequence[Event], alarms: Sequence[Alarms]) -> tuple[Effect, ...]:
    """What is owed now, oldest first. The whole log counts, also what was voided: what was sent stays sent."""
    done = keys_done([event for event in log if event.at <= view.now])
    owed: list[Effect] = []
    for notice in walk.notices.owed.values():
        guards = walk.plan.notice_guards[notice.notice.code]
        if all(refusal_of(guard, _sight(walk, view)) is None for guard in guards):
            owed.append(notice_effect(notice))
    for alarm in alarms:
        owed.extend(alarm.effects(view.now))
    owed.extend(link_effect(link) for link in walk.links.owed.values())
    return tuple(sorted((one for one in owed if one.key not in done), key=lambda one: (one.at, one.key)))


def _notices_change(walk: Walk, view: View) -> datetime | None:
    """When time alone lets a held-back notice go."""
    return earliest(
        guard_change(guard, _sight(walk, view))
        for owed in walk.notices.owed.values()
        for guard in walk.plan.notice_guards[owed.notice.code]
    )


def _sight(walk: Walk, view: View) -> Sight:
    return Sight(walk, view, walk.ledger.documents, walk.ledger.files)
