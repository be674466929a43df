"""The benchmark runs from end to end on a handful of cases, and reports what it measured."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from kesu.config.bench.figures import Line, Report, Single
from tests.bench.conftest import Measured
from tests.full import only_in_full


@only_in_full
def test_it_runs_from_end_to_end(bench: Callable[..., tuple[str, Measured]], tmp_path: Path) -> None:
    printed, measured = bench("--cases", "60", "--sample", "2", "--seconds", "1", "--data", str(tmp_path / "data"))

    assert {"列表 20 行", "诉件页", "登记（含其后果）", "一步（知会）"} <= set(measured)
    assert all(line["cpu_one"] > 0 and line["rate_eight"] > 0 for line in measured.values())
    assert "| 列表 20 行 |" in printed


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
