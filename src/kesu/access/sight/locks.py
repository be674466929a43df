"""What waits for approval before the customer may be told of it, and what may not be written any more, as pages and
papers say it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from kesu.access.sight.lines import ClauseLine, clause_lines
from kesu.access.sight.reading import CaseRead
from kesu.policy.model.rules import Guard
from kesu.policy.model.writing import Writing
from kesu.policy.standing import said, writing_refusals


@dataclass(frozen=True, slots=True)
class LockLine:
    """What must not be told to the customer yet, or not be written, in the pack's words."""

    says: str
    clauses: tuple[ClauseLine, ...]


def lock_lines(read: CaseRead) -> tuple[LockLine, ...]:
    """The guards that lock the reply now, in the order of the policy."""
    return _lines(read, said.locks(read.current))


def locks_of(read: CaseRead, facts: Collection[str]) -> tuple[LockLine, ...]:
    """The same, where one of these facts is stated and kept from the customer."""
    held = said.locks(read.current)
    kept = said.held_back(read.kind, held)
    return _lines(read, held) if any(code in kept and code in read.current.facts for code in facts) else ()


def shut_lines(read: CaseRead, *writings: Writing) -> tuple[LockLine, ...]:
    """Why some of these may not be written now, each reason once."""
    found = {one.code: one for writing in writings for one in writing_refusals(read.current, writing)}
    return tuple(LockLine(one.says, clause_lines(read.pack, one.clauses)) for one in found.values())


def _lines(read: CaseRead, held: Collection[Guard]) -> tuple[LockLine, ...]:
    return tuple(LockLine(guard.says, clause_lines(read.pack, guard.clauses)) for guard in held)
