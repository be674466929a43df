"""The two roles of the product and the databases they use.

`kesu_owner` owns every table and runs migrations. `kesu_app` may read and write rows and nothing else: it owns no
table, so row-level security and the append-only triggers bind it, and it may not truncate.
"""

from __future__ import annotations

import psycopg
from psycopg import sql

from kesu.config.postgres.cluster import ADMIN, Cluster

OWNER = "kesu_owner"
APP = "kesu_app"
MAIN = "kesu"

_RIGHTS = "NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"
_LIMITS = {
    OWNER: {"lock_timeout": "10s"},
    APP: {"lock_timeout": "10s", "statement_timeout": "30s", "idle_in_transaction_session_timeout": "120s"},
}


def ensure_roles(cluster: Cluster) -> None:
    """Makes both roles or brings them back to exactly these rights and passwords."""
    secrets = {OWNER: cluster.passwords.owner, APP: cluster.passwords.app}
    with _admin(cluster) as connection:
        present = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
        for role, secret in secrets.items():
            verb = "ALTER" if role in present else "CREATE"
            connection.execute(
                sql.SQL(f"{verb} ROLE {{}} LOGIN {_RIGHTS} PASSWORD {{}}").format(sql.Identifier(role), secret)
            )
            for name, value in _LIMITS[role].items():
                connection.execute(
                    sql.SQL("ALTER ROLE {} SET {} = {}").format(sql.Identifier(role), sql.Identifier(name), value)
                )


def exists(cluster: Cluster, name: str) -> bool:
    with _admin(cluster) as connection:
        return connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone() is not None


def names(cluster: Cluster, prefix: str) -> list[str]:
    with _admin(cluster) as connection:
        found = connection.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", (prefix,))
        return sorted(row[0] for row in found)


def create(cluster: Cluster, name: str) -> None:
    """An empty database of the owner, in which the app may use whatever rows the owner's tables will hold."""
    with _admin(cluster) as connection:
        _create(connection, name, None)
    with psycopg.connect(cluster.url(ADMIN, name), autocommit=True) as connection:
        owner, app = sql.Identifier(OWNER), sql.Identifier(APP)
        connection.execute(sql.SQL("ALTER SCHEMA public OWNER TO {}").format(owner))
        connection.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
        connection.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(app))
        defaults = sql.SQL("ALTER DEFAULT PRIVILEGES FOR ROLE {} IN SCHEMA public GRANT {} TO {}")
        for rights in ("SELECT, INSERT, UPDATE, DELETE ON TABLES", "USAGE, SELECT ON SEQUENCES"):
            connection.execute(defaults.format(owner, sql.SQL(rights), app))


def clone(cluster: Cluster, template: str, name: str) -> None:
    """A copy of `template`, which nobody may be using at that moment."""
    with _admin(cluster) as connection:
        _create(connection, name, template)


def rename(cluster: Cluster, name: str, new_name: str) -> None:
    with _admin(cluster) as connection:
        connection.execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(name), sql.Identifier(new_name))
        )


def drop(cluster: Cluster, name: str) -> None:
    """Ends whoever is still connected to it."""
    with _admin(cluster) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _create(connection: psycopg.Connection, name: str, template: str | None) -> None:
    database = sql.Identifier(name)
    statement = sql.SQL("CREATE DATABASE {} OWNER {}").format(database, sql.Identifier(OWNER))
    if template is not None:
        statement += sql.SQL(" TEMPLATE {}").format(sql.Identifier(template))
    connection.execute(statement)
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
    connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, sql.Identifier(APP)))


def _admin(cluster: Cluster) -> psycopg.Connection:
    return psycopg.connect(cluster.url(ADMIN, "postgres"), autocommit=True)
