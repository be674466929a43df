"""An installation on a company's own database, spoken to through the command line as its operator would."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from kesu.config import migration_stamp
from kesu.config.backup import manifest, snapshot
from kesu.config.backup.manifest import Backup
from tests.database import Databases, key_file

PROGRAM = [sys.executable, "-m", "kesu.config.cli"]


@dataclass(frozen=True)
class House:
    """`url` is the application's address, `owner_url` that of the tables' owner."""

    data: Path
    files: Path
    url: str
    owner_url: str

    @property
    def keys(self) -> Path:
        return self.data / "keys.json"

    def variables(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("KESU_", "DATABASE_URL"))}
        ours = {"DATABASE_URL": self.url, "KESU_OWNER_URL": self.owner_url, "KESU_FILES": str(self.files)}
        return {**kept, **ours, "KESU_DATA": str(self.data)}

    def say(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*PROGRAM, *words], env=self.variables(), capture_output=True, text=True, check=False, timeout=120
        )

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        """The same without waiting for its end."""
        return subprocess.Popen(
            [*PROGRAM, *words], env=self.variables(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def back_up(self, folder: Path, *words: str) -> Backup:
        told = self.say("backup", str(folder), *words)
        assert told.returncode == 0, told.stdout + told.stderr
        return manifest.whole(folder)[-1]

    def rows(self) -> dict[str, int]:
        """Of every table, as its owner."""
        with psycopg.connect(self.owner_url) as connection:
            return snapshot.rows(connection)

    @contextmanager
    def as_owner(self) -> Iterator[psycopg.Connection]:
        with psycopg.connect(self.owner_url) as connection:
            yield connection


def furnished(folder: Path, databases: Databases, url: str) -> House:
    """The house of the database that this test writes to, with the keys and the file store of the tests."""
    from django.conf import settings

    # A clone of a database has everything of it but the remark that says how far its tables are.
    with psycopg.connect(databases.owner_url(url)) as owner:
        name = sql.Identifier(owner.info.dbname)
        owner.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(name, migration_stamp.wanted()))
    folder.mkdir()
    shutil.copy(key_file(), folder / "keys.json")
    (folder / "installed.json").write_text('{"demonstration": false}', encoding="utf-8")
    return House(folder, Path(settings.KESU_FILES), url, databases.owner_url(url))


@contextmanager
def empty(folder: Path, databases: Databases) -> Iterator[House]:
    """A house into which something may be restored."""
    url = databases.empty()
    yield House(folder, folder / "files", url, databases.owner_url(url))
    databases.drop(url)
