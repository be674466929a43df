"""The backup of each night, while `kesu up` runs: when it is due, and the process that makes it."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from kesu.config.backup import record
from kesu.config.supervise import processes
from kesu.core import clock

_ZONE = ZoneInfo("Asia/Shanghai")
_HOUR, _MINUTE = 2, 30
_PAUSE = 30.0
"""Seconds between two looks at the record."""
_PATIENCE = 8.0


def is_due(tried_at: datetime | None, now: datetime) -> bool:
    """Once for each 02:30 in Shanghai that has passed; a machine that slept through it catches up when it wakes."""
    local = now.astimezone(_ZONE)
    latest = local.replace(hour=_HOUR, minute=_MINUTE, second=0, microsecond=0)
    if latest > local:
        latest -= timedelta(days=1)
    return tried_at is None or tried_at < latest


class Nightly:
    """Call `look` often. Makes backups in `folder`, proves each, keeps `keep` of them."""

    def __init__(self, home: Path, folder: Path, keep: int, environment: Mapping[str, str]) -> None:
        self._home, self._environment = home, dict(environment)
        words = ["backup", str(folder), "--prove", "--keep", str(keep), "--data", str(home)]
        self._command = [sys.executable, "-m", "kesu.config.cli", *words]
        self._process: subprocess.Popen[bytes] | None = None
        self._looked = 0.0

    def look(self) -> str | None:
        """Starts what is due; one line to show when a backup began or ended."""
        if self._process is not None:
            code = self._process.poll()
            if code is None:
                return None
            self._process = None
            return self._ended(code)
        if time.monotonic() - self._looked < _PAUSE and self._looked:
            return None
        self._looked = time.monotonic()
        if not is_due(record.read(self._home).tried_at, clock.now()):
            return None
        with (self._home / "log" / "backup.log").open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        return "夜间备份开始"

    def stop(self) -> None:
        if self._process is not None:
            processes.end_group(self._process.pid, _PATIENCE)
            self._process.wait()

    def _ended(self, code: int) -> str:
        if code == 0:
            return "夜间备份完成，已经恢复检验"
        found = record.read(self._home)
        if found.failure is None:  # it could not even write why
            at = clock.now()
            found = found.failing(at, f"备份程序意外结束（{code}）")
            record.write(self._home, found)
        return f"!! 夜间备份失败：{found.failure}；记录：{self._home / 'log' / 'backup.log'}"
