"""Rooms: scope, and the way to one row. A room is reached over the path of its project."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q, QuerySet

from kesu.access.actor import Actor
from kesu.access.permissions import Permission
from kesu.core.errors import Forbidden, NotFound, Unacceptable
from kesu.core.searching import Search, first_gram
from kesu.store.models import Room, Unit
from kesu.store.models.organisation import UnitKind


def within(actor: Actor, permission: Permission, column: str, inside: str = "") -> Q:
    """Of rows whose column begins with a path: those over which the actor has the right, of those `inside` a path. A
    row is asked for one beginning only: the planner would take a second for a narrower choice."""
    reach = actor.reach(permission)
    if any(inside.startswith(path) for path in reach):
        return Q(**{f"{column}__startswith": inside})
    found = Q(pk__in=[])
    for path in reach:
        if path.startswith(inside):
            found |= Q(**{f"{column}__startswith": path})
    return found


def rooms_for(actor: Actor, inside: str = "") -> QuerySet[Room]:
    """Every list of rooms starts here; of those `inside` a path."""
    return Room.objects.filter(within(actor, Permission.ROOM_READ, "place", inside))


def rooms_holding(rooms: QuerySet[Room], search: Search) -> QuerySet[Room]:
    """`rooms` in whose address all words of the search stand."""
    for word in search.words:
        rooms = rooms.filter(grams__holds=word)
        if first_gram(word) != word:
            rooms = rooms.filter(text__contains=word)
    return rooms


def room_for(actor: Actor, room_id: UUID, needs: Permission = Permission.ROOM_READ, *, lock: bool = False) -> Room:
    """The room, or `NotFound` outside the actor's scope, or `Forbidden` inside it without the right."""
    rows = Room.objects.select_related("project")
    if lock:
        rows = rows.select_for_update(of=("self",))
    room = rows.filter(pk=room_id).first()
    if room is None or not actor.may_at(Permission.ROOM_READ, room.project.path):
        raise NotFound
    if not actor.may_at(needs, room.project.path):
        raise Forbidden("permission_missing", data={"permission": needs.value})
    return room


def projects_for(actor: Actor, needs: Permission) -> Sequence[Unit]:
    """Projects over which the actor has the right, by name. One query."""
    found = Unit.objects.filter(within(actor, needs, "path"), kind=UnitKind.PROJECT)
    return list(found.order_by("name", "pk"))


def project_for(actor: Actor, project: str, needs: Permission) -> Unit:
    """The project of a form (`project`: hex). Raises `Forbidden` without the right anywhere, `Unacceptable` for one
    that is not offered to the actor."""
    actor.require(needs)
    found = next((one for one in projects_for(actor, needs) if one.pk.hex == project), None)
    if found is None:
        raise Unacceptable("unreadable", data={"fields": {"project": "not_offered"}, "refusals": ()})
    return found
