"""A compiled pack: one version of one company document, with one `Kind` per kind of case that it rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from kesu.policy.model.charter import Charter
from kesu.policy.model.facts import Fact, Value
from kesu.policy.model.ledgers import Ledger
from kesu.policy.model.opens import LinkedCase
from kesu.policy.model.publications import Publication
from kesu.policy.model.rules import (
    Approval,
    Document,
    Duty,
    Guard,
    Guidance,
    Levels,
    Notice,
    Promise,
    Role,
    Stage,
    Step,
    Wording,
    WorldEvent,
)
from kesu.policy.model.schedule import Schedule
from kesu.policy.model.secrecy import Secrecy
from kesu.policy.model.separations import Separation


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
    def shown(self) -> Value | None:
        """The value as people read it: a choice by its words."""
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
    publishes: Mapping[str, Publication] = field(default_factory=dict)
    levels: Levels | None = None
    opens: Mapping[str, LinkedCase] = field(default_factory=dict)
    secrecy: Secrecy | None = None
    schedule: Schedule | None = None  # the program opens it by itself, once a period
    backdate_days: int = 3
    portal: bool = False  # customers may submit this kind on the public page
    portal_facts: Mapping[str, str] = field(default_factory=dict)  # what the program states for them there

    @property
    def is_sealed(self) -> bool:
        return self.secrecy is not None and self.secrecy.sealed

    @property
    def moves(self) -> bool:
        """Whether a step may move a case to another unit."""
        return any(step.moves_to is not None for step in self.steps.values())

    @property
    def leaves_sight(self) -> bool:
        """Whether a step may take a case out of the sight of those who had it: confidential, or moved elsewhere."""
        return self.secrecy is not None or self.moves


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
