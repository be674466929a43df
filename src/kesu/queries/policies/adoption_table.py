"""Which policy serves which part of the organisation for which kind of case, since when and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import pairwise
from uuid import UUID

from kesu.access.actor import Actor
from kesu.access.permissions import Permission
from kesu.access.signings import Signing, signings_of
from kesu.casefile.books import kind_of, pack_of
from kesu.store.models import Adoption


class Serves(StrEnum):
    NOW = "now"
    LATER = "later"
    NO_MORE = "no_more"


@dataclass(frozen=True, slots=True)
class AdoptionLine:
    """`subject`: the matters that it is limited to, empty for all that have no line of their own. `overlays`: the
    titles of what lies on it. `until`: when another one takes its place; `calendar`: name and version; `may_withdraw`:
    it has not begun, and the reader may put policies in force there."""

    id: UUID
    unit: str
    depth: int
    kind: str
    subject: str
    policy: str
    title: str
    overlays: tuple[str, ...]
    version: str
    calendar: str
    calendar_version: str
    since: datetime
    until: datetime | None
    serves: Serves
    signing: Signing
    may_withdraw: bool


def adoption_table(*, actor: Actor, at: datetime) -> tuple[AdoptionLine, ...]:
    """In the order of the organisation, for each kind and subject the one that comes last first. Three queries. A unit
    without a line of its own is served by what stands above it. Raises `Forbidden`."""
    actor.require(Permission.POLICY_READ)
    rows = list(
        Adoption.objects.select_related("unit", "policy_version", "calendar_version")
        .defer("policy_version__canonical", "calendar_version__document")
        .order_by("unit__path", "kind", "subject", "effective_from", "id")
    )
    after: dict[UUID, datetime] = {
        one.pk: other.effective_from
        for one, other in pairwise(rows)
        if (one.unit_id, one.kind, one.subject) == (other.unit_id, other.kind, other.subject)
    }
    base = min((row.unit.path.count("/") for row in rows), default=0)
    ordered = sorted(rows, key=lambda row: (row.unit.path, row.kind, row.subject, -row.effective_from.timestamp()))
    signings = signings_of(rows)
    return tuple(_line(actor, row, at, after.get(row.pk), base, signings[row.pk]) for row in ordered)


def _line(
    actor: Actor, row: Adoption, at: datetime, until: datetime | None, base: int, signing: Signing
) -> AdoptionLine:
    is_later = row.effective_from > at
    return AdoptionLine(
        id=row.pk,
        unit=row.unit.name,
        depth=row.unit.path.count("/") - base,
        kind=kind_of(row.policy_version_id, row.kind).name,
        subject=row.subject,
        policy=row.policy_version_id,
        title=row.policy_version.title,
        overlays=tuple(one.title for one in pack_of(row.policy_version_id).charter.overlays),
        version=row.policy_version.version,
        calendar=row.calendar_version.name,
        calendar_version=row.calendar_version_id,
        since=row.effective_from,
        until=until,
        serves=Serves.LATER if is_later else Serves.NO_MORE if until is not None and until <= at else Serves.NOW,
        signing=signing,
        may_withdraw=is_later and actor.may_at(Permission.POLICY_ADOPT, row.unit.path),
    )
