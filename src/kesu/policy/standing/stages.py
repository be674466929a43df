"""Where the case stands: moved by the steps that were taken and by approvals, never written by anybody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from kesu.policy.events import Event
from kesu.policy.model.pack import Kind
from kesu.policy.standing.conditions import View, choose
from kesu.policy.standing.moments import ENTERED, LEFT, STAGE, STAGE_ITSELF, History, Snapshot
from kesu.policy.standing.plan import Plan
from kesu.policy.standing.results import StageChange


class StageTrack:
    """The present stage and the moves that led to it."""

    def __init__(self, kind: Kind, plan: Plan) -> None:
        self.stage = kind.start_stage
        self._turns = plan.turns
        self._finals = plan.finals
        self._entered, self._left = plan.entered, plan.left
        self.is_final = self.stage in plan.finals
        """Whether the case has come to an end."""
        self.changes: list[StageChange] = []

    def take_over(self, other: StageTrack, renames: Mapping[str, str]) -> None:
        """Where the case stood under other rules."""
        self.changes = [
            replace(one, before=renames.get(one.before, one.before), after=renames.get(one.after, one.after))
            for one in other.changes
        ]
        self.stage = renames.get(other.stage, other.stage)
        self.is_final = self.stage in self._finals

    def follow(self, event: Event, view: View, snapshot: Snapshot) -> None:
        """Move by the step of this event, one that may turn the stage; tables read the facts with its own on top."""
        to, table = self._turns[event.step or ""]
        if to is None:
            facts = view.facts
            view.facts, view.start_at = {**facts, **event.facts}, event.at
            to = choose(table, view)
            view.facts, view.start_at = facts, None
        self.move(to, event.seq, str(event.seq), view.history, snapshot)

    def move(self, to: str | None, seq: int, origin: str, history: History, snapshot: Snapshot) -> None:
        """Enter a stage; None and the present one change nothing."""
        if to is None or to == self.stage:
            return
        self.changes.append(StageChange(snapshot.at, seq, self.stage, to))
        history.moved.add(STAGE_ITSELF)
        if self.stage in self._left:
            history.add((STAGE, self.stage, LEFT), snapshot, seq, origin)
        if to in self._entered:
            history.add((STAGE, to, ENTERED), snapshot, seq, origin)
        self.stage = snapshot.stage = to
        self.is_final = to in self._finals
