"""Installations whose rooms were typed in full width: an upgrade folds them, and joins none with another."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from kesu.access.actor import Actor, actor_of
from kesu.casefile import customer_places, estate
from kesu.queries.estate.room_list import RoomFilter, room_list
from kesu.queries.estate.room_page import room_page
from kesu.store.models import Account, Customer, CustomerPlace, CustomerRoom, Post, PostHolding, RoleGrant, Room, Unit
from tests.database import Databases, point_django_to
from tests.full import only_in_full

AFTER = ("store", "0025_rooms_in_half_width")
AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
NARROW, WIDE, DOUBLE = ("2栋", "1单元", "0201"), ("１栋", "", "１０１"), ("２栋", "１单元", "０２０１")
TWICE = (("３栋", "", "301"), ("3栋", "", "３０１"))


@only_in_full
def test_an_upgrade_folds_addresses_and_joins_no_room_with_another(databases: Databases, fresh_database: str) -> None:
    point_django_to(databases.owner_url(fresh_database))
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.get_migration(*AFTER).dependencies)
    project = Unit.objects.create(kind="project", name="青棠湾", code="qingtang")
    rooms = {address: _room(project, *address) for address in (NARROW, WIDE, DOUBLE, *TWICE)}
    owner = _owner(project, rooms[WIDE], rooms[NARROW])
    post = Post.objects.create(unit=project, role="system_admin", name="System administrator")

    MigrationExecutor(connection).migrate([AFTER])
    newest = MigrationExecutor(connection)  # people are as the program knows them today
    newest.migrate(newest.loader.graph.leaf_nodes())
    keeper = _keeper(post)

    now = {address: Room.objects.get(pk=room.pk) for address, room in rooms.items()}
    assert (now[WIDE].building, now[WIDE].number) == ("1栋", "101")
    assert [_address(now[one]) for one in (NARROW, DOUBLE, *TWICE)] == [NARROW, DOUBLE, *TWICE]
    for room in now.values():
        _says_what_a_saved_one_says(room)
    assert [place.rooms for place in CustomerPlace.objects.all()] == ["1-101、2-1-0201"]
    assert customer_places.differing([owner.pk]) == set()
    found = room_list(actor=keeper, room_filter=RoomFilter(text="1栋 101"))
    assert [row.id for row in found.rows] == [now[WIDE].pk]
    assert room_page(actor=keeper, room_id=now[DOUBLE].pk).twin == now[NARROW].pk
    assert room_page(actor=keeper, room_id=now[NARROW].pk).twin is None
    assert Post.objects.get(role="system_admin").name == "系统管理员"


def _address(room: Room) -> tuple[str, str, str]:
    return room.building, room.entrance, room.number


def _room(project: Unit, building: str, entrance: str, number: str) -> Room:
    room = estate.new_room(project, estate.Stated("", building, entrance, number, None, None, "", {}))
    room.save()
    return room


def _says_what_a_saved_one_says(room: Room) -> None:
    kept = (room.place, room.text)
    estate.state(room, room.project, estate.Stated(room.phase, *_address(room), None, None, "", {}))
    assert (room.place, room.text) == kept


def _owner(project: Unit, *rooms: Room) -> Customer:
    owner = Customer.objects.create(unit=project, kind="owner", name="苏女士", key_id="-", data_key=b"", created_at=AT)
    for room in rooms:
        CustomerRoom.objects.create(customer=owner, room=room, kind="owner")
    customer_places.project([owner.pk])
    return owner


def _keeper(post: Post) -> Actor:
    account = Account.objects.create(login="keeper", name="管房产的人")
    RoleGrant.objects.create(role=post.role, permission="estate:room:read")
    PostHolding.objects.create(post=post, account=account, from_on=AT.date())
    return actor_of(account, AT.date())
