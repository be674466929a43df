"""How many mutants of a pack its scenarios notice, and why those that nobody notices are let be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from kesu.policy.calendar import Calendar
from kesu.policy.errors import PackInvalid, Problem
from kesu.policy.language.source import read_yaml
from kesu.policy.model.pack import Pack
from kesu.policy.mutants import Mutant, generic_mutants, mutants
from kesu.policy.mutating import Operator
from kesu.policy.scenarios.proving import tried

SURVIVORS_FILE: Final = "survivors.yaml"
"""Of a pack: what a mutant is called (operator, kind/address, move) → why no scenario needs to notice it."""

LEAST: Final = 95
"""Percent of all mutants that must be noticed."""


@dataclass(frozen=True, slots=True)
class Survey:
    """`noticed` and `made` by operator; `survivors` with the reason that the pack gives, or none."""

    pack: str
    made: Mapping[Operator, int]
    noticed: Mapping[Operator, int]
    survivors: tuple[tuple[Mutant, str], ...]

    @property
    def is_good(self) -> bool:
        enough = sum(self.noticed.values()) * 100 >= LEAST * sum(self.made.values())
        return enough and all(reason for _mutant, reason in self.survivors)

    def lines(self) -> Iterator[str]:
        for mutant, reason in self.survivors:
            yield f"{self.pack} 没发觉 {mutant.operator} {mutant}{f'：{reason}' if reason else '（没有说明）'}"
        for operator in self.made:
            yield f"{self.pack} {operator} {self.noticed.get(operator, 0)}/{self.made[operator]}"
        made, noticed = sum(self.made.values()), sum(self.noticed.values())
        share = f"{noticed * 1000 // made / 10}%" if made else "无"
        yield f"{self.pack} 共改动 {made} 处，发觉 {noticed} 处，{share}"


def survey(pack: Pack, files: Mapping[str, str], scenarios: Mapping[str, str], calendar: Calendar) -> Survey:
    """`files`: the pack's own texts, its reasons among them. Raises `PackInvalid` for a reason that fits no survivor:
    what is noticed by now needs none."""
    made: Counter[Operator] = Counter()
    noticed: Counter[Operator] = Counter()
    reasons = _reasons(pack.code, files)
    survivors = []
    make = mutants if pack.clauses else generic_mutants  # the base policy alone has no clauses
    for mutant, by in tried(pack, scenarios, calendar, make):
        made[mutant.operator] += 1
        noticed[mutant.operator] += by is not None
        if by is None:
            survivors.append((mutant, reasons.pop(f"{mutant.operator} {mutant}", "")))
    if reasons:
        shown = f"packs/{pack.code}/{SURVIVORS_FILE}"
        raise PackInvalid(
            [Problem(shown, 0, 0, name, "这一处场景已经发觉，或没有这种改动，请删去。") for name in reasons]
        )
    return Survey(pack.code, made, noticed, tuple(survivors))


def _reasons(code: str, files: Mapping[str, str]) -> dict[str, str]:
    if SURVIVORS_FILE not in files:
        return {}
    problems: list[Problem] = []
    tree = read_yaml(f"packs/{code}/{SURVIVORS_FILE}", files[SURVIVORS_FILE], problems)
    if tree is None or problems:
        raise PackInvalid(problems)
    return {name: tree.text(name) or "" for name in tree.entries}
