"""Conditions, moments, choices by table and aggregates: the small grammars that every rule shares.

A condition is data: it can be evaluated, explained, printed, turned into a form, and asked when it will change by
itself. The engine (`policy.standing`) does the evaluating; nothing here reads a log.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, Literal, TypeVar

from kesu.policy.calendar import Duration
from kesu.policy.model.facts import Value

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ParamRef:
    """A figure that stands in the pack's parameters (already resolved to its value when the pack was compiled)."""

    code: str


@dataclass(frozen=True, slots=True)
class FactRef:
    code: str


@dataclass(frozen=True, slots=True)
class Present:
    """The instant at which a condition is read; for a date its local day."""


Operand = Value | FactRef


class Comparison(StrEnum):
    IS = "is"
    IN = "in"
    UNSTATED = "unstated"
    STATED = "stated"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    ABOVE = "above"
    BELOW = "below"
    HAS = "has"
    WITHIN = "within"  # of values in levels: one of these nodes, or anything below it


@dataclass(frozen=True, slots=True)
class FactTest:
    """`media_exposed: 是`, `category: [a, b]`, `complainants: {at_least: 10}`; an unstated fact equals nothing."""

    fact: str
    comparison: Comparison
    operand: Operand | Present | tuple[Operand, ...] | None = None


@dataclass(frozen=True, slots=True)
class LevelTest:
    comparison: Literal[Comparison.IN, Comparison.AT_LEAST, Comparison.AT_MOST]
    levels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StageTest:
    stages: tuple[str, ...]


class MomentNoun(StrEnum):
    EVENT = "event"
    LEVEL = "level"
    STAGE = "stage"
    DUTY = "duty"
    APPROVAL = "approval"
    NOTICE = "notice"
    FACT = "fact"
    LINK = "link"
    DRAW = "draw"


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in the log: an event kind, `level.hot`, `level.raised`, `stage.x`, `duty.x.met|due|overdue|lapsed`,
    `approval.x.opened|granted|refused`, `notice.x.sent`, `fact.delivered_on`, `link.x.opened|closed|reopened`,
    `draw.x.made|done`.

    `subject` is the event kind, level, stage, duty, approval, notice, fact, linked case or sample; `became` what
    happened to it. Exactly as the compiler writes them (noun, subject, became): events ``(EVENT, "case.received",
    "")``; a level entered ``(LEVEL, "hot", "")``, any rise or fall ``(LEVEL, "", "raised" | "lowered")``; a stage
    entered ``(STAGE, "planning", "")`` or left ``(STAGE, "planning", "left")``; ``(DUTY, code, "met" | "due" |
    "overdue" | "lapsed")``; ``(APPROVAL, code, "opened" | "granted" | "refused")``; ``(NOTICE, code, "sent")``;
    ``(LINK, code, "opened" | "closed" | "reopened")``; ``(DRAW, code, "made" | "done")``; the date or time
    that a fact holds ``(FACT, code, "")``. `where` is read at that moment, the event's own facts included.
    """

    noun: MomentNoun
    subject: str
    became: str = ""
    where: Condition | None = None


@dataclass(frozen=True, slots=True)
class Happened:
    """True once at least `at_least` such moments lie in the log (since the last `since`, where given)."""

    moment: Moment
    at_least: int = 1
    since: Moment | None = None


@dataclass(frozen=True, slots=True)
class Elapsed:
    """How long ago the last `since` was. Time in which not every fact of `counts` has the given value is left out.

    With `at_least` this is an *age*: full at the same clock time; with `at_most` it is a *deadline*.
    """

    since: Moment
    at_least: Duration | None = None
    at_most: Duration | None = None
    counts: tuple[tuple[str, Value], ...] = ()


@dataclass(frozen=True, slots=True)
class StartIn:
    """Whether the moment in question (a duty's start, a step's own time) lies inside working time."""

    working_time: bool


@dataclass(frozen=True, slots=True)
class WhoTakes:
    """Whoever takes the step that a guard is asked about."""


@dataclass(frozen=True, slots=True)
class SamePerson:
    """Whether somebody stands on both sides: whoever did something last (an event), the members of a group or the
    person of a fact, whoever takes the step. Nobody is the same as somebody who is not known."""

    sides: tuple[Moment | FactRef | WhoTakes, Moment | FactRef | WhoTakes]

    @property
    def asks_who_takes(self) -> bool:
        return any(isinstance(side, WhoTakes) for side in self.sides)


@dataclass(frozen=True, slots=True)
class Always:
    holds: bool = True


@dataclass(frozen=True, slots=True)
class All:
    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: Condition


Condition = FactTest | LevelTest | StageTest | Happened | Elapsed | StartIn | SamePerson | Always | All | AnyOf | Not


@dataclass(frozen=True, slots=True)
class Row(Generic[T]):
    """One row of a table; `when` is `Always()` in the last one (`else`). `clauses`: those of this row alone."""

    when: Condition
    use: T
    clauses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table(Generic[T]):
    """First row whose condition holds. A plain value is a table of one row."""

    rows: tuple[Row[T], ...]

    @classmethod
    def of(cls, value: T) -> Table[T]:
        return cls((Row(Always(), value),))

    @property
    def only(self) -> T | None:
        """The value of a table that leaves nothing to choose."""
        if len(self.rows) != 1:
            return None
        first = self.rows[0]
        return first.use if type(first.when) is Always and first.when.holds else None

    def cited(self, use: object, clauses: tuple[str, ...]) -> tuple[str, ...]:
        """The clauses of a rule of which this row was taken (`use` is its very value): without those of other rows."""
        if len(self.rows) == 1 and not self.rows[0].clauses:  # as nearly every one
            return clauses
        if not any(row.clauses for row in self.rows):
            return clauses
        own = next((row.clauses for row in self.rows if row.use is use), ())
        others = {clause for row in self.rows for clause in row.clauses}
        return tuple(dict.fromkeys((*own, *(clause for clause in clauses if clause not in others))))


class Aggregate(StrEnum):
    COUNT = "count"
    DISTINCT = "distinct"
    SUM = "sum"
    LAST = "last"
    EACH = "each"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Window:
    """`{rolling: 30天}` (after t minus length, up to t) or `{calendar: 月}` (`month`, `week`, `year`)."""

    rolling: Duration | None = None
    calendar: Literal["week", "month", "year"] | None = None


@dataclass(frozen=True, slots=True)
class MatterCount:
    """How many different people stand behind the matter of a case, those of all its cases together; with a window,
    only those who complained in it. The program states the number whenever it crosses an edge that a rule asks for."""

    window: Window | None = None


@dataclass(frozen=True, slots=True)
class Derivation:
    """A fact computed from the log: an aggregate over the events of one kind (of those after the last `since`, where
    given), or a table of values or other facts."""

    aggregate: Aggregate
    fact: str | None = None
    of: tuple[Moment, ...] = ()
    window: Window | None = None
    table: Table[Operand | None] | None = None
    since: tuple[Moment, ...] = ()
