"""What a rule reads, and whether any of it has moved since the rule was last read.

A condition is a function of facts, moments, level, stage and time, and of nothing else. While none of those that it
names has moved, and the instant at which time alone changes it has not come, its answer stands: the walk reads again
only what has moved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from kesu.policy.model.conditions import Elapsed, FactRef, FactTest, LevelTest, Moment, StageTest
from kesu.policy.model.parts import parts_of
from kesu.policy.standing.moments import LEVEL_ITSELF, STAGE_ITSELF, Key, key_of

if TYPE_CHECKING:
    from kesu.policy.standing.conditions import View


@dataclass(frozen=True, slots=True)
class Reads:
    """Codes of facts, and keys of moments together with those of level and stage: all that a rule names."""

    facts: frozenset[str]
    moments: frozenset[Key]
    all: frozenset[str | Key]

    @classmethod
    def of(cls, *rules: object) -> Reads:
        """Everything that conditions, tables and references inside these rules name."""
        facts: set[str] = set()
        moments: set[Key] = set()
        for part in (part for rule in rules for part in parts_of(rule)):
            match part:
                case FactTest(fact=code) | FactRef(code=code):
                    facts.add(code)
                case Elapsed(counts=counts):
                    facts.update(code for code, _ in counts)
                case Moment():
                    moments.add(key_of(part))
                case LevelTest():
                    moments.add(LEVEL_ITSELF)
                case StageTest():
                    moments.add(STAGE_ITSELF)
        return cls(frozenset(facts), frozenset(moments), frozenset({*facts, *moments}))


class Watch:
    """Whether its reader must read again. Must be asked at every instant: a change that nobody asks about is lost.

    `until`: the next instant at which time alone may change the answer, set by the reader. `reads_ahead`: the reader
    reads before the last strata of an instant, and so has not seen all that moved at the one before."""

    __slots__ = ("_reads", "_reads_ahead", "is_unread", "until")

    def __init__(self, reads: Reads, *, reads_ahead: bool = False) -> None:
        self._reads = reads.all
        self._reads_ahead = reads_ahead
        self.until: datetime | None = None
        self.is_unread = True

    def recount(self) -> None:
        """Another calendar counts: it is read again, and when time alone changes it is asked anew."""
        self.until, self.is_unread = None, True

    def has_moved(self, view: View) -> bool:
        """Whether anything that the reader names has moved, or its time has come at `view.now`."""
        if self.is_unread or (self.until is not None and self.until <= view.now):
            return True
        history = view.history
        if not self._reads.isdisjoint(history.moved):
            return True
        return self._reads_ahead and not self._reads.isdisjoint(history.moved_before)
