"""What the engine says of a case at one moment. Codes and typed values only: sentences are made by the edges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, fields
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Final, Protocol

from kesu.policy.calendar import Duration, Receipt
from kesu.policy.lasting import lasting
from kesu.policy.model.approving import Staffing
from kesu.policy.model.facts import Value
from kesu.policy.model.rules import GuardMode, Severity, Who
from kesu.policy.standing.grounds import Grounds, History

if TYPE_CHECKING:
    from kesu.policy.standing.conditions import View
    from kesu.policy.standing.walk import Walk


class ObligationState(StrEnum):
    OPEN = "open"
    PAUSED = "paused"
    MET = "met"
    LAPSED = "lapsed"
    RENEWED = "renewed"  # its start came again, and another one took its place
    WITHDRAWN = "withdrawn"


@lasting
class Obligation:
    """One duty of one case. "Overdue" is never stored: it is `now > due_at and state is open`.

    `key` is stable over recomputation: ``duty@start-seq`` (``duty@start-seq#value`` with `per`,
    ``approval/link@start-seq`` for a signature that is due). `ended_at`: when it was met, or no longer applied."""

    key: str
    duty: str
    name: str
    owner: Who
    starts_at: datetime
    started_seq: int
    due_at: datetime | None
    state: ObligationState
    clauses: tuple[str, ...]
    severity: Severity
    receipt: Receipt | None
    met_at: datetime | None = None
    ended_at: datetime | None = None
    paused_since: datetime | None = None
    step: str | None = None
    approval: str | None = None
    staffing: Staffing = Staffing.SOMEBODY  # of a signature that nobody can give: why
    outer: bool = False  # somebody outside set the limit
    grounds: Grounds | None = None  # what the receipt rests on
    history: History | None = None  # how its clock was held up and moved; None: it simply ran

    @property
    def is_open(self) -> bool:
        return self.state in {ObligationState.OPEN, ObligationState.PAUSED}

    @property
    def is_provisional(self) -> bool:
        """Whether it was counted with a year that is not officially known yet."""
        return self.receipt is not None and self.receipt.provisional


@lasting
class LevelChange:
    """`rule` is the index of the rule in the pack, None where it stands by hand; then `seq` is the event by which
    somebody moved it."""

    at: datetime
    before: str | None
    after: str
    rule: int | None
    clauses: tuple[str, ...]
    values: Mapping[str, Value]  # the facts that made the rule true, for the sentence
    seq: int | None = None


@lasting
class StageChange:
    at: datetime
    seq: int
    before: str
    after: str


@lasting
class NextRaise:
    """A rule above the present level that is on its way: `have` of `want`, or true by itself at `at`."""

    level: str
    clauses: tuple[str, ...]
    fact: str | None = None
    have: Value | None = None
    want: Value | None = None
    at: datetime | None = None


class MissingKind(StrEnum):
    FACT = "fact"
    FORM = "form"
    EVIDENCE = "evidence"
    PERSON = "person"  # a role slot missing in a group
    APPROVAL = "approval"
    EVENT = "event"
    DUTY = "duty"
    NOTICE = "notice"
    HANDING_OVER = "handing_over"  # a document that the customer was not given yet, as far as anybody recorded
    LINK = "link"  # a linked case that has not ended
    NAMED = "named"  # a case that was named and has not ended; `code` is its identifier
    RESTS = "rests"  # a step that was taken since, and could not have been without the one that is to be taken back
    SAMPLE = "sample"  # a sample that has not been drawn, or of which some are left
    DRAWN = "drawn"  # what is named is not one of the drawn, or is done with
    APART = "apart"
    CREDENTIAL = "credential"  # a person who has no good credential; named by person and credential
    CONDITION = "condition"
    STAGE = "stage"
    ROLE = "role"
    WINDOW = "window"
    OPENS = "opens"  # named by the local date and time from which on it may be done
    LEVEL = "level"
    VALUE = "value"
    CONFLICT = "conflict"
    TIME = "time"
    BALANCE = "balance"  # a ledger that does not hold as much
    LIMIT = "limit"  # a ledger that may not hold as much


@lasting
class Missing:
    """One thing that stands in the way. `code` is the fact, document, role, approval, event, duty, notice, ledger or
    sample; `name` its Chinese name in the pack. Of a ledger, in yuan: `have` what the account holds, `short` by how
    much that is too little, or would be too much."""

    kind: MissingKind
    code: str
    name: str
    have: Decimal | None = None
    short: Decimal | None = None


@lasting
class Refusal:
    """Why a step may not be taken, with the clauses that say so. `says` is the guard's sentence from the pack
    (empty for refusals of the engine itself: wrong stage, wrong role, missing value)."""

    code: str  # guard code, or stage | role | window | value | conflict | time | ledger | sample
    says: str
    clauses: tuple[str, ...]
    missing: tuple[Missing, ...] = ()
    mode: GuardMode = GuardMode.BLOCK


@lasting
class ApartState:
    """How a step that is about one value of a fact stands for this one, and who may take it for it; None: for one of
    which nothing was said yet."""

    value: Value | None
    by: tuple[Who, ...]
    refusals: tuple[Refusal, ...]

    @property
    def is_open(self) -> bool:
        return not any(refusal.mode is GuardMode.BLOCK for refusal in self.refusals)


@lasting
class StepState:
    """A step at this moment, for no particular person: `by` says who may take it. Refusals that only concern values
    asked by the step itself are left out here (they come when it is taken)."""

    code: str
    name: str
    clauses: tuple[str, ...]
    by: tuple[Who, ...]
    in_stage: bool
    refusals: tuple[Refusal, ...]
    primary: bool = False
    asks: tuple[str, ...] = ()
    may_state: tuple[str, ...] = ()
    apart: tuple[ApartState, ...] = ()  # of a step about one of several values: those for which it may be taken

    @property
    def is_allowed(self) -> bool:
        return self.in_stage and not any(r.mode is GuardMode.BLOCK for r in self.refusals)


class ApprovalStatus(StrEnum):
    OPEN = "open"
    GRANTED = "granted"
    REFUSED = "refused"
    VOID = "void"


@lasting
class Signature:
    """One place of a link. `staffing`: whom the program found for it; `is_left_out`: nobody needs to sign there;
    `passed_by`: those who passed it on; `asked`: whose opinion is still asked for."""

    who: Who
    verdict: str | None  # granted | refused | None (waiting)
    by: str | None
    at: datetime | None
    seq: int | None
    place: str = ""
    staffing: Staffing = Staffing.SOMEBODY
    is_left_out: bool = False
    passed_by: tuple[str, ...] = ()
    asked: tuple[Who, ...] = ()


@lasting
class LinkState:
    """`stuck`: the places at which it cannot go on, because nobody can sign there."""

    mode: str
    signatures: tuple[Signature, ...]
    is_current: bool
    is_done: bool
    stuck: tuple[str, ...] = ()
    index: int = 0  # of the link in the chain; somebody who was added stands at that of whoever added him


@lasting
class ApprovalState:
    code: str
    name: str
    clauses: tuple[str, ...]
    status: ApprovalStatus
    opened_at: datetime
    opened_seq: int
    links: tuple[LinkState, ...]
    waiting_for: tuple[Who, ...] = ()
    authors: frozenset[str] = frozenset()  # who wrote what is signed
    again_seq: int = 0  # of the last event that sent it back to an earlier link
    submitted_by: str | None = None  # who laid it before the signers
    closed_at: datetime | None = None

    @property
    def current(self) -> LinkState | None:
        """The link whose turn it is."""
        return next((link for link in self.links if link.is_current), None)


class EffectKind(StrEnum):
    NOTICE = "notice"
    REMINDER = "reminder"
    ESCALATION = "escalation"
    STEP = "step"  # the system takes a step
    LINK = "link"  # a case of another kind is opened
    DRAW = "draw"  # cases are drawn by lot
    MEASURE = "measure"  # a figure is worked out over other cases


@lasting
class Effect:
    """Something owed to the world now and not yet in the log. `key` is stable: doing it twice is impossible."""

    key: str
    kind: EffectKind
    code: str  # of the notice, duty, step, linked case, sample or fact
    at: datetime
    to: tuple[Who, ...]
    clauses: tuple[str, ...]
    urgent: bool = False
    obligation: str | None = None
    after: Duration | None = None
    otherwise: tuple[Who, ...] = ()  # in turn, when nobody holds any slot of `to`: who is told of it later anyway


class ReadTooLate(RuntimeError):
    """A standing was asked for a part of itself after its walk had gone on to a later instant."""


class Unread(Protocol):
    """The parts of a standing that few readers ask for. Each raises ReadTooLate when the walk has gone on."""

    def steps(self) -> tuple[StepState, ...]: ...

    def effects(self) -> tuple[Effect, ...]: ...

    def next_raises(self) -> tuple[NextRaise, ...]: ...

    def wake_at(self) -> datetime | None: ...

    def seen(self) -> View: ...

    def walked(self) -> Walk: ...


@lasting
class Standing:
    """f(pack version, calendar version, log, now). `wake_at`: the next instant at which time alone changes any part;
    the standing is constant on ``[now, wake_at)``.

    Steps, effects, raises on their way and the next waking are worked out when they are first asked for."""

    now: datetime
    stage: str
    is_final: bool
    level: str | None
    level_clauses: tuple[str, ...]
    level_changes: tuple[LevelChange, ...]
    stage_changes: tuple[StageChange, ...]
    facts: Mapping[str, Value]
    fact_seqs: Mapping[str, int]  # event that stated the present value
    obligations: tuple[Obligation, ...]
    approvals: tuple[ApprovalState, ...]
    documents: tuple[str, ...]  # filled
    moved_to: str | None  # the unit to which a step moved it last; None: it lies where it was opened
    merged_into: str | None  # the case in which this one goes on; None: it goes on by itself, or is over
    only_for: tuple[Who, ...] | None  # to whom alone it is open: sealed, or confidential (then to its holder too)
    unread: Unread = field(repr=False, compare=False)

    @property
    def open_obligations(self) -> tuple[Obligation, ...]:
        return tuple(o for o in self.obligations if o.is_open)

    @cached_property
    def steps(self) -> tuple[StepState, ...]:
        """All steps of the kind, in the order of the pack."""
        return self.unread.steps()

    @cached_property
    def effects(self) -> tuple[Effect, ...]:
        """What is owed now, oldest first."""
        return self.unread.effects()

    @cached_property
    def next_raises(self) -> tuple[NextRaise, ...]:
        """The levels that are on their way."""
        return self.unread.next_raises()

    @cached_property
    def wake_at(self) -> datetime | None:
        """The next instant at which time alone changes any part, or at which an event lies ahead."""
        return self.unread.wake_at()

    @property
    def view(self) -> View:
        """The case at this moment, for conditions that are asked besides."""
        return self.unread.seen()

    @property
    def walk(self) -> Walk:
        """How it was found, for what else is asked of this moment."""
        return self.unread.walked()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Standing) and all(getattr(self, one) == getattr(other, one) for one in PARTS)

    __hash__ = None  # type: ignore[assignment]  # its facts can be looked up, not hashed


PARTS: Final = (
    *(one.name for one in fields(Standing) if one.compare),
    "steps",
    "effects",
    "next_raises",
    "wake_at",
)
"""What two standings are compared by."""
