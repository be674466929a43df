"""One adopted policy: where it serves, who signed it, and what the program makes of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from kesu.access.actor import Actor
from kesu.access.permissions import Permission
from kesu.access.policy_reading import PolicyReading, read_policy
from kesu.access.signings import Signing, signings_of
from kesu.casefile.books import pack_of
from kesu.core.errors import NotFound
from kesu.store.models import Adoption, PolicyVersion


@dataclass(frozen=True, slots=True)
class ServingLine:
    unit: str
    kind: str
    subject: str
    effective_from: datetime


@dataclass(frozen=True, slots=True)
class PolicyPage:
    """`signings`: who signed it, each time that it was adopted under other signatures."""

    hash: str
    title: str
    version: str
    document_number: str
    status: str
    adopted_at: datetime
    signings: tuple[Signing, ...]
    serving: tuple[ServingLine, ...]
    reading: PolicyReading


def policy_page(*, actor: Actor, on: date, policy_hash: str) -> PolicyPage:
    """`on`: whose posts count. Four queries. Raises `Forbidden` without the right to read policies, `NotFound` for
    what was never adopted."""
    actor.require(Permission.POLICY_READ)
    row = PolicyVersion.objects.defer("canonical").filter(pk=policy_hash).first()
    if row is None:
        raise NotFound
    pack = pack_of(policy_hash)
    adoptions = list(
        Adoption.objects.filter(policy_version_id=policy_hash).select_related("unit").order_by("effective_from")
    )
    for adoption in adoptions:
        adoption.policy_version = row
    signings = signings_of(adoptions)
    return PolicyPage(
        hash=row.hash,
        title=row.title,
        version=row.version,
        document_number=row.document_number,
        status=row.status,
        adopted_at=row.adopted_at,
        signings=tuple(dict.fromkeys(signings[a.pk] for a in adoptions)),
        serving=tuple(
            ServingLine(a.unit.name, pack.kinds[a.kind].name, a.subject, a.effective_from) for a in adoptions
        ),
        reading=read_policy(pack, (a.unit.path for a in adoptions), on, is_in_books=True),
    )
