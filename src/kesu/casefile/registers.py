"""Which papers a case has issued, recalled and replaced, as its log says: the rows that registers list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from kesu.policy.events import Event
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import Step
from kesu.policy.model.stepping import Issue
from kesu.policy.standing.corrections import standing_events
from kesu.store.models import Case, RegisterEntry

FIELDS: Final = ("number", "mark", "known_at", "issued_at", "void_at", "replaced_by")
_LONGEST: Final = 80
Bodies = Mapping[int, Mapping[str, Any]]


def issuing(kind: Kind) -> tuple[tuple[Step, Issue], ...]:
    return tuple((step, step.issues) for step in kind.steps.values() if step.issues is not None)


@dataclass(slots=True)
class Paper:
    """`seq`: the event that issued it, or told of it first. `issued_at` None: it came in with the case."""

    seq: int
    number: str
    mark: str
    known_at: datetime
    issued_at: datetime | None
    void_at: datetime | None = None
    replaced_by: str = ""


def rows_of(head: Case, kind: Kind, log: Sequence[Event], bodies: Bodies) -> tuple[RegisterEntry, ...]:
    """`bodies`: the open texts by sequence. What was taken back was never issued."""
    found: list[RegisterEntry] = []
    for step, issue in issuing(kind):
        for place, paper in enumerate(papers(step, issue, log, bodies), start=1):
            said = {field: getattr(paper, field) for field in FIELDS}
            found.append(RegisterEntry(case=head, register=issue.name, place=place, **said))
    return tuple(found)


def papers(step: Step, issue: Issue, log: Sequence[Event], bodies: Bodies) -> list[Paper]:
    """Each with what became of it, the first one first."""
    chain: list[Paper] = []
    for event in standing_events(log):
        texts = bodies.get(event.seq, {})
        number = _number(texts, issue.number) if event.step == step.code else ""
        if number:
            if chain and not issue.stands:
                chain[-1].replaced_by = number
                chain[-1].void_at = chain[-1].void_at or event.at
            mark = str(event.facts.get(issue.mark, "")) if issue.mark else ""
            chain.append(Paper(event.seq, number, mark, event.at, event.at))
        elif not chain and issue.replaces and _number(texts, issue.replaces):
            chain.append(Paper(event.seq, _number(texts, issue.replaces), "", event.at, None))
        elif len(chain) == 1 and chain[0].issued_at is None and issue.replaces and _number(texts, issue.replaces):
            chain[0].number = _number(texts, issue.replaces)  # written once more, perhaps otherwise
        if chain and issue.recalled_by and event.kind == issue.recalled_by:
            chain[-1].void_at = chain[-1].void_at or event.at
    return chain


def _number(texts: Mapping[str, Any], code: str) -> str:
    return " ".join(str(texts.get(code, "")).split())[:_LONGEST]


def write(head: Case, rows: Sequence[RegisterEntry], *, is_asked: bool) -> None:
    """Brings the rows in line. `is_asked`: whether the kind issues anything at all; others cost no query."""
    if not is_asked:
        return
    kept = {(row.register, row.place) for row in rows}
    held = RegisterEntry.objects.filter(case=head).values_list("pk", "register", "place")
    gone = [pk for pk, register, place in held if (register, place) not in kept]
    if gone:
        RegisterEntry.objects.filter(pk__in=gone).delete()
    RegisterEntry.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["case", "register", "place"], update_fields=list(FIELDS)
    )
