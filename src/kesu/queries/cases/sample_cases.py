"""How given cases stand, in a form that can be written down and compared years later: what proves a restored backup."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from kesu.access.system import cases_with, files_of
from kesu.casefile import files
from kesu.casefile.books import calendar_of, kind_of
from kesu.casefile.chain import canonical
from kesu.casefile.log import read_bodies, read_log
from kesu.policy.model.facts import DataClass
from kesu.policy.standing import standing
from kesu.store.models import Case, StoredFile


@dataclass(frozen=True, slots=True)
class SampledCase:
    """`obligations`: key, state, due time. `texts` and `files` are digests of what the case's key opens: wrong keys or
    lost bytes show in them. Times are ISO texts in UTC."""

    id: str
    number: str
    head: str
    stage: str
    level: str | None
    is_final: bool
    wake_at: str | None
    obligations: tuple[tuple[str, str, str | None], ...]
    texts: str
    files: tuple[str, ...]

    def to_document(self) -> dict[str, Any]:
        return asdict(self)


def sample_cases(*, at: datetime, case_ids: Sequence[UUID]) -> tuple[SampledCase, ...]:
    """Ordinary cases only, in the order of their identifiers; one that is not there is left out."""
    return tuple(_sampled(case, at) for case in cases_with(case_ids))


def _sampled(case: Case, at: datetime) -> SampledCase:
    kind = kind_of(case.policy_version_id, case.kind)
    found = standing(kind, read_log(case, kind), at, calendar_of(case.calendar_version_id))
    texts = {str(seq): body for seq, body in read_bodies(case, [one.value for one in DataClass]).items()}
    return SampledCase(
        id=case.pk.hex,
        number=case.number,
        head=case.head,
        stage=found.stage,
        level=found.level,
        is_final=found.is_final,
        wake_at=_text(found.wake_at),
        obligations=tuple((one.key, one.state.value, _text(one.due_at)) for one in found.obligations),
        texts=hashlib.sha256(canonical(texts)).hexdigest(),
        files=tuple(_opened(one) for one in files_of(case)),
    )


def _opened(file: StoredFile) -> str:
    """Empty for a file that the store has lost: lost before is lost after."""
    try:
        return hashlib.sha256(files.content(file)).hexdigest()
    except FileNotFoundError:
        return ""


def _text(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
