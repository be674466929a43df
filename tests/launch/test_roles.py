"""What the application's role may do in the database, and what it may not."""

from __future__ import annotations

import psycopg
import pytest
from psycopg import errors

from tests.database import Databases


def _as_app(url: str) -> psycopg.Connection:
    return psycopg.connect(url, autocommit=True)


def test_it_gives_the_application_no_special_right(session_database: str) -> None:
    question = """SELECT rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls
                  FROM pg_roles WHERE rolname = current_user"""
    with _as_app(session_database) as connection:
        assert connection.execute(question).fetchone() == (False, False, False, False, False)


def test_it_lets_the_application_own_nothing(session_database: str) -> None:
    question = "SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole"
    with _as_app(session_database) as connection:
        assert connection.execute(question).fetchone() == (0,)


def test_it_lets_the_application_use_every_table_row_by_row(session_database: str) -> None:
    question = """SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
                  AND NOT (has_table_privilege(oid, 'SELECT') AND has_table_privilege(oid, 'INSERT')
                           AND has_table_privilege(oid, 'UPDATE') AND has_table_privilege(oid, 'DELETE'))"""
    with _as_app(session_database) as connection:
        assert connection.execute(question).fetchall() == []
        tables = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
        assert tables is not None
        assert tables[0] > 10


@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE kesu_cache",
        "DROP TABLE kesu_cache",
        "ALTER TABLE kesu_cache ADD COLUMN extra text",
        "CREATE TABLE extra (id int)",
        "CREATE TEMPORARY TABLE extra (id int)",
        "CREATE ROLE extra",
        "COPY kesu_cache TO PROGRAM 'true'",
        "SET ROLE kesu_owner",
        "ALTER TABLE kesu_cache DISABLE TRIGGER ALL",
    ],
)
def test_it_refuses_the_application_whatever_is_not_about_rows(session_database: str, statement: str) -> None:
    with _as_app(session_database) as connection, pytest.raises(errors.InsufficientPrivilege):
        connection.execute(statement)


def test_it_lets_nobody_in_without_a_password(databases: Databases) -> None:
    for role in ("kesu_admin", "kesu_owner", "kesu_app"):
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(host=str(databases.cluster.place.sockets), user=role, dbname="postgres", password="")


def test_it_gives_the_tests_the_role_of_the_program(db: None) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("kesu_app",)


def test_it_gives_a_fresh_database_to_a_test_that_commits(fresh_database: str, session_database: str) -> None:
    from django.db import connection

    assert fresh_database != session_database
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO kesu_cache VALUES ('k', 'v', now())")
    with _as_app(fresh_database) as other:
        assert other.execute("SELECT value FROM kesu_cache").fetchall() == [("v",)]
