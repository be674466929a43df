"""What cannot be read stops nothing but itself: no other case from being woken, no other message from leaving."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.test import override_settings

from kesu.commands.messages.ask_one import NotAsked, Report, ask_one
from kesu.commands.messages.send_one import MAX_ATTEMPTS, MessageState
from kesu.jobs import worker
from kesu.store.models import Account, Case, CaseCard, CaseEvent, OutboxMessage
from tests.jobs.mailbox import Mailbox, open_mailbox
from tests.letters import Kept
from tests.world import MONDAY, World

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with open_mailbox() as opened, override_settings(KESU_SMTP_URL=opened.url):
        yield opened


def make_unreadable(case: UUID) -> None:
    """Its key was sealed with one that the house has no more."""
    Case.objects.filter(pk=case).update(key_id="lost")


def test_a_case_that_cannot_be_read_is_put_off_and_the_others_are_woken(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    unreadable, *healthy = (world.register("wutong", title=f"件 {n}") for n in range(3))
    make_unreadable(unreadable)
    monkeypatch.setattr(worker, "now", lambda: MONDAY + HOUR)
    worker.wake_due(threading.Event())

    counts = [CaseEvent.objects.filter(case_id=case, kind="duty.escalated").count() for case in (unreadable, *healthy)]
    assert counts == [0, 1, 1]
    assert CaseCard.objects.get(pk=unreadable).wake_at == MONDAY + HOUR + timedelta(minutes=10)


def test_a_message_of_a_case_that_cannot_be_read_never_leaves_and_holds_up_no_other(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    unreadable, healthy = (world.register("wutong", title=f"件 {n}") for n in range(2))
    monkeypatch.setattr(worker, "now", lambda: MONDAY + HOUR)
    worker.wake_due(threading.Event())
    make_unreadable(unreadable)

    sender = Kept()
    for day in range(MAX_ATTEMPTS):
        monkeypatch.setattr(worker, "now", lambda at=MONDAY + HOUR + day * DAY: at)
        worker.send_due(sender, threading.Event())

    assert {letter.case_id for letter in sender.letters} == {str(healthy)}
    assert OutboxMessage.objects.get(case_id=healthy).state == MessageState.SENT
    row = OutboxMessage.objects.get(case_id=unreadable)
    assert (row.state, row.attempts, row.error) == (MessageState.FAILED, MAX_ATTEMPTS, "KeyError")


def test_one_letter_that_cannot_be_written_keeps_no_digest_back(
    world: World, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = [world.register("wutong", title=f"件 {n}") for n in range(3)]
    account = Account.objects.get(login="zhouyining")
    for n, case in enumerate(cases):
        told = {"key": f"{case}/notice:x@{n}/{account.pk.hex}", "account": account, "case_id": case}
        values = {"values": "unreadable"} if n == 1 else {"values": {}}
        OutboxMessage.objects.create(
            **told, lane="digest", template="notice", payload=values, created_at=MONDAY, try_at=MONDAY
        )
    monkeypatch.setattr(worker, "now", lambda: MONDAY + HOUR)
    worker.send_due(worker.mail_sender(), threading.Event())

    rows = OutboxMessage.objects.filter(lane="digest").order_by("pk")
    assert [row.state for row in rows] == [MessageState.SENT, MessageState.DUE, MessageState.SENT]
    assert rows[1].error == "TypeError"
    (letter,) = (one for one in mailbox.letters if str(cases[0]) in one.get_content())
    assert str(cases[2]) in letter.get_content()


@dataclass
class Gateway(Kept):
    """Says of no message whether it arrived."""

    asked: frozenset[str] = frozenset({"sms"})
    numbers: list[str] = field(default_factory=list)

    def arrival(self, *, channel: str, to: str, called: str, sent_at: datetime) -> Report:
        self.numbers.append(to)
        raise NotAsked


def test_a_message_that_cannot_be_read_any_more_keeps_no_other_from_being_asked_about(world: World) -> None:
    cases = [world.register("wutong", title=f"件 {n}") for n in range(2)]
    for case in cases:
        OutboxMessage.objects.create(
            key=f"{case}/told", case_id=case, recipient="customer", channel="sms", state="sent", called="x",
            template="to_customer", created_at=MONDAY, try_at=MONDAY, sent_at=MONDAY, ask_at=MONDAY, sealed=b"0" * 99,
        )  # fmt: skip
    gateway = Gateway()
    assert [ask_one(at=MONDAY + HOUR, asker=gateway) for _ in range(3)] == [True, True, False]
    assert gateway.numbers == ["", ""]
