"""Coverage both ways: which rule answers a clause and how far it is proved; which rule no clause asks for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from kesu.policy.model.pack import Clause, Enforcement, Pack
from kesu.policy.model.rules import GENERIC
from kesu.policy.mutants import Mutant
from kesu.policy.ruleset import Rule, demands_of, rules_of
from kesu.policy.scenarios.proving import Proofs


class Honoured(StrEnum):
    """What becomes of a clause. `unanswered` is a defect of the pack."""

    ENFORCED = "enforced"
    PROMPTED = "prompted"
    RECORDED = "recorded"
    MANUAL = "manual"
    PRODUCT = "product"
    LOST = "lost"
    LATER = "later"
    UNANSWERED = "unanswered"


class Depth(StrEnum):
    """How far a clause is shown to hold. `none`: no rule stands for it; `declared`: a rule does; `proved`: a scenario
    fails without it; `runs`: and a named test drives a case of its kind over HTTP, under the adopted policy."""

    NONE = "none"
    DECLARED = "declared"
    PROVED = "proved"
    RUNS = "runs"


_STRENGTH: Final = (
    Enforcement.MANUAL,
    Enforcement.RECORD,
    Enforcement.REMINDER,
    Enforcement.GUARD,
    Enforcement.AUTOMATIC,
)
_HONOURED: Final = {
    Enforcement.AUTOMATIC: Honoured.ENFORCED,
    Enforcement.GUARD: Honoured.ENFORCED,
    Enforcement.REMINDER: Honoured.PROMPTED,
    Enforcement.RECORD: Honoured.RECORDED,
    Enforcement.MANUAL: Honoured.MANUAL,
}


@dataclass(frozen=True, slots=True)
class ClauseCoverage:
    """`rules` are addresses (``kind/section.code``), `scenarios` the titles of those that prove one of them, `reason`
    why no rule answers the clause. `is_weaker`: honoured less strictly than the clause asks."""

    clause: Clause
    honoured: Honoured
    depth: Depth
    rules: tuple[str, ...]
    unproved: tuple[str, ...]
    scenarios: tuple[str, ...]
    reason: str = ""
    is_weaker: bool = False


@dataclass(frozen=True, slots=True)
class Coverage:
    """`generic` are rules that no clause asks for, `untried` those of them by which the pack fills what its document
    lacks and that no scenario proves; `loose_figures` could be one off without a scenario noticing."""

    pack: str
    document_number: str
    clauses: tuple[ClauseCoverage, ...]
    generic: tuple[str, ...]
    loose_figures: tuple[str, ...] = ()
    untried: tuple[str, ...] = ()

    @property
    def unanswered(self) -> tuple[str, ...]:
        return tuple(each.clause.id for each in self.clauses if each.honoured is Honoured.UNANSWERED)

    @property
    def unproved(self) -> tuple[str, ...]:
        """Rules that the engine executes, for which the pack answers and that no scenario proves."""
        return tuple(sorted({*self.untried, *(rule for each in self.clauses for rule in each.unproved)}))

    def count(self, depth: Depth) -> int:
        return sum(each.depth is depth for each in self.clauses)

    def to_documents(self) -> list[dict[str, Any]]:
        """JSON-able, one for each clause, for `kesu policy coverage --json`."""
        return [{"pack": self.pack, **_clause_document(each)} for each in self.clauses]


def coverage(pack: Pack, proofs: Proofs, loose: Iterable[Mutant] = (), driven: Collection[str] = ()) -> Coverage:
    """What answers every clause of `pack`, and every rule without one. `proofs` from `prove`, `loose`
    from `loose_figures`; empty where they were not run. `driven`: the kinds of which a test drives a case over HTTP."""
    rules = {f"{kind.code}/{rule.address}": rule for kind in pack.kinds.values() for rule in rules_of(kind)}
    rules |= {rule.address: rule for rule in demands_of(pack)}
    generic = tuple(address for address, rule in rules.items() if rule.clauses == (GENERIC,))
    clauses = tuple(_clause_coverage(pack, clause, rules, proofs, driven) for clause in pack.clauses.values())
    unwritten = (f"{kind.code}/{address}" for kind in pack.kinds.values() for address in sorted(kind.unwritten))
    untried = (address for address in unwritten if rules[address].executed and address not in proofs)
    loose_figures = tuple(str(mutant) for mutant in loose)
    return Coverage(pack.code, pack.document_number, clauses, generic, loose_figures, tuple(untried))


def _clause_coverage(
    pack: Pack, clause: Clause, rules: Mapping[str, Rule], proofs: Proofs, driven: Collection[str]
) -> ClauseCoverage:
    mine = {address: rule for address, rule in rules.items() if clause.id in rule.clauses}
    parameters = tuple(f"parameters.{code}" for code, each in pack.parameters.items() if clause.id in each.clauses)
    honoured, reason = _without_rules(pack, clause)
    depth, weaker = Depth.NONE, False
    if mine:
        strongest = max((rule.enforcement for rule in mine.values()), key=_STRENGTH.index)
        honoured, reason = _HONOURED[strongest], pack.lost.get(clause.id, "")
        weaker = is_weaker(strongest, clause.enforce)
        depth = _depth(mine, proofs, driven)
    return ClauseCoverage(
        clause=clause,
        honoured=honoured,
        depth=depth,
        rules=(*mine, *parameters),
        unproved=tuple(address for address, rule in mine.items() if rule.executed and address not in proofs),
        scenarios=tuple(dict.fromkeys(proofs[address] for address in mine if address in proofs)),
        reason=reason,
        is_weaker=weaker,
    )


def is_weaker(honoured: Enforcement, asked: Enforcement) -> bool:
    """Whether the one is less strict than the other."""
    return _STRENGTH.index(honoured) < _STRENGTH.index(asked)


def _depth(rules: Iterable[str], proofs: Proofs, driven: Collection[str]) -> Depth:
    proved = [address for address in rules if address in proofs]
    if any(address.partition("/")[0] in driven for address in proved):
        return Depth.RUNS
    return Depth.PROVED if proved else Depth.DECLARED


def _without_rules(pack: Pack, clause: Clause) -> tuple[Honoured, str]:
    for honoured, reasons in (
        (Honoured.PRODUCT, pack.provided),
        (Honoured.LATER, pack.later),
        (Honoured.LOST, pack.lost),
    ):
        if clause.id in reasons:
            return honoured, reasons[clause.id]
    return Honoured.UNANSWERED, ""


def _clause_document(each: ClauseCoverage) -> dict[str, Any]:
    return {
        "clause": each.clause.id,
        "printed": each.clause.printed,
        "text": each.clause.text,
        "enforce": str(each.clause.enforce),
        "honoured": str(each.honoured),
        "depth": str(each.depth),
        "rules": list(each.rules),
        "unproved": list(each.unproved),
        "scenarios": list(each.scenarios),
        "reason": each.reason,
        "weaker": each.is_weaker,
    }
