"""A room and a customer for the walks of every address and every query."""

from __future__ import annotations

from collections.abc import Mapping
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
    "customer-apart",
    "customer-join",
    "customer-part",
    "customer-export",
    "customer-erase",
)
_OF_MAILBOX = ("mailbox-try", "mailbox-open")
POSTED = frozenset(
    {*OF_CUSTOMER, *_OF_MAILBOX, "customer-room-end", "customer-withdraw", "room-remove"} - {"customer-page"}
)

ROOM = {"building": "3栋", "entrance": "1单元", "number": "1702", "occupancy": "own", "warranties": "防水 2031-06-30"}
PERSON = {"name": "苏晴", "kind": "owner", "phones": "13800002016", "occupation": "教师", "groups": "老人"}


def hook_of(world: World, at: datetime) -> UUID:
    """A program outside that is told, once for all walks of one world. It is not there: nobody listens on that port."""
    from kesu.commands.hooks.make_hook import make_hook
    from kesu.store.models import Hook

    made = Hook.objects.values_list("pk", flat=True).first()
    if made is not None:
        return made
    about = {"name": "客户关系系统", "address": "https://127.0.0.1:9/", "unit_id": world.units["group"]}
    return make_hook(actor=desk.actor("admin"), at=at, **about, kinds=[], events=["opened"]).hook_id


def hook_addresses(world: World, at: datetime) -> dict[str, dict[str, object]]:
    hook: dict[str, object] = {"hook_id": hook_of(world, at)}
    return {
        **dict.fromkeys(("hook", "hook-open", "hook-renew", "hook-try"), hook),
        "hook-again": {**hook, "delivery": 0},
        "channel-try": {"key": "sms"},
    }


def chat_place(world: World, at: datetime) -> UUID:
    """A group of a work chat of the whole house, once for all walks of one world. Nobody listens on that port."""
    from kesu.commands.organisation.set_chat_place import set_chat_place
    from kesu.store.models import ChatPlace

    made = ChatPlace.objects.values_list("pk", flat=True).first()
    about = {"unit_id": world.units["group"], "channel": "webhook", "name": "值班群", "url": "https://127.0.0.1:9/"}
    return made or set_chat_place(actor=desk.actor("admin"), at=at, **about)


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


def change(customer_id: UUID, given: Mapping[str, str], login: str = "linsheng") -> None:
    """What is known of him, by somebody who has just had him shown."""
    from kesu.commands.customers.change_customer import change_customer
    from kesu.commands.customers.show_customer import show_customer
    from kesu.core import clock

    actor, at = desk.actor(login), clock.now()
    seen = show_customer(actor=actor, at=at, customer_id=customer_id).version
    change_customer(actor=actor, at=at, customer_id=customer_id, seen_version=seen, given=given)


def family(world: World, at: datetime) -> tuple[UUID, UUID]:
    """A room and its owner: with a consent, one row joined to him and another that may be he."""
    from kesu.commands.customers.give_consent import give_consent
    from kesu.commands.customers.join_customers import join_customers
    from kesu.commands.customers.link_room import link_room

    actor, project = desk.actor("zhouyining"), world.units["qingtang"].hex
    room_id, customer_id = room(world, at), customer(world, at)
    other, _similar = customer(world, at, name="苏 晴"), customer(world, at, name="苏小姐")
    join_customers(actor=actor, at=at, customer_id=customer_id, other_id=other)
    link_room(actor=actor, at=at, customer_id=customer_id, project=project, room="3-1-1702", kind="owner")
    told = {"purpose": "给承包单位联系方式", "how": "书面", "given_on": "2026-01-02"}
    give_consent(actor=actor, at=at, on=at.date(), customer_id=customer_id, **told)
    return room_id, customer_id


def mailbox(world: World, at: datetime) -> UUID:
    """A mailbox into which mails are piped, made by whoever keeps them."""
    from kesu.commands.arrivals.make_mailbox import make_mailbox
    from kesu.store.models import Mailbox

    known = Mailbox.objects.first()
    if known is not None:
        return known.pk
    told = {"name": "投诉信箱", "address": "tousu@qingtang.example", "unit_id": world.units["qingtang"]}
    return make_mailbox(actor=desk.actor("admin"), at=at, kind="complaint", **told)


def mail(world: World, at: datetime) -> UUID:
    """A mail that waits for somebody to decide."""
    from kesu.commands.arrivals.keep_mail import keep_mail
    from kesu.commands.arrivals.sort_one_mail import sort_one_mail
    from kesu.store.models import InboundMail

    known = InboundMail.objects.first()
    if known is not None:
        return known.pk
    content = "From: 周先生 <zhou@mail.example>\nSubject: 阳台渗水\n\n下雨就漏".encode()
    keep_mail(at=at, mailbox_id=mailbox(world, at), content=content)
    sort_one_mail(at=at)
    return InboundMail.objects.get().pk


def mails(world: World, at: datetime) -> dict[str, dict[str, UUID]]:
    """The arguments of every address of mailboxes and mails."""
    of_box, of_mail = {"mailbox_id": mailbox(world, at)}, {"mail_id": mail(world, at)}
    boxes = dict.fromkeys(("mailbox", *_OF_MAILBOX), of_box)
    return {**boxes, **dict.fromkeys(("mail", "mail-original"), of_mail)}
