"""Whether a delivery comes from the source in whose name it is sent. Nothing of it has been read yet."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kesu.access.sources import secrets_of
from kesu.core.errors import Unproven
from kesu.core.signed_post import LONGEST_KEY, is_fresh, is_signed
from kesu.store.models import InboundSource


@dataclass(frozen=True, slots=True)
class Proved:
    """`key`: under which the delivery is known; `digest`: of its body."""

    source_id: UUID
    key: str
    digest: str


def prove_delivery(
    *, at: datetime, source_id: UUID | None, delivers: str, key: str, time: str, signatures: str, body: bytes
) -> Proved:
    """One query. Raises `Unproven`: for a source that is not there, shut or of another sort exactly as for a signature
    that is not its (`data["source"]`: of the latter, for counting), then for a time that is not now."""
    known = InboundSource.objects.filter(delivers=delivers, is_open=True)
    source = known.filter(pk=source_id).first() if source_id else None
    if source is None:
        raise Unproven("not_signed")
    is_key = bool(key.strip()) and len(key) <= LONGEST_KEY and key.isprintable()
    if not is_key or not any(is_signed(secret, key, time, signatures, body) for secret in secrets_of(source, at)):
        raise Unproven("not_signed", data={"source": source.pk})
    if not is_fresh(time, at):
        raise Unproven("not_fresh")
    return Proved(source.pk, key, hashlib.sha256(body).hexdigest())
