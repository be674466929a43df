"""A notice that says less, or goes out by other ways than those that are written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import Notice
from kesu.policy.operators import Operator
from kesu.policy.telling.words import Words

Changed = Iterator[tuple[Operator, str, Notice]]


def of_notice(notice: Notice, kind: Kind) -> Changed:
    """Each limit that it names left out; each of its ways; the first of them after the second; and, where it must be in
    writing, on the page of the case alone."""
    for code in notice.dues:
        text = notice.text.replace(f"{{due:{code}}}", "")
        yield Operator.FACT, f"不再写明{Words(kind).due(code)}", replace(notice, text=text)
    for way in notice.ways:
        yield Operator.FACT, f"不再经 {way} 送达", replace(notice, ways=tuple(one for one in notice.ways if one != way))
    if len(notice.ways) > 1:
        first, second, *rest = notice.ways
        yield Operator.ORDER, f"先经 {second} 再经 {first} 送达", replace(notice, ways=(second, first, *rest))
    if notice.written:
        yield Operator.RULE, "不必书面", replace(notice, ways=(), written=False)
