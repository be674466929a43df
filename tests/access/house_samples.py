"""A room and a customer for the walks of every address and every query."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from tests import desk

if TYPE_CHECKING:
    from tests.world import World

OF_CUSTOMER = (
    "customer-page",
    "customer-shown",
    "customer-change",
    "customer-room",
    "customer-purchase",
    "customer-consent",
    "customer-join",
    "customer-part",
    "customer-export",
    "customer-erase",
)
POSTED = frozenset({*OF_CUSTOMER, "customer-room-end", "customer-withdraw"} - {"customer-page"})

ROOM = {"building": "3栋", "entrance": "1单元", "number": "1702", "occupancy": "own", "warranties": "防水 2031-06-30"}
PERSON = {"name": "苏晴", "kind": "owner", "phones": "13800002016", "occupation": "教师", "groups": "老人"}


def room(world: World, at: datetime, login: str = "zhouyining", unit: str = "qingtang", **given: str) -> UUID:
    """A room of a project, made by whoever may."""
    from kesu.commands.estate.add_room import add_room

    stated = {"project": world.units[unit].hex, **ROOM, **given}
    return add_room(actor=desk.actor(login), at=at, given=stated)


def customer(world: World, at: datetime, login: str = "zhouyining", unit: str = "qingtang", **given: str) -> UUID:
    """A customer of a project, made by whoever may."""
    from kesu.commands.customers.add_customer import add_customer

    stated = {"project": world.units[unit].hex, **PERSON, **given}
    return add_customer(actor=desk.actor(login), at=at, given=stated)
