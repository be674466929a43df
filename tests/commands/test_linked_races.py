"""Linked cases under pressure: two who act at once, a worker that dies, a parent that is being worked on."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection, connections, transaction

from kesu.commands.clock.wake_one import wake_one
from kesu.commands.policies.adopt_pack import adopt_pack
from kesu.core.errors import Overtaken
from kesu.store.models import Case, CaseCard, CaseEvent, LedgerEntry
from tests.linked_policies import RECTIFICATION, linked
from tests.world import MONDAY, World, calendar

SIGNED = {"compiled_by": "周以宁", "reviewed_by": "林声", "approved_by": "顾岚"}
LATER = MONDAY + timedelta(hours=1)
FOUND = "starts: problem.found\n    when: {problem_text: 已填}"
OPENED = "starts: link.problem.opened, owner: holder, within: 3天,\n     met_by: link.problem.closed"
BY_TIME = (FOUND, FOUND.replace("problem.found", "duty.rectify.overdue"))
"""What opens is then the passing of time: no person acts, only workers."""
DUE = (OPENED, OPENED.replace("link.problem.opened", "problem.found"))


WAITING = """
SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


COST = "  cost: {name: 花费, type: money, clause: D1c}\n"
LEDGER = "ledgers: {repairs: {name: 维修款, per: [unit], minus: EVENT, amount: cost, below_zero: warn, clause: D1c}}\n"
PAY = "  pay: {name: 付款, by: cs_specialist, event: problem.paid, asks: [cost], clause: D1c}\n"
PAYING = (
    ("\nfacts:\n  problem_text", f"\nfacts:\n{COST}  problem_text"),
    ("\nopens:\n", f"\n{LEDGER.replace('EVENT', 'problem.paid')}\nopens:\n"),
    ("\n  find_problem:\n", f"\n{PAY}  find_problem:\n"),
)
PAID = RECTIFICATION.replace("facts:\n", f"facts:\n{COST}", 1).replace("asks: [result]", "asks: [result, cost]")
PAID += LEDGER.replace("EVENT", "rectification.done")
"""Both enter what they cost in one ledger."""


def ready(world: World, *changes: tuple[str, str], kind: str = RECTIFICATION) -> UUID:
    place, pack = world.units["qingtang"], linked(*changes, kind=kind)
    adopt_pack(actor=None, at=MONDAY, unit_id=place, pack=pack, calendar=calendar(), signatures=SIGNED)
    case_id = world.register("wutong", at=LATER)
    find = {"problem_text": "管井没有封堵", "problem_weight": "重"}
    world.take(case_id, "find_problem", "zhouyining", LATER + timedelta(minutes=5), **find)
    return case_id


def rectifications() -> list[UUID]:
    return list(CaseCard.objects.filter(kind="rectification").values_list("pk", flat=True))


def at_once(acts: list[Callable[[], object]]) -> list[BaseException]:
    start, errors = threading.Barrier(len(acts)), []

    def run(act: Callable[[], object]) -> None:
        try:
            start.wait(timeout=20)
            act()
        except BaseException as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return errors


def somebody_waits() -> bool:
    """For a row that somebody else has."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # a transaction keeps what it saw first
        cursor.execute(WAITING)
        return bool(cursor.fetchone()[0])


def work(until: datetime) -> None:
    while wake_one(at=until):
        pass


def test_many_workers_open_one(committed_world: World) -> None:
    case_id = ready(committed_world, BY_TIME, DUE)
    assert rectifications() == []
    until = LATER + timedelta(days=4)
    assert at_once([lambda: work(until)] * 4) == []
    assert len(rectifications()) == 1
    assert CaseEvent.objects.filter(case=case_id, kind="link.opened").count() == 1


def test_a_worker_that_dies_in_the_middle_leaves_nothing_and_the_next_opens_one(committed_world: World) -> None:
    case_id = ready(committed_world, BY_TIME, DUE)
    until = LATER + timedelta(days=4)

    def dies() -> None:
        with transaction.atomic():
            while wake_one(at=until):
                pass
            assert len(rectifications()) == 1
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        dies()
    assert rectifications() == []
    assert not CaseEvent.objects.filter(case=case_id, kind="link.opened").exists()
    work(until)
    assert len(rectifications()) == 1


def test_an_end_while_the_parent_is_worked_on_is_heard(committed_world: World) -> None:
    world = committed_world
    case_id = ready(world)
    (child,) = rectifications()
    at = LATER + timedelta(minutes=10)

    def note() -> None:
        world.take(case_id, "take_note", "zhouyining", at, note="看了现场")

    def finish() -> None:
        world.take(child, "finish", "zhouyining", at, result="已封堵")

    errors = at_once([note, finish, lambda: work(at)])
    assert [error for error in errors if not isinstance(error, Overtaken)] == []
    work(at + timedelta(minutes=1))
    assert CaseEvent.objects.filter(case=case_id, kind="link.closed").count() == 1


def test_an_end_is_heard_though_a_worker_has_just_looked(committed_world: World) -> None:
    """Of two, the first has ended, and the case is due for it; the second ends while a worker has the case."""
    world = committed_world
    case_id = ready(world)
    world.take(case_id, "find_problem", "zhouyining", LATER + timedelta(minutes=6), problem_text="电梯厅积水")
    first, second = rectifications()
    at = LATER + timedelta(minutes=10)
    world.take(first, "finish", "zhouyining", at, result="已封堵")

    def finish() -> None:
        world.take(second, "finish", "zhouyining", at, result="已排干")
        connections.close_all()

    ending = threading.Thread(target=finish)
    with transaction.atomic():
        assert wake_one(at=at)
        ending.start()
        while ending.is_alive() and not somebody_waits():
            ending.join(timeout=0.05)
    ending.join(timeout=60)
    work(at)
    assert CaseEvent.objects.filter(case=case_id, kind="link.closed").count() == 2


def test_a_case_and_the_one_it_opened_enter_in_one_account_without_standing_in_each_others_way(
    committed_world: World,
) -> None:
    world = committed_world
    case_id = ready(world, *PAYING, kind=PAID)
    (child,) = rectifications()
    at = LATER + timedelta(minutes=10)
    world.take(case_id, "pay", "zhouyining", at, cost="10元")

    def finish() -> None:
        world.take(child, "finish", "zhouyining", at, result="已封堵", cost="20元")
        connections.close_all()

    ending = threading.Thread(target=finish)
    with transaction.atomic():
        world.take(case_id, "take_note", "zhouyining", at, note="看了现场")
        ending.start()
        while ending.is_alive() and not somebody_waits():
            ending.join(timeout=0.05)
        world.take(case_id, "pay", "zhouyining", at, cost="30元")
    ending.join(timeout=60)
    assert list(LedgerEntry.objects.order_by("number").values_list("amount", flat=True)) == [-10, -30, -20]


def test_numbers_of_both_series_are_given_once(committed_world: World) -> None:
    world = committed_world
    case_id = ready(world)

    def find(minute: int) -> Callable[[], object]:
        at = LATER + timedelta(minutes=minute)
        return lambda: world.take(case_id, "find_problem", "zhouyining", at, problem_text=f"第 {minute} 处")

    def register(minute: int) -> Callable[[], object]:
        return lambda: world.register("wutong", at=LATER + timedelta(minutes=minute))

    errors = at_once([find(20), register(21), find(22), register(23)])
    assert [error for error in errors if not isinstance(error, Overtaken)] == []
    numbers = list(Case.objects.values_list("number", flat=True))
    assert len(numbers) == len(set(numbers))
