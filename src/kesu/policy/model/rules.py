"""The rules of a pack. Every rule carries the clauses it comes from; `GENERIC` marks what no clause asks for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from kesu.policy.calendar import Duration
from kesu.policy.model.approving import WAITS, ActsOn, Allowed, ApprovalConflict, LinkMode, SamePersonTwice, Vacancy
from kesu.policy.model.conditions import Condition, Moment, Table
from kesu.policy.model.limits import Limit, Reminder
from kesu.policy.model.printing import Layout, Letter
from kesu.policy.model.stepping import Credential, Handover, Issue, Opening
from kesu.policy.model.stretching import Extension, Pause
from kesu.policy.model.writing import Writing

GENERIC: Final = "generic"
"""Stands in `clauses` for a rule that the base pack brings because the document breaks off or is silent."""

# What a signer answers (values of the generated fact `verdict`); the log says granted or refused.
VERDICT_GRANTED: Final = "同意"
VERDICT_REFUSED: Final = "退回"

# Owners and takers that are not role slots of the pack.
HOLDER: Final = "holder"
FIRST_CONTACT: Final = "first_contact"
STARTER: Final = "starter"
COMPLAINANT: Final = "complainant"
EVERYONE: Final = "everyone"
AUTHOR: Final = "author"
SYSTEM: Final = "system"
WORLD: Final = "world"


@dataclass(frozen=True, slots=True)
class Who:
    """A role slot (or one of the names above). `of` names a unit fact: the slot in that unit, or, where it holds
    several, in any of them; `unit`: in this one of them, where an obligation is about one. `group` names a group fact
    instead of a role: its members, or (`members`) those of them who are meant. `person`: this one alone, whatever else
    he holds; `role` is then what he is there as. `unit`, `members` and `person` stand in no pack: the engine puts them
    in."""

    role: str
    of: str | None = None
    group: str | None = None
    unit: str | None = None
    person: str | None = None
    members: tuple[str, ...] | None = None


ROLE_ACTS: Final = ("register", "note", "reply", "join")
"""Take a case down, write an internal note, write to the customer, join cases to one matter."""


@dataclass(frozen=True, slots=True)
class Role:
    code: str
    name: str
    clauses: tuple[str, ...]
    scope: str = "project"  # project | company | region | group: where the post is looked for
    duty: str | None = None
    sees: str = "case"  # case | masked (names and phones hidden) | coded | none: over the reach of its posts
    shows: tuple[str, ...] = ()  # beside the code of a sample; of somebody outside, instead of title and stage
    acts: tuple[str, ...] = ROLE_ACTS  # what it may do there besides the steps that name it
    outside: bool = False  # somebody who is no one of the house may act in it, on one case and through a link
    limited: bool = False  # outside: of the case he sees its number, its place and what `shows` says, and no more


@dataclass(frozen=True, slots=True)
class Stage:
    code: str
    name: str
    clauses: tuple[str, ...] = ()
    final: bool = False
    public: str | None = None  # the plain word that the customer reads; None: the name of the stage before it
    aside: bool = False  # beside the ordinary way: on the line of stages only where a case came to it


@dataclass(frozen=True, slots=True)
class WorldEvent:
    """An event that no step yields: the program states it (`by: world`)."""

    kind: str
    name: str
    facts: tuple[str, ...] = ()
    clauses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Level:
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class LevelRule:
    level: str
    when: Condition
    clauses: tuple[str, ...]
    name: str | None = None
    survives: bool = False  # its ages go on when the case is over
    unclear: str | None = None
    reading: str | None = None


@dataclass(frozen=True, slots=True)
class Levels:
    """`order` from lowest to highest. `rules` in order, first match wins. `falls_by_itself` False: the higher of old
    and new is kept; a lowering by hand (`lowered_by`) holds until a rule becomes true *afterwards*, a raising by hand
    (`raised_by`) until it is lowered by hand: no rule lets the level fall below it."""

    order: tuple[Level, ...]
    rules: tuple[LevelRule, ...]
    falls_by_itself: bool = False
    lowered_by: str | None = None
    raised_by: tuple[Who, ...] = ()

    def rank(self, code: str) -> int:
        return next(i for i, level in enumerate(self.order) if level.code == code)


@dataclass(frozen=True, slots=True)
class Undo:
    """Who may take the step back, and how long after it was recorded; `within` None: as long as nothing rests on it.
    `AUTHOR` among them: whoever took it."""

    by: tuple[Who, ...]
    within: Duration | None = None
    clauses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """What a person may do. `to` None: the stage stays. `starts_case` marks the step that opens the log.

    `signs` names the approval of which this step is the signature (generated): it yields ``approval.signed`` and asks
    the choice `verdict` and the text `opinion`. `lower_level`, generated too, yields ``level.lowered`` and asks
    `to_level` and `lowering_reason`; `raise_level` likewise (`raised_to`, `raising_reason`). A step that starts a case
    has no `from_stages`: it is taken on an empty log."""

    code: str
    name: str
    by: Table[tuple[Who, ...]]
    event: str
    clauses: tuple[str, ...]
    from_stages: tuple[str, ...] = ()  # empty: from any stage that is not final
    to: Table[str | None] | None = None
    asks: tuple[str, ...] = ()  # facts that must be stated
    may_state: tuple[str, ...] = ()  # facts that may be stated
    forms: tuple[str, ...] = ()  # documents that are filled by taking it (their fields are asked too)
    opening: Opening | None = None
    starts_case: bool = False
    signs: str | None = None
    acts_on: ActsOn | None = None  # generated too: what may be done to an approval beside signing it
    primary: bool = False
    help: str | None = None
    moves_to: Handover | None = None
    commutes: bool = False  # may be taken though the case has moved since it was looked at
    hands_over: str | None = None  # the choice fact that names which document the customer was given
    merges: str | None = None  # the case fact that names the one into which this one goes, and in which it goes on
    undo: tuple[Undo, ...] = ()  # who may take it back; nobody where it is empty
    credential: Credential | None = None  # what it states of its taker, and the records of the house know
    issues: Issue | None = None  # the paper that leaves the house by it, and its register
    answers: str | None = None  # the event of the world on which the program takes it, where nothing is in the way

    @property
    def approval(self) -> str | None:
        """The approval that the step signs, or does something else to."""
        return self.signs if self.acts_on is None else self.acts_on.approval


class GuardMode(StrEnum):
    BLOCK = "block"
    REASON = "reason"
    WARN = "warn"


class NeedKind(StrEnum):
    FACTS = "facts"  # stated now or earlier
    FORMS = "forms"  # documents filled
    EVIDENCE = "evidence"  # at least n evidence files: of the facts named, or of any
    PEOPLE = "people"  # roles that must be members of a group fact
    APPROVED = "approved"  # approvals granted for the present version
    HAPPENED = "happened"  # moments
    MET = "met"  # duties met
    SENT = "sent"  # notices sent
    HANDED_OVER = "handed_over"  # documents that the customer was given, as a step recorded
    APART = "apart"  # two group/person facts without a common member
    LINKS_CLOSED = "links_closed"  # every linked case that was owed is opened and has ended
    NAMED_CLOSED = "named_closed"  # every case that was named in one of these facts has ended
    SAMPLED = "sampled"  # the draw has been made, and everything drawn has been looked at
    EACH = "each"  # every member of a group has done it himself, and what he stated holds


@dataclass(frozen=True, slots=True)
class Need:
    kind: NeedKind
    codes: tuple[str, ...] = ()
    group: str | None = None  # for PEOPLE: the group fact; `codes` are the role slots
    count: int = 1
    moments: tuple[Moment, ...] = ()
    holds: Condition | None = None  # for EACH: read now, with what the member himself stated last
    since: Moment | None = None  # for EACH: what he did before the last of these does not count


@dataclass(frozen=True, slots=True)
class Guard:
    """Why a step (or a notice, or writing) may be refused: while `when` holds, until needs are met and `unless` is."""

    code: str
    says: str
    clauses: tuple[str, ...]
    steps: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    writes: tuple[Writing, ...] = ()
    when: Condition | None = None
    needs: tuple[Need, ...] = ()
    unless: Condition | None = None
    mode: GuardMode = GuardMode.BLOCK


class Severity(StrEnum):
    HARD = "hard"
    SOFT = "soft"
    PROMPT = "prompt"


@dataclass(frozen=True, slots=True)
class Escalation:
    """`after` the due instant: tell somebody, hand the duty over, or let the system take a step."""

    after: Duration
    tell: tuple[Who, ...] = ()
    hand_over: bool = False
    step: str | None = None


@dataclass(frozen=True, slots=True)
class Duty:
    """When a start moment occurs and `when` holds, `owner` must do it `within` the earliest of the limits; `met_by`
    any of the moments. `whilst` ends: it lapses. `per` opens one obligation per value of that fact; what meets it says
    of which by the same fact, or by `per_met`. A start while one is open changes nothing; with `restarts` it begins."""

    code: str
    name: str
    clauses: tuple[str, ...]
    starts: tuple[Moment, ...]
    owner: Table[Who]
    within: Table[tuple[Limit, ...]]
    met_by: tuple[Moment, ...]
    when: Condition | None = None
    whilst: Condition | None = None
    severity: Severity = Severity.HARD
    remind: tuple[Reminder, ...] = ()
    overdue: tuple[Escalation, ...] = ()
    pauses: tuple[Pause, ...] = ()
    extension: Extension | None = None
    cap: Duration | None = None
    per: str | None = None
    per_met: str | None = None
    restarts: bool = False
    urgent: bool = False  # a case that owes it comes before others wherever the program has a choice
    survives: bool = False
    outer: bool = False  # somebody outside set the limit: shown beside those of the house
    step: str | None = None  # the step that meets it (found by the compiler from `met_by`)
    unclear: str | None = None
    reading: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """One link of an approval chain; `SKIP` rows of a table are left out. `each` has one `who`, a role of the units of
    a fact: one of every unit signs, and nobody has until it is known which units these are. `share` (of 100) is enough
    where the mode is `share`; it and `all` ask every member of a group."""

    mode: LinkMode
    who: tuple[Who, ...]
    share: int = 100


@dataclass(frozen=True, slots=True)
class Approval:
    """Opened by a moment `of` while `when` holds (also when `when` becomes true later, until `until` occurs); a new
    moment `of` voids earlier signatures. Links sign in turn; a refusal ends it with `refused_to`. Whoever brought the
    moment about wrote what is signed, and with him the members of the groups `authors`."""

    code: str
    name: str
    clauses: tuple[str, ...]
    of: tuple[Moment, ...]
    chain: tuple[Table[Link | None], ...]
    when: Condition | None = None
    until: tuple[Moment, ...] = ()
    each_within: Duration | None = None
    opened_to: str | None = None
    granted_to: str | None = None
    refused_to: str | None = None
    conflict: ApprovalConflict = ApprovalConflict.BLOCK
    authors: tuple[str, ...] = ()
    nobody: Vacancy = WAITS
    same_person: SamePersonTwice = SamePersonTwice.AGAIN
    allows: tuple[Allowed, ...] = ()
    alone: bool = False  # each is signed by itself, never several at once
    copying: bool = False  # whoever signs may name others who are told how it ended
    remind: tuple[Reminder, ...] = ()  # before and after a signer's `each_within`, as with a duty
    overdue: tuple[Escalation, ...] = ()
    unclear: str | None = None
    reading: str | None = None


_DUE: Final = re.compile(r"\{due:([a-z0-9_]+)\}")


@dataclass(frozen=True, slots=True)
class Notice:
    """A message owed to somebody when a moment occurs. `by_system`: the outbox sends it at once.
    `says` are facts whose texts the template may use; `template` names a text of the pack. `copies`: whoever is told
    sees the case from then on. `ways`: by which it also goes to the customer, the first that reaches him before all;
    always he finds it on his case. `written`: these are only ways that count as writing."""

    code: str
    name: str
    clauses: tuple[str, ...]
    starts: tuple[Moment, ...]
    to: Table[tuple[Who, ...]]
    when: Condition | None = None
    by_system: bool = True
    urgent: bool = False
    says: tuple[str, ...] = ()
    text: str = ""
    copies: bool = False
    ways: tuple[str, ...] = ()
    written: bool = False

    def may_reach(self, role: str) -> bool:
        """Whether one of those whom it may be for is `role`."""
        return any(who.role == role for row in self.to.rows for who in row.use)

    @property
    def dues(self) -> tuple[str, ...]:
        """The duties whose due instants the text names: ``{due:reply}``."""
        return tuple(dict.fromkeys(_DUE.findall(self.text)))


@dataclass(frozen=True, slots=True)
class Document:
    """A named form: fields (facts), who signs it, and how it is printed: as a form (`layout` None: its fields one below
    the other), or as a letter."""

    code: str
    name: str
    fields: tuple[str, ...]
    clauses: tuple[str, ...]
    signatures: tuple[str, ...] = ()
    layout: Layout | None = None
    letter: Letter | None = None


@dataclass(frozen=True, slots=True)
class Guidance:
    code: str
    at: tuple[str, ...]
    text: str
    clauses: tuple[str, ...]
    when: Condition | None = None


@dataclass(frozen=True, slots=True)
class Promise:
    """What the person who reports is told at once: a text of the pack with the due instant of a duty."""

    code: str
    text: str
    duty: str | None
    clauses: tuple[str, ...]
    when: Condition | None = None
