"""What one policy demands that every complaint policy define, held against another one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kesu.policy.model.charter import Alternative, Requirement
from kesu.policy.model.pack import Kind, Pack
from kesu.policy.model.rules import GENERIC
from kesu.policy.ruleset import Rule, rules_of


@dataclass(frozen=True, slots=True)
class Answer:
    """`demand`: ``<pack>.<requirement>``; `rules`: the addresses of what defines it; `reason`: why the document does
    not, in its own words. Neither: it is silent, and says nothing of it."""

    demand: str
    name: str
    printed: tuple[str, ...]
    rules: tuple[str, ...]
    reason: str = ""

    @property
    def is_open(self) -> bool:
        return not self.rules and not self.reason


def answers(pack: Pack, demanding: Pack) -> Iterator[Answer]:
    """One for each demand, in the order of the demanding policy; none where it asks nothing of such a policy."""
    if pack.charter.is_overlay or set(demanding.charter.requires_of).isdisjoint(pack.kinds):
        return
    for requirement in demanding.charter.requires.values():
        demand = f"{demanding.code}.{requirement.code}"
        printed = tuple(demanding.clauses[one].printed for one in requirement.clauses if one in demanding.clauses)
        reason = pack.charter.silent.get(demand, "")
        yield Answer(demand, requirement.name, tuple(dict.fromkeys(printed)), _defined_by(pack, requirement), reason)


def unknown_demands(pack: Pack, demanding: Mapping[str, Pack]) -> tuple[str, ...]:
    """What the pack says it is silent on, though nobody demands it."""
    known = {f"{code}.{each}" for code, one in demanding.items() for each in one.charter.requires}
    return tuple(demand for demand in pack.charter.silent if demand not in known)


def _defined_by(pack: Pack, requirement: Requirement) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for alternative in requirement.met_by:
        found |= dict.fromkeys(_meeting(pack, alternative))
    return tuple(found)


def _meeting(pack: Pack, alternative: Alternative) -> Iterator[str]:
    if alternative.section == "parameters":
        for code, parameter in pack.parameters.items():
            if _fits(pack, alternative, code, parameter.clauses):
                yield f"parameters.{code}"
        return
    for kind in pack.kinds.values():
        for rule in rules_of(kind):
            section, _, code = rule.address.partition(".")
            is_meant = section == alternative.section and _fits(pack, alternative, code, rule.clauses)
            if is_meant and (not alternative.opening or _opens(kind, rule)):
                yield f"{kind.code}.{rule.address}"


def _fits(pack: Pack, alternative: Alternative, code: str, clauses: tuple[str, ...]) -> bool:
    """Only what the document says itself counts, not what the common steps bring."""
    own = [pack.clauses[one] for one in clauses if one != GENERIC and one in pack.clauses]
    if not own or (alternative.codes and code.partition(".")[0] not in alternative.codes):
        return False
    return not alternative.clause_kinds or any(clause.kind in alternative.clause_kinds for clause in own)


def _opens(kind: Kind, rule: Rule) -> bool:
    """Whether the rule is the step that opens a case, or stands before it, or is a fact that it asks."""
    section, _, code = rule.address.partition(".")
    for step in kind.steps.values():
        if step.starts_case:
            asked = {*step.asks, *step.may_state}
            guarded = {guard.code for guard in kind.guards.values() if step.code in guard.steps}
            if code in {"steps": {step.code}, "facts": asked, "guards": guarded}.get(section, set()):
                return True
    return False
