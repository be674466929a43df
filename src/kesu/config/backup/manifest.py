"""What a backup says of itself in clear, and the folders that backups lie in.

The clear part counts only tables that a sealed report never touches: whoever may list backups must not learn from the
list that there is a report. All counts stand in the encrypted contents.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import kesu
from kesu.config.trouble import Trouble

FORMAT = 1
FILE, DATABASE, CONTENTS, FILES = "manifest.json", "database.sealed", "contents.sealed", "files"
UNFINISHED = ".unfinished"
_PREFIX = "kesu-"
ORDINARY = (
    "store_case",
    "store_caseevent",
    "store_casecard",
    "store_matter",
    "store_storedfile",
    "store_unit",
    "store_account",
    "store_post",
    "store_policyversion",
)


@dataclass(frozen=True, slots=True)
class Part:
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """`stamp` and `migrations` say how the tables were shaped, `server` which PostgreSQL held them (major version).
    `data_key` is the key of this backup, wrapped by the master key `key_id` of the installation's ring."""

    id: str
    made_at: datetime
    version: str
    stamp: str
    migrations: tuple[str, ...]
    server: int
    key_id: str
    data_key: str
    rows: Mapping[str, int]
    files: int
    files_size: int
    missing: int
    parts: Mapping[str, Part]

    def to_document(self) -> dict[str, Any]:
        return {"format": FORMAT, **asdict(self), "made_at": self.made_at.isoformat()}

    def context(self, part: str) -> bytes:
        return f"kesu-backup/{self.id}/{part}".encode()


@dataclass(frozen=True, slots=True)
class Backup:
    """A whole backup: its folder and what its manifest says."""

    folder: Path
    manifest: Manifest

    @property
    def name(self) -> str:
        return self.folder.name


def name_for(made_at: datetime) -> str:
    """In UTC, to the millisecond."""
    at = made_at.astimezone(UTC)
    return f"{_PREFIX}{at:%Y%m%dT%H%M%S}.{at.microsecond // 1000:03}Z"


def write(folder: Path, manifest: Manifest) -> None:
    handle = os.open(folder / FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(manifest.to_document(), file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())


def read(folder: Path) -> Manifest:
    """Raises Trouble when it is missing, unreadable, or of a format that this program does not know."""
    path = folder / FILE
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        if document["format"] > FORMAT:
            raise Trouble(
                "这份备份来自更新的程序，没有恢复", why=f"备份由 {document['version']} 制作", advice="安装新版本再恢复"
            )
        parts = {name: Part(**part) for name, part in document.pop("parts").items()}
        del document["format"]
        document["migrations"] = tuple(document["migrations"])
        return Manifest(**{**document, "made_at": datetime.fromisoformat(document["made_at"]), "parts": parts})
    except FileNotFoundError as fault:
        raise Trouble(f"{folder} 不是一份备份", why=f"里面没有 {FILE}", advice="指明备份文件夹") from fault
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        raise Trouble(f"{path} 读不懂，没有恢复", why="清单已损坏", advice="换一份备份") from fault


def whole(folder: Path) -> list[Backup]:
    """The whole backups in `folder`, the oldest first. One whose manifest cannot be read is left out."""
    found = []
    for path in folder.glob(f"{_PREFIX}*"):
        if path.suffix == UNFINISHED or not path.is_dir():
            continue
        try:
            found.append(Backup(path, read(path)))
        except Trouble:
            continue
    return sorted(found, key=lambda one: (one.manifest.made_at, one.name))


def chosen(folder: Path) -> Backup:
    """`folder` itself, or the newest whole backup in it. Raises Trouble when there is none."""
    if (folder / FILE).exists():
        return Backup(folder, read(folder))
    if folder.name.endswith(UNFINISHED):
        raise Trouble(f"{folder} 是一份没有做完的备份", why="制作时被中断", advice="换一份备份")
    found = whole(folder) if folder.is_dir() else []
    if not found:
        raise Trouble(f"{folder} 里没有完整的备份", advice="指明 ./kesu backup 写入的文件夹")
    return found[-1]


def refuse_newer(found: Manifest) -> None:
    """Raises Trouble when a later program made the backup: this one would not understand its tables."""
    ours = {path.stem for path in (Path(kesu.__file__).parent / "store" / "migrations").glob("0*.py")}
    unknown = [name for name in found.migrations if name not in ours]
    if _ordered(found.version) <= _ordered(kesu.__version__) and not unknown:
        return
    reason = f"备份由 {found.version} 制作，本程序是 {kesu.__version__}"
    if unknown:
        reason += f"；本程序没有数据表变更 {unknown[0]}"
    raise Trouble("这份备份来自更新的程序，没有恢复", why=reason, advice="安装同样新或更新的版本再恢复")


def _ordered(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("+")[0].split(".") if part.isdigit())
