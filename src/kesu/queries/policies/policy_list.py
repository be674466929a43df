"""The books: every adopted policy, where it serves and since when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kesu.access.actor import Actor
from kesu.access.permissions import Permission
from kesu.casefile.books import pack_of
from kesu.store.models import Adoption, OverlayAdoption, PolicyVersion


@dataclass(frozen=True, slots=True)
class Serving:
    """`kind` is the name of the kind of case; `subject` what it is limited to, empty where to nothing;
    `effective_from` UTC."""

    unit: str
    kind: str
    subject: str
    effective_from: datetime


@dataclass(frozen=True, slots=True)
class PolicyLine:
    """`overlays`: the titles of what lies on it."""

    hash: str
    title: str
    version: str
    document_number: str
    status: str
    adopted_at: datetime
    clauses: int
    serving: tuple[Serving, ...]
    overlays: tuple[str, ...]


def policy_list(*, actor: Actor) -> tuple[PolicyLine, ...]:
    """Newest first; adopted again with another calendar, it serves there since the first time. Three queries.

    Raises `Forbidden` without the right to read policies."""
    actor.require(Permission.POLICY_READ)
    serving: dict[str, dict[tuple[str, str, str], Serving]] = {}
    for row in Adoption.objects.select_related("unit").order_by("effective_from", "id"):
        name = pack_of(row.policy_version_id).kinds[row.kind].name
        one = Serving(row.unit.name, name, row.subject, row.effective_from)
        serving.setdefault(row.policy_version_id, {}).setdefault((one.unit, one.kind, one.subject), one)
    for laid in OverlayAdoption.objects.filter(is_end=False).select_related("unit").order_by("effective_from", "id"):
        names = "、".join(kind.name for kind in pack_of(laid.policy_version_id).kinds.values())
        one = Serving(laid.unit.name, names, "", laid.effective_from)
        serving.setdefault(laid.policy_version_id, {}).setdefault((one.unit, one.kind, one.subject), one)
    rows = PolicyVersion.objects.defer("canonical").order_by("-adopted_at", "title")
    return tuple(
        PolicyLine(
            hash=row.hash,
            title=row.title,
            version=row.version,
            document_number=row.document_number,
            status=row.status,
            adopted_at=row.adopted_at,
            clauses=len(pack_of(row.hash).clauses),
            serving=tuple(serving.get(row.hash, {}).values()),
            overlays=tuple(one.title for one in pack_of(row.hash).charter.overlays),
        )
        for row in rows
    )
