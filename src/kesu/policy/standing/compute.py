"""The standing of a case: what its log, the rules, the calendar and one instant say together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from kesu.policy.calendar import Calendar
from kesu.policy.events import EVENT_VOIDED, Event
from kesu.policy.lasting import lasting
from kesu.policy.model.pack import Kind
from kesu.policy.standing.alarms import Alarms
from kesu.policy.standing.conditions import View, earliest
from kesu.policy.standing.corrections import corrected, voided_seqs
from kesu.policy.standing.effects import OwedNotice, keys_done, notice_effect
from kesu.policy.standing.facts import merged_into, moved_to
from kesu.policy.standing.guards import Sight, guard_change, refusal_of
from kesu.policy.standing.links import link_effect
from kesu.policy.standing.publications import publications_change
from kesu.policy.standing.reckonings import reckoning_effect
from kesu.policy.standing.results import (
    Effect,
    NextRaise,
    Obligation,
    ObligationState,
    ReadTooLate,
    Standing,
    StepState,
)
from kesu.policy.standing.samples import draw_effect
from kesu.policy.standing.secrecy import only_for, only_for_changes
from kesu.policy.standing.signing import Signing, advices, signings, urgings
from kesu.policy.standing.steps import step_states, steps_change
from kesu.policy.standing.strata import Reached, in_order
from kesu.policy.standing.walk import Walk
from kesu.policy.standing.walking import walk_along


def standing(kind: Kind, log: Sequence[Event], now: datetime, calendar: Calendar) -> Standing:
    """The case as it stands at an aware `now`. Events after `now` have not happened yet.

    Pure: the same arguments give the same standing, on any machine, at any time."""
    ordered = sorted(log, key=in_order)
    is_over = not ordered or ordered[-1].at <= now  # as nearly always: nobody asks about what lies behind
    happened = ordered if is_over else [event for event in ordered if event.at <= now]
    voided = voided_seqs(happened)
    walk = walk_along(kind, corrected(happened, voided), now, calendar, log)
    ahead = None if is_over else ordered[len(happened)].at
    seen = seen_from(walk, happened, now, ahead)
    if not voided:
        return seen
    return replace(seen, obligations=(*seen.obligations, *_withdrawn(walk, happened, voided, seen)))


def seen_from(walk: Walk, happened: Sequence[Event], now: datetime, ahead: datetime | None) -> Standing:
    """The standing at `now`, up to which `walk` has walked what `happened`; `ahead`: when the next event lies."""
    view = walk.view(now)
    signed = signings(walk)
    return Standing(
        now=now,
        stage=walk.stages.stage,
        is_final=walk.stages.is_final,
        level=walk.levels.level,
        level_clauses=walk.levels.clauses,
        level_changes=tuple(walk.levels.changes),
        stage_changes=tuple(walk.stages.changes),
        facts=view.facts,
        fact_seqs=dict(walk.ledger.seqs),
        obligations=_obligations(walk, signed),
        approvals=walk.approvals.states(view.facts),
        documents=tuple(walk.ledger.documents),
        moved_to=_moved_to(walk, happened),
        merged_into=_merged_into(walk, happened),
        only_for=only_for(walk.kind, view),
        unread=_Unread(walk, view, happened, ahead, signed, walk.reached),
    )


@lasting
class _Unread:
    """`reached`: how far the walk had come; `ahead`: when the next event lies; `happened`: also what was voided, for
    what was sent stays sent."""

    walk: Walk
    view: View
    happened: Sequence[Event]
    ahead: datetime | None
    signed: Sequence[Signing]
    reached: Reached

    def steps(self) -> tuple[StepState, ...]:
        self._check()
        return step_states(self.walk, self.view)

    def next_raises(self) -> tuple[NextRaise, ...]:
        self._check()
        return self.walk.levels.next_raises(self.view)

    def effects(self) -> tuple[Effect, ...]:
        self._check()
        done = keys_done(self.happened)
        owed = [notice_effect(notice) for notice in self.walk.notices.owed.values() if self._may_go(notice)]
        for alarm in self._alarms():
            owed.extend(alarm.effects(self.view.now))
        owed.extend(urgings(self.walk, self.signed))
        owed.extend(link_effect(link) for link in self.walk.links.owed.values())
        owed.extend(draw_effect(one) for one in self.walk.samples.owed.values())
        owed.extend(reckoning_effect(one) for one in self.walk.reckonings.owed.values())
        return tuple(sorted((one for one in owed if one.key not in done), key=lambda one: (one.at, one.key)))

    def wake_at(self) -> datetime | None:
        self._check()
        return earliest(
            (
                self.walk.upcoming,
                self.ahead,
                steps_change(self.walk, self.view),
                _notices_change(self.walk, self.view),
                only_for_changes(self.walk.kind, self.view),
                publications_change(self.walk.kind, self.view),
                *(alarm.next_change(self.view.now) for alarm in self._alarms()),
            )
        )

    def seen(self) -> View:
        self._check()
        return self.view

    def walked(self) -> Walk:
        self._check()
        return self.walk

    def _alarms(self) -> Iterator[Alarms]:
        yield from self.walk.duties.alarms()
        yield from (signing.alarms() for signing in self.signed)

    def _may_go(self, owed: OwedNotice) -> bool:
        guards = self.walk.plan.notice_guards[owed.notice.code]
        return not guards or all(refusal_of(guard, _sight(self.walk, self.view)) is None for guard in guards)

    def _check(self) -> None:
        if self.walk.reached != self.reached:
            raise ReadTooLate


def _obligations(walk: Walk, signed: Sequence[Signing]) -> tuple[Obligation, ...]:
    duties = [running.result() for running in walk.duties.all]
    if not walk.approvals.rounds:
        return tuple(duties)
    return (*duties, *[signing.obligation for signing in signed], *advices(walk))


def _moved_to(walk: Walk, happened: Sequence[Event]) -> str | None:
    return moved_to(walk.kind, corrected(happened, voided_seqs(happened))) if walk.plan.moves else None


def _merged_into(walk: Walk, happened: Sequence[Event]) -> str | None:
    if walk.stages.stage not in walk.plan.over.merged:
        return None
    return merged_into(walk.kind, corrected(happened, voided_seqs(happened)))


def _withdrawn(
    seen: Walk, happened: Sequence[Event], voided: frozenset[int], present: Standing
) -> tuple[Obligation, ...]:
    """What was opened by events that have been taken back: shown, so that nobody wonders where it went. It stands as it
    stood when the last of them was taken back: what time would have done to it since is nothing."""
    until = max((event.at for event in happened if event.kind == EVENT_VOIDED), default=present.now)
    events = [event for event in happened if event.kind != EVENT_VOIDED and event.at <= until]
    first = seen.ruled_at(happened[0].at).calendar
    walk = walk_along(seen.kind, events, until, first, happened)
    keys = {obligation.key for obligation in present.obligations}
    return tuple(
        replace(
            gone,
            state=ObligationState.WITHDRAWN,
            due_at=None,
            receipt=None,
            grounds=None,
            history=None,
            met_at=None,
            paused_since=None,
        )
        for gone in _obligations(walk, signings(walk))
        if gone.started_seq in voided and gone.key not in keys
    )


def _notices_change(walk: Walk, view: View) -> datetime | None:
    """When time alone lets a held-back notice go."""
    return earliest(
        guard_change(guard, _sight(walk, view))
        for owed in walk.notices.owed.values()
        for guard in walk.plan.notice_guards[owed.notice.code]
    )


def _sight(walk: Walk, view: View) -> Sight:
    return Sight(walk, view, walk.ledger.documents, walk.ledger.files)
