"""Section `measures`: which cases of the kind count, when, and what figure is made of them. With what rules of other
kinds write to name one: ``complaint.closed``, and a period."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from kesu.policy.errors import nearest
from kesu.policy.language.asked import leaves, moments_in
from kesu.policy.language.conditions import read_condition
from kesu.policy.language.moments import read_moments
from kesu.policy.language.nodes import Map
from kesu.policy.language.operands import is_parameter, parameter_place
from kesu.policy.language.reading import Fields, Flaw, Place, Scope, read_count
from kesu.policy.language.schedule import read_every
from kesu.policy.language.sections import COMMON
from kesu.policy.model.conditions import Condition, StartIn
from kesu.policy.model.facts import Fact, FactType
from kesu.policy.model.measures import CaseMeasure, Far, Figure, MeasureRef, Reckoning, Span
from kesu.policy.model.pack import Kind
from kesu.policy.model.parts import tells_time
from kesu.policy.model.schedule import Every

_FIGURES: Final = (Figure.SHARE, Figure.MEAN, Figure.SUM)
_KEYS: Final = (*COMMON, "of", "when", *_FIGURES, "alike", "far")
_ALIKE: Final = frozenset({FactType.CHOICE, FactType.CHOICES, FactType.FLAG})
_FIGURED: Final = frozenset({FactType.NUMBER, FactType.MONEY})
_SPANS: Final = ("current", "previous")


def read_measure(place: Place, scope: Scope) -> CaseMeasure:
    fields = Fields(place, scope, _KEYS)
    figures = [figure for figure in _FIGURES if fields.has(figure)]
    if len(figures) > 1:
        scope.note(
            place.child(figures[1]).flaw(
                "一个指标只算一个数。",
                expected="share（占几成）、mean（平均）、sum（合计）只写一个，都不写就是件数。",
                at_key=True,
            )
        )
    figure = figures[0] if figures else Figure.COUNT
    when: Condition | None = fields.read("when", _read_lasting, None)
    share: Condition | None = fields.read("share", _read_lasting, None) if figure is Figure.SHARE else None
    if fields.has("alike") and figure not in {Figure.MEAN, Figure.SUM}:
        scope.note(place.child("alike").flaw("只有平均、合计的指标才能拿同类来比。", at_key=True))
    if fields.has("far") and not fields.has("alike"):
        scope.note(place.child("far").flaw("没有写与哪些案件比。", expected="请加 alike（哪些事实相同的算同类）。"))
    return CaseMeasure(
        code=place.key,
        name=fields.need_text("name"),
        clauses=fields.clauses(),
        of=fields.need("of", read_moments, ()),
        when=when,
        figure=figure,
        share=share,
        fact=fields.read(figure, _read_figured, None) if figure in {Figure.MEAN, Figure.SUM} else None,
        alike=fields.read("alike", _read_alike, ()),
        far=fields.read("far", _read_far, None),
        unclear=fields.maybe_text("unclear"),
        reading=fields.maybe_text("reading"),
    )


def _read_alike(place: Place, scope: Scope) -> tuple[str, ...]:
    """Facts that are said by choosing: what is typed freely is never the same twice."""
    codes = scope.each("fact", place)
    for code in codes:
        fact = scope.names.facts[code]
        if fact.type not in _ALIKE:
            scope.note(place.flaw(f"{code}（{fact.name}）不是选的，不能用来认同类。"))
    return codes


def _read_far(place: Place, scope: Scope) -> Far:
    """`{times: 2, least: 5}`; both may be parameters."""
    fields = Fields(place, scope, ("times", "least"))
    times, least = fields.need("times", _read_figure, 2), fields.need("least", _read_figure, 1)
    if times < 2 or least < 1:
        raise place.flaw("差得多要写几倍（至少 2）、有几件同类才比（至少 1）。")
    return Far(times, least)


def _read_figure(place: Place, scope: Scope) -> int:
    return read_count(parameter_place(place, scope) if is_parameter(place) else place, scope)


def _read_lasting(place: Place, scope: Scope) -> Condition:
    """A condition that only events change: nobody looks at a case again because time has passed."""
    condition = read_condition(place, scope)
    if any(isinstance(leaf, StartIn) or tells_time(leaf) for leaf in leaves(condition)):
        raise place.flaw(
            "算不算在内不能看现在几点、过了多久：时间过去时没有人再看这一件。",
            expected="请看发生过什么，如 happened: duty.reply.overdue。",
        )
    return condition


def _read_figured(place: Place, scope: Scope) -> str:
    fact = scope.names.facts[scope.named("fact", place)]
    if fact.type not in _FIGURED:
        raise place.flaw(
            f"{fact.code}（{fact.name}）不是数，不能平均、合计。",
            expected="请写数（number）或金额（money）类型的事实。",
        )
    return fact.code


def read_measure_ref(place: Place, scope: Scope) -> MeasureRef:
    """``complaint.closed`` of this pack, or `{served: complaint.closed, name: 办结的投诉}`: of whatever policies rule
    the kind, called as people call it. Whether there is one is seen when all kinds have been read."""
    is_served, name = isinstance(place.node, Map), ""
    if is_served:
        fields = Fields(place, scope, ("served", "name"))
        text, name = fields.need_text("served"), fields.need_text("name")
    else:
        text = place.text()
    kind, dot, code = text.partition(".")
    if not (kind and dot and code):
        raise place.flaw(
            f'看不懂"{text}"。',
            expected="写成“案件种类.指标”，如 complaint.closed；别的制度管的写 {served: …, name: 名称}。",
        )
    return MeasureRef(kind, code, is_served, name=name)


def read_span(place: Place, scope: Scope) -> Span:
    """`{previous: 季}`, `{current: 年}`; the period may be a parameter."""
    fields = Fields(place, scope, _SPANS)
    used = [key for key in _SPANS if fields.has(key)]
    if len(used) != 1:
        raise place.flaw("要写哪一期。", expected="如 {previous: 季}（上一季）、{current: 年}（本年）。")
    return Span(fields.need(used[0], read_every, Every.MONTH), before=used[0] == "previous")


def read_reckoning(place: Place, scope: Scope, kind: FactType) -> Reckoning:
    """`{of: work_order.rated, starts: occurrence.opened, period: {previous: 季}}`."""
    if kind not in _FIGURED:
        raise place.flaw("由指标算出的是数。", expected="请写数（number）或金额（money）类型的事实。", at_key=True)
    fields = Fields(place, scope, ("of", "starts", "period"))
    return Reckoning(
        fields.need("of", read_measure_ref, MeasureRef("", "")),
        fields.need("starts", read_moments, ()),
        fields.read("period", read_span, None),
    )


def check_reckonings(kinds: Mapping[str, Kind], trees: Map, scopes: Mapping[str, Scope]) -> None:
    """Notes facts that are to be worked out from measures that there are not, or that are no money."""
    for code, kind in kinds.items():
        for fact in (one for one in kind.facts.values() if one.measured is not None):
            assert fact.measured is not None
            facts = Place(trees.map(code), "").child("facts").child(fact.code, is_code=True)
            place = facts.child("measured").child("of")
            flaw = ref_flaw(place, fact.measured.of, kinds)
            if kind.is_sealed:
                flaw = place.flaw("密封的案件不能由指标算出：算的是别的案件。")
            if fact.measured.of.is_served:
                flaw = place.flaw("别的制度的指标各算各的，不能合成一个数。", expected="请写本制度的指标。")
            if flaw is None and fact.type is FactType.MONEY and not _is_money(fact.measured.of, kinds):
                flaw = place.flaw(
                    f"指标 {fact.measured.of.code} 不是金额。", expected=f"请把 {fact.code} 写成 number 类型。"
                )
            if flaw is not None:
                scopes[code].note(flaw)


def _is_money(ref: MeasureRef, kinds: Mapping[str, Kind]) -> bool:
    other = kinds[ref.kind]
    measured = other.facts.get(other.measures[ref.code].fact or "")
    return measured is not None and measured.type is FactType.MONEY


def with_measure_names(kinds: Mapping[str, Kind]) -> dict[str, Kind]:
    """The kinds with the names of the measures that their rules speak of, for whoever reads what a rule says."""
    found = {}
    for code, kind in kinds.items():
        samples = {each: replace(one, of=_named(one.of, kinds)) for each, one in kind.samples.items()}
        facts = {each: _with_name(fact, kinds) for each, fact in kind.facts.items()}
        is_plain = not samples and not any(fact.measured for fact in facts.values())
        found[code] = kind if is_plain else replace(kind, samples=samples, facts=facts)
    return found


def _with_name(fact: Fact, kinds: Mapping[str, Kind]) -> Fact:
    if fact.measured is None:
        return fact
    return replace(fact, measured=replace(fact.measured, of=_named(fact.measured.of, kinds)))


def _named(ref: MeasureRef, kinds: Mapping[str, Kind]) -> MeasureRef:
    if ref.is_served:
        return ref
    other = kinds.get(ref.kind)
    measure = other.measures.get(ref.code) if other is not None else None
    return replace(ref, kind_name=other.name if other else "", name=measure.name if measure else "")


def check_measures(kind: Kind, tree: Map, stated: set[str]) -> Iterator[Flaw]:
    """Measures of sealed cases, and those in which no case could ever count. `stated`: facts that something states."""
    for code, measure in kind.measures.items():
        place = Place(tree, "").child("measures").child(code, is_code=True)
        if kind.is_sealed:
            yield place.flaw("密封案件不能计数：数字一动，就有人知道有这一件。", expected="请去掉这个指标。")
        if measure.fact is not None and measure.fact in kind.facts and measure.fact not in stated:
            name = kind.facts[measure.fact].name
            yield place.flaw(f"没有步骤填写 {measure.fact}（{name}），一件也算不进来。")
        for condition in (measure.when, measure.share):
            if any(moment.where is not None and _reads_time(moment.where) for moment in moments_in(condition)):
                yield place.flaw("筛选里不能看现在几点、过了多久。")


def _reads_time(condition: Condition) -> bool:
    return any(isinstance(leaf, StartIn) or tells_time(leaf) for leaf in leaves(condition))


def ref_flaw(place: Place, ref: MeasureRef, kinds: Mapping[str, Kind]) -> Flaw | None:
    """What is wrong with naming this measure: no such kind, no such measure in it. What other policies measure is
    known where the library is."""
    if ref.is_served:
        return None
    other = kinds.get(ref.kind)
    if other is None:
        known = [f"{code}.{one}" for code, kind in kinds.items() for one in kind.measures]
        near = nearest(f"{ref.kind}.{ref.code}", known)
        expected = f"可用：{'、'.join(known) or '无'}"
        return place.flaw(f"本制度没有案件种类 {ref.kind}。", near=near, expected=expected)
    if ref.code in other.measures:
        return None
    known = [f"{ref.kind}.{code}" for code in other.measures]
    return place.flaw(
        f"{other.name}没有指标 {ref.code}。",
        near=nearest(f"{ref.kind}.{ref.code}", known),
        expected=f"可用：{'、'.join(known)}" if known else f"请在 {ref.kind}.yaml 的 measures（指标）里写。",
    )
