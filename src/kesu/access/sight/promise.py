"""What the person who reported was promised, with the instant until which it holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kesu.access.sight.lines import ClauseLine, clause_lines
from kesu.access.sight.reading import CaseRead
from kesu.policy.standing import said


@dataclass(frozen=True, slots=True)
class PromiseLine:
    """`text` as the pack wrote it: ``{due}`` and ``{case}`` stand for `due_at` and the number."""

    text: str
    due_at: datetime | None
    clauses: tuple[ClauseLine, ...]


def promises(read: CaseRead) -> tuple[PromiseLine, ...]:
    """In the order of the pack; a promise whose duty is done, or has no limit, is not repeated."""
    lines = []
    for promise in said.promises(read.kind, read.current):
        owed = [o for o in read.current.open_obligations if o.duty == promise.duty]
        if promise.duty and not any(o.due_at for o in owed):
            continue
        due = min((o.due_at for o in owed if o.due_at), default=None)
        lines.append(PromiseLine(promise.text, due, clause_lines(read.pack, promise.clauses)))
    return tuple(lines)
