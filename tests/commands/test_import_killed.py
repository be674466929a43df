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
from kesu.core import clock
from kesu.store.models import Customer, CustomerPlace, ImportRun, Room
from tests import desk
from tests.commands.importing import lines
from tests.world import World

ROOT = Path(__file__).parents[2]


def rows_written() -> int:
    """Rows that some transaction has put into the table of rooms, whether or not it ended: as the statistics say."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_relation_size('store_customerplace')")
        return int(cursor.fetchone()[0])


def test_nothing_is_there_after_the_program_was_killed_while_it_wrote(
    committed_world: World, fresh_database: str
) -> None:
    environment = {
        **os.environ,
        "DATABASE_URL": fresh_database,
        "KESU_KEY_FILE": str(settings.KESU_KEY_FILE),
        "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}",
    }
    before = rows_written()
    with subprocess.Popen(
        [sys.executable, "-m", "tests.commands.importing"], env=environment, cwd=ROOT, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"begun\n"
        while rows_written() == before and process.poll() is None:  # pages of the table grow before anything is seen
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL, "it had ended before it was killed"

    assert [table.objects.count() for table in (Room, Customer, CustomerPlace, ImportRun)] == [0, 0, 0, 0]
    rooms, customers = lines(30, 60)
    actor = desk.actor("linsheng")
    import_house(actor=actor, at=clock.now(), name="x.xlsx", digest="0" * 64, rooms=rooms, customers=customers)
    assert Customer.objects.count() == 60
