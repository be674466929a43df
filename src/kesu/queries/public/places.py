"""Where a customer may submit something, and what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kesu.casefile.books import above, kind_of
from kesu.store.models import Adoption, Unit


@dataclass(frozen=True, slots=True)
class OpenKind:
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Place:
    """A public unit with the kinds that customers may submit there."""

    id: UUID
    name: str
    kinds: tuple[OpenKind, ...]


def places(*, at: datetime, is_sealed: bool) -> tuple[Place, ...]:
    """`is_sealed`: places of the reporting page instead of the ordinary one. Two queries."""
    nearest: dict[tuple[str, str], str] = {}
    rows = Adoption.objects.filter(effective_from__lte=at).order_by("effective_from", "id")
    for path, kind, policy in rows.values_list("unit__path", "kind", "policy_version_id"):
        nearest[path, kind] = policy
    found = []
    for unit in Unit.objects.filter(is_public=True, closed_on=None).order_by("name", "pk"):
        serving: dict[str, str] = {}
        for path in above(unit.path):
            serving |= {kind: policy for (place, kind), policy in nearest.items() if place == path}
        kinds = tuple(_open(kind, policy) for kind, policy in serving.items() if _is_open(kind, policy, is_sealed))
        if kinds:
            found.append(Place(unit.pk, unit.name, kinds))
    return tuple(found)


def _is_open(kind: str, policy: str, is_sealed: bool) -> bool:
    rules = kind_of(policy, kind)
    return rules.portal and rules.is_sealed == is_sealed


def _open(kind: str, policy: str) -> OpenKind:
    return OpenKind(kind, kind_of(policy, kind).name)
