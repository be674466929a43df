"""Whoever is killed in the middle of an import has imported nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from django.conf import settings
from django.db import connection

from kesu.commands.customers.import_house import import_house
from kesu.commands.organisation.import_organisation import OrganisationLines, import_organisation
from kesu.core import clock
from kesu.store.models import Account, Customer, CustomerPlace, HouseChange, ImportRun, Room, Unit
from tests import desk
from tests.commands.importing import lines, organisation
from tests.world import World

ROOT = Path(__file__).parents[2]


def pages_of(table: str) -> int:
    """How large a table is: its pages grow with what some transaction puts in, whether or not that is ever seen."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_relation_size(%s::regclass)", [table])
        return int(cursor.fetchone()[0])


def killed_while_writing(what: str, table: str, database: str) -> None:
    """Runs the program until `table` grows, and kills it."""
    environment = {
        **os.environ,
        "DATABASE_URL": database,
        "KESU_KEY_FILE": str(settings.KESU_KEY_FILE),
        "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}",
    }
    before = pages_of(table)
    with subprocess.Popen(
        [sys.executable, "-m", "tests.commands.importing", what], env=environment, cwd=ROOT, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"begun\n"
        while pages_of(table) == before and process.poll() is None:
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL, "it had ended before it was killed"


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


def test_no_room_or_customer_is_there_after_the_program_was_killed_while_it_wrote(
    committed_world: World, fresh_database: str
) -> None:
    killed_while_writing("house", "store_customerplace", fresh_database)

    assert [table.objects.count() for table in (Room, Customer, CustomerPlace, ImportRun)] == [0, 0, 0, 0]
    rooms, customers = lines(30, 60)
    actor = desk.actor("linsheng")
    import_house(actor=actor, at=clock.now(), name="x.xlsx", digest="0" * 64, rooms=rooms, customers=customers)
    assert Customer.objects.count() == 60
