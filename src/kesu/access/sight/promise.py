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
    is_provisional: bool = False


def promises(read: CaseRead) -> tuple[PromiseLine, ...]:
    """In the order of the pack; a promise whose duty is done, or has no limit, is not repeated."""
    lines = []
    for promise in said.promises(read.kind, read.current):
        due = said.next_due(read.current, promise.duty) if promise.duty else None
        if promise.duty and due is None:
            continue
        clauses = clause_lines(read.pack, promise.clauses)
        due_at, is_provisional = (due.due_at, due.is_provisional) if due is not None else (None, False)
        lines.append(PromiseLine(promise.text, due_at, clauses, is_provisional))
    return tuple(lines)
