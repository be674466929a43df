"""A unit sets a group of its work chat, in which the program tells of what is urgent."""

from __future__ import annotations

import json
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.permissions import Permission
from kesu.casefile import house
from kesu.casefile.routing import ROBOTS
from kesu.core.hook_addresses import host_of, is_hook_address
from kesu.store.keys import ring
from kesu.store.models import ChatPlace, Unit


@transaction.atomic
def set_chat_place(
    *,
    actor: Actor,
    at: datetime,
    unit_id: UUID | None,
    channel: str,
    name: str,
    url: str,
    secret: str = "",
    tells_words: bool = False,
) -> UUID:
    """`url` and `secret` of the robot as the work chat gave them; whoever takes them from a form has tried whether they
    can be read. `tells_words`: what somebody wrote of a case is told there, too. Raises `Forbidden`, or
    `Unacceptable` by field."""
    actor.require(Permission.SOURCES_EDIT)
    house.wait_turn()
    house.check_texts(ChatPlace, name=name)
    unit = Unit.objects.filter(pk=unit_id, closed_on=None).first() if unit_id else None
    wrong: dict[str, str] = {}
    if unit is None or not actor.may_at(Permission.SOURCES_EDIT, unit.path):
        wrong["unit"] = "not_chosen"
    if channel not in ROBOTS:
        wrong["channel"] = "not_offered"
    if not is_hook_address(url.strip()):
        wrong["url"] = "no_address"
    if wrong or unit is None:
        raise house.unreadable(wrong)
    place = ChatPlace(unit=unit, channel=channel, name=name.strip(), tells_words=tells_words)
    place.set_at, place.set_by_id = at, actor.account_id
    said = {"url": url.strip(), **({"secret": secret.strip()} if secret.strip() else {})}
    place.key_id, place.sealed = ring().keep("chat-place", place.pk.bytes, json.dumps(said).encode())
    place.save(force_insert=True)
    told = {"host": host_of(url.strip()), "unit": unit.name, "tells_words": tells_words}
    house.record("chat_place.created", at=at, by=actor.account_id, subject=place.pk, name=place.name, after=told)
    return place.pk
