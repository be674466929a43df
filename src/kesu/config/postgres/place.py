"""Where the cluster of a data folder lies, remembered in `cluster.json` of that folder.

Usually DATA/postgres. As root, with DATA below a folder that only root may enter, the server's own user could not get
there: then the cluster lies below /var/lib/kesu, under a name made from DATA's path.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from kesu.config.postgres import service_user
from kesu.config.postgres.service_user import ServiceUser
from kesu.config.trouble import Trouble

PORT = 5432
"""Only part of the socket's name: the server listens on no network address."""

_SOCKET_LIMIT = 107
"""Bytes in the path of a Unix socket, on Linux; macOS allows 103, so three more are kept free."""
_ELSEWHERE = Path("/var/lib/kesu")


@dataclass(frozen=True)
class Place:
    """`folder` holds data/, log/ and copies of programs; `sockets` the socket; `remembered` is DATA/cluster.json."""

    folder: Path
    sockets: Path
    user: ServiceUser
    is_elsewhere: bool

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.folder / "log"


def find(home: Path) -> Place:
    """The place for the data folder `home`; makes the folders that are missing and remembers the choice."""
    home.mkdir(parents=True, exist_ok=True)
    note = home / "cluster.json"
    folder = _remembered(note) or _choose(home)
    user = service_user.choose(folder / "data")
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("data", "log"):
        made = folder / name
        if not made.exists():
            made.mkdir(mode=0o700)
            user.own(made)
    if not user.can_enter(folder):
        raise Trouble(
            f"数据库账号 {user.name} 进不了 {folder}",
            why="它的某一级上层文件夹只许一个用户进入",
            advice="用 --data 指定一个别人也能进入的位置，例如 /var/lib/kesu",
        )
    sockets = _socket_folder(folder, user)
    remembered = json.dumps({"folder": str(folder), "sockets": str(sockets)}, ensure_ascii=False)
    if not note.exists() or note.read_text(encoding="utf-8") != remembered:
        note.write_text(remembered, encoding="utf-8")
    return Place(folder, sockets, user, is_elsewhere=home.resolve() not in folder.resolve().parents)


def known(home: Path) -> Path | None:
    """The cluster's folder if this data folder has one; makes nothing."""
    return _remembered(home / "cluster.json")


def _remembered(note: Path) -> Path | None:
    try:
        return Path(json.loads(note.read_text(encoding="utf-8"))["folder"])
    except FileNotFoundError:
        return None
    except (ValueError, KeyError) as fault:
        raise Trouble(f"{note} 读不懂", why=str(fault), advice="恢复该文件，或用 ./kesu reset 清空后重来") from fault


def _choose(home: Path) -> Path:
    inside = home.resolve() / "postgres"
    if service_user.choose(inside / "data").can_enter(home):
        return inside
    return _ELSEWHERE / digest(home)


def digest(home: Path) -> str:
    return hashlib.sha256(str(home.resolve()).encode()).hexdigest()[:12]


def _socket_folder(folder: Path, user: ServiceUser) -> Path:
    """`folder`/run, or a short folder when a socket there would have too long a name."""
    near = folder / "run"
    if len(os.fsencode(near / f".s.PGSQL.{PORT}.lock")) + 3 <= _SOCKET_LIMIT:
        return _own_folder(near, user)
    name = "kesu-" + digest(folder)
    if os.geteuid() == 0:
        return _own_folder(Path("/run") / name, user)
    session = os.environ.get("XDG_RUNTIME_DIR")
    if session and Path(session).is_dir() and len(os.fsencode(session)) < 60:
        return _own_folder(Path(session) / name, user)
    return _own_folder(Path(tempfile.gettempdir()) / f"{name}-{os.geteuid()}", user)


def _own_folder(path: Path, user: ServiceUser) -> Path:
    """Makes `path` for the server. A folder that somebody else put there first could hold his socket: refused."""
    if not path.exists():
        path.mkdir(mode=0o755)
        user.own(path)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != user.uid:
        raise Trouble(f"{path} 属于别的用户", advice=f"确认后删除 {path}，再重试")
    os.chmod(path, 0o755)  # noqa: S103  any account may knock; the password decides
    return path
