"""`kesu check` on a database that somebody set up wrongly: each mistake is named, and none where there is none."""

from __future__ import annotations

import psycopg
import pytest
from django.db import connection
from psycopg import sql

from kesu.config.checking import walls
from kesu.config.postgres import databases as roles
from kesu.config.postgres.cluster import ADMIN
from tests.checking.asking import another_role, answers, as_owner, failing
from tests.database import Databases, point_django_to


@pytest.fixture(autouse=True)
def _named(monkeypatch: pytest.MonkeyPatch, fresh_database: str) -> None:
    monkeypatch.setenv("DATABASE_URL", fresh_database)


def test_it_finds_nothing_wrong_with_the_database_of_the_program(fresh_database: str) -> None:
    assert failing() == {}
    assert {"database.role", "database.triggers", "database.row-security", "keys.fit", "clock"} <= set(answers())


@pytest.mark.parametrize(
    ("rights", "check", "word"),
    [
        ("SUPERUSER", "database.role", "超级用户"),
        ("BYPASSRLS", "database.role", "绕过行级安全"),
        ("CREATEROLE", "database.role", "建立账号"),
        ("REPLICATION", "database.role", "复制"),
    ],
)
def test_it_refuses_a_role_with_special_rights(
    databases: Databases, fresh_database: str, rights: str, check: str, word: str
) -> None:
    with another_role(databases, fresh_database, rights) as role:
        found = failing()
    assert set(found) == {check}
    assert word in found[check]
    assert f"ALTER ROLE {role} NO{rights}" in found[check]


def test_its_advice_about_a_role_is_what_mends_it(databases: Databases, fresh_database: str) -> None:
    with another_role(databases, fresh_database, "BYPASSRLS") as role:
        advice = failing()["database.role"].rsplit("请由管理员执行 ", 1)[1]
        assert advice == f"ALTER ROLE {role} NOBYPASSRLS"
        with psycopg.connect(databases.cluster.url(ADMIN, "postgres"), autocommit=True) as admin:
            admin.execute(advice)
        assert failing() == {}


def test_it_refuses_the_owner_of_the_tables(databases: Databases, fresh_database: str) -> None:
    point_django_to(databases.owner_url(fresh_database))
    found = failing()
    assert set(found) == {"database.ownership"}
    assert "kesu_owner 是" in found["database.ownership"]


def test_it_refuses_a_role_that_owns_a_single_table(databases: Databases, fresh_database: str) -> None:
    with another_role(databases, fresh_database, "NOSUPERUSER") as role:
        url = databases.cluster.url(ADMIN, str(connection.settings_dict["NAME"]))
        with psycopg.connect(url, autocommit=True) as admin:
            admin.execute(sql.SQL("ALTER TABLE kesu_cache OWNER TO {}").format(sql.Identifier(role)))
        found = failing()
    assert set(found) == {"database.ownership"}
    assert "1 张表" in found["database.ownership"]


def test_it_refuses_a_member_of_the_owner(databases: Databases, fresh_database: str) -> None:
    with another_role(databases, fresh_database, "NOINHERIT", inside=roles.OWNER) as role:
        found = failing()
    assert set(found) == {"database.membership"}
    assert f"REVOKE kesu_owner FROM {role}" in found["database.membership"]


def test_it_refuses_a_role_that_may_run_programs_of_the_server(databases: Databases, fresh_database: str) -> None:
    with another_role(databases, fresh_database, "NOSUPERUSER", inside="pg_execute_server_program"):
        assert set(failing()) == {"database.membership"}


def test_it_notices_a_table_that_the_application_may_not_use(databases: Databases, fresh_database: str) -> None:
    as_owner(databases, fresh_database, "REVOKE INSERT ON store_case FROM kesu_app")
    found = failing()
    assert set(found) == {"database.rights"}
    assert "store_case" in found["database.rights"]


@pytest.mark.parametrize(
    ("statement", "check", "word"),
    [
        ("ALTER TABLE store_sealedcase DISABLE ROW LEVEL SECURITY", "database.row-security", "store_sealedcase"),
        ("DROP POLICY writer ON store_sealedallow", "database.row-security", "store_sealedallow 的 writer"),
        ("CREATE POLICY wide ON store_sealedcase USING (true)", "database.row-security", "store_sealedcase 的 wide"),
        ("ALTER TABLE store_caseevent DISABLE TRIGGER append_only_rows", "database.triggers", "append_only_rows"),
        ("DROP TRIGGER append_only_table ON store_eventbody", "database.triggers", "store_eventbody"),
        ("ALTER TABLE store_policyversion DISABLE TRIGGER USER", "database.triggers", "store_policyversion"),
    ],
)
def test_it_notices_a_wall_that_is_down(
    databases: Databases, fresh_database: str, statement: str, check: str, word: str
) -> None:
    as_owner(databases, fresh_database, statement)
    found = failing()
    assert set(found) == {check}
    assert word in found[check]


def test_it_reads_from_the_migrations_exactly_what_they_put_up(fresh_database: str) -> None:
    assert walls.expected() == walls.standing()


def test_it_notices_a_migration_that_was_not_applied(databases: Databases, fresh_database: str) -> None:
    as_owner(databases, fresh_database, "DELETE FROM django_migrations WHERE app = 'store' AND name LIKE '0002%'")
    found = failing()
    assert set(found) == {"database.migrations"}
    assert "kesu migrate" in found["database.migrations"]


def test_it_notices_a_database_that_is_newer_than_the_program(databases: Databases, fresh_database: str) -> None:
    row = "INSERT INTO django_migrations (app, name, applied) VALUES ('store', '9999_from_tomorrow', now())"
    as_owner(databases, fresh_database, row)
    found = failing()
    assert set(found) == {"database.migrations"}
    assert "9999_from_tomorrow" in found["database.migrations"]


def test_it_asks_nothing_more_of_a_database_that_does_not_answer(
    monkeypatch: pytest.MonkeyPatch, fresh_database: str
) -> None:
    nobody = "postgresql://kesu_app:not-the-secret@127.0.0.1:1/kesu"
    monkeypatch.setenv("DATABASE_URL", nobody)
    point_django_to(nobody)
    found = answers()
    assert "数据库连不上" in found["database.reachable"].sentence
    assert "not-the-secret" not in found["database.reachable"].sentence
    assert not {name for name in found if name.startswith("database.")} - {"database.reachable"}
    assert "clock" not in found


def test_it_says_that_there_is_no_database_at_all(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.setenv("KESU_DATA", str(tmp_path))
    assert "没有数据库" in answers()["database.reachable"].sentence
