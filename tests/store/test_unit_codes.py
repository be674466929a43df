"""Installations from before units had codes: an upgrade gives each one of its own, and writes codes in half width."""

from __future__ import annotations

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from kesu.core.ids import uuid7
from tests.database import Databases, point_django_to
from tests.full import only_in_full

AFTER = ("store", "0023_unit_codes")
UNIT = """INSERT INTO store_unit (id, kind, name, code, path, scope_path, is_public, pinyin)
VALUES (%(id)s, 'group', %(name)s, %(code)s, %(name)s, %(name)s, false, '')"""
OLD = {"听松里": "", "听松丽": "", "旧的": "tsl", "宽的": "Ａ１", "又宽的": "Ｂ１", "窄的": "B1"}


@only_in_full
def test_an_upgrade_gives_every_unit_a_code_and_writes_codes_in_half_width(
    databases: Databases, fresh_database: str
) -> None:
    point_django_to(databases.owner_url(fresh_database))
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.get_migration(*AFTER).dependencies)
    with connection.cursor() as cursor:
        cursor.executemany(UNIT, [{"id": uuid7(), "name": name, "code": code} for name, code in OLD.items()])
    MigrationExecutor(connection).migrate([AFTER])
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, code FROM store_unit")
        codes = dict(cursor.fetchall())
    assert {codes["听松里"], codes["听松丽"]} == {"tsl-2", "tsl-3"}
    assert (codes["旧的"], codes["宽的"], codes["又宽的"], codes["窄的"]) == ("tsl", "A1", "Ｂ１", "B1")
