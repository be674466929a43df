"""DATA/backup.json: how the last backups went, for whoever shows the state of this installation."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

FILE = "backup.json"


@dataclass(frozen=True, slots=True)
class Record:
    """Times are aware, UTC. `made_*` is the last whole backup, `proved_at` when one was last restored and compared.
    `failed_at` and `failure` are those of the last attempt, and None after an attempt that went well. `missing` counts
    files of cases that the store has lost."""

    made_at: datetime | None = None
    made: str | None = None
    folder: str | None = None
    missing: int = 0
    proved_at: datetime | None = None
    proved: str | None = None
    failed_at: datetime | None = None
    failure: str | None = None

    @property
    def tried_at(self) -> datetime | None:
        return max((at for at in (self.made_at, self.failed_at) if at), default=None)

    def failing(self, at: datetime, reason: str) -> Record:
        return replace(self, failed_at=at, failure=reason)


def read(home: Path) -> Record:
    """Empty where no backup was ever tried, or where the file cannot be read."""
    try:
        document = json.loads((home / FILE).read_text(encoding="utf-8"))
        times = {name: datetime.fromisoformat(text) for name, text in document.items() if name.endswith("_at") and text}
        return Record(**{**document, **times})
    except (OSError, ValueError, TypeError, AttributeError):
        return Record()


def write(home: Path, record: Record) -> None:
    document = {
        name: value.isoformat() if isinstance(value, datetime) else value for name, value in asdict(record).items()
    }
    unfinished = home / f"{FILE}.new"
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(document, file, ensure_ascii=False, indent=1)
    unfinished.replace(home / FILE)
