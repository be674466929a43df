"""Clauses as pages cite them: policy version, id, printed number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kesu.casefile.books import pack_of
from kesu.policy.model.pack import Pack
from kesu.policy.model.rules import GENERIC


@dataclass(frozen=True, slots=True)
class Citation:
    """`policy` and `id` are the address of the clause; both are empty for a rule that no clause asks for."""

    policy: str
    id: str
    printed: str


def cite(policy_hash: str, ids: Iterable[str]) -> tuple[Citation, ...]:
    """In the order given, each printed number once: several atoms may stand in one printed clause."""
    return cite_in(pack_of(policy_hash), ids)


def cite_in(pack: Pack, ids: Iterable[str]) -> tuple[Citation, ...]:
    """The same of a policy at hand."""
    clauses = pack.clauses
    found: dict[str, Citation] = {}
    for one in ids:
        if one == GENERIC:
            found.setdefault(one, Citation("", "", GENERIC))
            continue
        known = clauses.get(one)
        printed = known.printed if known else one
        found.setdefault(printed, Citation(pack.hash, one, printed))
    return tuple(found.values())


def cite_printed(policy_hash: str, printed: Iterable[str]) -> tuple[Citation, ...]:
    """By the numbers as they are printed, which is what a message keeps; one that the policy does not print is left
    out."""
    first: dict[str, str] = {}
    for one, clause in pack_of(policy_hash).clauses.items():
        first.setdefault(clause.printed, one)
    return tuple(Citation(policy_hash, first[number], number) for number in printed if number in first)
