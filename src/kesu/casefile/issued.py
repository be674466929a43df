"""The papers that a case issued or took back, as files: which are void, and what took their place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kesu.casefile.books import kind_of
from kesu.casefile.log import read_bodies, read_log
from kesu.casefile.registers import Bodies, issuing, papers
from kesu.policy.events import Event
from kesu.policy.model.facts import DataClass
from kesu.policy.model.pack import Kind
from kesu.store.models import StoredFile


@dataclass(frozen=True, slots=True)
class Stamp:
    """What stands on a paper that is in a register: its number, the mark of a correction, since when it is void and
    what took its place. Times are UTC."""

    number: str
    mark: str
    void_at: datetime | None
    replaced_by: str


def holds_papers(kind: Kind, fact: str) -> bool:
    return any(fact in {issue.file, issue.replaced_file} for _, issue in issuing(kind))


def stamps(kind: Kind, log: Sequence[Event], bodies: Bodies, rows: Iterable[StoredFile]) -> dict[UUID, Stamp]:
    """By file; the others are no papers of a register. `bodies`: the open texts by sequence."""
    found: dict[UUID, Stamp] = {}
    kept = [row for row in rows if holds_papers(kind, row.fact)]
    for step, issue in issuing(kind) if kept else ():
        chain = papers(step, issue, log, bodies)
        issued = {one.seq: one for one in chain if one.issued_at is not None}
        first = chain[0] if chain and chain[0].issued_at is None else None
        for row in kept:
            paper = issued.get(row.event_seq or 0) if row.fact == issue.file else None
            if row.fact == issue.replaced_file:
                paper = first
            if paper is not None:
                found[row.pk] = Stamp(paper.number, paper.mark, paper.void_at, paper.replaced_by)
    return found


def stamp_of(row: StoredFile) -> Stamp | None:
    """Of one file, with its case. No query where the policy keeps no papers in its fact."""
    kind = kind_of(row.case.policy_version_id, row.case.kind)
    if not holds_papers(kind, row.fact):
        return None
    log, bodies = read_log(row.case, kind), read_bodies(row.case, [DataClass.INTERNAL.value])
    return stamps(kind, log, bodies, [row]).get(row.pk)
