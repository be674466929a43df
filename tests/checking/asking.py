"""Asks `kesu check` about the database that Django points to, and keeps the answers by the name of the check."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql

from kesu.config.checking.everything import everything
from kesu.config.checking.finding import Finding, Grade
from kesu.config.postgres import databases as roles
from kesu.config.postgres.cluster import ADMIN
from kesu.core.clock import now
from tests.database import Databases, point_django_to

_ROWS = "SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public"


def answers() -> dict[str, Finding]:
    return {finding.check: finding for finding in everything(now)}


def failing() -> dict[str, str]:
    """The sentences of what fails. Static files are left out: the tests collect none."""
    return {
        name: found.sentence for name, found in answers().items() if found.grade is Grade.FAILURE and name != "static"
    }


def as_owner(databases: Databases, url: str, statement: str) -> None:
    with psycopg.connect(databases.owner_url(url), autocommit=True) as connection:
        connection.execute(statement)


@contextmanager
def another_role(databases: Databases, url: str, rights: str, *, inside: str = "") -> Iterator[str]:
    """Points Django to `url` as a new role with `rights` that may use every row; `inside`: a role it belongs to."""
    name, secret = f"kesu_other_{secrets.token_hex(4)}", secrets.token_urlsafe(12)
    database = url.split("?", maxsplit=1)[0].rsplit("/", 1)[1]
    cluster, role = databases.cluster, sql.Identifier(name)
    with psycopg.connect(cluster.url(ADMIN, database), autocommit=True) as admin:
        admin.execute(sql.SQL(f"CREATE ROLE {{}} LOGIN {rights} PASSWORD {{}}").format(role, secret))
        admin.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(sql.Identifier(database), role))
        admin.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(role))
        admin.execute(sql.SQL(f"GRANT {_ROWS} TO {{}}").format(role))
        if inside:
            admin.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(inside), role))
        try:
            _, _, place = cluster.url(roles.APP, database).partition("@")
            point_django_to(f"postgresql://{name}:{secret}@{place}")
            yield name
        finally:
            point_django_to(url)
            # Only in this database: elsewhere the role has and owns nothing.
            admin.execute(sql.SQL("REASSIGN OWNED BY {} TO {}").format(role, sql.Identifier(roles.OWNER)))
            admin.execute(sql.SQL("DROP OWNED BY {}").format(role))
            admin.execute(sql.SQL("DROP ROLE {}").format(role))
