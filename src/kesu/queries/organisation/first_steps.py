"""What still stands between an empty installation and its first complaint."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kesu.access.actor import Actor
from kesu.access.permissions import Permission
from kesu.casefile import house
from kesu.store.models import Account, Adoption, PolicyProposal, PostHolding, Unit
from kesu.store.models.organisation import UnitKind


@dataclass(frozen=True, slots=True)
class FirstSteps:
    """How many there are of each; `proposed`: policies that wait for signatures."""

    units: int
    public_projects: int
    people: int
    posts_held: int
    policies: int
    proposed: int

    @property
    def is_ready(self) -> bool:
        return bool(self.policies and self.public_projects)


def first_steps(*, actor: Actor, at: datetime) -> FirstSteps:
    """Six counts of what is few. Raises `Forbidden` for anybody but those who may see the organisation."""
    actor.require(Permission.HOUSE_READ)
    return FirstSteps(
        units=Unit.objects.count(),
        public_projects=Unit.objects.filter(kind=UnitKind.PROJECT, is_public=True).count(),
        people=Account.objects.filter(is_active=True).count(),
        posts_held=PostHolding.objects.filter(until_on__isnull=True).count(),
        policies=Adoption.objects.filter(effective_from__lte=at).values("policy_version").distinct().count(),
        proposed=PolicyProposal.objects.filter(end=None).count(),
    )


def setup_code() -> str:
    """For the operator at the machine."""
    return house.setup_code()


def knows_nobody() -> bool:
    """Whether there is no account at all: then, and only then, the first one may be made by page."""
    return not Account.objects.exists()
