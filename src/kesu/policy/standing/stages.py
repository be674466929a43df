"""Where the case stands: moved by the steps that were taken and by approvals, never written by anybody."""

from __future__ import annotations

from collections.abc import Sequence

from kesu.policy.events import Event
from kesu.policy.model.conditions import MomentNoun
from kesu.policy.model.pack import Kind
from kesu.policy.standing.conditions import View, choose
from kesu.policy.standing.moments import ENTERED, LEFT, History, Snapshot, key
from kesu.policy.standing.results import StageChange


class StageTrack:
    """The present stage and the moves that led to it."""

    def __init__(self, kind: Kind) -> None:
        self._kind = kind
        self.stage = kind.start_stage
        self.changes: list[StageChange] = []

    @property
    def is_final(self) -> bool:
        """Whether the case has come to an end."""
        stage = self._kind.stages.get(self.stage)
        return stage is not None and stage.final

    def follow(self, events: Sequence[Event], view: View, history: History, snapshot: Snapshot) -> None:
        """Move by the steps of these events, in order; tables read the facts with the event's own on top."""
        for event in events:
            step = self._kind.steps.get(event.step) if event.step else None
            if step is None or step.to is None:
                continue
            seen = view.but({**view.facts, **event.facts}, event.at)
            seen.stage = self.stage
            self.move(choose(step.to, seen), event.seq, str(event.seq), history, snapshot)

    def move(self, to: str | None, seq: int, origin: str, history: History, snapshot: Snapshot) -> None:
        """Enter a stage; None and the present one change nothing."""
        if to is None or to == self.stage:
            return
        self.changes.append(StageChange(snapshot.at, seq, self.stage, to))
        history.add(key(MomentNoun.STAGE, self.stage, LEFT), snapshot, seq=seq, origin=origin)
        history.add(key(MomentNoun.STAGE, to, ENTERED), snapshot, seq=seq, origin=origin)
        self.stage = to
        snapshot.stage = to
