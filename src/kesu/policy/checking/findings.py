"""What a look over a whole policy finds: rules that are each in order and together are not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kesu.policy.language.nodes import Map, Spot
from kesu.policy.model.pack import Clause
from kesu.policy.model.rules import GENERIC


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """`address`: kind, section and code of the rule; `clauses`: the printed numbers under which it stands. `line`
    counts from 1; 0: it stands in no file."""

    file: str
    line: int
    address: str
    message: str
    clauses: tuple[str, ...] = ()

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        under = f"（依据 {'、'.join(self.clauses)}）" if self.clauses else ""
        return f"{place} {self.address}{under}：{self.message}"


@dataclass(frozen=True, slots=True)
class Finder:
    """Turns the address of a rule of one kind into a finding with its place and its clauses."""

    kind: str
    tree: Map
    clauses: Mapping[str, Clause]

    def finding(self, section: str, code: str, clauses: tuple[str, ...], message: str) -> Finding:
        spot = self._spot(section, code)
        address = f"{self.kind}.{section}.{code}" if code else f"{self.kind}.{section}"
        return Finding(spot.file, spot.line, address, message, self.printed(clauses))

    def printed(self, clauses: tuple[str, ...]) -> tuple[str, ...]:
        """Each number once; what only the common steps bring is called so."""
        known = (self.clauses.get(one) for one in clauses)
        shown = [clause.printed for clause in known if clause is not None]
        return tuple(dict.fromkeys(shown or ["通用步骤" for one in clauses if one == GENERIC]))

    def _spot(self, section: str, code: str) -> Spot:
        rules = self.tree.map(section)
        entry = rules.entries.get(code)
        if entry is not None:
            return entry.spot
        return self.tree.entries[section].spot if section in self.tree.entries else self.tree.spot
