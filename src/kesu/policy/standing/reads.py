"""What a rule reads, and whether any of it has moved since the rule was last read.

A condition is a function of facts, moments, level, stage and time, and of nothing else. While none of those that it
names has moved, and the instant at which time alone changes it has not come, its answer stands: the walk reads again
only what has moved."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from kesu.policy.model.conditions import Elapsed, FactRef, FactTest, LevelTest, Moment, StageTest
from kesu.policy.model.parts import parts_of
from kesu.policy.standing.moments import Key, key_of

if TYPE_CHECKING:
    from kesu.policy.standing.conditions import View


@dataclass(frozen=True, slots=True)
class Reads:
    """Codes of facts, keys of moments, and whether the level or the stage is asked for."""

    facts: frozenset[str]
    moments: frozenset[Key]
    level: bool
    stage: bool

    @classmethod
    def of(cls, *rules: object) -> Reads:
        """Everything that conditions, tables and references inside these rules name."""
        parts = [part for rule in rules for part in parts_of(rule)]
        named = {part.fact for part in parts if isinstance(part, FactTest)}
        named |= {part.code for part in parts if isinstance(part, FactRef)}
        named |= {code for part in parts if isinstance(part, Elapsed) for code, _ in part.counts}
        return cls(
            facts=frozenset(named),
            moments=frozenset(key_of(part) for part in parts if isinstance(part, Moment)),
            level=any(isinstance(part, LevelTest) for part in parts),
            stage=any(isinstance(part, StageTest) for part in parts),
        )


class Watch:
    """What its reader saw when it last read. Must be asked at every instant: a change that nobody asks about is lost.

    `until`: the next instant at which time alone may change the answer, set by the reader."""

    __slots__ = ("_cursor", "_is_fresh", "_level", "_stage", "reads", "until")

    def __init__(self, reads: Reads) -> None:
        self.reads = reads
        self.until: datetime | None = None
        self._is_fresh = False
        self._cursor = 0
        self._level: str | None = None
        self._stage = ""

    @property
    def is_unread(self) -> bool:
        """Whether the reader must read again in any case."""
        return not self._is_fresh

    def has_moved(self, view: View, changed: Set[str]) -> bool:
        """Whether the reader must read again at `view.now`. `changed`: facts with another value than at the instant
        before."""
        if not self._is_fresh or (self.until is not None and self.until <= view.now):
            return True
        reads = self.reads
        if changed and not reads.facts.isdisjoint(changed):
            return True
        if (reads.level and self._level != view.level) or (reads.stage and self._stage != view.stage):
            return True
        if reads.moments and view.history.has_any_of(reads.moments, self._cursor):
            return True
        if self._cursor < view.history.settled:
            self._cursor = view.history.settled  # looked through, and done with
        return False

    def saw(self, view: View, marks: int) -> None:
        """The reader has read all that is there; of the history, for good, only the first `marks` marks."""
        self._is_fresh = True
        self._level, self._stage, self._cursor = view.level, view.stage, marks

    def forget(self) -> None:
        """Read again in any case."""
        self._is_fresh = False
