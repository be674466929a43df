"""A log of three cases, a matter of two of them and a report under seal, signed in two nights; each test has a copy of
its own to spoil."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg
import pytest

from kesu.config.postgres import databases as roles
from kesu.config.postgres.cluster import ADMIN
from tests.database import Databases, point_django_to

if TYPE_CHECKING:
    from pytest_django.plugin import DjangoDbBlocker

PROOF = "六月七日二十时，二号梯停在三楼".encode()
"""What the file of the quiet case says."""

FIRST, SECOND = date(2026, 6, 9), date(2026, 6, 10)


@dataclass(frozen=True, slots=True)
class Written:
    """`name` of the database; `nights`: the folder of the copies; `place`: where the file of the quiet case lies."""

    name: str
    nights: Path
    moved: UUID
    quiet: UUID
    young: UUID
    place: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """A copy that belongs to one test. `spoil` runs SQL as the superuser of the database, with every trigger and
    reference out of the way, and commits."""

    written: Written
    nights: Path
    files: Path
    address: str

    def stored(self) -> Path:
        """The bytes of the quiet case's file on the disk, put aside for this test."""
        return self.files / self.written.place

    def spoil(self, statement: str, *values: object) -> None:
        with psycopg.connect(self.address, autocommit=True) as connection:
            connection.execute("SET session_replication_role = replica")
            done = connection.execute(statement, values)
            assert done.rowcount, "nothing was spoiled"


def night_at(night: date) -> datetime:
    """A little after two in the morning of that day."""
    return datetime.combine(night, time(2, 10), ZoneInfo("Asia/Shanghai"))


@pytest.fixture(scope="module")
def written(
    databases: Databases,
    session_database: str,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Written]:
    from django.db import connections

    url = databases.clone()
    point_django_to(url)
    with django_db_blocker.unblock():
        found = _write(url, tmp_path_factory.mktemp("nights"))
        connections.close_all()
    point_django_to(session_database)
    yield found
    databases.drop(url)


def _write(url: str, folder: Path) -> Written:
    from django.db import connection

    from kesu.commands.matters.join_matter import join_matter
    from kesu.commands.nightly.copy_heads import copy_heads
    from kesu.commands.nightly.sign_heads import sign_heads
    from kesu.core.uploads import Upload
    from kesu.store.models import StoredFile
    from tests import world
    from tests.commands.test_sealed import report
    from tests.world import MONDAY

    people = world.build()
    moved = people.triaged()
    quiet = people.register("wutong", title="电梯停运", uploads=[Upload("photos", "停运.txt", PROOF)])
    together = {"case_id": moved, "other_id": quiet}
    join_matter(actor=people.actor("zhouyining"), at=MONDAY + timedelta(hours=2), **together)
    report(people, uploads=[Upload("evidence", "信.txt", "供应商名单".encode())])
    sign_heads(FIRST, night_at(FIRST))
    people.take(moved, "state_facts", "zhouyining", MONDAY + timedelta(days=1), media_exposed="是")
    sign_heads(SECOND, night_at(SECOND))
    for night in (FIRST, SECOND):
        copy_heads(night, folder=folder, may_create=False)
    young = people.register("wutong", at=MONDAY + timedelta(days=2), title="路灯不亮")
    place = StoredFile.objects.get(case_id=quiet).place
    return Written(str(connection.settings_dict["NAME"]), folder, moved, quiet, young, place)


@pytest.fixture
def evidence(
    written: Written,
    databases: Databases,
    session_database: str,
    django_db_blocker: DjangoDbBlocker,
    tmp_path: Path,
    settings: Any,
) -> Iterator[Evidence]:
    from django.db import connections

    name = f"kesu_clone_{secrets.token_hex(6)}"
    roles.clone(databases.cluster, written.name, name)
    url = databases.cluster.url(roles.APP, name)
    nights = tmp_path / "nights"
    shutil.copytree(written.nights, nights)
    files = tmp_path / "files"
    (files / written.place).parent.mkdir(parents=True)
    shutil.copy(Path(settings.KESU_FILES) / written.place, files / written.place)
    settings.KESU_FILES = files
    point_django_to(url)
    with django_db_blocker.unblock():
        yield Evidence(written, nights, files, databases.cluster.url(ADMIN, name))
        connections.close_all()
    point_django_to(session_database)
    databases.drop(url)
