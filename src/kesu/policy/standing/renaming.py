"""What came about under other rules, in the words of those that count now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from kesu.policy.standing.moments import LEVEL, STAGE, Key, Mark, Snapshot


class Renaming:
    """Stages and levels that are called otherwise now."""

    def __init__(self, stages: Mapping[str, str], levels: Mapping[str, str]) -> None:
        self._stages = stages
        self._levels = levels
        self._snapshots: dict[int, tuple[Snapshot, Snapshot]] = {}  # several marks share one

    def of(self, mark: Mark) -> tuple[Key, Snapshot]:
        """The key of a mark, and what held when it came about."""
        if not (self._stages or self._levels):
            return mark.key, mark.snapshot
        noun, subject, became = mark.key
        table = self._stages if noun == STAGE else self._levels if noun == LEVEL else {}
        return (noun, table.get(subject, subject), became), self._snapshot(mark.snapshot)

    def _snapshot(self, held: Snapshot) -> Snapshot:
        found = self._snapshots.get(id(held))
        if found is None:
            stages, levels = self._stages, self._levels
            made = replace(
                held,
                level=levels.get(held.level or "", held.level),
                level_before=levels.get(held.level_before or "", held.level_before),
                stage=stages.get(held.stage, held.stage),
                stage_before=stages.get(held.stage_before, held.stage_before),
            )
            found = self._snapshots[id(held)] = (held, made)
        return found[1]
