"""What is changed in rules that count cases and draw among them, one thing at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from kesu.policy.model.conditions import Derivation, Moment, MomentNoun
from kesu.policy.model.measures import CaseMeasure, Reckoning, Span
from kesu.policy.model.pack import Kind
from kesu.policy.model.samples import Sample, Size
from kesu.policy.model.schedule import Every
from kesu.policy.operators import Operator
from kesu.policy.telling.words import Words


def other_starts(starts: tuple[Moment, ...], kind: Kind) -> Iterator[tuple[str, tuple[Moment, ...]]]:
    """The same moments with another event in the place of one, and what was changed."""
    events = list(dict.fromkeys(step.event for step in kind.steps.values()))
    for index, moment in enumerate(starts):
        if moment.noun is MomentNoun.EVENT and len(events) > 1:
            at = events.index(moment.subject) if moment.subject in events else -1
            other = events[(at + 1) % len(events)]
            yield f"{moment.subject}→{other}", (*starts[:index], replace(moment, subject=other), *starts[index + 1 :])


def _of_measure(measure: CaseMeasure, kind: Kind) -> Iterator[tuple[Operator, str, CaseMeasure]]:
    yield from ((Operator.START, move, replace(measure, of=of)) for move, of in other_starts(measure.of, kind))
    if measure.when is not None:
        yield Operator.COMPARISON, "不再看条件", replace(measure, when=None)
    for code in measure.alike:
        rest = tuple(one for one in measure.alike if one != code)
        yield Operator.FACT, f"{Words(kind).fact(code)}不同的也算同类", replace(measure, alike=rest)


def _of_derivation(derive: Derivation, kind: Kind) -> Iterator[tuple[Operator, str, Derivation]]:
    for one in derive.since:
        rest = tuple(other for other in derive.since if other != one)
        yield Operator.START, f"{Words(kind).moment(one)}后不再从头算", replace(derive, since=rest)


def _of_reckoning(one: Reckoning, kind: Kind) -> Iterator[tuple[Operator, str, Reckoning]]:
    yield from ((Operator.START, move, replace(one, starts=starts)) for move, starts in other_starts(one.starts, kind))


def _of_sample(sample: Sample, kind: Kind) -> Iterator[tuple[Operator, str, Sample]]:
    yield from ((Operator.START, move, replace(sample, starts=one)) for move, one in other_starts(sample.starts, kind))
    for code in sample.brings:
        brings = {own: word for own, word in sample.brings.items() if own != code}
        yield Operator.FACT, f"不再填写 {code}", replace(sample, brings=brings)
    if sample.given_up is not None:
        yield Operator.RULE, "查不了的不再补抽", replace(sample, given_up=None)


def _of_size(size: Size, _kind: Kind) -> Iterator[tuple[Operator, str, Size]]:
    for name in ("count", "share", "at_least", "at_most"):
        figure = getattr(size, name)
        for other in (figure - 1, figure + 1) if figure is not None else ():
            yield Operator.FIGURE, f"{name} {figure}→{other}", replace(size, **{name: other})


def _of_span(span: Span, _kind: Kind) -> Iterator[tuple[Operator, str, Span]]:
    other = Every.WEEK if span.every is Every.MONTH else Every.MONTH
    yield Operator.UNIT, f"{span.every}→{other}", replace(span, every=other)
    yield Operator.START, "本期与上一期对调", replace(span, before=not span.before)


CHANGES_OF_COUNTS: Final[tuple[tuple[Any, Any], ...]] = (
    (Derivation, _of_derivation),
    (CaseMeasure, _of_measure), (Reckoning, _of_reckoning), (Sample, _of_sample), (Size, _of_size), (Span, _of_span),
)  # fmt: skip
"""Family of a part → what is changed in it, as `kesu.policy.mutants` asks for it."""
