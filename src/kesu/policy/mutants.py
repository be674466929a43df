"""A kind with one thing changed, one at a time: a good set of scenarios notices each of them.

A mutant that no scenario notices is a boundary that nobody stands on, a role that nobody asks for, a rule that could
say something else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from decimal import Decimal
from functools import partial
from typing import Any, Final

from kesu.policy.approval_mutants import of_allowed, of_approval, of_link
from kesu.policy.calendar import Duration, Measure, Unit
from kesu.policy.choosing_mutants import of_choosing
from kesu.policy.model.approving import Allowed
from kesu.policy.model.conditions import (
    Always,
    Comparison,
    Condition,
    FactTest,
    LevelTest,
    Moment,
    SamePerson,
    Table,
)
from kesu.policy.model.facts import Fact, Value
from kesu.policy.model.ledgers import Beyond, Ledger
from kesu.policy.model.opens import LinkedCase
from kesu.policy.model.pack import Kind
from kesu.policy.model.parts import parts_of, tells_time
from kesu.policy.model.publications import Audience, Publication
from kesu.policy.model.rules import Approval, Duty, Guard, LevelRule, Levels, Link, Notice, Step, Who
from kesu.policy.model.schedule import Due, Schedule, Term
from kesu.policy.model.secrecy import Secrecy
from kesu.policy.model.separations import Part, Separation
from kesu.policy.model.writing import WRITING_NAMES
from kesu.policy.mutating import CHANGES_OF_COUNTS, other_starts
from kesu.policy.notice_mutants import of_notice
from kesu.policy.opening_mutants import of_due, of_opening, of_schedule, of_term
from kesu.policy.operators import Operator
from kesu.policy.ruleset import Rule, is_its_own, rules_of, without
from kesu.policy.stretching_mutants import of_stretch
from kesu.policy.telling.words import Words
from kesu.policy.value_mutants import of_inner, of_meaning, of_values
from kesu.policy.values import CENT


@dataclass(frozen=True, slots=True)
class Mutant:
    """`address` is where it stands in its kind, `move` what became of it: ``3个工作日→4个工作日``. As a text it begins
    with the code of the kind: two kinds of a pack have rules of the same address."""

    operator: Operator
    address: str
    move: str
    kind: Kind

    def __str__(self) -> str:
        return f"{self.kind.code}/{self.address} {self.move}"


_Change = Callable[[Any, Kind], Iterable[tuple[Operator, str, Any]]]
_SECTIONS: Final = (
    "facts", "levels", "steps", "guards", "separations", "approvals", "duties", "notices", "opens", "ledgers",
    "measures", "samples", "publishes", "schedule", "secrecy",
)  # fmt: skip
_COMPARED: Final = {
    Comparison.AT_LEAST: (Comparison.AT_MOST, Comparison.ABOVE),
    Comparison.AT_MOST: (Comparison.AT_LEAST, Comparison.BELOW),
    Comparison.ABOVE: (Comparison.BELOW, Comparison.AT_LEAST),
    Comparison.BELOW: (Comparison.ABOVE, Comparison.AT_MOST),
}
"""The other way round, and the same way with the other edge."""
_OTHER_UNIT: Final = {
    Unit.MINUTE: Unit.HOUR, Unit.HOUR: Unit.DAY, Unit.WORK_HOUR: Unit.WORKDAY, Unit.DAY: Unit.WEEK,
    Unit.WORKDAY: Unit.HALF_DAY, Unit.HALF_DAY: Unit.WORKDAY, Unit.WEEK: Unit.MONTH, Unit.HALF_MONTH: Unit.MONTH,
    Unit.MONTH: Unit.WEEK, Unit.QUARTER: Unit.MONTH, Unit.YEAR: Unit.QUARTER,
}  # fmt: skip
_OTHER_CLOCK: Final = {
    Unit.HOUR: Unit.WORK_HOUR, Unit.WORK_HOUR: Unit.HOUR, Unit.DAY: Unit.WORKDAY, Unit.WORKDAY: Unit.DAY,
}  # fmt: skip


def mutants(kind: Kind) -> Iterator[Mutant]:
    """Every one of the kind, figure by figure, role by role, rule by rule.

    Shares of reminders are left out: they are customs of the office, not figures of the document. So is what stands
    under no clause: the base policy proves it."""
    return _mutants(kind, [rule for rule in rules_of(kind) if is_its_own(kind, rule)])


def generic_mutants(kind: Kind) -> Iterator[Mutant]:
    """Those of a kind of the base policy, where nothing stands under a clause and every rule is its own."""
    return _mutants(kind, rules_of(kind))


def _mutants(kind: Kind, rules: Sequence[Rule]) -> Iterator[Mutant]:
    mine = [rule.address for rule in rules]
    for section in _SECTIONS:
        for operator, address, move, changed in _moved(getattr(kind, section), section, kind):
            if any(_within(address, rule) for rule in mine):
                yield Mutant(operator, address, move, replace(kind, **{section: changed}))
    for operator, address, move, changed in of_opening(kind):
        if any(_within(address, rule) for rule in mine):
            yield Mutant(operator, address, move, changed)
    for rule in rules:
        if rule.executed:
            yield Mutant(Operator.RULE, rule.address, "去掉", without(kind, rule))


def figures(kind: Kind) -> Iterator[Mutant]:
    """Those with one figure moved, generic rules among them."""
    for section in _SECTIONS:
        for operator, address, move, changed in _moved(getattr(kind, section), section, kind):
            if operator is Operator.FIGURE:
                yield Mutant(operator, address, move, replace(kind, **{section: changed}))


def _within(address: str, rule: str) -> bool:
    return address == rule or address.startswith((f"{rule}.", f"{rule}[")) or rule.startswith(f"{address}.rules")


def _moved(node: Any, address: str, kind: Kind) -> Iterator[tuple[Operator, str, str, Any]]:
    """Copies of a part of the kind with one thing changed, with where and how."""
    if isinstance(node, Allowed) and node.generic:
        return  # a custom of the house, no figure of the document
    if isinstance(node, FactTest):
        address = f"{address}.{node.fact}"
    for family, change in _CHANGES:
        if isinstance(node, family):
            yield from ((operator, address, move, changed) for operator, move, changed in change(node, kind))
    if isinstance(node, FactTest | Duration | Moment | SamePerson):
        return  # whole by themselves
    for tail, child, rebuilt in _parts(node):
        found = _moved(child, address + tail, kind)
        yield from ((operator, where, move, rebuilt(changed)) for operator, where, move, changed in found)


def _parts(node: Any) -> Iterator[tuple[str, Any, Callable[[Any], Any]]]:
    """What a node is made of: the tail of its address, the part, and how to build the node with another part."""
    if isinstance(node, Mapping):
        for key, child in node.items():
            yield f".{key}", child, partial(_with_entry, node, key)
    elif isinstance(node, tuple):
        for index, child in enumerate(node):
            yield f"[{index + 1}]", child, partial(_with_item, node, index)
    elif is_dataclass(node) and not isinstance(node, type):
        for field in fields(node):
            yield f".{field.name}", getattr(node, field.name), partial(_with_field, node, field.name)


def _with_entry(node: Mapping[str, Any], key: str, changed: Any) -> dict[str, Any]:
    return {**node, key: changed}


def _with_item(node: tuple[Any, ...], index: int, changed: Any) -> tuple[Any, ...]:
    return (*node[:index], changed, *node[index + 1 :])


def _with_field(node: Any, name: str, changed: Any) -> Any:
    return replace(node, **{name: changed})


def _of_length(length: Duration, _kind: Kind) -> Iterator[tuple[Operator, str, Duration]]:
    for amount in _other_amounts(length):
        yield Operator.FIGURE, f"{length}→{amount}", amount
    if not length.amount:
        return
    for operator, others in ((Operator.UNIT, _OTHER_UNIT), (Operator.CLOCK, _OTHER_CLOCK)):
        unit = others.get(length.unit)
        if unit is not None:
            other = Duration(length.amount, unit)
            yield operator, f"{length}→{other}", other


def _other_amounts(length: Duration) -> Iterator[Duration]:
    if length.unit is Unit.HALF_MONTH:
        yield Duration(14, Unit.DAY)
        yield Duration(16, Unit.DAY)
    elif length.measure is not Measure.FIXED:
        least = 0 if length.unit in {Unit.MINUTE, Unit.HOUR, Unit.WORK_HOUR} else 1
        if length.amount > least:
            yield Duration(length.amount - 1, length.unit)
        yield Duration(length.amount + 1, length.unit)


def _of_test(test: FactTest, kind: Kind) -> Iterator[tuple[Operator, str, FactTest]]:
    for figure in _other_values(test):
        yield Operator.FIGURE, f"{test.operand}→{figure}", replace(test, operand=figure)
    other_way, other_edge = _COMPARED.get(test.comparison, (None, None))
    for operator, comparison in ((Operator.COMPARISON, other_way), (Operator.EDGE, other_edge)):
        if comparison is not None:
            yield operator, f"{test.comparison}→{comparison}", replace(test, comparison=comparison)
    yield from of_values(test, kind)


def _other_values(test: FactTest) -> Iterator[Value]:
    value = test.operand
    if test.comparison not in _COMPARED:
        return
    if isinstance(value, int) and not isinstance(value, bool):
        yield value - 1
        yield value + 1
    elif isinstance(value, Decimal):
        yield value - CENT
        yield value + CENT


def _of_same_person(_test: SamePerson, _kind: Kind) -> Iterator[tuple[Operator, str, Condition]]:
    yield Operator.COMPARISON, "不再看是不是同一个人", Always(holds=False)


def _of_level(test: LevelTest, kind: Kind) -> Iterator[tuple[Operator, str, LevelTest]]:
    order = [level.code for level in kind.levels.order] if kind.levels else []
    if test.comparison is not Comparison.IN:
        yield Operator.COMPARISON, f"{test.comparison}→in", replace(test, comparison=Comparison.IN)
    at = order.index(test.levels[0])
    for other in order[max(0, at - 1) : at] + order[at + 1 : at + 2]:
        yield Operator.LEVEL, f"{test.levels[0]}→{other}", replace(test, levels=(other, *test.levels[1:]))


def _of_who(who: Who, kind: Kind) -> Iterator[tuple[Operator, str, Who]]:
    if who.group is not None:
        return
    others = [role for role in kind.roles if role != who.role]
    if others:
        codes = list(kind.roles)
        at = codes.index(who.role) if who.role in codes else -1
        other = codes[(at + 1) % len(codes)]
        yield Operator.ROLE, f"{who.role}→{other}", replace(who, role=other)


def _of_starts(rule: Duty | Notice, kind: Kind) -> Iterator[tuple[Operator, str, Duty | Notice]]:
    yield from (
        (Operator.START, move, replace(rule, starts=starts)) for move, starts in other_starts(rule.starts, kind)
    )


def _of_fact(fact: Fact, kind: Kind) -> Iterator[tuple[Operator, str, Fact]]:
    for place, moment in enumerate(fact.lapses):
        rest = (*fact.lapses[:place], *fact.lapses[place + 1 :])
        yield Operator.FACT, f"{Words(kind).moment(moment)}时不再作废", replace(fact, lapses=rest)
        if moment.where is not None:
            always = _with_item(fact.lapses, place, replace(moment, where=None))
            yield Operator.COMPARISON, f"{Words(kind).event(moment.subject)}时一律作废", replace(fact, lapses=always)
    if fact.asked_when is not None:
        yield Operator.COMPARISON, "总要填", replace(fact, asked_when=None)
    if fact.is_tree:
        yield of_inner(fact)
    yield from of_meaning(fact)
    if fact.drawn:
        yield Operator.FACT, "不再由程序抽取", replace(fact, drawn=0)
    for one in fact.kinds:
        kinds = tuple(each for each in fact.kinds if each != one)
        yield Operator.FACT, f"不再可以填{one.name or one.code}", replace(fact, kinds=kinds)
    yield from of_choosing(fact, kind)
    for figure in (fact.at_least - 1, fact.at_least + 1) if fact.at_least else ():
        yield Operator.FIGURE, f"{fact.at_least}字→{figure}字", replace(fact, at_least=figure)


def _of_levels(levels: Levels, _kind: Kind) -> Iterator[tuple[Operator, str, Levels]]:
    for index, (rule, after) in enumerate(zip(levels.rules, levels.rules[1:], strict=False)):
        if rule.level != after.level:
            swapped = (*levels.rules[:index], after, rule, *levels.rules[index + 2 :])
            yield Operator.ORDER, f"第 {index + 1} 条与第 {index + 2} 条对调", replace(levels, rules=swapped)


def _of_level_rule(rule: LevelRule, _kind: Kind) -> Iterator[tuple[Operator, str, LevelRule]]:
    if any(map(tells_time, parts_of(rule.when))):
        move = "结案后不再有效" if rule.survives else "结案后仍有效"
        yield Operator.END, move, replace(rule, survives=not rule.survives)


def _of_duty(duty: Duty, kind: Kind) -> Iterator[tuple[Operator, str, Duty]]:
    if duty.restarts:
        yield Operator.START, "再次发生时不重新起算", replace(duty, restarts=False)
    if duty.survives:
        yield Operator.END, "结案后不再有效", replace(duty, survives=False)
    yield from of_stretch(duty, kind)
    for place, row in enumerate(duty.within.rows):
        for index, limit in enumerate(row.use) if len(row.use) > 1 else ():
            left = replace(row, use=(*row.use[:index], *row.use[index + 1 :]))
            within = Table(_with_item(duty.within.rows, place, left))
            yield Operator.EARLIEST, f"不再{Words(kind).limit(limit)}", replace(duty, within=within)


def _of_linked_case(link: LinkedCase, kind: Kind) -> Iterator[tuple[Operator, str, LinkedCase]]:
    yield from ((Operator.START, move, replace(link, starts=one)) for move, one in other_starts(link.starts, kind))
    for code in link.carries:
        carries = {theirs: own for theirs, own in link.carries.items() if theirs != code}
        yield Operator.FACT, f"不再带去 {code}", replace(link, carries=carries)
    for code in link.brings:
        brings = {own: theirs for own, theirs in link.brings.items() if own != code}
        yield Operator.FACT, f"不再带回 {code}", replace(link, brings=brings)
    if link.closed_to is not None:
        yield Operator.END, "结束后不再换阶段", replace(link, closed_to=None)


def _of_step(step: Step, kind: Kind) -> Iterator[tuple[Operator, str, Step]]:
    for code in step.asks:
        asks = tuple(each for each in step.asks if each != code)
        yield Operator.FACT, f"不再必填 {code}", replace(step, asks=asks, may_state=(*step.may_state, code))
    if step.moves_to is not None:
        yield Operator.RULE, "不再移交", replace(step, moves_to=None)
    if step.hands_over is not None:
        yield Operator.RULE, "不再记下交给客户的文书", replace(step, hands_over=None)
    if step.merges is not None:
        yield Operator.RULE, "不再并入", replace(step, merges=None)
    if step.answers is not None:
        yield Operator.RULE, "程序不再自己办", replace(step, answers=None)
    for row in step.undo:
        undo = tuple(one for one in step.undo if one is not row)
        yield Operator.ROLE, f"{Words(kind).people(row.by)}不能撤销", replace(step, undo=undo)


def _of_guard(guard: Guard, _kind: Kind) -> Iterator[tuple[Operator, str, Guard]]:
    for one in guard.writes:
        left = tuple(other for other in guard.writes if other is not one)
        yield Operator.RULE, f"不再管{WRITING_NAMES[one]}", replace(guard, writes=left)


def _of_separation(one: Separation, _kind: Kind) -> Iterator[tuple[Operator, str, Separation]]:
    # To whom work falls is settled outside the engine: no scenario could notice a `holder` less.
    for part in {Part.OPENER, Part.TAKER, Part.SIGNERS} & set(one.apart) if len(one.apart) > 1 else ():
        yield Operator.ROLE, f"不再管 {part}", replace(one, apart=tuple(each for each in one.apart if each is not part))


def _of_ledger(ledger: Ledger, _kind: Kind) -> Iterator[tuple[Operator, str, Ledger]]:
    for cents in (-CENT, CENT) if ledger.limit is not None else ():
        assert ledger.limit is not None
        yield Operator.FIGURE, f"{ledger.limit}→{ledger.limit + cents}", replace(ledger, limit=ledger.limit + cents)
    for name in ("below_zero", "above_limit") if ledger.limit is not None else ("below_zero",):
        other = Beyond.WARN if getattr(ledger, name) is Beyond.REFUSE else Beyond.REFUSE
        yield Operator.EDGE, f"{name} {getattr(ledger, name)}→{other}", _with_field(ledger, name, other)
    for name in ("plus", "minus"):
        moments: tuple[Moment, ...] = getattr(ledger, name)
        for index, moment in enumerate(moments):
            left = (*moments[:index], *moments[index + 1 :])
            yield Operator.FACT, f"{moment.subject} 不再入账", _with_field(ledger, name, left)
    for code in ledger.per:
        per = tuple(one for one in ledger.per if one != code)
        yield Operator.FACT, f"不再按 {code} 分户", replace(ledger, per=per)


def _of_publication(rule: Publication, kind: Kind) -> Iterator[tuple[Operator, str, Publication]]:
    yield from ((Operator.START, move, replace(rule, starts=one)) for move, one in other_starts(rule.starts, kind))
    others = list(Audience)
    other = others[(others.index(rule.seen_by) + 1) % len(others)]
    yield Operator.ROLE, f"{rule.seen_by}→{other}", replace(rule, seen_by=other)
    for code in rule.says if len(rule.says) > 1 else ():
        yield Operator.FACT, f"不再写 {code}", replace(rule, says=tuple(one for one in rule.says if one != code))
    for index, moment in enumerate(rule.taken_back):
        left = (*rule.taken_back[:index], *rule.taken_back[index + 1 :])
        yield Operator.END, f"{moment.subject} 时不再撤下", replace(rule, taken_back=left)
    if rule.until is not None:
        yield Operator.END, "没有期限", replace(rule, until=None)


def _of_secrecy(secrecy: Secrecy, kind: Kind) -> Iterator[tuple[Operator, str, Secrecy]]:
    if secrecy.sealed:
        return  # the allow list is kept outside the engine
    for place, row in enumerate(secrecy.opened_to.rows):
        for index, who in enumerate(row.use):
            left = replace(row, use=(*row.use[:index], *row.use[index + 1 :]))
            opened_to = Table(_with_item(secrecy.opened_to.rows, place, left))
            yield Operator.ROLE, f"不再开启给{Words(kind).who(who)}", replace(secrecy, opened_to=opened_to)


_CHANGES: Final[tuple[tuple[Any, _Change], ...]] = (
    (Duration, _of_length), (FactTest, _of_test), (LevelTest, _of_level), (Who, _of_who), (Duty | Notice, _of_starts),
    (Approval, of_approval), (Allowed, of_allowed), (Levels, _of_levels), (LevelRule, _of_level_rule),
    (Separation, _of_separation), (Guard, _of_guard),
    (Duty, _of_duty), (Notice, of_notice), (Fact, _of_fact), (Step, _of_step), (LinkedCase, _of_linked_case),
    (Schedule, of_schedule), (Term, of_term), (Due, of_due), (Secrecy, _of_secrecy), (Ledger, _of_ledger),
    (SamePerson, _of_same_person), (Link, of_link), (Publication, _of_publication),
    *CHANGES_OF_COUNTS,
)  # fmt: skip
