"""Measures and samples in one sentence each, and aspect by aspect."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final

from kesu.policy.model.measures import CaseMeasure, Figure, MeasureRef, Reckoning, Span
from kesu.policy.model.samples import BASE_WORD, DRAWN_WORD, Sample, Size
from kesu.policy.model.schedule import Every
from kesu.policy.telling.words import Words, listed
from kesu.policy.values import plain

_PERIODS: Final = {
    Every.WEEK: "周", Every.MONTH: "月", Every.QUARTER: "季度", Every.HALF_YEAR: "半年", Every.YEAR: "年",
}  # fmt: skip
_BROUGHT: Final = {DRAWN_WORD: "抽出的件数", BASE_WORD: "从多少件里抽"}


def tell_measure(words: Words, code: str) -> str:
    measure = words.kind.measures[code]
    when = f"，{words.condition(measure.when)}的" if measure.when is not None else ""
    said = f"{_figure(words, measure)}{_alike(words, measure)}"
    return f"指标“{measure.name}”：按{words.moments(measure.of)}的时间{when}计入，算{said}。"


def measure_aspects(words: Words, code: str) -> Mapping[str, str | tuple[str, ...]]:
    measure = words.kind.measures[code]
    return {
        "名称": measure.name,
        "计入的时间": words.moments(measure.of),
        "计入的条件": words.condition(measure.when) if measure.when is not None else "",
        "算什么": _figure(words, measure),
        "与哪些比": _alike(words, measure).removeprefix("；"),
    }


def _alike(words: Words, measure: CaseMeasure) -> str:
    if not measure.alike:
        return ""
    said = f"；拟定和审批时列出{words.facts(measure.alike)}相同的以前各件"
    if measure.far is None:
        return said
    return f"{said}，够 {measure.far.least} 件而比中位数多出或少到 {measure.far.times} 倍以外的提醒"


def _figure(words: Words, measure: CaseMeasure) -> str:
    if measure.figure is Figure.SHARE and measure.share is not None:
        return f"其中{words.condition(measure.share)}的占百分之几"
    if measure.fact is not None:
        return f"{words.fact(measure.fact)}的{'平均' if measure.figure is Figure.MEAN else '合计'}"
    return "件数"


def tell_sample(words: Words, code: str) -> str:
    sample = words.kind.samples[code]
    when = f"，{words.condition(sample.when)}的" if sample.when is not None else ""
    again = f"；{words.event(sample.given_up)}的，由抽签次序里的下一件补上" if sample.given_up is not None else ""
    brought = f"；填写{listed(_brought(words, sample))}" if sample.brings else ""
    return (
        f"抽样“{sample.name}”：{words.moments(sample.starts)}时{when}，由系统抽签，从{tell_base(sample)}里"
        f"抽{tell_size(sample.size)}，抽出后不再变；以{words.event(sample.done)}为查完{again}{brought}。"
    )


def sample_aspects(words: Words, code: str) -> Mapping[str, str | tuple[str, ...]]:
    sample = words.kind.samples[code]
    return {
        "名称": sample.name,
        "何时抽": words.moments(sample.starts),
        "适用条件": words.condition(sample.when) if sample.when is not None else "",
        "从哪里抽": tell_base(sample),
        "抽多少": tell_size(sample.size),
        "写明哪一件": words.fact(sample.case),
        "查完": words.event(sample.done),
        "查不了": words.event(sample.given_up) if sample.given_up is not None else "",
        "填写": tuple(_brought(words, sample)),
    }


def tell_base(sample: Sample) -> str:
    span = f"{tell_span(sample.period)}的" if sample.period is not None else ""
    return f"{span}{tell_ref(sample.of)}"


def tell_ref(ref: MeasureRef) -> str:
    if ref.is_served:
        return f"“{ref.name}”（当地施行的各部制度）"
    return f"“{ref.name or f'{ref.kind}.{ref.code}'}”"


def tell_reckoning(words: Words, reckoning: Reckoning) -> str:
    span = f"{tell_span(reckoning.period)}的" if reckoning.period is not None else ""
    return f"{words.moments(reckoning.starts)}时，{span}指标{tell_ref(reckoning.of)}，每到这时算一次，其间不变"


def tell_span(span: Span) -> str:
    return f"{'上一' if span.before else '本'}{_PERIODS[span.every]}"


def tell_size(size: Size) -> str:
    said = f" {size.count} 件" if size.count is not None else f" {_plain(size.share)}%（不足一件的算一件）"
    bounds = [f"至少 {size.at_least} 件"] if size.at_least is not None else []
    bounds += [f"至多 {size.at_most} 件"] if size.at_most is not None else []
    return "，".join((said, *bounds))


def _plain(percent: Decimal | None) -> str:
    return "100" if percent is None else plain(percent)


def _brought(words: Words, sample: Sample) -> Iterator[str]:
    yield from (f"{words.fact(own)}（{_BROUGHT[word]}）" for own, word in sample.brings.items())
