"""Facts: the typed values that rules may name.

A *rule fact* stands in the event log and is short and typed. Free text, names and files never stand there: the log
keeps a mark in their place (`STATED` for a text, an opaque token for a person, a count for files), so that a rule can
ask "was it filled in?" or "how many different people?" and nothing more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    # Only for the annotations: the two modules name each other.
    from kesu.policy.model.conditions import Condition, Derivation, MatterCount, Moment
    from kesu.policy.model.measures import Reckoning

Scalar = str | int | bool | Decimal | date | datetime
Value = Scalar | tuple[str, ...]
"""A value as the engine sees it. `choices`, `units` and `group` are tuples of text; a group member is
``role:person``."""

STATED: Final = "已填"
"""Mark that stands in the log for a text that was filled in; the text itself is in the event's body."""


class FactType(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    TIME = "time"
    CHOICE = "choice"
    CHOICES = "choices"
    FLAG = "flag"
    PERSON = "person"
    UNIT = "unit"
    UNITS = "units"
    GROUP = "group"
    FILE = "file"
    CASE = "case"

    @property
    def is_marked(self) -> bool:
        """Whether the value itself stays out of the log and only a mark or token stands there."""
        return self in {FactType.TEXT, FactType.PERSON, FactType.FILE}


class MailPart(StrEnum):
    """What a fact takes of a mail that is handed in as a file."""

    ORIGINAL = "original"
    ATTACHMENTS = "attachments"
    SENT_AT = "sent_at"


class Meaning(StrEnum):
    """What a fact means in the words that all policies share (`meanings.WORDS`)."""

    VERDICT = "verdict"
    RESPONSIBILITY = "responsibility"


class DataClass(StrEnum):
    """Who may see a value that lives in an event's body."""

    INTERNAL = "internal"
    PERSONAL = "personal"
    RESTRICTED = "restricted"
    RESERVED = "reserved"  # for the roles that the fact names (`seen_by`), and nobody else
    SEALED = "sealed"


GRADED: Final = (DataClass.INTERNAL, DataClass.PERSONAL, DataClass.RESTRICTED, DataClass.SEALED)
"""Each kept more closely than the one before. What is reserved to roles has no place among them."""


@dataclass(frozen=True, slots=True)
class GroupAddition:
    """A role slot that joins a group by itself while a condition holds (its clause says why)."""

    when: Condition
    role: str
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Among:
    """Only people of the units that the fact `of` names, in one of `roles` there; empty: in whatever slot."""

    of: str
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseKind:
    """A kind of which a fact of type `case` may name one: of the same policy, or (`is_served`) of whatever policy rules
    it in the same root. `name`: what people call it, as far as the pack knows."""

    code: str
    is_served: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    code: str
    name: str
    type: FactType
    clauses: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    value_clauses: Mapping[str, str] = field(default_factory=dict)
    by: tuple[str, ...] = ()
    default: Value | None = None
    reason_required: bool = False
    data: DataClass = DataClass.INTERNAL
    derive: Derivation | None = None
    measured: Reckoning | None = None
    counted: MatterCount | None = None
    adds: tuple[GroupAddition, ...] = ()
    unclear: str | None = None
    reading: str | None = None
    help: str | None = None
    multiline: bool = False
    seen_by: tuple[str, ...] = ()  # the roles that read it, of a reserved text
    drawn: int = 0  # of a text: so many signs that the program draws when a step asks for it; 0: somebody writes it
    by_hand: bool = False  # of a file: whoever states it signs on the screen, or types his name instead
    proposed: bool = (
        False  # of a choice: values of earlier cases in like words are put forward, never taken by themselves
    )
    is_tree: bool = False  # `values` are paths from the widest class to the finest: what may be chosen of them
    ordered: bool = False  # `values` stand from the lowest to the highest
    at_least: int = 0  # of a text: how many signs must stand in it, blanks not counted
    same_as: str | None = None  # of a person: corrects what is known of the person in that fact, and is nobody new
    is_counted: bool = True  # of a person: is one of those who complain, and not somebody beside them
    hears: bool = False  # of a person: has what the policy tells the complainant, behind a link of his own
    kinds: tuple[CaseKind, ...] = ()  # of a case: which may be named; empty: one of the same kind, whatever policy
    mail: MailPart | None = None
    among: Among | None = None  # of a group: whose people may be named
    most: int = 0  # of a group: how many; 0: however many
    in_charge: bool = False  # of a group: whoever is named holds the case from then on
    per: str | None = None  # the fact of which every value has a value of its own here: each department its handler
    meaning: Meaning | None = None
    means: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # shared word → the values that say it
    asked_when: Condition | None = None  # only then does a form ask for it; otherwise it is neither wanted nor taken
    lapses: tuple[Moment, ...] = ()  # events at which what was stated is no longer: it has its default, or is unstated

    @property
    def is_worked_out(self) -> bool:
        """Whether the program finds it by itself, and nobody states it."""
        return self.derive is not None or self.measured is not None or self.counted is not None

    def keeps(self, other: Fact) -> bool:
        """Whether it keeps a text of the other one at least as closely. What is reserved to roles is not comparable:
        others may be meant there."""
        if DataClass.RESERVED in {self.data, other.data}:
            return False
        return GRADED.index(self.data) >= GRADED.index(other.data)
