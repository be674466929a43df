"""One adopted policy: where it serves, who signed it, and what the program makes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from kesu.access.actor import Actor
from kesu.access.permissions import Permission
from kesu.access.policy_reading import PolicyReading, read_policy
from kesu.access.signings import Signing, signings_of
from kesu.casefile.books import pack_of
from kesu.core.errors import NotFound
from kesu.policy.model.pack import Pack
from kesu.store.models import Adoption, PolicyVersion


@dataclass(frozen=True, slots=True)
class ServingLine:
    unit: str
    kind: str
    subject: str
    effective_from: datetime


@dataclass(frozen=True, slots=True)
class SignedLine:
    """Where it serves under the same signatures."""

    signing: Signing
    serving: tuple[ServingLine, ...]


@dataclass(frozen=True, slots=True)
class PolicyPage:
    """`signed`: where it serves, by who signed it, in the order of time."""

    hash: str
    title: str
    version: str
    document_number: str
    status: str
    adopted_at: datetime
    signed: tuple[SignedLine, ...]
    reading: PolicyReading


def policy_page(*, actor: Actor, on: date, policy_hash: str) -> PolicyPage:
    """`on`: whose posts count. Six queries at most. Raises `Forbidden` without the right to read policies, `NotFound`
    for what was never adopted."""
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
    return PolicyPage(
        hash=row.hash,
        title=row.title,
        version=row.version,
        document_number=row.document_number,
        status=row.status,
        adopted_at=row.adopted_at,
        signed=_signed(adoptions, pack),
        reading=read_policy(pack, (a.unit.path for a in adoptions), on, is_in_books=True),
    )


def _signed(adoptions: Sequence[Adoption], pack: Pack) -> tuple[SignedLine, ...]:
    signings = signings_of(adoptions)
    lines: dict[Signing, list[ServingLine]] = {}
    for row in adoptions:
        line = ServingLine(row.unit.name, pack.kinds[row.kind].name, row.subject, row.effective_from)
        lines.setdefault(signings[row.pk], []).append(line)
    return tuple(SignedLine(signing, tuple(served)) for signing, served in lines.items())
