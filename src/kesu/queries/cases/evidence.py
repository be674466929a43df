"""The register of evidence of a case, and one file of it looked at closely."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kesu.access.actor import Actor
from kesu.access.files import file_for
from kesu.access.permissions import Permission
from kesu.access.sight.bare_paper import bare_paper
from kesu.access.sight.evidence import EvidenceLine, HandKind, HandLine, MarkLine, evidence_of
from kesu.access.sight.locks import LockLine, shut_lines
from kesu.access.sight.paper import Paper
from kesu.access.sight.reading import CaseRead, read_case, row_names
from kesu.access.sight.texts import read_texts
from kesu.casefile import files
from kesu.casefile.pictures import Taken, size, taken
from kesu.core.errors import NotFound
from kesu.policy.model.writing import Writing
from kesu.store.models import StoredFile

__all__ = [
    "EvidenceFile",
    "EvidenceLine",
    "EvidenceRegister",
    "HandKind",
    "HandLine",
    "MarkLine",
    "Taken",
    "evidence_file",
    "evidence_paper",
    "evidence_register",
]


@dataclass(frozen=True, slots=True)
class EvidenceRegister:
    """`lines`: what the reader may see; `hidden`: how many more there are. `may_describe`: he may say where something
    comes from and that an original changed hands; `shut`: why files are neither described nor marked any more."""

    case_id: UUID
    number: str
    title: str
    lines: tuple[EvidenceLine, ...]
    hidden: int
    may_describe: bool
    shut: tuple[LockLine, ...]


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """`size`: width and height of a picture. `taken`: what the camera wrote into it, for those who may see personal
    data; None for others."""

    register: EvidenceRegister
    line: EvidenceLine
    before: UUID | None
    after: UUID | None
    size: tuple[int, int] | None
    taken: Taken | None


def evidence_register(*, actor: Actor, at: datetime, case_id: UUID) -> EvidenceRegister:
    """Raises `NotFound` outside the scope. A fixed number of queries."""
    return _register(read_case(actor, at, case_id))


def evidence_paper(*, actor: Actor, at: datetime, case_id: UUID, code: str) -> tuple[Paper, EvidenceRegister]:
    """The head and foot of the printed register, and what stands in it. Raises `NotFound` outside the scope."""
    read = read_case(actor, at, case_id)
    return bare_paper(read, code), _register(read)


def evidence_file(*, actor: Actor, at: datetime, case_id: UUID, file_id: UUID) -> EvidenceFile:
    """Raises what `file_for` raises."""
    row = file_for(actor, case_id, file_id)
    read = read_case(actor, at, case_id)
    register = _register(read)
    places = {line.id: place for place, line in enumerate(register.lines)}
    if file_id not in places:
        raise NotFound
    place = places[file_id]
    ids = [line.id for line in register.lines]
    content = _picture(row)
    return EvidenceFile(
        register,
        register.lines[place],
        ids[place - 1] if place else None,
        ids[place + 1] if place + 1 < len(ids) else None,
        size(content) if content is not None else None,
        taken(content) if content is not None and read.sees_personal else None,
    )


def _picture(row: StoredFile) -> bytes | None:
    try:
        return files.content(row) if row.has_preview else None
    except FileNotFoundError:
        return None


def _register(read: CaseRead) -> EvidenceRegister:
    lines, total = evidence_of(read, read_texts(read, row_names(read)))
    return EvidenceRegister(
        case_id=read.case.pk,
        number=read.case.number,
        title=read.case.card.title,
        lines=lines,
        hidden=total - len(lines),
        may_describe=read.actor.may_at(Permission.CASE_NOTE, read.case.unit.path),
        shut=shut_lines(read, Writing.FILE),
    )
