"""The hash chain of a case: each event names the one before it, so that a changed or missing event is found.

The chain covers rule facts and the *digests* of bodies. A body can be destroyed under a retention clause; the log
stays provable.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from kesu.store.models.streams import EventRow


def canonical(document: object) -> bytes:
    """One byte string for equal documents: sorted keys, no spaces, UTF-8."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def body_digest(bodies: Mapping[str, Mapping[str, Any]]) -> str:
    """Digest of the texts of an event by data class; empty text where there is no body."""
    return hashlib.sha256(canonical(bodies)).hexdigest() if bodies else ""


def event_document(
    *,
    case_id: str,
    seq: int,
    kind: str,
    schema: int,
    at: datetime,
    recorded_at: datetime,
    actor: str,
    role: str,
    step: str,
    facts: Mapping[str, Any],
    forms: Sequence[str],
    digest: str,
    previous: str,
) -> list[Any]:
    """Everything that an event's hash covers, in its order."""
    return [
        case_id,
        seq,
        kind,
        schema,
        at.astimezone(UTC).isoformat(timespec="microseconds"),
        recorded_at.astimezone(UTC).isoformat(timespec="microseconds"),
        actor,
        role,
        step,
        dict(facts),
        list(forms),
        digest,
        previous,
    ]


def event_hash(document: Sequence[Any]) -> str:
    """`document` as `event_document` makes it."""
    return hashlib.sha256(canonical(document)).hexdigest()


def row_document(row: EventRow, case_id: UUID) -> list[Any]:
    """What the hash of a stored event must cover."""
    return event_document(
        case_id=str(case_id),
        seq=row.seq,
        kind=row.kind,
        schema=row.schema,
        at=row.at,
        recorded_at=row.recorded_at,
        actor=row.actor,
        role=row.role,
        step=row.step,
        facts=row.facts,
        forms=row.forms,
        digest=row.body_digest,
        previous=row.previous,
    )
