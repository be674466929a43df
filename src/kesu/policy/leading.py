"""Which step comes first where one that is wanted belongs to a later stage: the beginning of the shortest way there.

A way is read from the rules alone: who takes the steps, and what else they ask, is said where they are taken.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import Approval, Step


def first_step(kind: Kind, stage: str, wanted: str) -> Step | None:
    """The step that begins the way on from `stage` to a stage of the step `wanted`. None: it belongs to this one or to
    those that lie behind, no way leads there, or the case has ended."""
    step = kind.steps.get(wanted)
    goals = set(step.from_stages) if step is not None else set()
    if not goals or stage in goals or kind.stages[stage].final or _lies_behind(kind, stage, goals):
        return None
    been = {stage}
    waiting: deque[tuple[str, Step | None]] = deque([(stage, None)])
    while waiting:
        here, first = waiting.popleft()
        for taken, there in _onwards(kind, here):
            begun = first or taken
            if there in goals:
                return begun
            if there not in been and not (kind.stages[there].final or kind.stages[there].aside):
                been.add(there)
                waiting.append((there, begun))
    return None


def _lies_behind(kind: Kind, stage: str, goals: set[str]) -> bool:
    order = list(kind.stages)
    return all(order.index(goal) < order.index(stage) for goal in goals)


def _onwards(kind: Kind, stage: str) -> Iterator[tuple[Step, str]]:
    """Where the steps of a stage lead: those that the policy leads with first."""
    own = (step for step in kind.steps.values() if stage in step.from_stages and not step.starts_case)
    for step in sorted(own, key=lambda step: not step.primary):
        for row in step.to.rows if step.to is not None else ():
            if row.use is not None and row.use != stage:
                yield step, row.use
        for approval in kind.approvals.values():
            if approval.opened_to and step.event in {moment.subject for moment in approval.of}:
                yield step, approval.opened_to
    yield from _granted(kind, stage)


def _granted(kind: Kind, stage: str) -> Iterator[tuple[Step, str]]:
    for step in kind.steps.values():
        approval = kind.approvals.get(step.signs or "")
        if approval is not None and approval.granted_to and stage in _while_open(kind, approval):
            yield step, approval.granted_to


def _while_open(kind: Kind, approval: Approval) -> set[str]:
    """The stages in which a case waits for it."""
    if approval.opened_to:
        return {approval.opened_to}
    opening = {moment.subject for moment in approval.of}
    asked = [step for step in kind.steps.values() if step.event in opening]
    return {stage for step in asked for stage in step.from_stages} | {
        row.use for step in asked if step.to is not None for row in step.to.rows if row.use is not None
    }
