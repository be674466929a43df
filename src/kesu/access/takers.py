"""In which slots a person acts on one case: what the engine is told about the taker of a step."""

from __future__ import annotations

from collections.abc import Sequence

from kesu.access.actor import Actor
from kesu.policy.events import Event
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import COMPLAINANT, FIRST_CONTACT, HOLDER, SYSTEM, WORLD
from kesu.policy.standing import Taker


def taker_for(actor: Actor, place_path: str, kind: Kind, log: Sequence[Event]) -> Taker:
    """`place_path`: the path of the unit where the case lies. A post counts where it reaches over that place; a post
    in a unit that a fact names counts as ``slot@unit`` wherever the unit is."""
    roles: set[str] = set()
    for post in actor.posts:
        roles.update(f"{slot}@{post.unit_id.hex}" for slot in post.slots)
        if place_path.startswith(post.scope_path):
            roles |= post.slots
    if kind.holder in roles:
        roles.add(HOLDER)
    stands_for = frozenset(account.hex for account in actor.stands_for)
    if log and log[0].by in {actor.key, *stands_for}:
        roles.add(FIRST_CONTACT)
    return Taker(by=actor.key, roles=frozenset(roles), stands_for=stands_for)


def complainant_taker() -> Taker:
    """Whoever acts through the public page or the follow link."""
    return Taker(by=COMPLAINANT, roles=frozenset({COMPLAINANT}))


def system_taker() -> Taker:
    """The program itself, for steps that a policy leaves to it."""
    return Taker(by=None, roles=frozenset({SYSTEM}))


def world_taker() -> Taker:
    return Taker(by=None, roles=frozenset({WORLD}))
