"""One page in one window: opens it, measures it, takes its picture."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Response

from kesu.config.shots.catalogue import Window
from kesu.config.shots.finding import Finding

TAP: Final = 40
"""Pixels that a finger needs."""
_CLAUSES: Final = ".cl"
_ROWS: Final = "table.k-t"
_LISTS: Final = {"case-list", "case-list-tight"}
_TALLEST: Final = 8000
_AXE: Final = """async () => {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
  const found = await axe.run(document, { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"] });
  const why = (node) => node.failureSummary.split("\\n").slice(1, 2).join("").trim();
  return found.violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.target.join(" ")} ${why(node)}`));
}"""
_SETTLED: Final = "async () => { await document.fonts.ready; await new Promise((go) => setTimeout(go, 120)); }"


@dataclass
class Eye:
    """Looks at pages for one role through one window. `axe` is the source of the checker."""

    context: BrowserContext
    window: Window
    role: str
    base: str
    folder: Path
    axe: str
    measure: str = field(default_factory=lambda: (files(__package__) / "measure.js").read_text(encoding="utf-8"))

    def look(self, page_name: str, address: str, wanted_status: int = 200) -> Finding:
        """Opens `address` in a fresh tab."""
        tab = self.context.new_page()
        said = listen(tab)
        answer = tab.goto(self.base + address, wait_until="load")
        finding = self.examine(tab, page_name, answer, said, wanted_status)
        tab.close()
        return finding

    def examine(
        self, tab: Page, page_name: str, answer: Response | None, said: list[str], wanted_status: int = 200
    ) -> Finding:
        """Measures the page that `tab` shows. `said` fills with what the console says."""
        tab.evaluate(_SETTLED)
        plain = re.sub(r"[^\w-]", "_", page_name)
        picture = f"{self.role}-{self.window.key}-{plain}.png"
        address = tab.url.removeprefix(self.base)
        status = answer.status if answer else 0
        tab.evaluate(self.axe)
        violations: list[str] = tab.evaluate(_AXE)
        options = {
            "width": self.window.width,
            "tap": TAP if self.window.is_phone else 0,
            "clauses": _CLAUSES,
            "rows": _ROWS,
        }
        measured: dict[str, Any] = tab.evaluate(self.measure, options)
        self._photograph(tab, self.folder / picture)
        rows = measured.pop("rows")
        asked = parse_qs(urlsplit(address).query)
        return Finding(
            page=page_name,
            role=self.role,
            window=self.window.key,
            address=address,
            picture=picture,
            status=status,
            wanted_status=wanted_status,
            console=[line for line in said if not (status == wanted_status != 200 and f"status of {status}" in line)],
            axe=violations,
            rows=rows if page_name in _LISTS and not self.window.is_phone else None,
            density=asked.get("rows", ["normal"])[0],
            **measured,
        )

    def _photograph(self, tab: Page, path: Path) -> None:
        """The whole page, in a window as high as the page: what sticks to an edge is then where the page ends."""
        height = int(tab.evaluate("document.documentElement.scrollHeight"))
        tab.set_viewport_size({"width": self.window.width, "height": max(self.window.height, min(height, _TALLEST))})
        tab.screenshot(path=path)


def listen(tab: Page) -> list[str]:
    """A list that fills with errors and warnings of the console, refusals of the content policy among them."""
    said: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            said.append(f"{message.type}: {message.text[:200]}")

    tab.on("console", heard)
    tab.on("pageerror", lambda fault: said.append(f"exception: {str(fault)[:200]}"))
    return said
