"""Section `samples`: cases that the program draws by lot. With the checks that need the kind that is drawn from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final

from kesu.policy.language.conditions import read_condition
from kesu.policy.language.labels import labelled
from kesu.policy.language.measures import read_measure_ref, read_span, ref_flaw
from kesu.policy.language.moments import read_moments
from kesu.policy.language.nodes import Map
from kesu.policy.language.operands import is_parameter, parameter_place
from kesu.policy.language.reading import Fields, Flaw, Place, Scope, one_of
from kesu.policy.language.sections import COMMON
from kesu.policy.model.conditions import Condition
from kesu.policy.model.facts import FactType
from kesu.policy.model.measures import MeasureRef
from kesu.policy.model.pack import Kind
from kesu.policy.model.samples import BASE_WORD, DRAWN_WORD, Sample, Size
from kesu.policy.sampling import MOST

_KEYS: Final = (
    *COMMON, "starts", "when", "of", "period", "size", "case", "done", "given_up", "brings",
)  # fmt: skip
_WORDS: Final = (DRAWN_WORD, BASE_WORD)
_PERCENT: Final = re.compile(r"([0-9]{1,3}(?:\.[0-9])?)%?")
_COUNT: Final = re.compile(r"([0-9]{1,4})件?")
_HUNDRED: Final = Decimal(100)


def read_sample(place: Place, scope: Scope) -> Sample:
    fields = Fields(place, scope, _KEYS)
    when: Condition | None = fields.read("when", read_condition, None)
    return Sample(
        code=place.key,
        name=fields.need_text("name"),
        clauses=fields.clauses(),
        starts=fields.need("starts", read_moments, ()),
        of=fields.need("of", read_measure_ref, MeasureRef("", "")),
        size=fields.need("size", _read_size, Size(count=1)),
        case=fields.need("case", _read_case, ""),
        done=fields.need("done", _read_event, ""),
        given_up=fields.read("given_up", _read_event, None),
        period=fields.read("period", read_span, None),
        when=when,
        brings=fields.read("brings", _read_brings, {}),
        unclear=fields.maybe_text("unclear"),
        reading=fields.maybe_text("reading"),
    )


def _read_size(place: Place, scope: Scope) -> Size:
    """`20件`, `10%`, or `{share: 10%, at_least: 1件, at_most: 50件}`; every figure may be a parameter."""
    if not isinstance(place.node, Map) or is_parameter(place):
        word = parameter_place(place, scope).text() if is_parameter(place) else place.text()
        return Size(share=_percent(place, scope)) if word.endswith("%") else Size(count=_cases(place, scope))
    fields = Fields(place, scope, ("count", "share", "at_least", "at_most"))
    if fields.has("count") == fields.has("share"):
        raise place.flaw("要写抽多少。", expected="如 20件、10%、{share: 10%, at_least: 1件, at_most: 50件}。")
    size = Size(
        count=fields.read("count", _cases, None),
        share=fields.read("share", _percent, None),
        at_least=fields.read("at_least", _cases, None),
        at_most=fields.read("at_most", _cases, None),
    )
    if size.at_least is not None and size.at_most is not None and size.at_least > size.at_most:
        raise place.child("at_least").flaw(f"至少 {size.at_least} 件比至多 {size.at_most} 件还多。")
    return size


def _percent(place: Place, scope: Scope) -> Decimal:
    """`10%`, or a parameter of type number that is meant in per cent."""
    word = parameter_place(place, scope).text() if is_parameter(place) else place.text()
    match = _PERCENT.fullmatch(word)
    if match is None or not 0 < Decimal(match[1]) <= _HUNDRED:
        raise place.flaw(f'看不懂"{word}"。', expected="写百分数，大于 0，不超过 100，如 10%。")
    return Decimal(match[1])


def _cases(place: Place, scope: Scope) -> int:
    word = parameter_place(place, scope).text() if is_parameter(place) else place.text()
    match = _COUNT.fullmatch(word)
    if match is None or not int(match[1]):
        raise place.flaw(f'看不懂"{word}"。', expected="写件数，至少一件，如 20件；按比例抽的写百分数，如 10%。")
    if int(match[1]) > MOST:
        raise place.flaw(f"一次最多抽 {MOST} 件。", expected="抽得多的，分几期抽。")
    return int(match[1])


def _read_case(place: Place, scope: Scope) -> str:
    fact = scope.names.facts[scope.named("fact", place)]
    if fact.type is not FactType.CASE:
        raise place.flaw(
            f"{fact.code}（{fact.name}）不是案件（case）类型的事实，说不出查的是哪一件。",
            expected="请写 type: case 的事实。",
        )
    return fact.code


def _read_event(place: Place, scope: Scope) -> str:
    return scope.named("event", place)


def _read_brings(place: Place, scope: Scope) -> Mapping[str, str]:
    """`{sampled: drawn, closed_count: base}`: own fact, then what the program fills in."""
    found = {}
    for entry in place.codes():
        fact = scope.names.facts[scope.named("fact", entry, entry.key)]
        if fact.type is not FactType.NUMBER or fact.is_derived:
            raise entry.flaw(f"{fact.code}（{fact.name}）要是数（number）类型、不推算的事实。", at_key=True)
        found[fact.code] = scope.attempt(one_of(_WORDS), entry, DRAWN_WORD)
    return found


def check_samples(kind: Kind, tree: Map) -> Iterator[Flaw]:
    """Samples of which nobody could ever say what became of one, and those of sealed cases."""
    for code, sample in kind.samples.items():
        place = Place(tree, "").child("samples").child(code, is_code=True)
        if kind.is_sealed:
            yield place.flaw("密封的案件不能抽样：抽到哪些件，看得到那些件的人也会知道。")
        told = {"done": sample.done, "given_up": sample.given_up}
        if sample.given_up == sample.done:
            yield place.child("given_up").flaw("查完和查不了是两件事，要是两个事件。")
        for key, event in told.items():
            steps = [step for step in kind.steps.values() if step.event == event]
            if event is not None and (not steps or any(sample.case not in kind.asked(step) for step in steps)):
                yield place.child(key).flaw(
                    f"产生 {event} 的步骤没有要 {sample.case}，不知道是抽中的哪一件。",
                    expected=f"请在那个步骤的 {labelled('asks')} 里要它。",
                )
        others = [
            step.code
            for step in kind.steps.values()
            if sample.case in {*kind.asked(step), *step.may_state} and step.event not in told.values()
        ]
        if others:
            yield place.child("case").flaw(
                f"步骤 {'、'.join(others)} 也填 {sample.case}，那里不看它是不是抽中的。", expected="请另用一个事实。"
            )
        taken = [step.code for step in kind.steps.values() for fact in sample.brings if fact in kind.asked(step)]
        if taken:
            yield place.child("brings").flaw(
                f"程序填写的事实，步骤 {'、'.join(taken)} 又要人填。", expected="请从那个步骤里去掉。"
            )


def check_drawn_kinds(kinds: Mapping[str, Kind], trees: Map, scopes: Mapping[str, Scope]) -> None:
    """Notes samples of cases that there are not, or that nobody may know of."""
    for code, kind in kinds.items():
        for sample in kind.samples.values():
            place = Place(trees.map(code), "").child("samples").child(sample.code, is_code=True)
            flaw = ref_flaw(place.child("of"), sample.of, kinds)
            if flaw is not None:
                scopes[code].note(flaw)
