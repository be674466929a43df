"""By which way a message goes, where to, and whether now: by the choice of whoever gets it, or by the policy."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings

from kesu.casefile import addresses
from kesu.casefile.addresses import MAIL, PAPER, Reached
from kesu.casefile.outgoing import DIGEST, NORMAL, REMINDER, URGENT, address_of, open_address
from kesu.core.hours import left_alone_until, next_at
from kesu.store.fixed import FixedRows
from kesu.store.keys import ring
from kesu.store.models import Account, Case, ChatPlace, NoticeChoice, OutboxMessage, Recipient

SCREEN: Final = "screen"
"""The pages themselves: nothing leaves the house, and nothing can go wrong on the way."""
PERSONAL: Final = (MAIL, "sms", "wecom", "dingtalk", "feishu")
"""Channels by which one person can be reached, in the order in which pages offer them."""
ROBOTS: Final = ("wecom_robot", "dingtalk_robot", "feishu_robot", "webhook")
MAY_WAIT: Final = frozenset({"notice", "copy", "credential", "policy_refused"})
"""Templates of messages that tell and ask for nothing: they may wait for the daily digest."""
NO_SERVER, NO_ADDRESS, BY_HAND = "no_server", "no_address", "by_hand"


@dataclass(frozen=True, slots=True)
class Go:
    """`robot`: address and secret of the robot of a work chat, by name."""

    channel: str
    to: str = ""
    language: str = "zh-hans"
    robot: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wait:
    until: datetime
    lane: str


@dataclass(frozen=True, slots=True)
class Stop:
    state: str
    error: str
    channel: str = ""


Route = Go | Wait | Stop


def route(message: OutboxMessage, carried: Collection[str], at: datetime) -> Route:
    """`carried`: the channels that are set up."""
    if message.recipient == Recipient.ROBOT:
        return _to_robot(message, carried)
    if message.recipient == Recipient.ACCOUNT:
        return _to_account(message, carried, at)
    return _to_outsider(message, carried, at)


def choice_of(account: Account) -> NoticeChoice:
    """His own word, or what holds for whoever has said nothing."""
    found = _CHOICES.one(account.pk)
    return found or NoticeChoice(account=account, channels=[MAIL])


_CHOICES: Final = FixedRows(lambda account: NoticeChoice.objects.filter(account_id=account))


def addresses_of(account: Account, choice: NoticeChoice) -> dict[str, str]:
    return {**choice.addresses, MAIL: account.email}


def zone_of(choice: NoticeChoice) -> ZoneInfo:
    return ZoneInfo(choice.zone or settings.TIME_ZONE)


def channels_after(message: OutboxMessage, carried: Collection[str]) -> str:
    """The next of a person's channels when one has failed for good; empty where there is none."""
    if message.account is None:
        return ""
    choice = choice_of(message.account)
    known = addresses_of(message.account, choice)
    later = choice.channels[choice.channels.index(message.channel) + 1 :] if message.channel in choice.channels else []
    return next((one for one in later if one in carried and known.get(one)), "")


def _to_account(message: OutboxMessage, carried: Collection[str], at: datetime) -> Route:
    account = message.account
    assert account is not None
    if not account.is_active:
        return Stop("failed", "account_closed")
    choice = choice_of(account)
    if message.lane != URGENT:
        put_off = _put_off(message, choice, at)
        if put_off is not None:
            return put_off
    if not choice.channels and not message.channel:
        return Go(SCREEN)
    wanted = (message.channel,) if message.channel else tuple(choice.channels)
    return _first(wanted, addresses_of(account, choice), carried, account.language)


def _put_off(message: OutboxMessage, choice: NoticeChoice, at: datetime) -> Wait | None:
    zone = zone_of(choice)
    waits = message.lane == NORMAL and choice.digest_at is not None and message.template in MAY_WAIT
    lane = DIGEST if waits else message.lane
    until = next_at(at, choice.digest_at, zone) if waits and choice.digest_at is not None else None
    quiet = left_alone_until(until or at, choice.quiet_from, choice.quiet_until, zone)
    later = quiet or until
    return Wait(later, lane) if later is not None else None


def _first(wanted: Sequence[str], known: Mapping[str, str], carried: Collection[str], language: str) -> Route:
    """The first way that is set up and has an address."""
    for channel in wanted:
        if channel == PAPER:
            return Stop("held", BY_HAND, PAPER)
        if channel in carried and known.get(channel):
            return Go(channel, known[channel], language or "zh-hans")
    waits = any(known.get(channel) for channel in wanted) or not set(wanted) & set(carried)
    return Stop("held", NO_SERVER if waits else NO_ADDRESS)


def _to_robot(message: OutboxMessage, carried: Collection[str]) -> Route:
    place = message.place
    assert place is not None
    if place.removed_at is not None:
        return Stop("failed", "place_removed")
    if message.case is not None and not _is_told(place, message.case):
        return Stop("failed", "not_let_in")
    if place.channel not in carried:
        return Stop("held", NO_SERVER, place.channel)
    return Go(place.channel, robot=settings_of(place))


def _is_told(place: ChatPlace, case: Case) -> bool:
    """It may have become confidential since, or have been taken to another unit."""
    return not case.card.confidential and case.card.unit_path.startswith(place.unit.path)


def settings_of(place: ChatPlace) -> dict[str, str]:
    found: dict[str, str] = json.loads(ring().open("chat-place", place.pk.bytes, place.key_id, bytes(place.sealed)))
    return found


def _to_outsider(message: OutboxMessage, carried: Collection[str], at: datetime) -> Route:
    """A customer, one who speaks for customers, or somebody outside who has a part in the case."""
    guest, case = message.guest, message.case
    assert case is not None
    if guest is not None and (guest.withdrawn_at is not None or at >= guest.ends_at):
        return Stop("failed", "link_over")
    if message.recipient == Recipient.GUEST:
        assert guest is not None
        channel, to = open_address(case, guest.pk.hex, bytes(guest.address))
        reached, ways = Reached(by={channel: to} if to else {}), [channel] if channel else [MAIL]
    else:
        reached = addresses.of_customer(case) if guest is None else addresses.of_representative(guest, case)
        ways = ordered(message.payload.get("ways", ()), reached.prefers)
    if message.lane != URGENT:
        quiet = left_alone_until(at, reached.quiet_from, reached.quiet_until, ZoneInfo(settings.TIME_ZONE))
        if quiet is not None:
            return Wait(quiet, message.lane)
    by_hand = address_of(message)
    known = {**reached.by, message.channel: by_hand} if by_hand else reached.by
    return _first([message.channel] if message.channel else ways, known, carried, reached.language)


def ordered(ways: Sequence[str], prefers: Sequence[str]) -> list[str]:
    """The ways that the policy allows, those that he prefers first."""
    liked = [way for way in prefers if way in ways]
    return [*liked, *(way for way in ways if way not in liked)]


def goes_together(message: OutboxMessage) -> bool:
    """Whether others for the same person leave with it: reminders of one minute, and what waited for the digest."""
    if message.account_id is None:
        return False
    return message.lane == DIGEST or (message.lane == NORMAL and message.template == REMINDER)
