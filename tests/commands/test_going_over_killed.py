"""Whoever is killed while cases go over to a newer policy or calendar has brought over whole cases only, and the next
run brings over the rest, each once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

from kesu.commands.policies.adopt_pack import adopt_pack
from kesu.commands.policies.renew_calendars import renew_calendars
from kesu.core import clock
from kesu.policy.calendar import DayKind, Source, SpecialDay, Year
from kesu.policy.events import CALENDAR_RENEWED, POLICY_RENEWED
from kesu.store.models import Case, CaseEvent, OutboxMessage
from tests.confidential import SIGNED
from tests.full import only_in_full
from tests.own_packs import changed
from tests.world import World, calendar

ROOT = Path(__file__).parents[2]
CASES = 5
_TOLD = "store_outboxmessage"
_WAITING = f"SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = '{_TOLD}'::regclass"
_PATIENCE = 60.0


@contextmanager
def begun(database: str, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    """The command as somebody types it; killed in the end."""
    environment = {**os.environ, "DATABASE_URL": database, "KESU_KEY_FILE": str(settings.KESU_KEY_FILE)}
    environment["PYTHONPATH"] = str(ROOT / "src")
    command = [sys.executable, "-m", "kesu.config.cli", *words]
    with subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE) as process:
        try:
            yield process
        finally:
            process.send_signal(signal.SIGKILL)


def gone(kind: str) -> list[object]:
    return sorted(CaseEvent.objects.filter(kind=kind).values_list("case_id", flat=True))


def days_off(at: datetime) -> list[Year]:
    """Nobody works on the five days that follow."""
    days = [SpecialDay(at.date() + timedelta(days=n), DayKind.HOLIDAY, "放假") for n in range(1, 6)]
    years = {day.date.year for day in days}
    return [Year(year, Source.OFFICIAL, tuple(day for day in days if day.date.year == year)) for year in years]


def killed_amid_a_case(database: str, *words: str) -> None:
    """It has written what it writes of a case but for the messages, whose table somebody holds. Then it dies."""
    with psycopg.connect(database) as holding, psycopg.connect(database, autocommit=True) as watching:
        holding.execute(f"LOCK TABLE {_TOLD} IN EXCLUSIVE MODE")
        with begun(database, *words) as process:
            until = time.monotonic() + _PATIENCE
            while watching.execute(_WAITING).fetchone() != (1,):
                assert process.poll() is None, "it ended before it had a case in hand"
                assert time.monotonic() < until, "it never came to telling anybody"
                time.sleep(0.02)
            process.send_signal(signal.SIGKILL)
            assert process.wait() == -signal.SIGKILL
        holding.rollback()


def killed_after_a_case(database: str, kind: str, *words: str) -> None:
    before = len(gone(kind))
    with begun(database, *words) as process:
        while len(gone(kind)) == before:
            assert process.poll() is None, "it ended before it had brought any case over"
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL, "it had ended before it was killed"


@only_in_full
@pytest.mark.parametrize("what", ["policy", "calendar"])
def test_every_case_goes_over_once_whenever_the_command_is_killed(
    committed_world: World, fresh_database: str, what: str
) -> None:
    world = committed_world
    at = clock.now()
    cases = sorted(world.register(at=at - timedelta(minutes=CASES - n)) for n in range(CASES))
    before = Case.objects.get(pk=cases[0]).version
    if what == "policy":
        own = changed("p10", "complaint.yaml", ("within: 1工作小时,", "within: 24小时,"))
        place = {"unit_id": world.units["qingtang"]}
        adopt_pack(actor=None, at=at, **place, pack=own, calendar=calendar(), signatures=SIGNED)
        kind, words, template = POLICY_RENEWED, ("policy", "renew", "p10"), "reruled"
    else:
        renew_calendars(actor=None, at=at, plan=days_off(at))
        kind, words, template = CALENDAR_RENEWED, ("calendar", "redate"), "redated"

    killed_amid_a_case(fresh_database, *words)
    assert gone(kind) == []
    assert {case.version for case in Case.objects.all()} == {before}
    killed_after_a_case(fresh_database, kind, *words)
    assert 0 < len(gone(kind)) < CASES
    with begun(fresh_database, *words) as process:
        assert process.wait(_PATIENCE) == 0

    assert gone(kind) == cases
    told = OutboxMessage.objects.filter(template=template).values_list("case_id", flat=True)
    assert sorted(told) == cases
