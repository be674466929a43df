"""What the filters of the list of cases offer: the names that the adopted policies give, whether there are cases or
not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from django.contrib.postgres.aggregates import ArrayAgg

from kesu.access.measures import UNSET
from kesu.casefile.books import kind_of, pack_of
from kesu.policy.model.facts import FactType
from kesu.policy.model.pack import Kind
from kesu.policy.values import NO, YES
from kesu.store.fixed import Fixed
from kesu.store.models import PolicyVersion


@dataclass(frozen=True, slots=True)
class Named:
    value: str
    label: str


@dataclass(frozen=True, slots=True)
class FactFilter:
    """A list fact of a kind by whose values its cases may be picked out. `is_set`: a case may have several of them."""

    code: str
    name: str
    choices: tuple[Named, ...]
    is_set: bool


@dataclass(frozen=True, slots=True)
class Ruled:
    """Every kind with its policy, the newest last. `subjects`: those that any of these policies is, or was, limited to;
    empty where the company limits none."""

    kinds: Sequence[tuple[Kind, str]]
    subjects: tuple[str, ...]


def ruled_by(pack: str) -> Ruled:
    """All policies that were ever adopted, which are few; of one pack where one is named. One query."""
    kinds: list[tuple[Kind, str]] = []
    subjects: set[str] = set()
    for policy, code, limited_to in _ADOPTED():
        open_kinds = [(kind, policy) for kind in pack_of(policy).kinds.values() if not kind.is_sealed]
        if pack_of(policy).charter.is_overlay:
            continue  # it rules no case by itself
        if open_kinds and pack in ("", code):
            kinds += open_kinds
            subjects.update(filter(None, limited_to or ()))
    return Ruled(kinds, tuple(sorted(subjects)))


_ADOPTED: Final = Fixed(
    lambda: (
        PolicyVersion.objects.order_by("adopted_at")
        .annotate(limited_to=ArrayAgg("adoption__subject", distinct=True))
        .values_list("pk", "pack", "limited_to")
    )
)


def kind_names(ruled: Ruled) -> dict[str, tuple[str, str]]:
    """Name and newest policy by kind."""
    return {kind.code: (kind.name, policy) for kind, policy in ruled.kinds}


def names_in(ruled: Ruled, chosen: str, names_of: Callable[[Kind], Iterable[str]]) -> tuple[Named, ...]:
    """The names that the policies give, of the chosen kind where one is chosen, in the order of the newest."""
    kinds = [kind for kind, _ in reversed(ruled.kinds) if kind.code == chosen or not chosen]
    return tuple(Named(name, name) for name in dict.fromkeys(name for kind in kinds for name in names_of(kind)))


def stages_of(kind: Kind) -> Iterable[str]:
    return (stage.name for stage in kind.stages.values())


def levels_of(kind: Kind) -> Iterable[str]:
    return (level.name for level in reversed(kind.levels.order)) if kind.levels else ()


def subjects_in(ruled: Ruled) -> tuple[Named, ...]:
    """The one for all others last, which has no name; nothing where no policy is limited to any."""
    named = tuple(Named(subject, subject) for subject in ruled.subjects)
    return (*named, Named(UNSET, "")) if named else ()


def columns_of(names: Mapping[str, tuple[str, str]], kind: str) -> tuple[Named, ...]:
    """The list facts of a kind."""
    if kind not in names:
        return ()
    rules = kind_of(names[kind][1], kind)
    return tuple(Named(code, rules.facts[code].name) for code in rules.list_facts)


def filters_of(ruled: Ruled, chosen: str) -> tuple[FactFilter, ...]:
    """Of the list facts of a kind those that people choose, as its newest policy names them; with the values of all its
    policies, the newest first."""
    kinds = [kind for kind, _ in reversed(ruled.kinds) if kind.code == chosen]
    return tuple(
        FactFilter(code, fact.name, names_in(ruled, chosen, partial(_values_of, code)), fact.type is FactType.CHOICES)
        for kind in kinds[:1]
        for code in kind.list_facts
        if (fact := kind.facts[code]).type in {FactType.CHOICE, FactType.CHOICES, FactType.FLAG}
    )


def _values_of(code: str, kind: Kind) -> Iterable[str]:
    fact = kind.facts.get(code)
    if fact is None:
        return ()
    return (YES, NO) if fact.type is FactType.FLAG else fact.values
