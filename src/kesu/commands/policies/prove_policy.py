"""The scenarios of a pack on offer are played with each of its rules taken away in turn."""

from __future__ import annotations

from django.conf import settings

from kesu.access.actor import Actor
from kesu.access.permissions import Permission
from kesu.casefile.library import offered, shipped
from kesu.casefile.proofs import prove_and_keep
from kesu.core.errors import NotFound


def prove_policy(*, actor: Actor, pack_code: str) -> None:
    """Seconds of work; what is found is kept in the data folder and nothing of it in the books. Raises `Forbidden`, and
    `NotFound` for a pack that is not on offer."""
    actor.require(Permission.POLICY_ADOPT)
    if pack_code not in offered():
        raise NotFound
    prove_and_keep(shipped(), pack_code, settings.KESU_COMPILED_PACKS)
