"""A compiled pack: one version of one company document, with one `Kind` per kind of case that it rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from kesu.policy.model.charter import Charter
from kesu.policy.model.facts import CaseKind, Fact, Value
from kesu.policy.model.ledgers import Ledger
from kesu.policy.model.measures import CaseMeasure
from kesu.policy.model.opens import LinkedCase
from kesu.policy.model.publications import Publication
from kesu.policy.model.rules import (
    COMPLAINANT,
    Approval,
    Document,
    Duty,
    Guard,
    Guidance,
    Levels,
    NeedKind,
    Notice,
    Promise,
    Role,
    Stage,
    Step,
    WorldEvent,
)
from kesu.policy.model.samples import Sample
from kesu.policy.model.schedule import Schedule
from kesu.policy.model.secrecy import Secrecy
from kesu.policy.model.separations import Separation
from kesu.policy.model.trees import nodes_of, told
from kesu.policy.model.wording import Wording


class Enforcement(StrEnum):
    """How a clause is to be honoured, as the catalogue of clauses asks."""

    AUTOMATIC = "automatic"
    GUARD = "guard"
    REMINDER = "reminder"
    RECORD = "record"
    MANUAL = "manual-norm"


@dataclass(frozen=True, slots=True)
class Clause:
    """One numbered sentence. `id` is the key of rules and scenarios, `printed` what screens show, `text` our own
    paraphrase (never the document's wording)."""

    id: str
    printed: str
    text: str
    enforce: Enforcement
    kind: str = ""
    modality: str = ""


TREE: Final = "tree"
"""The type of a parameter that holds values in levels."""


@dataclass(frozen=True, slots=True)
class Parameter:
    code: str
    name: str
    type: str
    value: Value | None  # None: "set by company" and not set. Lengths, windows and moments stand here as their text
    clauses: tuple[str, ...]
    sample: Value | None = None
    unclear: str | None = None
    at_least: Value | None = None  # bounds that a company's own value must keep; of a list: what must stand in it
    at_most: Value | None = None
    values: Mapping[str, str] = field(default_factory=dict)  # what can be chosen, with the words for it

    @property
    def held(self) -> tuple[str, ...]:
        """What stands in a list; of values in levels every node."""
        several = self.value if isinstance(self.value, tuple) else ()
        return nodes_of(several) if self.type == TREE else several

    @property
    def shown(self) -> Value | None:
        """The value as people read it: a choice by its words, values in levels as one line."""
        if self.type == TREE and isinstance(self.value, tuple):
            return told(self.value)
        return self.values.get(self.value, self.value) if isinstance(self.value, str) else self.value


@dataclass(frozen=True, slots=True)
class Numbering:
    """How the printed number of a case is made: prefix, two-digit year, running figure of `digits`; or a random code
    for kinds whose very count must stay hidden."""

    prefix: str
    digits: int = 4
    random: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """The rules of one kind of case. Mappings keep the order of the pack."""

    code: str  # complaint, whistle_report, suggestion…
    name: str
    numbering: Numbering
    holder: str  # the role slot that holds the case
    title_fact: str  # text fact whose first line names the case in lists
    place_fact: str | None
    list_facts: tuple[str, ...]  # facts shown as columns of the generic list
    start_stage: str
    stages: Mapping[str, Stage]
    facts: Mapping[str, Fact]
    roles: Mapping[str, Role]
    events: Mapping[str, WorldEvent]
    steps: Mapping[str, Step]
    guards: Mapping[str, Guard] = field(default_factory=dict)
    separations: Mapping[str, Separation] = field(default_factory=dict)
    wording: Mapping[str, Wording] = field(default_factory=dict)
    approvals: Mapping[str, Approval] = field(default_factory=dict)
    duties: Mapping[str, Duty] = field(default_factory=dict)
    notices: Mapping[str, Notice] = field(default_factory=dict)
    documents: Mapping[str, Document] = field(default_factory=dict)
    guidance: Mapping[str, Guidance] = field(default_factory=dict)
    promises: Mapping[str, Promise] = field(default_factory=dict)
    ledgers: Mapping[str, Ledger] = field(default_factory=dict)
    measures: Mapping[str, CaseMeasure] = field(default_factory=dict)
    samples: Mapping[str, Sample] = field(default_factory=dict)
    publishes: Mapping[str, Publication] = field(default_factory=dict)
    written_by: tuple[str, ...] = ()  # the ways to a customer that count as writing
    levels: Levels | None = None
    opens: Mapping[str, LinkedCase] = field(default_factory=dict)
    secrecy: Secrecy | None = None
    lies_in: tuple[str, ...] = ()  # kinds of units at which its cases lie (company, …); empty: at places as usual
    schedule: Schedule | None = None  # the program opens it by itself, once a period
    backdate_days: int = 3
    alike_days: int = 30  # so far apart two cases of one matter may have come in to be put forward as such
    unwritten: frozenset[str] = frozenset()  # addresses of rules by which a company fills what its document lacks
    portal: bool = False  # customers may submit this kind on the public page
    chat: bool = False  # and begin a conversation there, which is a case of it
    portal_facts: Mapping[str, str] = field(default_factory=dict)  # what the program states for them there

    @property
    def is_sealed(self) -> bool:
        return self.secrecy is not None and self.secrecy.sealed

    @property
    def has_complainant(self) -> bool:
        """Whether somebody outside stands behind its cases: he takes steps in them, or is told of them."""
        takes = (who.role for step in self.steps.values() for row in step.by.rows for who in row.use)
        return COMPLAINANT in takes or any(notice.may_reach(COMPLAINANT) for notice in self.notices.values())

    def cases_of(self, fact: Fact) -> tuple[CaseKind, ...]:
        """The kinds of which a fact of type `case` may name one."""
        return fact.kinds or (CaseKind(self.code, is_served=True, name=self.name),)

    @property
    def in_charge(self) -> str | None:
        """The group fact that names whoever holds a case, where the policy has one."""
        return next((code for code, fact in self.facts.items() if fact.in_charge), None)

    def is_apart(self, code: str) -> bool:
        """Whether what was said last of the fact may be about another department, or another of whatever it is kept
        apart by, than the one that is meant."""
        fact = self.facts.get(code)
        return fact is not None and (fact.per is not None or any(one.per == code for one in self.facts.values()))

    @property
    def opening(self) -> Step | None:
        """The step that opens a case: the first that can. None only in a policy that is not taken yet."""
        return next((step for step in self.steps.values() if step.starts_case), None)

    def asked(self, step: Step) -> tuple[str, ...]:
        """The facts that a step needs: what it asks, and the fields of its forms."""
        forms = (self.documents[form].fields for form in step.forms if form in self.documents)
        return tuple(dict.fromkeys((*step.asks, *(code for fields in forms for code in fields))))

    def is_outer(self, duty: str) -> bool:
        """Whether somebody outside sets the limit of the duty."""
        return duty in self.duties and self.duties[duty].outer

    @property
    def moves(self) -> bool:
        """Whether a step may move a case to another unit."""
        return any(step.moves_to is not None for step in self.steps.values())

    @property
    def merged_stages(self) -> frozenset[str]:
        """The stages of cases that were merged into another one."""
        steps = (step for step in self.steps.values() if step.merges is not None and step.to is not None)
        return frozenset(step.to.only for step in steps if step.to is not None and step.to.only is not None)

    @property
    def merging_facts(self) -> frozenset[str]:
        """The facts that name the case into which another one goes."""
        return frozenset(step.merges for step in self.steps.values() if step.merges is not None)

    @property
    def waits_for_named(self) -> frozenset[str]:
        """The facts of which a guard waits until the cases that are named in them have ended."""
        needs = (need for guard in self.guards.values() for need in guard.needs)
        return frozenset(code for need in needs if need.kind is NeedKind.NAMED_CLOSED for code in need.codes)

    @property
    def leaves_sight(self) -> bool:
        """Whether a step may take a case out of the sight of those who had it: confidential, or moved elsewhere."""
        return self.secrecy is not None or self.moves


def takes_cases(kind: Kind, fact: Fact, other: Kind, theirs: Fact, *, is_one_pack: bool) -> bool:
    """Whether every case that the one fact may name may stand in the other. `is_one_pack`: the two kinds are of one
    pack, so that a kind of that pack means the same to both."""
    taken = {(one.code, one.is_served) for one in other.cases_of(theirs)}
    return all(
        (one.code, True) in taken or (is_one_pack and (one.code, one.is_served) in taken) for one in kind.cases_of(fact)
    )


@dataclass(frozen=True, slots=True)
class Pack:
    code: str
    title: str
    version: str
    status: str  # draft | trial | effective | superseded
    document_number: str
    clauses: Mapping[str, Clause]
    kinds: Mapping[str, Kind]
    parameters: Mapping[str, Parameter]
    signatures: tuple[str, ...] = ()  # who must sign before it takes effect (compiled_by, reviewed_by, approved_by)
    provided: Mapping[str, str] = field(default_factory=dict)  # clause -> property of the program
    lost: Mapping[str, str] = field(default_factory=dict)  # clause -> what is missing in the document
    later: Mapping[str, str] = field(default_factory=dict)  # clause -> why no rule answers it yet
    scope_text: str = ""
    charter: Charter = field(default_factory=Charter)
    canonical: str = ""  # the resolved text that `hash` covers
    hash: str = ""  # sha256 of `canonical`, hex
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict, compare=False)
    """Language → Chinese word → its word there. No part of the policy: `canonical` does not hold it."""

    def clause(self, clause_id: str) -> Clause | None:
        return self.clauses.get(clause_id)

    @property
    def unset_parameters(self) -> tuple[str, ...]:
        """Codes of the figures that the company still has to fill in; until then the rules run with their samples."""
        return tuple(code for code, parameter in self.parameters.items() if parameter.value is None)

    @property
    def is_complete(self) -> bool:
        """Whether the pack may take effect as far as its figures go."""
        return not self.unset_parameters
