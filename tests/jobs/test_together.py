"""Many cases that fall due at one moment wake together, as each would alone; nothing slow stands in their way."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import connections
from django.db.models import F
from django.test import override_settings

from kesu.casefile import together
from kesu.casefile.proof.rebuilding import Outcome
from kesu.commands.clock.wake_one import wake_one, wake_some
from kesu.jobs import worker
from kesu.queries.proof.rows_of_case import compared
from kesu.store.models import Case, CaseCard, CaseEvent, ObligationOwner, OutboxMessage
from tests.jobs.mailbox import Mailbox, open_mailbox
from tests.world import MONDAY, World

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def wake_all(at: datetime) -> None:
    while wake_some(at=at):
        pass


def acts(case_id: UUID) -> list[tuple[str, datetime, object]]:
    rows = CaseEvent.objects.filter(case_id=case_id).order_by("seq")
    return list(rows.values_list("kind", "at", "facts__effect"))


def rows_of(case_id: UUID) -> list[object]:
    """What follows from its log and names nothing of this case alone."""
    card = CaseCard.objects.filter(pk=case_id).values("stage", "level", "wake_at", "changed_at", "urgent", "next_owner")
    owners = ObligationOwner.objects.filter(obligation__case_id=case_id).order_by("obligation__key", "account_id")
    told = OutboxMessage.objects.filter(case_id=case_id).order_by("account__login", "template")
    return [
        *card,
        *owners.values("obligation__key", "obligation__due_at", "obligation__state", "account__login"),
        *told.values("account__login", "template", "lane", "payload__code", "created_at"),
    ]


def test_cases_that_wake_together_become_what_each_becomes_alone(world: World) -> None:
    alone, *others = (world.register("wutong", title=f"件 {n}") for n in range(4))
    grown = world.triaged(MONDAY - 20 * MINUTE)
    at = MONDAY + HOUR
    CaseCard.objects.filter(pk=alone).update(wake_at=MONDAY)  # so that it is taken first
    assert wake_one(at=at)
    wake_all(at)

    assert [acts(case) for case in others] == [acts(alone)] * 3
    assert [rows_of(case) for case in others] == [rows_of(alone)] * 3
    for case in (alone, *others, grown):
        found = compared(case, at)
        assert found is not None
        assert found.outcome is Outcome.SAME
        assert Case.objects.get(pk=case).version == CaseEvent.objects.filter(case_id=case).count()


def test_a_case_that_takes_a_step_by_itself_or_speaks_with_others_is_woken_all_the_same(world: World) -> None:
    """Its level rises meanwhile, which the policy answers with more than messages."""
    case_id = world.triaged()
    other = world.register("wutong", title="另一件")
    at = MONDAY + timedelta(days=40)
    wake_all(at)

    assert CaseCard.objects.get(pk=case_id).level == "major"
    assert not CaseCard.objects.filter(wake_at__lte=at).exists()
    assert all(found and found.outcome is Outcome.SAME for found in (compared(case_id, at), compared(other, at)))


def test_urgent_cases_are_taken_first_and_by_themselves(world: World) -> None:
    usual = [world.register("wutong", title=f"件 {n}") for n in range(3)]
    urgent = world.register("wutong", at=MONDAY + MINUTE, title="应急")
    CaseCard.objects.filter(pk=urgent).update(urgent=True)
    at = MONDAY + HOUR + MINUTE

    assert wake_some(at=at) == 1
    assert CaseCard.objects.get(pk=urgent).wake_at != MONDAY + HOUR + MINUTE
    assert wake_some(at=at) == 3
    assert not CaseCard.objects.filter(pk__in=usual, wake_at__lte=at).exists()


def test_one_that_cannot_be_woken_undoes_its_batch_and_the_others_come_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    poisoned, *healthy = (world.register("wutong", title=f"件 {n}") for n in range(4))
    monkeypatch.setattr(worker, "now", lambda: MONDAY + HOUR)
    real = together._ByItself.settle

    def settle_unless_poisoned(file: object, now: datetime) -> object:
        if file.head.pk == poisoned:  # type: ignore[attr-defined]
            raise ValueError("unreadable")
        return real(file, now)  # type: ignore[arg-type]

    monkeypatch.setattr(together._ByItself, "settle", settle_unless_poisoned)
    worker.wake_due(threading.Event())

    counts = [CaseEvent.objects.filter(case_id=case, kind="duty.escalated").count() for case in (poisoned, *healthy)]
    assert counts == [0, 1, 1, 1]
    assert CaseCard.objects.get(pk=poisoned).wake_at == MONDAY + HOUR + 10 * MINUTE


def test_workers_that_wake_the_same_cases_together_act_once(committed_world: World) -> None:
    cases = [committed_world.register("wutong", title=f"件 {n}") for n in range(6)]
    start, errors = threading.Barrier(4), list[BaseException]()

    def work() -> None:
        try:
            start.wait(timeout=20)
            while wake_some(at=MONDAY + HOUR, most=2):
                pass
        except BaseException as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert not errors
    told = OutboxMessage.objects.filter(case_id__in=cases, template="escalation")
    done = CaseEvent.objects.filter(case_id__in=cases, kind="duty.escalated")
    assert (
        sorted(done.values_list("case_id", flat=True))
        == sorted(cases)
        == sorted(told.values_list("case_id", flat=True))
    )


class _Slow(Mailbox):
    """A mail server that takes its time over every mail."""

    __slots__ = ("held",)

    async def handle_DATA(self, server: object, session: object, envelope: object) -> str:
        import asyncio

        while not self.held.is_set():
            await asyncio.sleep(0.05)
        return await Mailbox.handle_DATA(self, server, session, envelope)


def test_a_slow_mail_server_keeps_no_escalation_waiting(committed_world: World) -> None:
    slow = _Slow()
    slow.held = threading.Event()
    cases = [committed_world.register("wutong", at=MONDAY, title=f"件 {n}") for n in range(3)]
    with open_mailbox(slow) as mailbox, override_settings(KESU_SMTP_URL=mailbox.url):
        stop = threading.Event()
        thread = threading.Thread(target=worker.run, args=(stop,))
        thread.start()
        try:
            done = CaseEvent.objects.filter(case_id__in=cases, kind="duty.escalated").values("case_id").distinct()
            _wait(lambda: done.count() == 3)
            late = committed_world.register("wutong", at=MONDAY, title="其间又来一件")
            CaseCard.objects.filter(pk=late).update(wake_at=F("received_at"))
            _wait(CaseEvent.objects.filter(case_id=late, kind="duty.escalated").exists)
            assert not mailbox.letters
        finally:
            slow.held.set()
            stop.set()
            thread.join(timeout=40)
    assert not thread.is_alive()


def _wait(is_so: object) -> None:
    for _ in range(300):
        if is_so():  # type: ignore[operator]
            return
        threading.Event().wait(0.1)
    raise AssertionError("it did not happen")
