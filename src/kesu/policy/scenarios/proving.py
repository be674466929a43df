"""Which scenario proves which rule: the one that fails as soon as the rule is taken away."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from zoneinfo import ZoneInfo

from kesu.policy.calendar import Calendar
from kesu.policy.model.pack import Kind, Pack
from kesu.policy.mutants import Mutant, figures
from kesu.policy.ruleset import Rule, is_its_own, rules_of, without
from kesu.policy.scenarios.reading import read_scenarios
from kesu.policy.scenarios.runner import Ways, run_scenario
from kesu.policy.scenarios.script import Scenario

Proofs = Mapping[str, str]
"""Address of a rule (``kind/address``) → the title of a scenario that fails without it. Rules that none proves are not
in it."""


def prove(pack: Pack, texts: Mapping[str, str], calendar: Calendar) -> Proofs:
    """Take every rule with a clause away in turn and play the scenarios until one fails. A scenario that fails
    anyhow proves nothing. Costs one round of scenarios for each rule that nothing proves."""
    scenarios = read_scenarios(texts, ZoneInfo(calendar.zone))
    ways = Ways()
    passing = [scenario for scenario in scenarios if run_scenario(pack.kinds, scenario, calendar, ways).passed]
    proofs: dict[str, str] = {}
    for kind in pack.kinds.values():
        mine = _of(kind, pack, passing)
        for rule in provable(kind):
            found = _first_to_fail(without(kind, rule), _likely_first(mine, rule), calendar, ways)
            if found is not None:
                proofs[f"{kind.code}/{rule.address}"] = found.name
    return proofs


def loose_figures(pack: Pack, texts: Mapping[str, str], calendar: Calendar) -> tuple[Mutant, ...]:
    """Figures that could be one smaller or one larger without any scenario noticing: a boundary is not held there.
    Those of its own rules; what it takes over from common steps, these prove. A pack without a clause is one of
    those."""
    make = _own_figures if pack.clauses else figures
    return tuple(found for found, noticed in tried(pack, texts, calendar, make) if noticed is None)


def _own_figures(kind: Kind) -> Iterator[Mutant]:
    for mutant in figures(kind):
        rule = _rule_of(kind, mutant)
        if rule is not None and is_its_own(kind, rule):
            yield mutant


def tried(
    pack: Pack, texts: Mapping[str, str], calendar: Calendar, make: Callable[[Kind], Iterable[Mutant]]
) -> Iterator[tuple[Mutant, Scenario | None]]:
    """Each mutant of the pack with the scenario that notices it; None: it survives. Scenarios that fail anyhow notice
    nothing."""
    scenarios = read_scenarios(texts, ZoneInfo(calendar.zone))
    ways = Ways()
    passing = [scenario for scenario in scenarios if run_scenario(pack.kinds, scenario, calendar, ways).passed]
    for kind in pack.kinds.values():
        mine = _of(kind, pack, passing)
        for mutant in make(kind):
            yield mutant, _first_to_fail(mutant.kind, _likely_first(mine, _rule_of(kind, mutant)), calendar, ways)


def _rule_of(kind: Kind, mutant: Mutant) -> Rule | None:
    return next((rule for rule in rules_of(kind) if mutant.address.startswith(rule.address)), None)


def _of(kind: Kind, pack: Pack, scenarios: Iterable[Scenario]) -> list[Scenario]:
    first = next(iter(pack.kinds))
    return [scenario for scenario in scenarios if (scenario.kind or first) == kind.code]


def provable(kind: Kind) -> tuple[Rule, ...]:
    """The rules that a scenario can prove: executed by the engine, and the pack's own to answer for."""
    return tuple(rule for rule in rules_of(kind) if rule.executed and is_its_own(kind, rule))


def _likely_first(scenarios: Sequence[Scenario], rule: Rule | None) -> list[Scenario]:
    if rule is None:
        return list(scenarios)
    return sorted(scenarios, key=lambda scenario: not set(scenario.clauses) & set(rule.clauses))


def _first_to_fail(kind: Kind, scenarios: Iterable[Scenario], calendar: Calendar, ways: Ways) -> Scenario | None:
    for scenario in scenarios:
        known = Ways(dict(ways.known))
        try:
            passed = run_scenario({kind.code: kind}, scenario, calendar, known).passed
        except LookupError:  # another rule names the one that is gone
            passed = False
        if not passed:
            return scenario
    return None
