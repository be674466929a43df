"""The history of a case as rules see it: a row of marks, one for every moment that a rule may name.

Marks are numbered in the order in which they happened; at one instant that is the order of the strata (events, then
the level, approvals, the stage, duties). A rule that says "afterwards" means a higher number, not a later clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from kesu.policy.model.conditions import Moment, MomentNoun
from kesu.policy.model.facts import Value

if TYPE_CHECKING:
    from kesu.policy.standing.apart import Apart
    from kesu.policy.standing.hearing import Hearers

TICK: Final = timedelta(microseconds=1)
"""The smallest step of time: what holds *until* an instant is over one tick after it."""

MOST_PASSES: Final = 64
"""How often rules that feed each other are followed at one instant, or from one tick to the next. Sound rules come to
rest after a few; the loader refuses most that do not, and the others must not hang the program."""

RAISED: Final = "raised"
LOWERED: Final = "lowered"
ENTERED: Final = "entered"
LEFT: Final = "left"
SENT: Final = "sent"
LINKED: Final = ("opened", "closed", "reopened")
"""What may become of a linked case."""
DRAWS: Final = ("made", "done")
"""What may become of a sample: drawn, and all that was drawn looked at."""
BY_TIME: Final = 0
"""Stands in place of an event's number where no event, only time, brought a moment about."""

Key = tuple[str, str, str]
"""Noun, subject, what became of it: plain texts, which are found in tables much faster than words of an enumeration."""

EVENT: Final = MomentNoun.EVENT.value
LEVEL: Final = MomentNoun.LEVEL.value
STAGE: Final = MomentNoun.STAGE.value
DUTY: Final = MomentNoun.DUTY.value
APPROVAL: Final = MomentNoun.APPROVAL.value
NOTICE: Final = MomentNoun.NOTICE.value
FACT: Final = MomentNoun.FACT.value
LINK: Final = MomentNoun.LINK.value
DRAW: Final = MomentNoun.DRAW.value

LEVEL_ITSELF: Final[Key] = (LEVEL, "", "itself")
STAGE_ITSELF: Final[Key] = (STAGE, "", "itself")
"""Stand beside keys of moments for the present level and stage, where it is noted what has moved."""


@dataclass(slots=True)
class Snapshot:
    """What held at one instant: filled stratum by stratum while the instant is walked, and kept with its marks."""

    at: datetime
    facts: Mapping[str, Value]
    level: str | None
    stage: str
    level_before: str | None
    stage_before: str
    is_past: bool = False
    known_at: datetime | None = None  # when the program learned what the world had done at this instant


@dataclass(slots=True)
class Mark:
    """One moment that happened. `seq` is the event behind it (`BY_TIME`: none); `origin` the stable text that keys are
    made of; `by` the author of what the moment is about; `own` the facts that the event itself carried; `hearers` those
    who listen to it, looked up once, for keys are slow to look up."""

    index: int
    key: Key
    at: datetime
    seq: int
    origin: str
    snapshot: Snapshot
    by: str | None
    own: Mapping[str, Value]
    hearers: Hearers
    verdicts: dict[int, bool] | None = None


def key_of(moment: Moment) -> Key:
    """The index key of a moment. `level.raised` may be written with the word as subject or as what became."""
    noun, subject, became = moment.noun, moment.subject, moment.became
    match noun:
        case MomentNoun.LEVEL:
            word = became if became in {RAISED, LOWERED} and not subject else subject
            return (LEVEL, word, "")
        case MomentNoun.STAGE:
            return (STAGE, subject, became or ENTERED)
        case MomentNoun.NOTICE:
            return (NOTICE, subject, became or SENT)
        case MomentNoun.EVENT | MomentNoun.FACT:
            return (noun.value, subject, "")
        case _:
            return (noun.value, subject, became)


_NONE: Final[list[Mark]] = []
NOTHING: Final[Mapping[str, Value]] = {}
"""What a moment carries that carries no facts."""


class History:
    """The marks so far that a rule may ask for, findable by what they are. Append-only. `keys`: those of moments, by
    identity; `hearers`: who listens to each kind of marks that any rule names, others leave none; `apart`: what is kept
    apart.

    `moved`: what is not as it was before the present instant: codes of facts, keys of marks, level and stage;
    `moved_before`: the same of the instant before."""

    def __init__(self, keys: Mapping[int, Key], hearers: Mapping[Key, Hearers], apart: Apart) -> None:
        self.marks: list[Mark] = []
        self.apart = apart
        self.settled = 0
        """Number of the marks before the present instant. What they say can no longer change."""
        self.moved: set[str | Key] = set()
        self.moved_before: set[str | Key] = set()
        self._keys = keys
        self._hearers = hearers
        self._by_key: dict[Key, list[Mark]] = {}

    def begin(self, stated: Iterable[str]) -> None:
        """A new instant, at which facts are stated."""
        self.settled = len(self.marks)
        self.moved_before = self.moved
        self.moved = set(stated)

    def add(
        self,
        key: Key,
        snapshot: Snapshot,
        seq: int,
        origin: str,
        by: str | None = None,
        own: Mapping[str, Value] = NOTHING,
        at: datetime | None = None,
    ) -> None:
        """Append a mark; `at` differs from the snapshot's instant only for a date that lay in the past when stated."""
        hearers = self._hearers.get(key)
        if hearers is None:
            return
        marks = self.marks
        mark = Mark(len(marks), key, at or snapshot.at, seq, origin, snapshot, by, own, hearers)
        marks.append(mark)
        self.moved.add(key)
        alike = self._by_key.get(key)
        if alike is None:
            self._by_key[key] = [mark]
        else:
            alike.append(mark)

    def take_over(self, other: History, renamed: Callable[[Mark], tuple[Key, Snapshot]]) -> None:
        """What came about under other rules, as these name it. Each mark keeps its number, and nobody hears of it."""
        for mark in other.marks:
            key, snapshot = renamed(mark)
            own = replace(mark, key=key, snapshot=snapshot, hearers=self._hearers.get(key, mark.hearers), verdicts=None)
            self.marks.append(own)
            self._by_key.setdefault(key, []).append(own)
        self.settled = len(self.marks)

    def since(self, index: int) -> list[Mark]:
        """Marks from number `index` on."""
        return self.marks[index:]

    def of(self, moment: Moment) -> list[Mark]:
        """Marks of this kind, oldest first, before any `where`. The list is the history's own: do not change it."""
        return self._by_key.get(self._keys.get(id(moment)) or key_of(moment), _NONE)

    def of_key(self, key: Key) -> list[Mark]:
        """Marks under one key, oldest first. Do not change the list."""
        return self._by_key.get(key, _NONE)

    def of_event(self, kind: str) -> list[Mark]:
        """Marks of the events of one kind, oldest first. Do not change the list."""
        return self._by_key.get((EVENT, kind, ""), _NONE)

    def is_sent(self, notice: str) -> bool:
        """Whether such a notice was ever sent."""
        return (NOTICE, notice, SENT) in self._by_key


def which(mark: Mark, history: History) -> str:
    """The stable text of one moment: by its event, and by the date or the unit it is about where one event brings
    several; a level, what a level began, and what time alone brought by how often it came about, for what is dated back
    may put another event behind it."""
    noun, subject, _ = mark.key
    if mark.seq == BY_TIME or mark.origin != str(mark.seq):
        nth = sum(one.index <= mark.index for one in history.of_key(mark.key))
        return f"{'.'.join(filter(None, mark.key))}#{nth}"
    apart = subject if noun == FACT else "".join(map(str, mark.own.values())) if noun == DUTY else ""
    return f"{mark.seq}#{apart}" if apart else str(mark.seq)
