"""What is known about one page in one window, and whether it is a fault."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from kesu.config.shots.catalogue import ROWS_WANTED

COLUMNS = ("console", "axe", "overflow", "clipped", "taps", "glyphs")


@dataclass(slots=True)
class Finding:
    """`rows` is None where the page is no list or the window is not the one in which rows count."""

    page: str
    role: str
    window: str
    address: str
    picture: str
    status: int
    wanted_status: int = 200
    console: list[str] = field(default_factory=list)
    axe: list[str] = field(default_factory=list)
    overflow: int = 0
    overhanging: list[str] = field(default_factory=list)
    clipped: list[str] = field(default_factory=list)
    taps: list[str] = field(default_factory=list)
    glyphs: list[str] = field(default_factory=list)
    rows: int | None = None
    density: str = "normal"

    def count(self, column: str) -> int:
        value = getattr(self, column)
        return value if isinstance(value, int) else len(value)

    @property
    def has_too_few_rows(self) -> bool:
        return self.rows is not None and self.rows < ROWS_WANTED[self.density]

    @property
    def is_fault(self) -> bool:
        return self.status != self.wanted_status or self.has_too_few_rows or any(map(self.count, COLUMNS))


@dataclass(frozen=True, slots=True)
class Report:
    findings: Sequence[Finding]
    unreached: Sequence[str]
    """Named addresses that are neither pages reached nor listed as no pages."""
    superfluous: Sequence[str]
    """Names listed as no pages that are no addresses, or are pages."""

    @property
    def is_sound(self) -> bool:
        return not (self.unreached or self.superfluous or any(finding.is_fault for finding in self.findings))

    def document(self) -> dict[str, Any]:
        return {
            "sound": self.is_sound,
            "unreached": list(self.unreached),
            "superfluous": list(self.superfluous),
            "pages": [asdict(finding) for finding in self.findings],
        }

    def markdown(self) -> str:
        """A table of counts, then every fault in words."""
        head = ("页面", "角色", "宽", "状态", "控制台", "axe", "横向溢出 px", "截断", "小目标", "缺字", "行数")
        lines = ["# 页面检查", "", _row(head), _row(["---"] * len(head))]
        lines += [
            _row(
                [
                    f"[{finding.page}]({finding.picture})",
                    finding.role,
                    finding.window,
                    str(finding.status),
                    *(str(finding.count(column)) for column in COLUMNS),
                    "" if finding.rows is None else f"{finding.rows}（{finding.density}）",
                ]
            )
            for finding in self.findings
        ]
        for title, names in (("没有走到的地址", self.unreached), ("多余的例外", self.superfluous)):
            if names:
                lines += ["", f"## {title}", "", *(f"- {name}" for name in names)]
        faults = [finding for finding in self.findings if finding.is_fault]
        if faults:
            lines += ["", "## 逐页问题"]
        for finding in faults:
            lines += ["", f"### {finding.page} · {finding.role} · {finding.window}", "", f"`{finding.address}`", ""]
            lines += _faults(finding)
        return "\n".join(lines) + "\n"


def _faults(finding: Finding) -> list[str]:
    lines = []
    if finding.status != finding.wanted_status:
        lines.append(f"- status {finding.status}, not {finding.wanted_status}")
    if finding.has_too_few_rows:
        lines.append(f"- {finding.rows} rows visible, not {ROWS_WANTED[finding.density]}")
    if finding.overflow:
        lines.append(f"- overflow {finding.overflow} px: {'; '.join(finding.overhanging)}")
    for column in ("console", "axe", "clipped", "taps", "glyphs"):
        lines += [f"- {column}: {text}" for text in getattr(finding, column)]
    return lines


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"
