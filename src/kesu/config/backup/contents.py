"""What a backup says of itself under its key: every count, every file, and how a sample of cases stood."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidTag

from kesu.config.backup import envelope, manifest
from kesu.config.backup.manifest import Backup
from kesu.config.backup.store_files import Kept
from kesu.config.trouble import Trouble
from kesu.core.keyring import KeyRing


@dataclass(frozen=True, slots=True)
class Contents:
    """`sample` was taken at `sampled_at` by the program of the backup's version: None when the tables were older than
    the program. `beside` holds the small files of the data folder that say what this installation is."""

    rows: Mapping[str, int]
    files: Sequence[Kept]
    missing: Sequence[str]
    sampled_at: datetime
    sample: Sequence[Mapping[str, Any]] | None
    beside: Mapping[str, str]

    def to_bytes(self) -> bytes:
        document = {**asdict(self), "sampled_at": self.sampled_at.isoformat()}
        return json.dumps(document, ensure_ascii=False, default=list).encode()


def read(backup: Backup, key: bytes) -> Contents:
    """Raises Trouble when it is damaged."""
    try:
        plain = b"".join(
            envelope.read(backup.folder / manifest.CONTENTS, key, backup.manifest.context(manifest.CONTENTS))
        )
    except (envelope.Damaged, OSError) as fault:
        raise Trouble(f"备份 {backup.name} 已损坏", why=f"{manifest.CONTENTS} 不完整", advice="换一份备份") from fault
    document = json.loads(plain)
    files = [Kept(**one) for one in document["files"]]
    sampled_at = datetime.fromisoformat(document["sampled_at"])
    return Contents(**{**document, "files": files, "sampled_at": sampled_at})


def key_of(found: manifest.Manifest, ring: KeyRing) -> bytes:
    """The key of this backup. Raises Trouble when the ring does not open it."""
    try:
        return ring.unwrap(found.key_id, b64decode(found.data_key))
    except (KeyError, InvalidTag, ValueError) as fault:
        raise Trouble(
            "密钥打不开这份备份，没有恢复",
            why="备份是用另一把密钥做的",
            advice="用 --keys 指明当时的密钥文件（./kesu keys export 保存的那份）",
        ) from fault
