"""The standing by a walk that leaves nothing out: at each instant every stratum reads everything again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from kesu.policy.calendar import Calendar
from kesu.policy.events import Event
from kesu.policy.model.pack import Kind
from kesu.policy.standing import Standing
from kesu.policy.standing.compute import seen_from
from kesu.policy.standing.corrections import corrected, voided_seqs
from kesu.policy.standing.moments import Key
from kesu.policy.standing.plan import Plan, plan_of
from kesu.policy.standing.reads import Reads
from kesu.policy.standing.strata import in_order
from kesu.policy.standing.walk import Walk


class Everything(frozenset[str | Key]):
    """What a reader reads who takes everything that has moved, and what has not, for his own."""

    def isdisjoint(self, _other: Iterable[object]) -> bool:
        return False


def thoroughly(kind: Kind, log: Sequence[Event], now: datetime, calendar: Calendar) -> Standing:
    """What `standing` says of a log, without what a correction withdrew."""
    happened = [event for event in log if event.at <= now]
    walk = Walk(kind, calendar, thorough_plan(kind))
    for event in sorted(corrected(happened, voided_seqs(happened)), key=in_order):
        walk.take(event)
    walk.wait(now)
    return seen_from(walk, happened, now, min((event.at for event in log if event.at > now), default=None))


def thorough_plan(kind: Kind) -> Plan:
    """The plan of a kind by which nothing is known in advance of what its rules read or what time may change."""
    plan = plan_of(kind)
    duties = replace(
        plan.duties,
        reads=_all_of(plan.duties.reads),
        all_reads=Everything(plan.duties.all_reads),
        hears=Everything(plan.duties.hears),
        plain={},
        timed=frozenset(kind.duties),
    )
    return replace(
        plan,
        duties=duties,
        derived_reads=_all_of(plan.derived_reads),
        derived_hear=Everything(plan.derived_hear),
        derived_hear_late=Everything(plan.derived_hear_late),
        timed_facts=frozenset(fact.code for fact in plan.derived),
        owing=Everything(plan.owing),
        time_reads=Everything(plan.time_reads),
        addition_reads=_all(plan.addition_reads),
        level_reads=_all(plan.level_reads),
        approval_reads=_all(plan.approval_reads),
        approvals_hear=Everything(plan.approvals_hear),
    )


def _all_of(reads: Mapping[str, Reads]) -> dict[str, Reads]:
    return {code: _all(one) for code, one in reads.items()}


def _all(reads: Reads) -> Reads:
    return replace(reads, all=Everything(reads.all))
