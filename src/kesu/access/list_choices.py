"""What the filters of the list of cases offer: the names that the adopted policies give, whether there are cases or
not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import F, Max

from kesu.access.measures import UNSET
from kesu.casefile.books import pack_of
from kesu.policy.model.facts import Fact, FactType, Meaning
from kesu.policy.model.meanings import WORDS
from kesu.policy.model.pack import Kind
from kesu.policy.model.trees import depth, in_order, last
from kesu.policy.values import NO, YES
from kesu.store.fixed import Fixed
from kesu.store.models import PolicyVersion


@dataclass(frozen=True, slots=True)
class Named:
    value: str
    label: str


@dataclass(frozen=True, slots=True)
class FactFilter:
    """A list fact of a kind by whose values its cases may be picked out. `is_set`: a case may have several of them;
    `is_tree`: they stand in levels, and each picks out what lies below it too."""

    code: str
    name: str
    choices: tuple[Named, ...]
    is_set: bool
    is_tree: bool = False


@dataclass(frozen=True, slots=True)
class Ruled:
    """Every kind with its policy, the newest last. `subjects`: those that any of these policies is, or was, limited to;
    empty where the company limits none. `near`: of those that rule where the reader's posts reach, the same."""

    kinds: Sequence[tuple[Kind, str]]
    subjects: tuple[str, ...]
    near: Sequence[tuple[Kind, str]]


def ruled_by(pack: str, reach: Sequence[str] = ()) -> Ruled:
    """All policies that were ever adopted, which are few; of one pack where one is named. `reach`: the paths over which
    the reader's posts reach. One query."""
    kinds: list[tuple[Kind, str]] = []
    near: list[tuple[Kind, str]] = []
    subjects: set[str] = set()
    for policy, code, limited_to, *places in _ADOPTED():
        open_kinds = [(kind, policy) for kind in pack_of(policy).kinds.values() if not kind.is_sealed]
        if pack_of(policy).charter.is_overlay:
            continue  # it rules no case by itself
        if open_kinds and pack in ("", code):
            kinds += open_kinds
            subjects.update(filter(None, limited_to or ()))
            if any(_is_near(place, reach) for paths in places for place in paths or () if place):
                near += open_kinds
    return Ruled(kinds, tuple(sorted(subjects)), near or kinds)


def _is_near(place: str, reach: Sequence[str]) -> bool:
    """Whether what is adopted there rules cases over which somebody's posts reach."""
    return any(place.startswith(path) or path.startswith(place) for path in reach)


_ADOPTED: Final = Fixed(
    lambda: (
        PolicyVersion.objects.annotate(
            serves_since=Max("adoption__effective_from"),
            limited_to=ArrayAgg("adoption__subject", distinct=True),
            at=ArrayAgg("adoption__unit__path", distinct=True),
            laid_at=ArrayAgg("parent__adoption__unit__path", distinct=True),
        )
        .order_by(F("serves_since").asc(nulls_first=True), "adopted_at", "pk")
        .values_list("pk", "pack", "limited_to", "at", "laid_at")
    )
)
"""A text in which overlays lie on a policy was signed when that policy was, so that the newest is the one which came
to serve last. It may be adopted nowhere itself: its parent is."""


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


def columns_of(ruled: Ruled, chosen: str) -> tuple[Named, ...]:
    """The list facts of a kind: of the newest policy that rules it, then what others show beside."""
    return tuple(Named(code, fact.name) for (code, _type), fact in _list_facts(ruled, chosen).items())


def filters_of(ruled: Ruled, chosen: str) -> tuple[FactFilter, ...]:
    """Of the list facts of a kind those that people choose; with the values of all its policies, the newest first."""
    kinds = _kinds(ruled, chosen)
    return tuple(
        FactFilter(
            code,
            fact.name,
            _in_levels(code, kinds) if fact.is_tree else _values_in(code, kinds),
            fact.type is FactType.CHOICES,
            fact.is_tree,
        )
        for (code, _type), fact in _list_facts(ruled, chosen).items()
        if fact.type in {FactType.CHOICE, FactType.CHOICES, FactType.FLAG}
    )


def meanings_in(ruled: Ruled, chosen: str) -> tuple[FactFilter, ...]:
    """What policies near the reader say in words that all of them share, of the chosen kind where one is chosen; where
    its own columns pick out by the same fact, that is enough."""
    kinds = [kind for kind, _ in ruled.near if kind.code == chosen or not chosen]
    listed = {code for code, _type in _list_facts(ruled, chosen)}
    facts = [fact for kind in kinds for fact in kind.facts.values() if fact.meaning and fact.code not in listed]
    said = {fact.meaning for fact in facts}
    return tuple(
        FactFilter(meaning, "", tuple(Named(word, word) for word in WORDS[meaning]), is_set=True)
        for meaning in Meaning
        if meaning in said
    )


def _kinds(ruled: Ruled, chosen: str) -> list[Kind]:
    """As every policy near the reader has the kind, the newest first."""
    return [kind for kind, _ in reversed(ruled.near) if kind.code == chosen]


def _list_facts(ruled: Ruled, chosen: str) -> dict[tuple[str, FactType], Fact]:
    """Each code and type once, as the newest policy names it; of one code with two types the newest only."""
    found: dict[tuple[str, FactType], Fact] = {}
    for kind in _kinds(ruled, chosen):
        for code in kind.list_facts:
            if code not in {known for known, _type in found}:
                found[code, kind.facts[code].type] = kind.facts[code]
    return found


def _values_in(code: str, kinds: Iterable[Kind]) -> tuple[Named, ...]:
    return tuple(Named(value, value) for value in dict.fromkeys(v for kind in kinds for v in _values_of(code, kind)))


def _in_levels(code: str, kinds: Iterable[Kind]) -> tuple[Named, ...]:
    """Every node, each indented below the one above it."""
    values = dict.fromkeys(value for kind in kinds for value in _values_of(code, kind))
    return tuple(Named(node, "\u3000" * depth(node) + last(node)) for node in in_order(values))


def _values_of(code: str, kind: Kind) -> Iterable[str]:
    fact = kind.facts.get(code)
    if fact is None:
        return ()
    return (YES, NO) if fact.type is FactType.FLAG else fact.values
