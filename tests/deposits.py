"""A policy of our own whose complaints may enter a deposit in a ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.own_packs import changed

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from tests.world import World

_RULE = "name: 押金, plus: {event: case.received, where: {deposit: 已填}}, amount: deposit, clause: D1c"
LINES = (
    ("\nfacts:\n", "\nfacts:\n  deposit: {name: 押金, type: money, clause: D1c}\n"),
    ("may: [room, photos,", "may: [deposit, room, photos,"),
    ("\nguards:\n", f"\nledgers:\n  deposits: {{{_RULE}}}\n\nguards:\n"),
)
CHOICE = "p10.deposits"
"""What the list of accounts calls the ledger."""
READERS = ("cs_specialist", "regional_leadership")
"""Roles that may read the list of accounts."""
SIGNED = {"compiled_by": "周以宁", "reviewed_by": "林声", "approved_by": "顾岚"}


def account(world: World, at: datetime) -> UUID:
    """Of a project in which a complaint has entered a deposit, read by whoever holds one of `READERS`."""
    from kesu.access.permissions import Permission
    from kesu.commands.policies.adopt_pack import adopt_pack
    from kesu.store.models import LedgerAccount, RoleGrant
    from tests.world import calendar

    RoleGrant.objects.bulk_create([RoleGrant(role=role, permission=Permission.LEDGER_READ.value) for role in READERS])
    place, pack = {"unit_id": world.units["wangting"]}, changed("p10", "complaint.yaml", *LINES)
    adopt_pack(actor=None, at=at, **place, pack=pack, calendar=calendar(), signatures=SIGNED)
    world.register("zhaolang", at=at, unit="wangting", deposit="500元", person__phone="13800007150")
    return LedgerAccount.objects.get().pk
