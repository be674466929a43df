"""The benchmark runs from end to end on a handful of cases, and reports what it measured."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from kesu.config.bench.figures import Line, Report, Single


@pytest.mark.skipif(not os.environ.get("KESU_FULL"), reason="starts a database and the whole program: with --full")
def test_it_runs_from_end_to_end(tmp_path: Path) -> None:
    out = tmp_path / "bench.json"
    words = ["--cases", "60", "--sample", "2", "--seconds", "0.3", "--data", str(tmp_path / "data"), "--json", str(out)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("KESU_", "DATABASE_URL"))}

    done = subprocess.run(
        [sys.executable, "-m", "kesu.config.cli", "bench", *words],
        env=environment,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )

    assert out.exists(), done.stdout + done.stderr
    found = json.loads(out.read_text(encoding="utf-8"))
    measured = {line["name"]: line for line in found["lines"] if not line["note"]}
    assert {"列表 20 行", "诉件页", "登记（含其后果）", "一步（知会）"} <= set(measured)
    assert all(line["cpu_one"] > 0 and line["rate_eight"] > 0 for line in measured.values())
    assert "| 列表 20 行 |" in done.stdout


def test_it_judges_by_processor_time_and_rate() -> None:
    slow = Line("登记", limit_ms=15, limit_rate=130, cpu_one=16.0, rate_eight=129.0)
    quick = Line("登记", limit_ms=15, limit_rate=130, cpu_one=14.0, rate_eight=131.0)

    assert slow.verdict == "未达：时间、速率"
    assert quick.verdict == "达到"
    assert Line("数字页", limit_ms=100, note="还没有这个页面（404）").verdict == "—"


def test_it_is_met_when_every_limit_is() -> None:
    met = Report(lines=[Line("列表", limit_ms=20, cpu_one=19.0)], singles=[Single("内存", 200, "MB", 300)])
    missed = Report(lines=met.lines, singles=[Single("内存", 301, "MB", 300)])

    assert met.is_met
    assert not missed.is_met
    assert "| 内存 | 301 MB | 300.0 | 未达 |" in missed.text()
