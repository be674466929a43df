"""Where a customer may submit something, and what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kesu.casefile.books import above, general_last, kind_of
from kesu.store.models import Adoption, Unit


@dataclass(frozen=True, slots=True)
class OpenKind:
    """`subjects`: those that policies are limited to there (empty: all others), where one has to be named."""

    code: str
    name: str
    subjects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A public unit with the kinds that customers may submit there."""

    id: UUID
    name: str
    kinds: tuple[OpenKind, ...]


def places(*, at: datetime, is_sealed: bool, is_chat: bool = False) -> tuple[Place, ...]:
    """`is_sealed`: places of the reporting page instead of the ordinary one; `is_chat`: where somebody may begin a
    conversation. Two queries."""
    nearest: dict[tuple[str, str, str], str] = {}
    rows = Adoption.objects.filter(effective_from__lte=at).order_by("effective_from", "id")
    for path, kind, subject, policy in rows.values_list("unit__path", "kind", "subject", "policy_version_id"):
        nearest[path, kind, subject] = policy
    found = []
    for unit in Unit.objects.filter(is_public=True, closed_on=None).order_by("name", "pk"):
        serving: dict[str, dict[str, str]] = {}
        for path in above(unit.path):
            for (place, kind, subject), policy in nearest.items():
                if place == path:
                    serving.setdefault(kind, {})[subject] = policy
        kinds = tuple(_open_kinds(serving, is_sealed, is_chat))
        if kinds:
            found.append(Place(unit.pk, unit.name, kinds))
    return tuple(found)


def _open_kinds(serving: Mapping[str, Mapping[str, str]], is_sealed: bool, is_chat: bool) -> Iterator[OpenKind]:
    """`serving`: the policies by kind and subject."""
    for kind, policies in serving.items():
        named = sorted(policies, key=general_last)
        found = [subject for subject in named if _is_open(kind, policies[subject], is_sealed, is_chat)]
        if found:
            subjects = tuple(found) if len(policies) > 1 else ()
            yield OpenKind(kind, kind_of(policies[found[-1]], kind).name, subjects)


def _is_open(kind: str, policy: str, is_sealed: bool, is_chat: bool) -> bool:
    rules = kind_of(policy, kind)
    return (rules.chat if is_chat else rules.portal) and rules.is_sealed == is_sealed
