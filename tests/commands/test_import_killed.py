"""Whoever is killed in the middle of an import has imported nothing; what the worker had in hand comes in later."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import connection

from kesu.commands.customers.import_house import import_house
from kesu.commands.customers.send_house import send_house
from kesu.commands.organisation.import_organisation import OrganisationLines, import_organisation
from kesu.core import clock
from kesu.jobs.imports import import_one
from kesu.store.models import Account, Customer, CustomerPlace, HouseChange, ImportRun, ImportWork, Room, Unit
from tests import desk
from tests.commands.importing import lines, organisation
from tests.full import only_in_full
from tests.world import World

ROOT = Path(__file__).parents[2]
_CUT_ALL = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


def pages_of(table: str) -> int:
    """How large a table is: its pages grow with what some transaction puts in, whether or not that is ever seen."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_relation_size(%s::regclass)", [table])
        return int(cursor.fetchone()[0])


@contextmanager
def begun(what: str, database: str) -> Iterator[subprocess.Popen[bytes]]:
    """The program, running; killed in the end."""
    environment = {
        **os.environ,
        "DATABASE_URL": database,
        "KESU_KEY_FILE": str(settings.KESU_KEY_FILE),
        "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}",
    }
    command = [sys.executable, "-m", "tests.commands.importing", what]
    with subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"begun\n"
        try:
            yield process
        finally:
            process.send_signal(signal.SIGKILL)


def wait_until_it_grows(table: str, before: int, process: subprocess.Popen[bytes]) -> None:
    while pages_of(table) == before:
        assert process.poll() is None, "it ended before it had written"
        time.sleep(0.01)


def killed_while_writing(what: str, table: str, database: str) -> None:
    """Runs the program until `table` grows, and kills it."""
    before = pages_of(table)
    with begun(what, database) as process:
        wait_until_it_grows(table, before, process)
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL, "it had ended before it was killed"


@only_in_full
def test_no_unit_or_account_is_there_after_the_program_was_killed_while_it_wrote(
    committed_world: World, fresh_database: str
) -> None:
    before = [table.objects.count() for table in (Unit, Account, HouseChange)]
    killed_while_writing("organisation", "store_housechange", fresh_database)

    assert [table.objects.count() for table in (Unit, Account, HouseChange)] == before
    units, people = organisation(20, 10)
    at = clock.now()
    brought = OrganisationLines(units, people, [])
    import_organisation(actor=desk.actor("admin"), at=at, on=at.date(), lines=brought, roles={})
    assert Unit.objects.count() == before[0] + 20


@only_in_full
def test_no_room_or_customer_is_there_after_the_program_was_killed_while_it_wrote(
    committed_world: World, fresh_database: str
) -> None:
    killed_while_writing("house", "store_customerplace", fresh_database)

    assert [table.objects.count() for table in (Room, Customer, CustomerPlace, ImportRun)] == [0, 0, 0, 0]
    rooms, customers = lines(30, 60)
    actor = desk.actor("linsheng")
    import_house(actor=actor, at=clock.now(), name="x.xlsx", digest="0" * 64, rooms=rooms, customers=customers)
    assert Customer.objects.count() == 60


def waiting(rooms: int, customers: int) -> UUID:
    flats, people = lines(rooms, customers)
    actor = desk.actor("linsheng")
    return send_house(actor=actor, at=clock.now(), name="x.xlsx", digest="0" * 64, rooms=flats, customers=people)


def test_a_file_in_the_hands_of_a_killed_worker_waits_and_comes_in_once_and_whole(
    committed_world: World, fresh_database: str
) -> None:
    work = waiting(1500, 3000)
    killed_while_writing("worker", "store_customerplace", fresh_database)

    assert [table.objects.count() for table in (Room, Customer, CustomerPlace, ImportRun)] == [0, 0, 0, 0]
    assert list(ImportWork.objects.values_list("pk", flat=True)) == [work]
    while not import_one(lambda _work: lambda _done: None):
        time.sleep(0.05)  # the database has yet to notice that the killed one is gone
    counts = [table.objects.count() for table in (Room, Customer, CustomerPlace, ImportRun, ImportWork)]
    assert counts == [1500, 3000, 3000, 1, 0]


@only_in_full
def test_a_worker_whose_database_goes_away_brings_the_file_in_when_it_is_back(
    committed_world: World, fresh_database: str
) -> None:
    before = pages_of("store_customerplace")
    work = waiting(1500, 3000)
    with begun("worker", fresh_database) as process:
        wait_until_it_grows("store_customerplace", before, process)
        with connection.cursor() as cursor:
            cursor.execute(_CUT_ALL)
        assert not ImportRun.objects.exists(), "it had ended before it was cut off"
        assert Room.objects.count() == 0
        while not ImportRun.objects.filter(pk=work).exists():
            assert process.poll() is None
            time.sleep(0.05)
    assert ImportRun.objects.get().counts["customers"] == {"new": 3000, "changed": 0, "same": 0}
    assert (Room.objects.count(), Customer.objects.count(), ImportWork.objects.count()) == (1500, 3000, 0)
