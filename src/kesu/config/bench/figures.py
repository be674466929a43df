"""What is measured: one line each, with the limit that the project has set itself."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Line:
    """One operation. Times in milliseconds, rates a second; `cpu` is processor time of web server, worker and database
    for one operation, the client's left out. Of `one` client and of `eight`."""

    name: str
    limit_ms: float | None = None
    limit_rate: float | None = None
    cpu_one: float | None = None
    median_one: float | None = None
    p95_one: float | None = None
    client_one: float | None = None
    cpu_eight: float | None = None
    median_eight: float | None = None
    rate_eight: float | None = None
    note: str = ""
    parts: tuple[float, ...] = ()  # of `cpu_one`: web server, worker, database

    @property
    def verdict(self) -> str:
        """Judged by processor time, which a busy machine moves little, and where a rate is asked for by that."""
        if self.note:
            return "—"
        missed = []
        if self.limit_ms is not None and self.cpu_one is not None and self.cpu_one > self.limit_ms:
            missed.append("时间")
        if self.limit_rate is not None and self.rate_eight is not None and self.rate_eight < self.limit_rate:
            missed.append("速率")
        if self.limit_ms is None and self.limit_rate is None:
            return ""
        return "未达：" + "、".join(missed) if missed else "达到"


@dataclass(frozen=True, slots=True)
class Single:
    """A figure that is no operation over HTTP: the engine, memory, the load itself. `is_floor`: the limit is to be
    reached, not to be kept."""

    name: str
    value: float
    unit: str
    limit: float | None = None
    is_floor: bool = False

    @property
    def verdict(self) -> str:
        if self.limit is None:
            return ""
        return "达到" if (self.value >= self.limit if self.is_floor else self.value <= self.limit) else "未达"


@dataclass(slots=True)
class Report:
    """`machine`: what it was measured on; `floor`: what the bare machine needs for the least of such operations."""

    machine: dict[str, Any] = field(default_factory=dict)
    floor: list[Line] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    singles: list[Single] = field(default_factory=list)

    def document(self) -> dict[str, Any]:
        return {
            "machine": self.machine,
            "floor": [asdict(line) for line in self.floor],
            "lines": [{**asdict(line), "verdict": line.verdict} for line in self.lines],
            "singles": [{**asdict(one), "verdict": one.verdict} for one in self.singles],
        }

    @property
    def is_met(self) -> bool:
        verdicts = [*(line.verdict for line in self.lines), *(one.verdict for one in self.singles)]
        return not any("未达" in verdict for verdict in verdicts)

    def text(self) -> str:
        """A table in Markdown."""
        page = next((line for line in self.floor if line.name == EMPTY_PAGE), None)
        base = page.cpu_one if page else None
        rows = [_HEAD, "|" + "---|" * 12]
        rows += [_row(line, base) for line in (*self.floor, *self.lines)]
        return "\n".join([*rows, "", self.singles_text()])

    def singles_text(self) -> str:
        """The figures that are no operations, as a table in Markdown."""
        rows = ["| 指标 | 实测 | 限 | |", "|---|---|---|---|"]
        rows += [f"| {one.name} | {one.value:.4g} {one.unit} | {_limit(one)} | {one.verdict} |" for one in self.singles]
        return "\n".join(rows)


_HEAD = (
    "| 操作 | 上限 | CPU ms | 网页/后台/数据库 | 中位 ms | p95 ms | 客户端 ms "
    "| 8 个：CPU ms | 中位 ms | 每秒 | 空页的倍数 | |"
)
EMPTY_PAGE = "空页（静态文件）"
ONE_ROW = "一行一个事务"


def spread(seconds: Sequence[float]) -> tuple[float, float]:
    """Median and 95th percentile in milliseconds."""
    ordered = sorted(seconds)
    return statistics.median(ordered) * 1000, ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))] * 1000


def _row(line: Line, base: float | None) -> str:
    limits = [f"≤ {line.limit_ms:g} ms"] if line.limit_ms is not None else []
    limits += [f"≥ {line.limit_rate:g} /s"] if line.limit_rate is not None else []
    times = f"{line.cpu_one / base:.1f}" if base and line.cpu_one is not None else ""
    parts = "/".join(map(_figure, line.parts))
    figures = (line.median_one, line.p95_one, line.client_one)
    eight = (line.cpu_eight, line.median_eight, line.rate_eight)
    cells = [line.name, "，".join(limits), _figure(line.cpu_one), parts]
    cells += [*map(_figure, (*figures, *eight)), times, line.note or line.verdict]
    return "| " + " | ".join(cells) + " |"


def _limit(one: Single) -> str:
    return f"≥ {_figure(one.limit)}" if one.is_floor else _figure(one.limit)


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}" if value < 1000 else f"{value:.0f}"
