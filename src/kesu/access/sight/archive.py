"""What belongs into the file of a case, as the archivist goes through it: documents with their signatures, approvals,
files, and what still stands in the way of the steps that end the case."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kesu.access.sight.evidence import evidence_of
from kesu.access.sight.lines import ClauseLine, StepLine, clause_lines, step_line
from kesu.access.sight.paper import SignatureLine, document_lines, signature_line
from kesu.access.sight.reading import CaseRead, row_names
from kesu.access.sight.texts import read_texts
from kesu.policy.events import Event
from kesu.policy.language.paths import targets_of
from kesu.policy.model.printing import Layout
from kesu.policy.model.rules import NeedKind, Step
from kesu.policy.standing.conditions import is_true
from kesu.policy.standing.corrections import corrected, voided_seqs
from kesu.policy.standing.results import ApprovalState, ApprovalStatus


class PaperState(StrEnum):
    THERE = "there"
    LACKING = "lacking"  # a rule asks for it now
    UNUSED = "unused"  # the case took another way


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A document that the policy knows. `signers`: who is to sign it, of one that is there; `handed_at`: when the
    customer was given it, where a step recorded that. `demanded`: clauses of the rules that ask for it now."""

    code: str
    name: str
    clauses: tuple[ClauseLine, ...]
    state: PaperState
    filled_by: str
    filled_at: datetime | None
    signers: tuple[SignatureLine, ...]
    handed_at: datetime | None
    demanded: tuple[ClauseLine, ...]


@dataclass(frozen=True, slots=True)
class ApprovalLine:
    """`since`: when it was signed last; when it was opened, while nobody has."""

    name: str
    status: ApprovalStatus
    since: datetime
    clauses: tuple[ClauseLine, ...]


@dataclass(frozen=True, slots=True)
class FilesLine:
    """Files of one fact; `signed`: how many of them are signatures made on the screen."""

    name: str
    count: int
    signed: int


@dataclass(frozen=True, slots=True)
class Contents:
    """`hidden`: files that the reader may not see. `steps`: those that end the case and may come next."""

    papers: tuple[PaperLine, ...]
    approvals: tuple[ApprovalLine, ...]
    files: tuple[FilesLine, ...]
    hidden: int
    steps: tuple[StepLine, ...]


def contents_of(read: CaseRead) -> Contents:
    """A fixed number of queries."""
    lines, total = evidence_of(read, read_texts(read, row_names(read)))
    there = [line for line in lines if not line.is_void]
    counts, signed = Counter(one.fact for one in there), Counter(one.fact for one in there if one.signed)
    return Contents(
        papers=tuple(_papers(read)),
        approvals=tuple(
            ApprovalLine(one.name, one.status, _since(one), clause_lines(read.pack, one.clauses))
            for one in read.current.approvals
        ),
        files=tuple(FilesLine(name, count, signed[name]) for name, count in counts.items()),
        hidden=total - len(lines),
        steps=tuple(_ending(read)),
    )


def _since(approval: ApprovalState) -> datetime:
    signed = [one.at for link in approval.links for one in link.signatures if one.at is not None]
    return max(signed, default=approval.opened_at)


def _papers(read: CaseRead) -> Iterator[PaperLine]:
    log, demanded = corrected(read.log, voided_seqs(read.log)), _demanded(read)
    for line in document_lines(read):
        document = read.kind.documents[line.code]
        is_there, asked = line.filled_at is not None, demanded.get(line.code, ())
        handed_at = _handed_at(read, log, document.name)
        # What the customer is to be given may be written and still lie in a drawer.
        state = PaperState.LACKING if asked else PaperState.THERE if is_there else PaperState.UNUSED
        layout = document.layout or Layout(())
        signers = (signature_line(read, log, document, layout, slot) for slot in document.signatures if is_there)
        yield PaperLine(
            line.code,
            line.name,
            line.clauses,
            state,
            line.filled_by,
            line.filled_at,
            tuple(signers),
            handed_at,
            clause_lines(read.pack, dict.fromkeys(asked)),
        )


def _demanded(read: CaseRead) -> dict[str, tuple[str, ...]]:
    """By document, the clauses of the rules that ask for it now and have not got it."""
    found: dict[str, tuple[str, ...]] = {}
    walk, view = read.current.walk, read.current.view
    given = {step.hands_over for step in read.kind.steps.values() if step.hands_over}
    names = {event.facts.get(fact) for event in read.log for fact in given}
    for guard in read.kind.guards.values():
        if not is_true(guard.when, view):
            continue
        for need in guard.needs:
            for code in need.codes:
                lacks = need.kind is NeedKind.FORMS and code not in walk.ledger.documents
                lacks |= need.kind is NeedKind.HANDED_OVER and read.kind.documents[code].name not in names
                if lacks:
                    found[code] = (*found.get(code, ()), *guard.clauses)
    return found


def _handed_at(read: CaseRead, log: Sequence[Event], name: str) -> datetime | None:
    given = {step.event: step.hands_over for step in read.kind.steps.values() if step.hands_over}
    return next((one.at for one in reversed(log) if one.facts.get(given.get(one.kind) or "") == name), None)


def _ending(read: CaseRead) -> Iterator[StepLine]:
    for state in read.current.steps:
        if state.in_stage and _ends(read, read.kind.steps[state.code]):
            mine = read.may_take(state)
            yield step_line(read.pack, read.kind, state, read.takers(state), is_mine=mine)


def _ends(read: CaseRead, step: Step) -> bool:
    """Whether it leads to the end of the ordinary way, wherever it may lead."""
    stages = [read.kind.stages[code] for code in targets_of(step.to)]
    return bool(stages) and all(stage.final and not stage.aside for stage in stages)
