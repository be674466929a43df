"""What a policy says of itself as a document: what it lies over, who stands above it, since when, and how it was
revised."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from kesu.policy.calendar import Duration


@dataclass(frozen=True, slots=True)
class Change:
    """What an overlay changes of how cases run, in words, and the clause that lets it. `address`: kind, section and
    code (``complaint.duties.reply``)."""

    address: str
    says: str
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LaidOver:
    """An overlay in a composed policy. `left_out`: addresses of its rules that found nothing to lie on, or that gave
    way to another document."""

    code: str
    title: str
    version: str
    document_number: str
    changes: tuple[Change, ...] = ()
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Precedence:
    """`packs`: codes of other policies; empty: all others."""

    packs: tuple[str, ...]
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """In force for a try: so long after it began, the company looks at it again."""

    review_after: Duration
    clauses: tuple[str, ...]
    unclear: str | None = None


@dataclass(frozen=True, slots=True)
class Effective:
    """The days (local, both included) between which the document may be in force."""

    since: date | None = None
    until: date | None = None
    clauses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Revision:
    """One version of the document. Who modified, reviewed and approved it are posts, not persons."""

    version: str
    on: date
    change: str
    modified_by: str
    reviewed_by: str
    approved_by: str


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way in which a policy may define something: it has a rule of the `section` under a clause of its own, with
    one of the `codes`, or under a clause of one of the kinds, or about a step that opens a case."""

    section: str
    codes: tuple[str, ...] = ()
    clause_kinds: tuple[str, ...] = ()
    opening: bool = False


@dataclass(frozen=True, slots=True)
class Requirement:
    """What a policy demands that every complaint policy of the company define. Any of `met_by` will do."""

    code: str
    name: str
    clauses: tuple[str, ...]
    met_by: tuple[Alternative, ...]


@dataclass(frozen=True, slots=True)
class Charter:
    """`over`: the pack over which an overlay was written; None: it rules cases itself. `requires_of`: of policies that
    rule one of these kinds of case it makes its demands. `silent`: what another policy demands
    (``<pack>.<requirement>``) and this document does not say, with the reason."""

    over: str | None = None
    changes: tuple[Change, ...] = ()
    overlays: tuple[LaidOver, ...] = ()
    yields_to: Precedence | None = None
    prevails_over: Precedence | None = None
    trial: Trial | None = None
    effective: Effective = field(default_factory=Effective)
    revisions: tuple[Revision, ...] = ()
    requires: Mapping[str, Requirement] = field(default_factory=dict)
    requires_of: tuple[str, ...] = ()
    silent: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_overlay(self) -> bool:
        return self.over is not None

    def laid_by(self, clauses: Sequence[str]) -> LaidOver | None:
        """The overlay whose rule it is that cites `clauses`, by the first of them; None: the policy's own."""
        return next((one for one in self.overlays if clauses and clauses[0].startswith(f"{one.code}-")), None)
