"""Real PostgreSQL for the tests: one cluster in `.kesu-test/`, one migrated template, a clone for each session.

Tests connect as the application's role, like the program. Several sessions may run at once (parallel workers, two
shells): they share the server, and the last one to end stops it.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from kesu.config import env, migration_stamp
from kesu.config.postgres import databases
from kesu.config.postgres.cluster import Cluster
from kesu.core import keyring

ROOT = Path(__file__).resolve().parents[1]
LANE = os.environ.get("KESU_TEST_POSTGRES", "")
"""The major version of a Debian PostgreSQL to test on, such as 15; "" is the one that comes with the program."""
HOME = ROOT / ".kesu-test" / f"postgresql-{LANE}" if LANE else ROOT / ".kesu-test"
KEYS = HOME / "keys.json"
_TEMPLATE = "kesu_template_"
_CLONE = "kesu_clone_"


class Databases:
    """Open one per test session; `clone` gives the address of a new database with every table and no rows."""

    def __init__(self) -> None:
        HOME.mkdir(parents=True, exist_ok=True)
        self._session = (HOME / "sessions.lock").open("w")
        alone = _try_alone(self._session)
        self.cluster = Cluster(HOME, durable=False)
        self.cluster.start()
        with _locked("template.lock"):
            databases.ensure_roles(self.cluster)
            self._template = _TEMPLATE + migration_stamp.wanted().split()[1][:16]
            if alone:
                self._drop_leftovers()
            if not databases.exists(self.cluster, self._template):
                self._make_template()
        fcntl.flock(self._session, fcntl.LOCK_SH)

    def clone(self) -> str:
        """The address, for the application's role, of a database that nobody else uses."""
        name = f"{_CLONE}{os.getpid()}_{secrets.token_hex(4)}"
        databases.clone(self.cluster, self._template, name)
        return self.cluster.url(databases.APP, name)

    def empty(self) -> str:
        """The same of a database without a single table: what a company makes ready before the first start."""
        name = f"{_CLONE}{os.getpid()}_{secrets.token_hex(4)}"
        databases.create(self.cluster, name)
        return self.cluster.url(databases.APP, name)

    def owner_url(self, url: str) -> str:
        return self.cluster.url(databases.OWNER, _name(url))

    def drop(self, url: str) -> None:
        databases.drop(self.cluster, _name(url))

    def close(self) -> None:
        fcntl.flock(self._session, fcntl.LOCK_UN)
        if _try_alone(self._session):
            self.cluster.stop()
        self._session.close()

    def _drop_leftovers(self) -> None:
        """What killed sessions and older migrations left; nobody else is here to miss it."""
        for name in databases.names(self.cluster, _CLONE) + databases.names(self.cluster, _TEMPLATE):
            if name != self._template:
                databases.drop(self.cluster, name)

    def _make_template(self) -> None:
        """Migrated under another name first: a template that was cut short is never cloned."""
        making = f"{_TEMPLATE}new"
        databases.drop(self.cluster, making)
        databases.create(self.cluster, making)
        variables = {
            **os.environ,
            "DATABASE_URL": self.cluster.url(databases.APP, making),
            "KESU_OWNER_URL": self.cluster.url(databases.OWNER, making),
            "KESU_KEY_FILE": str(key_file()),
        }
        command = [sys.executable, "-m", "kesu.config.cli", "migrate"]
        done = subprocess.run(command, env=variables, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        databases.rename(self.cluster, making, self._template)


def key_file() -> Path:
    """The key ring of the tests, made on first use."""
    HOME.mkdir(parents=True, exist_ok=True)
    with _locked("keys.lock"):
        if not KEYS.exists():
            keyring.create(KEYS)
    return KEYS


def point_django_to(url: str) -> None:
    """Makes Django's default connection, in every thread, one to `url`."""
    from django.db import connections

    connections["default"].close()
    connections.settings["default"].update(env.database(url))


def _name(url: str) -> str:
    return str(env.database(url)["NAME"])


def _try_alone(handle: TextIO) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        fcntl.flock(handle, fcntl.LOCK_SH)
        return False
    return True


@contextmanager
def _locked(name: str) -> Iterator[None]:
    with (HOME / name).open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
