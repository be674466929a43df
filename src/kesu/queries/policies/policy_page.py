"""One adopted policy: where it serves, who signed it, and what the program makes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from kesu.access.actor import Actor
from kesu.access.permissions import Permission
from kesu.access.policy_reading import PolicyReading, read_policy
from kesu.access.signings import Signing, signings_of
from kesu.casefile.books import pack_of
from kesu.core.errors import NotFound
from kesu.policy.model.pack import Pack
from kesu.store.models import Adoption, OverlayAdoption, PolicyVersion


@dataclass(frozen=True, slots=True)
class ServingLine:
    """`overlays`: the titles of what lies on it there. `overlay`: the row by which an overlay serves there, where the
    reader may lift it; `is_end`: from then on it serves no more."""

    unit: str
    kind: str
    subject: str
    effective_from: datetime
    overlays: tuple[str, ...] = ()
    overlay: UUID | None = None
    is_end: bool = False


@dataclass(frozen=True, slots=True)
class SignedLine:
    """Where it serves under the same signatures."""

    signing: Signing
    serving: tuple[ServingLine, ...]


@dataclass(frozen=True, slots=True)
class PolicyPage:
    """`signed`: where it serves, by who signed it, in the order of time; `laid`: where an overlay lies."""

    hash: str
    title: str
    version: str
    document_number: str
    status: str
    adopted_at: datetime
    signed: tuple[SignedLine, ...]
    laid: tuple[ServingLine, ...]
    reading: PolicyReading


def policy_page(*, actor: Actor, on: date, policy_hash: str) -> PolicyPage:
    """`on`: whose posts count. Eight queries at most. Raises `Forbidden` without the right to read policies, `NotFound`
    for what was never adopted."""
    actor.require(Permission.POLICY_READ)
    row = PolicyVersion.objects.defer("canonical").filter(pk=policy_hash).first()
    if row is None:
        raise NotFound
    pack = pack_of(policy_hash)
    adoptions = list(
        Adoption.objects.filter(Q(policy_version_id=policy_hash) | Q(policy_version__parent_id=policy_hash))
        .select_related("unit")
        .order_by("effective_from", "id")
    )
    for adoption in adoptions:
        if adoption.policy_version_id == policy_hash:
            adoption.policy_version = row
    return PolicyPage(
        hash=row.hash,
        title=row.title,
        version=row.version,
        document_number=row.document_number,
        status=row.status,
        adopted_at=row.adopted_at,
        signed=_signed(adoptions, pack),
        laid=_laid(actor, pack, row) if pack.charter.is_overlay else (),
        reading=read_policy(
            pack, (a.unit.path for a in adoptions), on, is_in_books=True, first=next(iter(adoptions), None)
        ),
    )


def _signed(adoptions: Sequence[Adoption], pack: Pack) -> tuple[SignedLine, ...]:
    signings = signings_of(adoptions)
    lines: dict[Signing, list[ServingLine]] = {}
    for row in adoptions:
        over = pack_of(row.policy_version_id).charter.overlays if row.policy_version_id != pack.hash else ()
        titles = tuple(one.title for one in over)
        line = ServingLine(row.unit.name, pack.kinds[row.kind].name, row.subject, row.effective_from, titles)
        lines.setdefault(signings[row.pk], []).append(line)
    return tuple(SignedLine(signing, tuple(served)) for signing, served in lines.items())


def _laid(actor: Actor, pack: Pack, row: PolicyVersion) -> tuple[ServingLine, ...]:
    """Where the overlay lies, and where it was taken away again."""
    names = "、".join(kind.name for kind in pack.kinds.values())
    rows = OverlayAdoption.objects.filter(policy_version=row).select_related("unit").order_by("effective_from", "id")
    found = list(rows)
    ended = {one.unit_id for one in found if one.is_end}

    def lifted_by(one: OverlayAdoption) -> UUID | None:
        may = actor.may_at(Permission.POLICY_ADOPT, one.unit.path)
        return one.pk if may and not one.is_end and one.unit_id not in ended else None

    return tuple(
        ServingLine(one.unit.name, names, "", one.effective_from, (), lifted_by(one), one.is_end) for one in found
    )
