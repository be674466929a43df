"""Whether a short message reached the device is asked for, and what the network says stands with the message."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from django.test import override_settings

from kesu.commands.messages.ask_one import Report, ask_one
from kesu.commands.messages.send_one import Delivered, send_one
from kesu.core import clock
from kesu.core.letter import Letter
from kesu.jobs import worker
from kesu.store.models import OutboxMessage
from tests import desk
from tests.jobs.test_any_recipient import telling, to_customer
from tests.notify.vendors.aliyun import AliyunServer
from tests.notify.vendors.loopback import serving
from tests.world import World

NOW = clock.now()
"""When the tests began; signatures are of the present, by the clock that both sides read."""


@pytest.fixture
def vendor() -> Iterator[AliyunServer]:
    """The vendor's server, and the house that sends by it."""
    aliyun = AliyunServer()
    with serving(aliyun):
        templates = '"*": {code: SMS_100, text: "${what} ${number} ${due}"}'
        settings = {"carrier": "aliyun", "key_id": aliyun.key_id, "secret": aliyun.secret, "base": aliyun.base}
        sms = {**settings, "signature": aliyun.signature, "templates": templates}
        aliyun.time.at = clock.now()
        with override_settings(KESU_CHANNELS={"sms": sms}):
            yield aliyun


def send(world: World) -> OutboxMessage:
    telling(world, "sms")
    case = world.register(at=NOW)
    sender = worker.mail_sender()
    while send_one(at=NOW, sender=sender):
        pass
    return to_customer(case)


def asked(after: timedelta) -> int:
    """How often somebody was asked about a message then."""
    sender = worker.mail_sender()
    assert sender is not None
    count = 0
    while ask_one(at=NOW + after, asker=sender):
        count += 1
    return count


def shown(message: OutboxMessage, login: str = "zhouyining") -> str:
    return desk.client_of(login).get(f"/cases/{message.case_id}/sent").content.decode()


def test_it_is_asked_less_and_less_often_until_the_device_has_it(world: World, vendor: AliyunServer) -> None:
    message = send(world)
    assert (message.state, message.called) == ("sent", "9006^0")
    minutes = (0, 1, 2, 3, 4, 7, 8, 60, 61)
    assert [asked(timedelta(minutes=one)) for one in minutes] == [0, 1, 1, 0, 1, 0, 1, 1, 0]
    assert "已送到" not in shown(message)

    vendor.network = (3, "DELIVERED")
    assert asked(timedelta(hours=3)) == 1
    assert "已送到" in shown(message)
    assert asked(timedelta(hours=30)) == 0


def test_what_the_network_lost_is_under_what_did_not_arrive(world: World, vendor: AliyunServer) -> None:
    message = send(world)
    vendor.network = (2, "MOBILE_NOT_ON_SERVICE")
    assert asked(timedelta(minutes=1)) == 1
    message.refresh_from_db()
    assert (message.state, message.error) == ("failed", "aliyun MOBILE_NOT_ON_SERVICE")
    page = desk.client_of("zhouyining").get("/messages/undelivered").content.decode()
    assert "MOBILE_NOT_ON_SERVICE" in page
    assert asked(timedelta(hours=1)) == 0


def test_after_three_days_nobody_asks_any_more(world: World, vendor: AliyunServer) -> None:
    message = send(world)
    assert asked(timedelta(hours=73)) == 1
    message.refresh_from_db()
    assert (message.state, message.ask_at, message.arrived_at) == ("sent", None, None)


def test_a_vendor_that_cannot_be_asked_is_asked_later(world: World, vendor: AliyunServer) -> None:
    message = send(world)
    secret, vendor.secret = vendor.secret, "another since"
    assert asked(timedelta(minutes=1)) == 1
    message.refresh_from_db()
    assert message.state == "sent"
    vendor.secret, vendor.network = secret, (3, "DELIVERED")
    assert asked(timedelta(minutes=5)) == 1
    assert "已送到" in shown(message)


@dataclass
class Outside:
    """Takes everything; each time that it is asked what became of a message, `late` falls due."""

    late: int = 0
    heard: list[str] = field(default_factory=list)
    channels: frozenset[str] = frozenset({"sms"})
    asked: frozenset[str] = frozenset({"sms"})

    def send(self, letters: Sequence[Letter], *, channel: str, to: str, robot: Mapping[str, str]) -> Delivered:
        self.heard.append("sent")
        return Delivered("taken", tuple(("", "") for _ in letters))

    def arrival(self, *, channel: str, to: str, called: str, sent_at: datetime) -> Report:
        self.heard.append("asked")
        OutboxMessage.objects.filter(pk=self.late, sent_at=None).update(state="due")
        return Report(is_there=True)


def test_what_falls_due_while_a_gateway_is_asked_leaves_before_the_next_question(world: World) -> None:
    telling(world, "sms")
    first, second, late = (to_customer(world.register(at=NOW - timedelta(minutes=n))) for n in range(3))
    OutboxMessage.objects.exclude(pk__in=(first.pk, second.pk)).update(state="held")
    outside, stop = Outside(late.pk), threading.Event()
    worker.send_due(outside, stop)
    OutboxMessage.objects.filter(state="sent").update(ask_at=NOW)
    outside.heard.clear()
    worker.ask_due(outside, stop)
    assert outside.heard == ["asked", "sent", "asked"]
