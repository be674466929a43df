"""The benchmark of policies runs over the whole library and reports each figure with its limit."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kesu.config.bench.figures import Single
from kesu.config.cli import main
from tests.full import only_in_full


@only_in_full
def test_it_measures_library_standing_and_both_rates(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "bench.json"
    assert main(["bench", "policy", "--cases", "12", "--json", str(file)]) in {0, 1}  # the machine may be busy
    assert "| 指标 | 实测 | 限 | |" in capsys.readouterr().out
    found = {one["name"]: one for one in json.loads(file.read_text("utf-8"))["singles"]}
    assert "读入并检查整个制度库" in found
    assert "处境，20 条事件，p10" in found
    assert found["走到最后一刻，12 件各 12 条事件"]["is_floor"]
    assert all(one["value"] >= 0 and one["limit"] for one in found.values())


def test_a_floor_is_met_from_below_upwards() -> None:
    assert Single("速率", 3001, "件/秒", 3000, is_floor=True).verdict == "达到"
    assert Single("速率", 2999, "件/秒", 3000, is_floor=True).verdict == "未达"
