"""Values that name rows: departments, people in slots, other cases. What a form offers is a convenience; here it is
decided, for every command alike, what a statement may name at all."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet

from kesu.casefile.books import above
from kesu.casefile.statement import Input
from kesu.core.errors import Unacceptable
from kesu.policy.model.facts import CaseKind, Fact, FactType, Value
from kesu.policy.model.pack import Kind
from kesu.store.models import PostHolding, Unit


@dataclass(frozen=True, slots=True)
class Seen:
    """A case that whoever states something may see: its kind, the policy that it goes by, and where it lies."""

    kind: str
    pack: str
    path: str


CasesInSight = Callable[[Collection[UUID]], Mapping[UUID, Seen]]
"""Of these cases, those that whoever states them may see."""

Refs = Sequence[tuple[str, str]]
"""Fact code and what it names."""

_HEX: Final = frozenset("0123456789abcdef")


def no_cases(_ids: Collection[UUID]) -> Mapping[UUID, Seen]:
    """For people outside the house, who may name no case."""
    return {}


@dataclass(frozen=True, slots=True)
class Ground:
    """Where and when something is stated, under which policy, and which cases may be named there. `on`: whose posts
    count; `known`: what the case knows before it."""

    place_path: str
    on: date
    pack: str = ""
    sees: CasesInSight = no_cases
    known: Mapping[str, Value] = field(default_factory=dict)


def check(kind: Kind, inputs: Mapping[str, Input], ground: Ground) -> None:
    """Raises `Unacceptable` with every fact that names a unit outside the tree of the place, a person who does not
    hold the slot that he is named in or is none of the department among whose people he is to be, more people than
    may be named, or a case of a kind that the fact does not take, of another tree, or one that is not there for whoever
    names it: they are told apart by nobody. A slot without a person may be named: it is filled later."""
    wrong = {
        *_wrong_units((*_named(kind, inputs, FactType.UNIT), *_named(kind, inputs, FactType.UNITS)), ground),
        *_wrong_members(kind, _named(kind, inputs, FactType.GROUP), ground),
        *_wrong_cases(kind, _named(kind, inputs, FactType.CASE), ground),
    }
    why = {
        **{code: "too_many_people" for code, text in inputs.items() if _are_too_many(kind.facts[code], text)},
        **dict.fromkeys(_not_of_the_unit(kind, inputs, ground), "not_of_the_unit"),
        **dict.fromkeys(wrong, "unknown_row"),
    }
    if why:
        clauses = [clause for code in sorted(why) for clause in kind.facts[code].clauses]
        raise Unacceptable("unreadable", clauses=clauses, data={"fields": dict(sorted(why.items())), "refusals": ()})


def _named(kind: Kind, inputs: Mapping[str, Input], wanted: FactType) -> Refs:
    found: list[tuple[str, str]] = []
    for code, value in inputs.items():
        if kind.facts[code].type is wanted:
            found.extend((code, str(one)) for one in (value if isinstance(value, tuple) else (value,)))
    return found


def _ids(texts: Iterable[str]) -> list[UUID]:
    """Of those in the one way of writing that the log keeps and rules compare."""
    return [UUID(text) for text in texts if len(text) == 32 and set(text) <= _HEX]


def _wrong_units(named: Refs, ground: Ground) -> set[str]:
    if not named:
        return set()
    ids = _ids(text for _, text in named)
    root = above(ground.place_path)[0]
    known = {pk.hex for pk in Unit.objects.filter(pk__in=ids, path__startswith=root).values_list("pk", flat=True)}
    return {code for code, text in named if text not in known}


def _wrong_members(kind: Kind, named: Refs, ground: Ground) -> set[str]:
    """People of other trees do not count, however alike their slots are called."""
    if not named:
        return set()
    ids = _ids(text.partition(":")[2] for _, text in named)
    of_the_tree = _holdings(ids, ground).filter(post__unit__path__startswith=above(ground.place_path)[0])
    held = of_the_tree.values_list("post__fills__slot", "account_id")
    known = {f"{role}:{account.hex}" for role, account in held} | {f"{role}:" for role in kind.roles}
    return {code for code, text in named if text not in known}


def _are_too_many(fact: Fact, value: Input) -> bool:
    return bool(fact.most) and isinstance(value, tuple) and len(value) > fact.most


def _not_of_the_unit(kind: Kind, inputs: Mapping[str, Input], ground: Ground) -> set[str]:
    """Groups that name somebody who holds none of the slots in any of the departments that are chosen with him, or were
    before."""
    wrong = set()
    for code in inputs:
        among = kind.facts[code].among
        if among is None:
            continue
        units = inputs.get(among.of, ground.known.get(among.of, ()))
        ids = _ids(str(one) for one in (units if isinstance(units, tuple) else (units,)))
        named = [text for _, text in _named(kind, {code: inputs[code]}, FactType.GROUP)]
        held = _holdings(_ids(one.partition(":")[2] for one in named), ground).filter(post__unit_id__in=ids)
        rows = held.values_list("post__fills__slot", "account_id")
        able = {f"{role}:{account.hex}" for role, account in rows if not among.roles or role in among.roles}
        if not able.issuperset(named):
            wrong.add(code)
    return wrong


def _holdings(accounts: Sequence[UUID], ground: Ground) -> QuerySet[PostHolding]:
    """The posts that these people hold then."""
    held = PostHolding.objects.filter(account_id__in=accounts, account__is_active=True, from_on__lte=ground.on)
    return held.filter(Q(until_on__isnull=True) | Q(until_on__gte=ground.on))


def _wrong_cases(kind: Kind, named: Refs, ground: Ground) -> set[str]:
    """A case of a kind of this policy must go by it; one that any policy may rule, by some policy of the same tree.
    What was drawn is seen to by the policy: only one of the drawn may be named there, of whatever kind it is."""
    drawn = {sample.case for sample in kind.samples.values()}
    named = [(code, text) for code, text in named if code not in drawn]
    if not named:
        return set()
    root = above(ground.place_path)[0]
    seen = {pk.hex: one for pk, one in ground.sees(_ids(text for _, text in named)).items()}
    wrong = set()
    for code, text in named:
        found = seen.get(text)
        if (
            found is None
            or not found.path.startswith(root)
            or not _is_taken(kind.cases_of(kind.facts[code]), found, ground)
        ):
            wrong.add(code)
    return wrong


def _is_taken(kinds: Sequence[CaseKind], found: Seen, ground: Ground) -> bool:
    return any(one.code == found.kind and (one.is_served or found.pack == ground.pack) for one in kinds)
