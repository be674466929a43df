"""A catalogue of clauses, kept apart from the packs, against what the packs make of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from kesu.policy.coverage import ClauseCoverage, Coverage, Honoured, is_weaker
from kesu.policy.model.pack import Enforcement


class Finding(StrEnum):
    """`missing`: the pack does not know the clause; `no_status`: it does and nothing becomes of it; `contradicted`:
    it is honoured otherwise than the catalogue asks; `unknown`: the pack has a clause that the catalogue has not;
    `no_pack`: a pack of the catalogue is not in the library."""

    MISSING = "missing"
    NO_STATUS = "no_status"
    CONTRADICTED = "contradicted"
    UNKNOWN = "unknown"
    NO_PACK = "no_pack"


@dataclass(frozen=True, slots=True)
class Entry:
    """One clause of the catalogue: its pack, its id inside the pack, how it is to be honoured."""

    pack: str
    clause: str
    enforce: Enforcement
    text: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    finding: Finding
    pack: str
    clause: str
    text: str
    asked: Enforcement | None = None
    found: str = ""


_HONOURED = {
    Honoured.ENFORCED: Enforcement.GUARD,
    Honoured.PROMPTED: Enforcement.REMINDER,
    Honoured.RECORDED: Enforcement.RECORD,
    Honoured.MANUAL: Enforcement.MANUAL,
}
"""How strictly at least a clause is honoured that has this status."""


def compare(entries: Iterable[Entry], packs: Mapping[str, Coverage]) -> Iterator[Difference]:
    """In the order of the catalogue; then what the packs have beyond it. Only packs that the catalogue names count."""
    known: dict[str, dict[str, Entry]] = {}
    for entry in entries:
        known.setdefault(entry.pack, {})[entry.clause] = entry
    for pack, mine in known.items():
        if pack not in packs:
            yield Difference(Finding.NO_PACK, pack, "", f"{len(mine)} 条")
            continue
        clauses = {each.clause.id: each for each in packs[pack].clauses}
        for entry in mine.values():
            difference = _compared(entry, clauses.get(entry.clause))
            if difference is not None:
                yield difference
        for code, each in clauses.items():
            if code not in mine:
                yield Difference(Finding.UNKNOWN, pack, code, each.clause.text)


def _compared(entry: Entry, each: ClauseCoverage | None) -> Difference | None:
    if each is None:
        return Difference(Finding.MISSING, entry.pack, entry.clause, entry.text, entry.enforce)
    text = entry.text or each.clause.text
    if each.honoured is Honoured.UNANSWERED:
        return Difference(Finding.NO_STATUS, entry.pack, entry.clause, text, entry.enforce)
    if each.clause.enforce is not entry.enforce:
        found = each.clause.enforce.value
        return Difference(Finding.CONTRADICTED, entry.pack, entry.clause, text, entry.enforce, found)
    honoured = _HONOURED.get(each.honoured)
    asked = Enforcement.GUARD if entry.enforce is Enforcement.AUTOMATIC else entry.enforce
    if honoured is not None and is_weaker(honoured, asked):
        return Difference(Finding.CONTRADICTED, entry.pack, entry.clause, text, entry.enforce, each.honoured.value)
    return None
