"""Proves a backup by restoring it: into a scratch installation with a database server of its own, as anybody would."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from kesu.config.backup import making, manifest
from kesu.config.backup.manifest import Backup
from kesu.config.installation import Installation
from kesu.config.trouble import Trouble, reason_in

_SCRATCH = ".proving"
_OWN = ("DATABASE_URL", "KESU_OWNER_URL", "KESU_KEY_FILE", "KESU_FILES", "KESU_DATA", "KESU_AS_OWNER")


def prove(installation: Installation, backup: Backup, log: Path) -> None:
    """Every digest, every table's count, the sample of cases. Raises Trouble when the backup does not restore.

    The running program and its database are not touched. The scratch installation is removed again.
    """
    folder = backup.folder.parent
    scratch = folder / _SCRATCH
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_OWN)}
    # Neither files nor keys are copied: a proof that is cut short must not leave keys beside backups.
    beside = {"KESU_FILES": str(backup.folder / manifest.FILES), "KESU_KEY_FILE": str(installation.key_file)}
    variables = {**kept, **beside}
    with making.alone(folder):
        _remove(scratch, variables)
        words = ["restore", str(backup.folder), "--keys", str(installation.key_file), "--data", str(scratch)]
        done = _call([*words, "--for-proof"], variables)
        _remove(scratch, variables)
    _keep(log, done)
    if done.returncode != 0:
        raise Trouble(
            f"备份 {backup.name} 没有通过恢复检验",
            why=reason_in(done.stderr),
            advice="不要依赖这份备份；查明原因后重新备份",
            log=log,
        )


def _remove(scratch: Path, variables: dict[str, str]) -> None:
    if scratch.exists():
        _call(["reset", "--yes", "--data", str(scratch)], variables)
        shutil.rmtree(scratch, ignore_errors=True)


def _call(words: list[str], variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "kesu.config.cli", *words]
    return subprocess.run(command, env=variables, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)


def _keep(log: Path, done: subprocess.CompletedProcess[str]) -> None:
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a", encoding="utf-8") as record:
        record.write(done.stdout + done.stderr)
