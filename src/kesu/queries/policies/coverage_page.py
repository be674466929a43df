"""One policy on offer, both ways: which rules and scenarios stand for a clause, which clauses a rule stands on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings

from kesu.access.actor import Actor
from kesu.access.permissions import Permission
from kesu.casefile.library import offered, shipped
from kesu.casefile.proofs import kept_proofs
from kesu.core.errors import NotFound
from kesu.policy.coverage import ClauseCoverage, coverage
from kesu.policy.model.pack import Pack
from kesu.policy.ruleset import rules_of
from kesu.policy.scenarios.proving import Proofs


@dataclass(frozen=True, slots=True)
class CoveredRule:
    """`section` is the part of the policy it stands in, `number` its place on the page. `clauses`: id and printed
    number, none where no clause asks for it; `scenario` the one that fails without it."""

    number: int
    kind: str
    section: str
    name: str
    clauses: tuple[tuple[str, str], ...]
    scenario: str
    is_executed: bool


@dataclass(frozen=True, slots=True)
class CoveredClause:
    """`rules` are numbers of rules on this page; `reason` says why there are none."""

    id: str
    printed: str
    text: str
    asked: str
    honoured: str
    depth: str
    is_weaker: bool
    rules: tuple[int, ...]
    scenarios: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class CoveragePage:
    """`depths` counts clauses; `driven` names the tests that drive a kind of it over HTTP. `may_play`: the reader may
    have its scenarios played."""

    code: str
    title: str
    version: str
    document_number: str
    depths: Mapping[str, int]
    driven: tuple[str, ...]
    is_played: bool
    may_play: bool
    clauses: tuple[CoveredClause, ...]
    rules: tuple[CoveredRule, ...]


def coverage_page(*, actor: Actor, pack_code: str) -> CoveragePage:
    """Raises `Forbidden` without the right to read policies, and `NotFound` for a pack that is not on offer."""
    actor.require(Permission.POLICY_READ)
    pack = offered().get(pack_code)
    if pack is None:
        raise NotFound
    library = shipped()
    proofs = kept_proofs(library, settings.KESU_COMPILED_PACKS).get(pack_code)
    driven = library.driven.get(pack_code, {})
    found = coverage(pack, proofs or {}, driven=driven)
    rules = _rules(pack, proofs or {})
    numbers = {address: rule.number for address, rule in rules.items()}
    return CoveragePage(
        code=pack.code,
        title=pack.title,
        version=pack.version,
        document_number=pack.document_number,
        depths=Counter(each.depth.value for each in found.clauses),
        driven=tuple(dict.fromkeys(driven.values())),
        is_played=proofs is not None,
        may_play=actor.may(Permission.POLICY_ADOPT),
        clauses=tuple(_clause(each, numbers) for each in found.clauses),
        rules=tuple(rules.values()),
    )


def _rules(pack: Pack, proofs: Proofs) -> dict[str, CoveredRule]:
    """By address, as `coverage` names them."""
    found: dict[str, CoveredRule] = {}
    for kind in pack.kinds.values():
        for rule in rules_of(kind):
            address = f"{kind.code}/{rule.address}"
            found[address] = CoveredRule(
                number=len(found) + 1,
                kind=kind.name,
                section=rule.address.partition(".")[0],
                name=rule.name,
                clauses=tuple((one, pack.clauses[one].printed) for one in rule.clauses if one in pack.clauses),
                scenario=proofs.get(address, ""),
                is_executed=rule.executed,
            )
    return found


def _clause(each: ClauseCoverage, numbers: Mapping[str, int]) -> CoveredClause:
    return CoveredClause(
        id=each.clause.id,
        printed=each.clause.printed,
        text=each.clause.text,
        asked=each.clause.enforce.value,
        honoured=each.honoured.value,
        depth=each.depth.value,
        is_weaker=each.is_weaker,
        rules=tuple(numbers[address] for address in each.rules if address in numbers),
        scenarios=each.scenarios,
        reason=each.reason,
    )
