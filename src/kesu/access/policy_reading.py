"""What the program makes of a policy: every clause with the rules that carry it out, its figures, its slots and who
holds them. The same for one that is adopted and for one that is still to be signed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db.models import Q

from kesu.access.charter_reading import CharterPart, charter_part
from kesu.casefile.citing import Citation, cite_in
from kesu.casefile.overlays import own_slots
from kesu.policy.calendar import Duration
from kesu.policy.coverage import ClauseCoverage, Coverage, coverage
from kesu.policy.model.conditions import Comparison, FactTest
from kesu.policy.model.facts import Value
from kesu.policy.model.pack import Kind, Pack, Parameter
from kesu.policy.ruleset import Rule, demands_of, rules_of
from kesu.store.models import Adoption, PostHolding

_NAMED: Final = 6
_COMPARED: Final = frozenset({Comparison.AT_LEAST, Comparison.AT_MOST, Comparison.ABOVE, Comparison.BELOW})


@dataclass(frozen=True, slots=True)
class RuleLine:
    """`section` is the part of the pack it stands in (duties, guards…); `figures` the lengths and numbers it names."""

    address: str
    section: str
    name: str
    figures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClauseLine:
    """`asked` is how the document wants it honoured, `honoured` what the program makes of it; `reason` says why no
    rule answers it."""

    citation: Citation
    id: str
    text: str
    asked: str
    honoured: str
    reason: str
    is_weaker: bool
    rules: tuple[RuleLine, ...]


@dataclass(frozen=True, slots=True)
class ParameterLine:
    """A figure that the company sets; `value` None: not set."""

    name: str
    value: Value | None
    unclear: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class HolderLine:
    person: str
    post: str
    unit: str


@dataclass(frozen=True, slots=True)
class SlotLine:
    """A role slot; `more` counts the holders beyond those named."""

    name: str
    duty: str
    citations: tuple[Citation, ...]
    holders: tuple[HolderLine, ...]
    more: int


@dataclass(frozen=True, slots=True)
class PolicyReading:
    """`counts` maps what becomes of clauses to how many; `generic` are the rules that no clause asks for."""

    scope: str
    clauses: tuple[ClauseLine, ...]
    counts: Mapping[str, int]
    generic: tuple[RuleLine, ...]
    parameters: tuple[ParameterLine, ...]
    slots: tuple[SlotLine, ...]
    charter: CharterPart


def read_policy(
    pack: Pack, paths: Iterable[str], on: date, *, is_in_books: bool, first: Adoption | None = None
) -> PolicyReading:
    """`paths`: of the units that it serves or is to serve; `on`: whose posts count. What is not in the books has no
    clause to unfold. `first`: where it began to be in force. Two queries."""
    found = coverage(pack, {})
    rules = _rules(pack)
    book = _Book(pack, is_in_books)
    return PolicyReading(
        scope=pack.scope_text,
        clauses=tuple(_clause(book, each, rules) for each in found.clauses),
        counts=_counts(found),
        generic=() if pack.charter.is_overlay else tuple(rules[address] for address in found.generic),
        parameters=tuple(
            ParameterLine(one.name, one.shown, one.unclear or "", book.cite(one.clauses))
            for one in pack.parameters.values()
        ),
        slots=_slots(book, set(paths), on),
        charter=charter_part(pack, pack.hash if is_in_books else "", first),
    )


@dataclass(frozen=True, slots=True)
class _Book:
    """A policy whose clauses are cited."""

    pack: Pack
    is_in_books: bool

    def cite(self, ids: Iterable[str]) -> tuple[Citation, ...]:
        cited = cite_in(self.pack, ids)
        return cited if self.is_in_books else tuple(replace(one, policy="") for one in cited)


def _counts(found: Coverage) -> dict[str, int]:
    counts: dict[str, int] = {}
    for each in found.clauses:
        counts[each.honoured.value] = counts.get(each.honoured.value, 0) + 1
    return counts


def _rules(pack: Pack) -> dict[str, RuleLine]:
    """By address, as `coverage` names them."""
    lines: dict[str, RuleLine] = {}
    for kind in pack.kinds.values():
        for rule in rules_of(kind):
            section = rule.address.partition(".")[0]
            figures = tuple(dict.fromkeys(_figures(_written(kind, rule))))
            lines[f"{kind.code}/{rule.address}"] = RuleLine(rule.address, section, rule.name, figures)
    lines |= {demand.address: RuleLine(demand.address, "requires", demand.name, ()) for demand in demands_of(pack)}
    for code, parameter in pack.parameters.items():
        figures = _of_parameter(parameter)
        lines[f"parameters.{code}"] = RuleLine(code, "parameters", parameter.name, figures)
    return lines


def _of_parameter(parameter: Parameter) -> tuple[str, ...]:
    shown = parameter.shown
    if shown is None:
        return ()
    return shown if isinstance(shown, tuple) else (str(shown),)


def _written(kind: Kind, rule: Rule) -> object:
    """The rule itself, where it is one of the mappings or a level."""
    section, _, code = rule.address.partition(".")
    if section == "levels" and kind.levels is not None:
        return kind.levels.rules[int(code.removeprefix("rules[").removesuffix("]")) - 1]
    table = getattr(kind, section, None)
    return table.get(code) if isinstance(table, Mapping) else None


def _figures(node: Any) -> Iterator[str]:
    """Every length and every compared number that stands in it."""
    if isinstance(node, Duration):
        yield str(node)
    elif isinstance(node, FactTest):
        is_number = isinstance(node.operand, int | Decimal) and not isinstance(node.operand, bool)
        if node.comparison in _COMPARED and is_number:
            yield str(node.operand)
    elif isinstance(node, tuple):
        for part in node:
            yield from _figures(part)
    elif is_dataclass(node) and not isinstance(node, type):
        for field in fields(node):
            yield from _figures(getattr(node, field.name))


def _clause(book: _Book, each: ClauseCoverage, rules: Mapping[str, RuleLine]) -> ClauseLine:
    return ClauseLine(
        citation=book.cite((each.clause.id,))[0],
        id=each.clause.id,
        text=each.clause.text,
        asked=each.clause.enforce.value,
        honoured=each.honoured.value,
        reason=each.reason,
        is_weaker=each.is_weaker,
        rules=tuple(rules[address] for address in each.rules),
    )


def _slots(book: _Book, paths: set[str], on: date) -> tuple[SlotLine, ...]:
    """One query: the posts of all slots inside the units that the policy serves."""
    roles = {role.code: role for kind in book.pack.kinds.values() for role in kind.roles.values()}
    if book.pack.charter.is_overlay:
        roles = {code: role for code, role in roles.items() if code in own_slots(book.pack)}
    inside = Q(pk__in=[])
    for path in paths:
        inside |= Q(post__unit__path__startswith=path)
    held = (
        PostHolding.objects.filter(inside, post__fills__slot__in=roles, account__is_active=True, from_on__lte=on)
        .filter(Q(until_on__isnull=True) | Q(until_on__gte=on))
        .order_by("post__unit__name", "from_on", "id")
        .values_list("post__fills__slot", "account__name", "post__name", "post__unit__name")
    )
    holders: dict[str, list[HolderLine]] = {}
    for slot, *names in held:
        holders.setdefault(slot, []).append(HolderLine(*names))
    return tuple(
        SlotLine(
            name=role.name,
            duty=role.duty or "",
            citations=book.cite(role.clauses),
            holders=tuple(holders.get(code, ())[:_NAMED]),
            more=max(0, len(holders.get(code, ())) - _NAMED),
        )
        for code, role in roles.items()
    )
