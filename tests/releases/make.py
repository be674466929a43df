"""Writes the backup of this release that later programs must be able to restore: see docs/how-to/release.md.

    .venv/bin/python -m tests.releases.make

A small world of invented people with a complaint on its way, a photograph, a customer's own complaint and a report
under seal; its key ring (made for this and used nowhere else) beside it; and what must be found after the restore.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import kesu

HERE = Path(__file__).resolve().parent
PROGRAM = [sys.executable, "-m", "kesu.config.cli"]
EXPECTED, KEYS = "expected.json", "keys.json"


def main() -> int:
    target = HERE / kesu.__version__
    if target.exists():
        sys.stderr.write(f"{target} 已经有了；发布过的不再改\n")
        return 1
    for name in [name for name in os.environ if name.startswith(("KESU_", "DATABASE_URL"))]:
        del os.environ[name]
    with tempfile.TemporaryDirectory(prefix="kesu-release-") as folder:
        data, made = Path(folder) / "data", Path(folder) / kesu.__version__
        Path(folder).chmod(0o755)
        os.environ |= {"KESU_DATA": str(data), "DJANGO_SETTINGS_MODULE": "kesu.config.settings"}
        try:
            _fill(data, made)
        finally:
            subprocess.run([*PROGRAM, "reset", "--yes"], check=True)
        shutil.move(made, target)
    print(f"写入 {target}")
    return 0


def _fill(data: Path, made: Path) -> None:
    subprocess.run([*PROGRAM, "migrate"], check=True)
    from kesu.config.installation import Installation

    installation = Installation(data)
    installation.start_database()
    try:
        import django

        django.setup()
        expected = _build()
        subprocess.run([*PROGRAM, "backup", str(made / "backup"), "--prove"], check=True)
        subprocess.run([*PROGRAM, "keys", "export", str(made / KEYS)], check=True)
        (made / EXPECTED).write_text(json.dumps(expected, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    finally:
        from django.db import connections

        connections.close_all()
        connections["default"].close_pool()  # type: ignore[attr-defined]
        if installation.cluster is not None:
            installation.cluster.stop()
    for path in (made / "backup").glob(".*"):
        path.unlink()


def _build() -> dict[str, object]:
    """What later programs must find: cases as they stand at `at`, and words on the pages of those who may see them."""
    from datetime import timedelta

    from django.db import transaction

    from kesu.core import clock
    from kesu.queries.cases.sample_cases import sample_cases
    from kesu.store.models import Account, Case, Post, SealedCase
    from kesu.store.sealed_reader import SYSTEM, read_as
    from tests.access import sample
    from tests.world import MONDAY

    found = sample.build()
    planned = found.world.planned(clock.now() - timedelta(days=3))
    code, sealed_id = sample.report(found)
    at = MONDAY + timedelta(days=365)
    cases = sample_cases(at=at, case_ids=list(Case.objects.values_list("pk", flat=True)))
    with transaction.atomic():
        read_as(SYSTEM)
        sealed = {"cases": SealedCase.objects.count(), "code": code}
    pages = [
        {"login": "zhouyining", "address": found.address("case-page"), "words": ["外墙渗水", "苏女士"]},
        {"login": "heqing", "address": f"/cases/{planned}", "words": ["外墙渗水", "重做密封胶"]},
        {"login": "qiubai", "address": f"/sealed/{sealed_id}", "words": ["材料验收走过场"]},
        {"login": "", "address": found.address("public-follow"), "words": ["电梯停运"]},
    ]
    return {
        "at": at.isoformat(),
        "cases": [one.to_document() for one in cases],
        "rows": {"accounts": Account.objects.count(), "posts": Post.objects.count()},
        "sealed": sealed,
        "pages": pages,
    }


if __name__ == "__main__":
    sys.exit(main())
