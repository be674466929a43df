"""The numbers of a period over the reader's scope: by level, project, handler and department, and by those list facts
of the policy that have a fixed set of values (category, channel).

What each number counts is defined once, in `access.measures`; the lists behind the numbers ask by the same text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from kesu.access.actor import Actor
from kesu.access.cases import cards_for
from kesu.access.list_choices import ruled_by
from kesu.access.measures import UNSET, Period, case_measures, duty_measures, fact_text
from kesu.access.permissions import Permission
from kesu.access.tallies import Tally, tally_cases, tally_duties
from kesu.casefile.books import pack_of
from kesu.policy.model.facts import Fact, FactType, Meaning
from kesu.policy.model.meanings import PREFIX, WORDS
from kesu.policy.model.pack import Kind
from kesu.policy.model.trees import depth, in_order, is_within, last, nodes_of
from kesu.store.models import Account, Obligation, Unit
from kesu.store.models.organisation import UnitKind

Counts = Mapping[str, int]
Key = tuple[str, str]

_SECTION: Final = ("pack", "kind")
_BY_CASE: Final = {"level": "level_name", "subject": "subject", "unit": "unit_id", "holder": "holder_id"}
_BY_OWNER: Final = ("department_id", "owner_role")
_DIVIDING: Final = {FactType.CHOICE, FactType.CHOICES, FactType.FLAG}
_BETWEEN: Final = "、"


@dataclass(frozen=True, slots=True)
class Line:
    """One value of a dimension. `value` is what an address says (`UNSET`: not stated), `label` its name, empty where it
    has none. A line of the departments that is no department of the tree names the slot as well. `rank` counts the
    levels from the lowest. `depth`: how many nodes lie above it, of values in levels."""

    value: str
    label: str
    counts: Counts
    slot: str = ""
    slot_name: str = ""
    rank: int | None = None
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Breakdown:
    """`by` is level, subject, fact, unit, holder or department; `code` and `name` are those of a fact. `is_set`: a case
    may count in several lines; `is_tree`: in its line and in all those above it."""

    by: str
    lines: tuple[Line, ...]
    code: str = ""
    name: str = ""
    is_set: bool = False
    is_tree: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """One kind of case under one policy: the words of two policies never stand in one table. `before` are the totals
    of the period that it is compared with; `holder_slot` is the slot that handles its cases; `levels` is how many
    levels the policy has."""

    pack: str
    kind: str
    name: str
    policy: str
    totals: Counts
    before: Counts
    breakdowns: tuple[Breakdown, ...]
    holder_slot: str = ""
    levels: int = 0


@dataclass(frozen=True, slots=True)
class Numbers:
    """Sections by how many cases they hold, the largest first. `shared`: over all of them, by what their policies say
    in words that all share; the code of such a breakdown is a meaning."""

    sections: tuple[Section, ...]
    shared: tuple[Breakdown, ...] = ()


@dataclass(frozen=True, slots=True)
class _Rules:
    """A kind as its newest policy has it, and the facts by which any of its policies divides its cases."""

    kind: Kind
    policy: str
    facts: tuple[Fact, ...]


def numbers(*, actor: Actor, at: datetime, period: Period) -> Numbers:
    """Raises `Forbidden` without the right. Seven queries, whatever is found."""
    actor.require(Permission.REPORT_READ)
    rules = _rules(actor)
    meanings = _meanings(rules)
    codes = (*(fact.code for fact in _facts(rules)), *(f"{PREFIX}{meaning}" for meaning in meanings))
    columns = {code: f"fact_{nth}" for nth, code in enumerate(codes)}
    scope = cards_for(actor).annotate(**{column: fact_text(code) for code, column in columns.items()})
    sets = [_SECTION, *((*_SECTION, column) for column in (*_BY_CASE.values(), *columns.values()))]
    # A handler answers for the duties of his own slot only, so that his are counted by slot.
    owned = [one for one in sets if "holder_id" not in one]
    owned += [(*_SECTION, "holder_id", "owner_role"), (*_SECTION, *_BY_OWNER)]
    found = _Found()
    found.take(tally_cases(scope, sets, case_measures(period.span, at)))
    found.take(tally_duties(scope, Obligation.objects.all(), owned, duty_measures(period.span, at)))
    before = _Found()
    before.take(tally_cases(scope, [_SECTION], _passed(case_measures(period.before, at))))
    before.take(tally_duties(scope, Obligation.objects.all(), [_SECTION], _passed(duty_measures(period.before, at))))
    names = _Names.of(found)
    sections = [
        _Drawing(key, rules.get(key), columns, found, names).section(before.counts_of(key, _SECTION, ()))
        for key in found.sections()
    ]
    shared = (_shared(meaning, columns[f"{PREFIX}{meaning}"], found) for meaning in meanings)
    ordered = sorted(sections, key=lambda one: -one.totals.get("received", 0))
    return Numbers(tuple(ordered), tuple(one for one in shared if one.lines))


_PASSED: Final = {"received", "closed", "closed_in_time", "due", "in_time"}


def _passed(measures: dict[str, Any]) -> dict[str, Any]:
    """Those that look at a span rather than at this moment."""
    return {name: rule for name, rule in measures.items() if name in _PASSED}


def _rules(actor: Actor) -> dict[Key, _Rules]:
    """Every kind as the newest of the policies near the reader has it, with the facts of all of them: companies lay
    different rules over the same policy. Sealed kinds have no cards and no numbers."""
    found: dict[Key, _Rules] = {}
    for kind, policy in reversed(ruled_by("", actor.reach(Permission.CASE_READ)).near):
        pack = pack_of(policy)
        listed = (kind.facts[code] for code in kind.list_facts)
        facts = {fact.code: fact for fact in listed if fact.type in _DIVIDING}
        newer = found.get((pack.code, kind.code))
        if newer:
            known = {fact.code for fact in newer.facts}
            added = tuple(fact for code, fact in facts.items() if code not in known)
            found[pack.code, kind.code] = replace(newer, facts=(*newer.facts, *added))
        else:
            found[pack.code, kind.code] = _Rules(kind, pack.title, tuple(facts.values()))
    return found


def _facts(rules: Mapping[Key, _Rules]) -> list[Fact]:
    """Each code once: two policies may share one, their words are kept apart by the section."""
    return list({fact.code: fact for one in rules.values() for fact in one.facts}.values())


def _meanings(rules: Mapping[Key, _Rules]) -> tuple[Meaning, ...]:
    said = {fact.meaning for one in rules.values() for fact in one.kind.facts.values()}
    return tuple(meaning for meaning in Meaning if meaning in said)


def _shared(meaning: Meaning, column: str, found: _Found) -> Breakdown:
    """Over all kinds; nothing where nothing is said of any case."""
    groups: dict[str, Counts] = {}
    for key in found.sections():
        for (text,), counts in found.groups(key, column).items():
            groups[text] = _sum([groups.get(text, {}), counts])
    lines = tuple(line for line in _held(groups, WORDS[meaning]) if line.value != UNSET)
    return Breakdown("meaning", lines if any(line.counts for line in lines) else (), meaning, is_set=True)


class _Found:
    """Counts by section, dimensions and values, as the tallies brought them."""

    def __init__(self) -> None:
        self._counts: dict[tuple[Key, tuple[str, ...]], dict[tuple[Any, ...], dict[str, int]]] = {}

    def take(self, tallies: Iterator[Tally]) -> None:
        for tally in tallies:
            key, by = (tally.values[0], tally.values[1]), (*_SECTION, *tally.by[2:])
            group = self._counts.setdefault((key, by), {})
            group.setdefault(tally.values[2:], {}).update(tally.counts)

    def sections(self) -> list[Key]:
        return sorted({key for key, _ in self._counts})

    def groups(self, key: Key, *by: str) -> dict[tuple[Any, ...], dict[str, int]]:
        return self._counts.get((key, (*_SECTION, *by)), {})

    def counts_of(self, key: Key, by: tuple[str, ...], values: tuple[Any, ...]) -> dict[str, int]:
        return self._counts.get((key, by), {}).get(values, {})

    def ids(self, column: str) -> set[UUID]:
        """Every value of an id column in any group."""
        return {
            values[by.index(column) - len(_SECTION)]
            for (_, by), groups in self._counts.items()
            if column in by
            for values in groups
        } - {None}


@dataclass(frozen=True, slots=True)
class _Names:
    units: Mapping[UUID, tuple[str, bool]]  # name, and whether it is a department
    people: Mapping[UUID, str]

    @classmethod
    def of(cls, found: _Found) -> _Names:
        units = Unit.objects.filter(pk__in=found.ids("unit_id") | found.ids("department_id"))
        people = Account.objects.filter(pk__in=found.ids("holder_id"))
        return cls(
            {pk: (name, kind == UnitKind.DEPARTMENT) for pk, name, kind in units.values_list("pk", "name", "kind")},
            dict(people.values_list("pk", "name")),
        )


@dataclass(frozen=True, slots=True)
class _Drawing:
    """One section while its tables are put in order."""

    key: Key
    rules: _Rules | None
    columns: Mapping[str, str]
    found: _Found
    names: _Names

    def section(self, before: Counts) -> Section:
        kind = self.rules.kind if self.rules else None
        facts = self.rules.facts if self.rules else ()
        breakdowns = (
            Breakdown("level", tuple(self._levels(kind))),
            Breakdown("subject", self._subjects()),
            *map(self._fact, facts),
            Breakdown("unit", tuple(self._units())),
            Breakdown("holder", tuple(self._holders(kind))),
            Breakdown("department", tuple(self._departments(kind))),
        )
        return Section(
            pack=self.key[0],
            kind=self.key[1],
            name=kind.name if kind else self.key[1],
            policy=self.rules.policy if self.rules else self.key[0],
            totals=self.found.counts_of(self.key, _SECTION, ()),
            before=before,
            breakdowns=tuple(one for one in breakdowns if one.lines),
            holder_slot=kind.holder if kind else "",
            levels=len(kind.levels.order) if kind and kind.levels else 0,
        )

    def _levels(self, kind: Kind | None) -> Iterator[Line]:
        """From the highest down; the policy's own are there also where nothing is counted."""
        order = [level.name for level in kind.levels.order] if kind and kind.levels else []
        for line in self._texts("level_name", order[::-1]):
            yield Line(
                line.value, line.label, line.counts, rank=order.index(line.value) + 1 if line.value in order else None
            )

    def _subjects(self) -> tuple[Line, ...]:
        """Nothing where no case has one."""
        lines = tuple(self._texts("subject", ()))
        return lines if any(line.label for line in lines) else ()

    def _fact(self, fact: Fact) -> Breakdown:
        column, is_set = self.columns[fact.code], fact.type is FactType.CHOICES
        groups = {values[0]: counts for values, counts in self.found.groups(self.key, column).items()}
        if fact.is_tree:
            lines = tuple(_nodes(groups, fact.values))
        elif is_set:
            lines = tuple(_held(groups, fact.values))
        else:
            lines = tuple(self._texts(column, fact.values))
        return Breakdown("fact", lines, fact.code, fact.name, is_set, fact.is_tree)

    def _texts(self, column: str, order: Sequence[str]) -> Iterator[Line]:
        """The values in the policy's order, then others (of earlier policies), last those not stated."""
        groups = {values[0]: counts for values, counts in self.found.groups(self.key, column).items()}
        others = sorted(text for text in groups if text and text not in order)
        for text in (*order, *others, *([""] if "" in groups else [])):
            if not groups and not order:
                return
            yield Line(text or UNSET, text, groups.get(text, {}))

    def _units(self) -> Iterator[Line]:
        groups = self.found.groups(self.key, "unit_id")
        lines = [Line(pk.hex, self.names.units[pk][0], counts) for (pk,), counts in groups.items()]
        yield from sorted(lines, key=_by_size)

    def _holders(self, kind: Kind | None) -> Iterator[Line]:
        """Cases by whoever holds them now; of the duties only those that the holder's own slot owes."""
        cases = self.found.groups(self.key, "holder_id")
        own = self.found.groups(self.key, "holder_id", "owner_role")
        lines = []
        for (pk,), counts in cases.items():
            owed = own.get((pk, kind.holder), {}) if kind else {}
            lines.append(Line(pk.hex if pk else UNSET, self.names.people.get(pk, ""), {**counts, **owed}))
        yield from sorted(lines, key=_by_size)

    def _departments(self, kind: Kind | None) -> Iterator[Line]:
        """A department with all its slots is one line; at a project each slot is one, for nothing else tells its
        customer service from its builders."""
        merged: dict[tuple[str, str], dict[str, int]] = {}
        for (pk, slot), counts in self.found.groups(self.key, *_BY_OWNER).items():
            is_whole = pk is not None and self.names.units[pk][1]
            total = merged.setdefault((pk.hex if pk else UNSET, "" if is_whole else slot or UNSET), {})
            for name, count in counts.items():
                total[name] = total.get(name, 0) + count
        lines = [
            Line(unit, self._unit_name(unit), counts, slot=slot, slot_name=_slot_name(kind, slot))
            for (unit, slot), counts in merged.items()
        ]
        yield from sorted(lines, key=lambda one: (-one.counts["due"], -one.counts["pending"], one.label, one.slot))

    def _unit_name(self, unit: str) -> str:
        return "" if unit == UNSET else self.names.units[UUID(unit)][0]


def _nodes(groups: Mapping[str, Counts], values: Sequence[str]) -> Iterator[Line]:
    """Every node with what lies below it: first those of the policy, then others (of earlier policies)."""
    known = nodes_of(values)
    for node in in_order((*values, *sorted(text for text in groups if text))):
        counts = _sum(of for text, of in groups.items() if is_within(text, node))
        if counts or node in known:
            yield Line(node, last(node), counts, depth=depth(node))
    if "" in groups:
        yield Line(UNSET, "", groups[""])


def _held(groups: Mapping[str, Counts], values: Sequence[str]) -> Iterator[Line]:
    """Each of several values with the cases that have it, whatever else they have."""
    parts = {text: text.split(_BETWEEN) for text in groups if text}
    others = sorted({part for text in parts.values() for part in text} - set(values))
    for value in (*values, *others):
        yield Line(value, value, _sum(groups[text] for text, held in parts.items() if value in held))
    if "" in groups:
        yield Line(UNSET, "", groups[""])


def _sum(counts: Iterable[Counts]) -> Counts:
    total: dict[str, int] = {}
    for one in counts:
        for name, count in one.items():
            total[name] = total.get(name, 0) + count
    return total


def _by_size(line: Line) -> tuple[object, ...]:
    return (line.value == UNSET, -line.counts.get("received", 0), -line.counts.get("open", 0), line.label, line.value)


def _slot_name(kind: Kind | None, slot: str) -> str:
    """Empty for the slots that every policy has (whoever heard it first): screens have words for them."""
    named = (kind.roles.get(slot) or kind.facts.get(slot)) if kind else None
    return named.name if named else ""
