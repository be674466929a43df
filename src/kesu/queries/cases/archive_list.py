"""归档清单: what is in the file of a case and what lacks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kesu.access.actor import Actor
from kesu.access.sight.archive import Contents, contents_of
from kesu.access.sight.bare_paper import bare_paper
from kesu.access.sight.paper import Paper
from kesu.access.sight.reading import CaseRead, read_case


@dataclass(frozen=True, slots=True)
class ArchiveList:
    case_id: UUID
    number: str
    title: str
    stage: str
    is_final: bool
    policy_hash: str
    policy_title: str
    contents: Contents


def archive_list(*, actor: Actor, at: datetime, case_id: UUID) -> ArchiveList:
    """Raises `NotFound` outside the scope. A fixed number of queries."""
    return _listed(read_case(actor, at, case_id))


def archive_paper(*, actor: Actor, at: datetime, case_id: UUID, code: str) -> tuple[Paper, ArchiveList]:
    """The head and foot of the printed list, and what stands in it. Raises `NotFound` outside the scope."""
    read = read_case(actor, at, case_id)
    return bare_paper(read, code), _listed(read)


def _listed(read: CaseRead) -> ArchiveList:
    return ArchiveList(
        case_id=read.case.pk,
        number=read.case.number,
        title=read.case.card.title,
        stage=read.kind.stages[read.current.stage].name,
        is_final=read.current.is_final,
        policy_hash=read.pack.hash,
        policy_title=read.pack.title,
        contents=contents_of(read),
    )
