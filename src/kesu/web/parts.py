"""What the components print: one frozen dataclass per component, sentences already made.

A view fills them from a query's answer; a template only loops and prints. Queries never import this.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kesu.web.marks import ClauseRef, Clock

Refs = tuple[ClauseRef, ...]


@dataclass(frozen=True, slots=True)
class ReceiptLinePart:
    """One line. `code` picks the look: counted (figure in a dot), skipped, paused, due (sum), any other plain."""

    code: str
    when: str
    text: str
    count: str = ""
    clauses: Refs = ()


@dataclass(frozen=True, slots=True)
class ReceiptPart:
    """期限凭条. `source` names document, version and clause; `sentence` is the clause's own text."""

    source: str
    lines: tuple[ReceiptLinePart, ...]
    sentence: str = ""
    history: tuple[ReceiptLinePart, ...] = ()  # what held the clock up, and what was promised before
    told_next: tuple[tuple[str, str], ...] = ()  # when, and who is reminded or hears that it was not done
    is_provisional: bool = False
    foot: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ObligationPart:
    """One obligation, for a row of the workbench (case, action) and for the case page (owner, receipt)."""

    id: str
    name: str
    clock: Clock
    due_line: str
    clauses: Refs = ()
    owner: str = ""
    nobody: str = ""  # why nobody can sign it, and what to do
    tick: str = ""  # what a ticked box beside it sends; empty: it has none
    is_ticked: bool = False
    receipt: ReceiptPart | None = None
    level_name: str = ""
    level_index: int | None = None
    level_of: int = 4
    case_url: str = ""
    case_title: str = ""
    case_number: str = ""
    place: str = ""
    action_url: str = ""
    action_label: str = ""
    is_primary: bool = False
    promised_before: str = ""  # the due instant before the present one
    is_outer: bool = False  # somebody outside set the limit
    before: str = ""  # what has to be done first, with its clauses and its address
    before_clauses: Refs = ()
    before_url: str = ""
    kept: str = ""  # who is kept from it by the policy, why, and what to do, with its clauses
    kept_clauses: Refs = ()


@dataclass(frozen=True, slots=True)
class StagePart:
    """One stage of the bar; `state` is done, current or empty."""

    name: str
    state: str = ""


@dataclass(frozen=True, slots=True)
class FactRow:
    """One fact; an empty `text` prints 未填. `note` says who stated it and when."""

    label: str
    text: str
    note: str = ""
    clauses: Refs = ()


@dataclass(frozen=True, slots=True)
class FilePart:
    """One evidence file; `state` is empty, blocked (by the scan) or removed (under a clause). `void`: of a paper that
    was taken back or replaced, since when and by what."""

    url: str
    caption: str
    thumb_url: str = ""
    note: str = ""
    state: str = ""
    void: str = ""


@dataclass(frozen=True, slots=True)
class EventPart:
    """One item of the timeline; `kind` is event, internal, customer, sent, level or late."""

    kind: str
    text: str
    at: datetime
    who: str = ""
    role: str = ""
    channel: str = ""
    clauses: Refs = ()


@dataclass(frozen=True, slots=True)
class MissingLine:
    """One thing that stands in the way, linking to where it is supplied."""

    text: str
    url: str = ""
    clauses: Refs = ()


@dataclass(frozen=True, slots=True)
class RefusedStep:
    """A step that cannot be taken now, and why."""

    name: str
    clauses: Refs = ()
    says: str = ""
    missing: tuple[MissingLine, ...] = ()


@dataclass(frozen=True, slots=True)
class LevelReason:
    """Why the level is what it is; `sentence` is the clause's own text."""

    text: str
    clauses: Refs = ()
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class NextLevel:
    """A rule on its way; `percent` 0 to 100 is the length of its bar, `progress` prints 4 / 10."""

    text: str
    percent: int
    progress: str
    clauses: Refs = ()


@dataclass(frozen=True, slots=True)
class LevelPart:
    """The level card; `index` counts from 1 (lowest), None prints 未定级."""

    title: str
    name: str
    index: int | None
    of: int
    note: str = ""
    reasons: tuple[LevelReason, ...] = ()
    next: tuple[NextLevel, ...] = ()


@dataclass(frozen=True, slots=True)
class PagerPart:
    """Pages of a list; a 0 in `numbers` prints an ellipsis. `total_text` is 共 42 件 or 超过 10,000 件."""

    total_text: str
    number: int
    numbers: tuple[int, ...]
    previous: int | None = None
    next: int | None = None


@dataclass(frozen=True, slots=True)
class PhoneStep:
    """One step of a public page; `says` is what was told to the customer."""

    title: str
    state: str = ""
    when: str = ""
    says: str = ""
