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


def canonical(document: object) -> bytes:
    """One byte string for equal documents: sorted keys, no spaces, UTF-8."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def body_digest(bodies: Mapping[str, Mapping[str, Any]]) -> str:
    """Digest of the texts of an event by data class; empty text where there is no body."""
    return hashlib.sha256(canonical(bodies)).hexdigest() if bodies else ""


def event_hash(
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
) -> str:
    return hashlib.sha256(
        canonical(
            [
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
        )
    ).hexdigest()
