"""The projects that a form may offer."""

from __future__ import annotations

from kesu.access.actor import Actor
from kesu.access.estate import projects_for
from kesu.access.permissions import Permission


def projects(*, actor: Actor, needs: Permission) -> tuple[tuple[str, str], ...]:
    """Hex and name of those over which the reader has the right. One query. Raises `Forbidden` without it anywhere."""
    actor.require(needs)
    return tuple((one.pk.hex, one.name) for one in projects_for(actor, needs))
