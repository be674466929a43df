"""Time acts once, at its moment, whoever is killed when and however many workers there are."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import OperationalError, connection, connections
from structlog.testing import capture_logs

from kesu.commands.clock import wake_one as clock
from kesu.commands.clock.hand_over import hand_over
from kesu.commands.clock.wake_one import WakeFailed, next_wake_at, put_off, wake_one
from kesu.commands.sealed.submit_report import submit_report
from kesu.jobs.worker import work
from kesu.queries.cases.case_page import case_page
from kesu.store.models import Case, CaseCard, CaseEvent, Obligation, OutboxMessage, PostHolding, SealedCase
from kesu.store.sealed_reader import SYSTEM, read_as
from tests.access.sample import REPORT
from tests.world import MONDAY, World

HALF_A_MONTH = timedelta(days=15)


def wake_all(at: object) -> int:
    count = 0
    while wake_one(at=at):  # type: ignore[arg-type]
        count += 1
    return count


def test_it_wants_to_be_woken_when_the_hour_is_over(world: World) -> None:
    world.register("wutong")

    assert next_wake_at() == MONDAY + timedelta(hours=1)
    assert not wake_one(at=MONDAY + timedelta(minutes=59, seconds=59))
    assert wake_one(at=MONDAY + timedelta(hours=1))


def test_it_escalates_a_missed_notice_once(world: World) -> None:
    case_id = world.register("wutong")
    at = MONDAY + timedelta(hours=1)
    wake_all(at)
    wake_all(at + timedelta(minutes=1))

    told = OutboxMessage.objects.filter(case_id=case_id, template="escalation")
    assert [m.account.login for m in told] == ["linsheng"]
    assert CaseEvent.objects.filter(case_id=case_id, kind="duty.escalated").count() == 1


def test_it_tells_the_next_in_line_when_nobody_holds_the_slot_and_says_so_on_the_case(world: World) -> None:
    """For a hot complaint the manager is told first, the company's leadership with him: here he has left."""
    PostHolding.objects.filter(post__role="cs_dept").delete()
    case_id = world.triaged()
    for number in ("13800001001", "13800001002"):
        world.take(
            case_id, "join", "zhouyining", MONDAY + timedelta(minutes=30), person__name="邻居", person__phone=number
        )
    wake_all(MONDAY + timedelta(days=1))

    reminded = CaseEvent.objects.filter(case_id=case_id, kind="duty.reminded", facts__duty="report_up").first()
    assert reminded is not None
    assert reminded.facts["instead"] == "cs_manager"
    told = OutboxMessage.objects.filter(case_id=case_id, template="reminder", payload__code="report_up")
    assert {m.account.login for m in told} == {"linsheng"}


def test_it_says_on_the_case_that_nobody_at_all_could_be_told(world: World) -> None:
    PostHolding.objects.filter(post__role="cs_manager").delete()
    case_id = world.register("wutong")
    wake_all(MONDAY + timedelta(hours=1))

    assert CaseEvent.objects.get(case_id=case_id, kind="duty.escalated").facts["instead"] == ""
    page = case_page(actor=world.actor("zhouyining"), at=MONDAY + timedelta(hours=2), case_id=case_id)
    assert [item.instead for item in page.timeline if item.name == "知会客服专管员"] == [""]


def test_it_raises_the_level_after_half_a_month_at_the_minute(world: World) -> None:
    case_id = world.triaged()
    wake_all(MONDAY + HALF_A_MONTH - timedelta(seconds=1))
    assert CaseCard.objects.get(pk=case_id).level == "general"

    wake_all(MONDAY + HALF_A_MONTH)
    card = CaseCard.objects.get(pk=case_id)
    assert card.level == "hot"
    assert card.level_clauses == ["3.4.2d"]


def test_it_does_not_escalate_what_was_done_in_time(world: World) -> None:
    case_id = world.register("wutong")
    world.take(case_id, "inform", "wutong", MONDAY + timedelta(minutes=59))
    wake_all(MONDAY + timedelta(hours=2))

    assert not OutboxMessage.objects.filter(case_id=case_id, template="escalation").exists()


def test_it_puts_off_a_case_that_cannot_be_woken_and_wakes_the_others(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    poisoned, healthy = (world.register("wutong", title=t) for t in ("坏", "好"))
    real = clock.CaseFile.open

    def open_unless_poisoned(head: object) -> object:
        if head.pk == poisoned:  # type: ignore[attr-defined]
            raise ValueError("unreadable")
        return real(head)  # type: ignore[arg-type]

    monkeypatch.setattr(clock.CaseFile, "open", open_unless_poisoned)
    at = MONDAY + timedelta(hours=1)
    with pytest.raises(WakeFailed) as failed:
        wake_all(at)
    put_off(failed.value, until=at + timedelta(minutes=10))
    wake_all(at)

    assert CaseEvent.objects.filter(case_id=healthy, kind="duty.escalated").exists()
    assert CaseCard.objects.get(pk=poisoned).wake_at == at + timedelta(minutes=10)


def test_no_log_tells_of_a_report_that_cannot_be_woken(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    given = {code: (text,) for code, text in REPORT.items()}
    submit_report(
        at=MONDAY, unit_id=world.units["qingtang"], kind="whistle_report", given=given, token="a report of this test"
    )
    read_as(SYSTEM)
    SealedCase.objects.update(wake_at=MONDAY)
    report = SealedCase.objects.get()

    def broken(head: object) -> object:
        raise ValueError(f"unreadable: {head}")

    monkeypatch.setattr(clock.CaseFile, "open", broken)
    with capture_logs() as lines:
        work(None, threading.Event())

    assert [line["fault"] for line in lines] == ["ValueError"]
    told = repr(lines)
    assert not any(word in told for word in (str(report.pk), report.pk.hex, report.code, "sealed", "unreadable"))
    read_as(SYSTEM)
    assert SealedCase.objects.get().wake_at > MONDAY, "it is tried again later"


def test_it_does_not_put_off_a_case_because_the_database_broke_a_tie(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.register("wutong")

    def broken(head: object) -> object:
        raise OperationalError("deadlock detected")

    monkeypatch.setattr(clock.CaseFile, "open", broken)
    with pytest.raises(OperationalError):
        wake_one(at=MONDAY + timedelta(hours=1))


def test_it_acts_once_when_eight_workers_wake_at_the_same_instant(committed_world: World) -> None:
    cases = [committed_world.register("wutong", title=f"件 {n}") for n in range(6)]
    at = MONDAY + timedelta(hours=1)
    start = threading.Barrier(8)
    errors: list[BaseException] = []

    def worker() -> None:
        try:
            start.wait(timeout=20)
            wake_all(at)
        except BaseException as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=worker) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    wake_all(at)

    assert not errors
    for case_id in cases:
        assert CaseEvent.objects.filter(case_id=case_id, kind="duty.escalated").count() == 1
        assert OutboxMessage.objects.filter(case_id=case_id, template="escalation").count() == 1


def test_it_leaves_a_case_due_when_its_worker_is_killed_in_the_middle(committed_world: World) -> None:
    case_id = committed_world.register("wutong")
    at = MONDAY + timedelta(hours=1)
    doomed = connection.copy()
    try:
        # A worker that dies between its first write and its commit: the server ends its session.
        doomed.set_autocommit(False)
        with doomed.cursor() as cursor:
            cursor.execute("SELECT id FROM store_case WHERE id = %s FOR UPDATE", [case_id])
            cursor.execute("SELECT pg_backend_pid()")
            pid = cursor.fetchone()[0]
            cursor.execute("UPDATE store_casecard SET wake_at = NULL WHERE case_id = %s", [case_id])
        assert not wake_one(at=at), "a row in another worker's hands must be passed over"
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
            assert cursor.fetchone()[0]
    finally:
        doomed.close()

    for _ in range(50):
        if wake_one(at=at):
            break
        threading.Event().wait(0.1)
    assert CaseEvent.objects.filter(case_id=case_id, kind="duty.escalated").count() == 1
    assert Case.objects.get(pk=case_id).version == CaseEvent.objects.filter(case_id=case_id).count()


def test_it_shows_a_new_holder_the_open_duties_of_his_post_in_the_morning(world: World) -> None:
    case_id = world.submit().case_id
    today, at = MONDAY.date(), MONDAY + timedelta(days=1)
    held = PostHolding.objects.get(post__role="cs_specialist", account_id=world.people["zhouyining"])
    PostHolding.objects.filter(pk=held.pk).update(until_on=today)
    PostHolding.objects.create(post=held.post, account_id=world.people["wutong"], from_on=at.date())
    wake_all(MONDAY + timedelta(hours=3))

    assert hand_over(since=at.date(), on=at.date(), at=at) == 1
    wake_all(at)

    owed = Obligation.objects.get(case_id=case_id, duty="inform_specialist")
    assert [owner.account.login for owner in owed.owners.all()] == ["wutong"]
    assert hand_over(since=at.date() + timedelta(days=1), on=at.date() + timedelta(days=1), at=at) == 0


def test_it_wakes_a_case_of_the_highest_level_before_one_that_has_waited_longer(world: World) -> None:
    ordinary = world.triaged()
    highest = world.triaged(MONDAY + timedelta(hours=1), title="外墙脱落")
    world.take(highest, "state_facts", "zhouyining", MONDAY + timedelta(hours=2), media_exposed="是")

    wake_one(at=MONDAY + timedelta(days=40))

    changed = {pk: CaseCard.objects.get(pk=pk).changed_at for pk in (ordinary, highest)}
    assert changed[highest] > changed[ordinary]
