"""Section `facts`: typed values that people state, and those derived from the log."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Final

from kesu.policy.language.asked_when import read_asked_when, read_mail_part
from kesu.policy.language.branches import check_tree
from kesu.policy.language.cases import read_case_kinds
from kesu.policy.language.choosing import read_among, read_in_charge, read_most
from kesu.policy.language.conditions import CONDITION_WORDS, read_condition
from kesu.policy.language.keeping_apart import read_per
from kesu.policy.language.labels import labelled
from kesu.policy.language.lapsing import read_lapses
from kesu.policy.language.matters import read_matter_count
from kesu.policy.language.meanings import read_meaning
from kesu.policy.language.measures import read_reckoning
from kesu.policy.language.moments import read_moments, with_filter
from kesu.policy.language.names import (
    GENERATED_LEVEL,
    GENERATED_OPINION,
    GENERATED_REASON,
    GENERATED_RISE,
    GENERATED_RISE_REASON,
    GENERATED_VERDICT,
    LOWER,
    RAISE,
    FactName,
    held_by,
)
from kesu.policy.language.nodes import Map, Text
from kesu.policy.language.operands import (
    NOT_STATED,
    RESERVED_VALUES,
    is_parameter,
    parameter_place,
    read_operand,
    read_value,
)
from kesu.policy.language.people import read_slots_or_words
from kesu.policy.language.reading import Fields, Place, Scope, one_of
from kesu.policy.language.reserved import DATA_CLASSES, class_of, note_written_by_hand, read_drawn, read_seen_by
from kesu.policy.language.sections import COMMON
from kesu.policy.language.tables import table_of
from kesu.policy.language.trees import TREE, is_tree, walk
from kesu.policy.language.windows import read_window
from kesu.policy.model.conditions import Aggregate, All, Always, Condition, Derivation, Moment, Operand, Table, Window
from kesu.policy.model.facts import DataClass, Fact, FactType, GroupAddition, Value
from kesu.policy.model.rules import GENERIC, VERDICT_GRANTED, VERDICT_REFUSED

_SHOWN: Final = (
    "help",
    "multiline",
    "ordered",
    "at_least",
    "seen_by",
    "drawn",
    "by_hand",
    "proposed",
    "among",
    "most",
    "in_charge",
    "inner",
    "means",
)
_KEYS: Final = (
    *COMMON, "type", "values", "by", "default", "reason", "data", "derive", "measured", "counted", "adds", "same_as",
    "counts", "hears", "kind", "lapses", "asked_when", "mail", "per", *_SHOWN,
)  # fmt: skip
_AGGREGATES: Final = ("count", "distinct", "sum", "last", "each", "table")
_REQUIRED: Final = "必填"
_GATHERED: Final = {
    FactType.UNIT: {FactType.UNITS},
    FactType.UNITS: {FactType.UNITS},
    FactType.CHOICE: {FactType.CHOICES},
    FactType.CHOICES: {FactType.CHOICES},
    FactType.GROUP: {FactType.GROUP},
}
"""What holds each value of a fact that was stated several times."""
_LENGTH: Final = re.compile(r"(?P<count>[0-9]{1,4})字?")
_LONGEST: Final = 2000
_SUMMABLE: Final = frozenset({FactType.NUMBER, FactType.MONEY})


def read_fact(place: Place, scope: Scope) -> Fact:
    fields = Fields(place, scope, _KEYS)
    known = scope.names.facts[place.key]
    if place.key in CONDITION_WORDS:
        scope.note(place.flaw(f"{place.key} 是条件里的专用词，事实请另取代码。", at_key=True))
    name = fields.need_text("name")
    fields.need("type", one_of(tuple(FactType)), FactType.TEXT.value)
    _check_values(fields, known)
    _note_inner(fields, known, is_inner=fields.flag("inner"))
    check_tree(fields, known)
    derive = fields.read("derive", lambda at, on: _read_derivation(at, on, known), None)
    if known.is_derived and fields.has("by"):
        scope.note(place.flaw(f"{place.key} 是推算的事实，不能再写 by（由谁）。"))
    seen_by = fields.read("seen_by", lambda at, on: read_seen_by(at, on, known), ())
    data = fields.read("data", one_of(DATA_CLASSES), DataClass.INTERNAL.value)
    most: int = fields.read("most", lambda at, on: read_most(at, on, known), 0)
    meaning, means = read_meaning(fields, known, data)
    drawn: int = fields.read("drawn", lambda at, _: read_drawn(at, known), 0)
    note_written_by_hand(fields, drawn)
    _note_reckoned_twice(fields)
    return Fact(
        code=place.key,
        name=name,
        type=known.type,
        clauses=fields.clauses(),
        values=known.values,
        value_clauses=fields.read("values", _read_value_clauses, {}),
        by=fields.read("by", read_slots_or_words, ()),
        default=fields.read("default", lambda at, on: _read_default(at, on, known), None),
        reason_required=fields.read("reason", one_of([_REQUIRED]), "") == _REQUIRED,
        data=class_of(fields, data, seen_by),
        seen_by=seen_by,
        drawn=drawn,
        derive=derive,
        measured=fields.read("measured", lambda at, on: read_reckoning(at, on, known.type), None),
        counted=fields.read("counted", lambda at, on: read_matter_count(at, on, known.type), None),
        adds=fields.read("adds", lambda at, on: _read_additions(at, on, known), ()),
        unclear=fields.maybe_text("unclear"),
        reading=fields.maybe_text("reading"),
        help=fields.worded("help"),
        multiline=fields.flag("multiline"),
        by_hand=_read_by_hand(fields, known),
        proposed=_read_proposed(fields, known, data),
        is_tree=known.is_tree,
        ordered=fields.flag("ordered"),
        at_least=fields.read("at_least", lambda at, on: _read_length(at, on, known), 0),
        kinds=fields.read("kind", lambda at, on: read_case_kinds(at, on, known), ()),
        lapses=read_lapses(fields, place, is_derived=derive is not None),
        asked_when=read_asked_when(fields),
        mail=fields.read("mail", lambda at, on: read_mail_part(at, on, known), None),
        among=fields.read("among", lambda at, on: read_among(at, on, known), None),
        most=most,
        in_charge=read_in_charge(fields, known, data, most),
        per=fields.read("per", lambda at, on: read_per(at, on, known), None),
        meaning=meaning,
        means=means,
        same_as=fields.read("same_as", lambda at, on: _read_same(at, on, known), None),
        is_counted=_read_counts(fields, known),
        hears=_read_hears(fields, known, data),
    )


def _note_reckoned_twice(fields: Fields) -> None:
    if sum(map(fields.has, ("derive", "measured", "counted"))) > 1:
        says = f"{fields.place.key} 只能有一种算法。"
        fields.scope.note(fields.place.flaw(says, expected="derive、measured、counted 三者取一。"))


def _read_by_hand(fields: Fields, fact: FactName) -> bool:
    """Whether the file is a signature, made where it is asked for."""
    is_by_hand = fields.flag("by_hand")
    if is_by_hand and fact.type is not FactType.FILE:
        at = fields.place.child("by_hand")
        fields.scope.note(at.flaw(f"只有文件（file）类型的事实可以写 {labelled('by_hand')}。", at_key=True))
    return is_by_hand


def _note_inner(fields: Fields, fact: FactName, *, is_inner: bool) -> None:
    """Whether a node with something below it may be chosen too; `names` has seen to it."""
    if is_inner and not fact.is_tree:
        at = fields.place.child("inner")
        fields.scope.note(at.flaw(f"可选值不分级，没有中间的一级，不写 {labelled('inner')}。", at_key=True))


def _read_counts(fields: Fields, fact: FactName) -> bool:
    """Whether the person is one of those who complain."""
    if not fields.has("counts"):
        return True
    if fact.type is not FactType.PERSON:
        at = fields.place.child("counts")
        fields.scope.note(at.flaw(f"只有人（person）类型的事实可以写 {labelled('counts')}。", at_key=True))
    return fields.flag("counts")


def _read_hears(fields: Fields, fact: FactName, data: str) -> bool:
    """Whether the person has what the complainant is told. A sealed report has nobody beside him."""
    hears = fields.flag("hears")
    if hears and (fact.type is not FactType.PERSON or fact.is_derived or data == DataClass.SEALED):
        at = fields.place.child("hears")
        says = f"只有由人填写的人（person）类型的事实可以写 {labelled('hears')}，密封的不可以。"
        fields.scope.note(at.flaw(says, at_key=True))
    return hears


def _read_proposed(fields: Fields, fact: FactName, data: str) -> bool:
    """Whether values are put forward from earlier cases in like words: who sees such a case must see its value too."""
    is_proposed = fields.flag("proposed")
    if is_proposed and (fact.type is not FactType.CHOICE or fact.is_derived or data != DataClass.INTERNAL):
        says = f"只有大家都看得到、由人填写的单选（choice）事实可以写 {labelled('proposed')}。"
        fields.scope.note(fields.place.child("proposed").flaw(says, at_key=True))
    return is_proposed


def _read_same(place: Place, scope: Scope, fact: FactName) -> str:
    """The person whom a person fact corrects."""
    other = scope.names.facts[scope.named("fact", place)]
    if fact.type is not FactType.PERSON or other.type is not FactType.PERSON or other.code == fact.code:
        raise place.flaw("same_as（就是谁）只能写在 person（人）类型的事实上，指向另一个这样的事实。")
    return other.code


def _read_length(place: Place, scope: Scope, fact: FactName) -> int:
    """`20字`, or a number that the company sets."""
    if fact.type is not FactType.TEXT:
        raise place.flaw(f"只有文字（text）类型的事实可以写 {labelled('at_least')}。", at_key=True)
    word = parameter_place(place, scope).text() if is_parameter(place) else place.text()
    found = _LENGTH.fullmatch(word)
    if found is None or not 1 <= int(found["count"]) <= _LONGEST:
        raise place.flaw(f'看不懂"{word}"。', expected=f"写最少几个字，如 20字，最多 {_LONGEST}字。")
    return int(found["count"])


def _check_values(fields: Fields, fact: FactName) -> None:
    place, is_choice = fields.place, fact.type in {FactType.CHOICE, FactType.CHOICES}
    if fields.has("values") and is_parameter(place.child("values")):
        fields.read("values", _check_listed, None)
    elif is_choice and not fact.values:
        fields.scope.note(place.flaw("选择类的事实要有 values（可选值）。", at_key=True))
    if not is_choice and fields.has("values"):
        fields.scope.note(place.flaw(f"{fact.type.value} 类型的事实没有 values（可选值）。", at_key=True))
    if fact.is_ordered and fact.type is not FactType.CHOICE:
        fields.scope.note(place.child("ordered").flaw("只有单选（choice）类型的事实有次序。", at_key=True))
    if fact.is_tree:
        return
    reserved = [value for value in fact.values if value in RESERVED_VALUES]
    if reserved:
        fields.scope.note(place.child("values").flaw(f"可选值不能用专用词：{'、'.join(reserved)}。"))
    if len(set(fact.values)) != len(fact.values):
        fields.scope.note(place.child("values").flaw("可选值里有重复。"))


def _check_listed(place: Place, scope: Scope) -> None:
    held = held_by(place.node, scope.names.parameters)
    if held is None or held.type not in {"list", TREE}:
        parameter_place(place, scope)  # says so where there is no such parameter
        raise place.flaw("可选值要用列表（list）或分级（tree）类型的参数。")


def _read_value_clauses(place: Place, scope: Scope) -> Mapping[str, str]:
    if not isinstance(place.node, Map) or is_parameter(place):
        return {}
    if is_tree(place.node):
        found = {one.path: one for one in walk(place.node) if one.clause}
        at = {path: Place(one.node, f"{place.address}.{path}", path, one.spot) for path, one in found.items()}
        named = {path: scope.attempt(lambda here, on: on.named("clause", here), here, "") for path, here in at.items()}
        return {path: clause for path, clause in named.items() if clause}
    pairs = {item.key: scope.attempt(lambda at, on: on.named("clause", at), item, "") for item in place.codes()}
    return {value: clause for value, clause in pairs.items() if clause}


def _read_default(place: Place, scope: Scope, fact: FactName) -> Value:
    value = read_value(place, scope, fact)
    return (value,) if fact.type is FactType.CHOICES and isinstance(value, str) else value


def _read_additions(place: Place, scope: Scope, fact: FactName) -> tuple[GroupAddition, ...]:
    if fact.type is not FactType.GROUP:
        raise place.flaw("只有小组（group）类型的事实可以写 adds（自动加入）。", at_key=True)
    found = []
    for item in place.items():
        fields = Fields(item, scope, ("when", "add", "clause"))
        when: Condition | None = fields.need("when", read_condition, None)
        role = fields.need("add", lambda at, on: on.named("role", at), "")
        found.append(GroupAddition(when or Always(False), role, fields.clauses()))
    return tuple(found)


def _read_derivation(place: Place, scope: Scope, fact: FactName) -> Derivation:
    fields = Fields(place, scope, (*_AGGREGATES, "of", "where", "window", "since"))
    used = [aggregate for aggregate in _AGGREGATES if fields.has(aggregate)]
    if len(used) != 1:
        raise place.flaw("推算要且只要写一种算法。", expected=f"可用：{' '.join(_AGGREGATES)}")
    aggregate = Aggregate(used[0])
    if aggregate is Aggregate.TABLE:
        return Derivation(aggregate, table=_read_values_table(place, scope, fact))
    where: Condition | None = fields.read("where", read_condition, None)
    window: Window | None = fields.read("window", read_window, None)
    since: tuple[Moment, ...] = fields.read("since", read_moments, ())
    if aggregate is Aggregate.LAST and window is not None:
        scope.note(place.flaw("last（最近一次）不能带 window（时间窗）。"))
    if aggregate is Aggregate.COUNT:
        moments: tuple[Moment, ...] = fields.read("count", read_moments, ())
        return Derivation(aggregate, of=_filtered(moments, where), window=window, since=since)
    subject = scope.names.facts[scope.named("fact", place.child(aggregate.value))]
    if aggregate is Aggregate.SUM and subject.type not in _SUMMABLE:
        scope.note(place.child("sum").flaw(f"{subject.code}（{subject.name}）不是数，不能合计。"))
    if aggregate is Aggregate.EACH and fact.type not in _GATHERED.get(subject.type, ()):
        kinds = "、".join(sorted(each.value for each in _GATHERED.get(subject.type, ()))) or "（没有）"
        scope.note(
            place.child("each").flaw(
                f"{subject.code}（{subject.name}）的各个值放不进 {fact.type.value} 类型的事实。",
                expected=f"可用的类型：{kinds}",
            )
        )
    moments = fields.need("of", read_moments, ())
    return Derivation(aggregate, subject.code, _filtered(moments, where), window, since=since)


def _filtered(moments: tuple[Moment, ...], where: Condition | None) -> tuple[Moment, ...]:
    """`where` beside the moments holds for each of them, with a filter of its own if it has one."""
    if where is None:
        return moments
    return tuple(with_filter(each, where if each.where is None else All((each.where, where))) for each in moments)


def _read_values_table(place: Place, scope: Scope, fact: FactName) -> Table[Operand | None]:
    def read_use(at: Place, on: Scope) -> Operand | None:
        if isinstance(at.node, Text) and at.node.value == NOT_STATED:
            return None
        return read_operand(at, on, fact)

    return table_of(read_use)(place, scope)


def generated_facts(
    facts: Mapping[str, Fact], steps: Collection[str], *, signs: bool, levels: tuple[str, ...]
) -> dict[str, Fact]:
    """Facts that generated steps ask for, where the pack has none of its own. `steps`: the codes of all steps."""
    clauses = (GENERIC,)
    found: list[Fact] = []
    if signs:
        values = (VERDICT_GRANTED, VERDICT_REFUSED)
        found.append(Fact(GENERATED_VERDICT, "意见结论", FactType.CHOICE, clauses, values))
        found.append(Fact(GENERATED_OPINION, "审批意见", FactType.TEXT, clauses, multiline=True))
    if LOWER in steps:
        found.append(Fact(GENERATED_LEVEL, "降到的级别", FactType.CHOICE, clauses, levels))
        found.append(Fact(GENERATED_REASON, "降级理由", FactType.TEXT, clauses, multiline=True))
    if RAISE in steps:
        found.append(Fact(GENERATED_RISE, "升到的级别", FactType.CHOICE, clauses, levels))
        found.append(Fact(GENERATED_RISE_REASON, "升级理由", FactType.TEXT, clauses, multiline=True))
    return {fact.code: fact for fact in found if fact.code not in facts}
