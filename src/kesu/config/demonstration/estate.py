"""Rooms and customers of the demonstration: those of the stories, and their neighbours."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from kesu.access.actor import Actor, actor_of
from kesu.casefile.imported import CUSTOMERS, ROOMS
from kesu.commands.customers.add_purchase import add_purchase
from kesu.commands.customers.give_consent import give_consent
from kesu.commands.customers.import_house import import_house
from kesu.config.demonstration.stories import Stage
from kesu.core.importing import Line
from kesu.queries.customers.customer_list import CustomerFilter, customer_list
from kesu.store.models import Account, Unit
from kesu.store.models.customers import CustomerKind

_ROOM: Final = re.compile(r"(\d+) ?栋 ?(\d+) ?单元 ?(\d{4})")
_KINDS: Final = {str(label): value for value, label in CustomerKind.choices}


def furnish(book: Mapping[str, Any], stories: Mapping[str, Any], stage: Stage) -> None:
    """What a manager of each project would have brought in by a file, some days ago."""
    names = dict(Unit.objects.values_list("code", "name"))
    at = stage.at - timedelta(days=40)
    for code, project in book["projects"].items():
        actor = actor_of(Account.objects.get(login=project["by"]), at.date())
        told = [one for one in stories["stories"] if one["at"] == code and one["phone"]]
        rooms = {**dict.fromkeys(project["rooms"]), **dict.fromkeys(_room_of(one) for one in told)}
        rooms.pop("", None)
        stated = {"project": names[code], "phase": project["phase"], "delivered_on": project["delivered_on"]}
        stated |= {"warranties": book["warranties"], "occupancy": "own"}
        customers = [*project["customers"], *_tellers(told)]
        import_house(
            actor=actor,
            at=at,
            name=f"{names[code]}.xlsx",
            digest=hashlib.sha256(code.encode()).hexdigest(),
            rooms=[Line(ROOMS, n, stated | _address(room)) for n, room in enumerate(rooms, start=2)],
            customers=[Line(CUSTOMERS, n, _person(one, names[code])) for n, one in enumerate(customers, start=2)],
        )
        _history(actor, stage, stage.units[code])


def _room_of(story: Mapping[str, Any]) -> str:
    found = _ROOM.search(str(story.get("room", "")))
    return f"{found[1]}栋 {found[2]}单元 {found[3]}" if found else ""


def _tellers(told: list[Mapping[str, Any]]) -> Iterator[Mapping[str, str]]:
    """Whoever complained is known already, once."""
    seen: set[str] = set()
    for story in told:
        if story["phone"] not in seen:
            seen.add(story["phone"])
            yield {"name": story["person"], "phone": story["phone"], "kind": "业主", "room": _room_of(story)}


def _address(room: str) -> dict[str, str]:
    return dict(zip(("building", "entrance", "number"), room.split(), strict=False))


def _person(one: Mapping[str, str], project: str) -> dict[str, str]:
    given = {"name": one["name"], "phones": one["phone"], "kind": _KINDS[one["kind"]], "project": project}
    more = {name: one[name] for name in ("birth_year", "occupation", "groups") if one.get(name)}
    return {**given, **more, **_address(one.get("room", ""))}


def _history(actor: Actor, stage: Stage, unit: UUID) -> None:
    """A purchase and a consent of the first owner, so that his page shows what they look like."""
    at = stage.at - timedelta(days=39)
    sought = CustomerFilter(project=unit.hex, kind=CustomerKind.OWNER)
    rows = customer_list(actor=actor, customer_filter=sought).rows
    customer_id = next(row.id for row in rows if row.rooms)
    bought = {"bought_on": "2023-09-16", "place": "项目售楼处", "amount": "1860000", "contract": "2023-0916-07"}
    add_purchase(actor=actor, at=at, customer_id=customer_id, given=bought)
    purpose = "把联系方式给维修承包单位，用于上门维修"
    given = {"purpose": purpose, "how": "书面", "given_on": at.date().isoformat()}
    give_consent(actor=actor, at=at, on=at.date(), customer_id=customer_id, **given)
