"""The three passwords of an embedded cluster, in DATA/database.json, readable by its owner only.

`admin` is the superuser and used by the launcher alone; `owner` owns the schema and runs migrations; `app` is all that
web and worker ever get.
"""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import asdict, dataclass, field
from pathlib import Path

from kesu.config.trouble import Trouble

FILE = "database.json"


def _new() -> str:
    return secrets.token_urlsafe(24)


@dataclass(frozen=True)
class Passwords:
    admin: str = field(default_factory=_new, repr=False)
    owner: str = field(default_factory=_new, repr=False)
    app: str = field(default_factory=_new, repr=False)


def load(home: Path) -> Passwords | None:
    """None when there are none yet. Raises Trouble when the file is damaged."""
    path = home / FILE
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        return Passwords(admin=document["admin"], owner=document["owner"], app=document["app"])
    except FileNotFoundError:
        return None
    except (ValueError, KeyError) as fault:
        raise Trouble(f"{path} 读不懂", advice="从备份恢复该文件；没有它无法进入数据库") from fault


def create(home: Path) -> Passwords:
    """Written before the cluster is made, so that a start that is cut short can be taken up again."""
    passwords = Passwords()
    path = home / FILE
    unfinished = path.with_suffix(".new")
    unfinished.unlink(missing_ok=True)
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(asdict(passwords), file)
    unfinished.rename(path)
    return passwords
