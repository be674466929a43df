"""What a policy says of the words of a text, for pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kesu.access.sight.lines import ClauseLine, clause_lines
from kesu.policy.model.pack import Pack
from kesu.policy.wording import Remark


@dataclass(frozen=True, slots=True)
class WordingLine:
    """A rule that the text does not keep: `lacking` words that should stand in it, `found` words that should not."""

    says: str
    lacking: tuple[str, ...]
    found: tuple[str, ...]
    clauses: tuple[ClauseLine, ...]


def wording_lines(pack: Pack, remarks: Iterable[Remark]) -> tuple[WordingLine, ...]:
    """In the order of the policy."""
    return tuple(WordingLine(one.says, one.lacking, one.found, clause_lines(pack, one.clauses)) for one in remarks)
