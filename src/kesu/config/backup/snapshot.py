"""One moment of the database, seen by several connections: what is counted is exactly what is dumped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

import psycopg
from psycopg import sql

from kesu.config.trouble import Trouble

VOLATILE = ("kesu_cache",)
"""Tables whose rows are worth nothing in a backup; the tables themselves are kept."""

_TABLES = """
    SELECT c.relname FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
    AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e') ORDER BY 1
"""
_STAMP = (
    "SELECT coalesce(shobj_description(oid, 'pg_database'), '') FROM pg_database WHERE datname = current_database()"
)

Connection = psycopg.Connection[tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Alive while the transaction of `connection` is. `id` lets other sessions see the same moment."""

    connection: Connection
    id: str

    @property
    def server(self) -> int:
        return self.connection.info.server_version // 10000

    def stamp(self) -> str:
        return str(_one(self.connection, _STAMP))

    def size(self) -> int:
        """Bytes of the whole database on the server's disk."""
        return int(str(_one(self.connection, "SELECT pg_database_size(current_database())")))

    def migrations(self) -> tuple[str, ...]:
        """Of our own tables, in the order in which they were applied."""
        rows = self.connection.execute("SELECT name FROM django_migrations WHERE app = 'store' ORDER BY id")
        return tuple(str(row[0]) for row in rows)

    def places(self) -> list[str]:
        """Every file of the store that a row names, relative to it."""
        rows = self.connection.execute("SELECT place, has_preview FROM store_storedfile ORDER BY place")
        found = []
        for place, has_preview in rows:
            found += [str(place), f"{place}.preview"] if has_preview else [str(place)]
        return found

    def some_cases(self, limit: int) -> list[UUID]:
        """Other ones each time, so that in the course of weeks most of them are looked at."""
        rows = self.connection.execute("SELECT id FROM store_case ORDER BY random() LIMIT %s", (limit,))
        return [UUID(str(row[0])) for row in rows]


@contextmanager
def taken(owner_url: str) -> Iterator[Snapshot]:
    """As the owner of the tables, read only. Raises Trouble when the database does not answer or has no tables."""
    with connected(owner_url) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        # Whoever may not see every row gets an error here instead of a part of the rows.
        connection.execute("SET row_security = off")
        connection.execute("SET statement_timeout = 0")
        connection.execute("SET idle_in_transaction_session_timeout = 0")
        found = tables(connection)
        if "django_migrations" not in found or "store_case" not in found:
            raise Trouble("数据库里还没有 Kesu 的数据表", advice="先执行 ./kesu up 或 ./kesu migrate")
        yield Snapshot(connection, str(_one(connection, "SELECT pg_export_snapshot()")))


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    try:
        connection: Connection = psycopg.connect(url, connect_timeout=10)
    except psycopg.OperationalError as fault:
        # The first line says what is wrong; the rest may repeat the address.
        raise Trouble(
            "数据库连不上", why=str(fault).splitlines()[0], advice="检查数据库是否在运行、账号与密码是否正确"
        ) from fault
    with connection:
        yield connection


def tables(connection: Connection) -> list[str]:
    return [str(row[0]) for row in connection.execute(_TABLES)]


def rows(connection: Connection, names: Sequence[str] | None = None) -> dict[str, int]:
    """How many rows each table holds, sealed ones too; without the volatile ones."""
    counted = {}
    for name in tables(connection) if names is None else names:
        if name not in VOLATILE:
            counted[name] = int(str(_one(connection, sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name)))))
    return counted


def stamp(connection: Connection) -> str:
    return str(_one(connection, _STAMP))


def _one(connection: Connection, question: str | sql.Composed) -> object:
    row = connection.execute(question).fetchone()
    assert row is not None  # every question here has an answer
    return row[0]
