"""A limit that is a share of another duty's: the length itself is put in its place, row by row of the other's table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from kesu.policy.calendar import Duration, Measure, Unit
from kesu.policy.language.nodes import Map
from kesu.policy.language.reading import Place, Scope
from kesu.policy.model.conditions import All, Always, Condition, Row, Table
from kesu.policy.model.limits import Limit, Share
from kesu.policy.model.rules import Duty

Limits = tuple[Limit, ...]

_PERCENT: Final = re.compile(r"([1-9][0-9]?|100)%")
_WHOLE: Final = 100
_FINER: Final = {
    Unit.YEAR: (12, Unit.MONTH), Unit.QUARTER: (3, Unit.MONTH), Unit.WEEK: (7, Unit.DAY),
    Unit.HALF_MONTH: (15, Unit.DAY), Unit.WORKDAY: (2, Unit.HALF_DAY), Unit.HOUR: (60, Unit.MINUTE),
}  # fmt: skip
"""What a length may be written in when its share is no whole number of its own unit."""


def read_share(place: Place, scope: Scope) -> Share:
    """`{share: 50%, of: investigate}`."""
    said = place.child("share")
    match = _PERCENT.fullmatch(said.text())
    if match is None:
        raise said.flaw(f'看不懂"{said.text()}"。', expected="写成百分数，如 50%。")
    if not isinstance(place.node, Map) or "of" not in place.node.entries:
        raise place.flaw("不知道是哪一项义务的时限。", expected="请写 of（所属），如 {share: 50%, of: investigate}。")
    return Share(int(match[1]), scope.named("duty", place.child("of")))


def with_shares(duties: Mapping[str, Duty], tree: Map, scope: Scope) -> dict[str, Duty]:
    """Each duty with lengths in place of shares."""
    found = {}
    for code, duty in duties.items():
        place = Place(tree, "").child("duties").child(code, is_code=True)
        rows = tuple(row for own in duty.within.rows for row in _spread(own, duties, place, scope))
        found[code] = duty if rows == duty.within.rows else replace(duty, within=Table(rows))
    return found


def _spread(row: Row[Limits], duties: Mapping[str, Duty], place: Place, scope: Scope) -> Iterator[Row[Limits]]:
    """The row, once for each row of the table of which it takes a share."""
    at = next((at for at, limit in enumerate(row.use) if isinstance(limit.length, Share)), None)
    if at is None:
        yield row
        return
    mine, share = row.use[at], row.use[at].length
    assert isinstance(share, Share)
    for other in duties[share.duty].within.rows if share.duty in duties else ():
        parts = tuple(_part(limit, share, mine, duties[share.duty], place, scope) for limit in other.use)
        use = (*row.use[:at], *(part for part in parts if part is not None), *row.use[at + 1 :])
        if use:
            yield from _spread(Row(_both(row.when, other.when), use), duties, place, scope)


def _both(mine: Condition, other: Condition) -> Condition:
    if isinstance(mine, Always):
        return other
    return mine if isinstance(other, Always) else All((mine, other))


def _part(whole: Limit, share: Share, mine: Limit, duty: Duty, place: Place, scope: Scope) -> Limit | None:
    within = place.child("within")
    if not isinstance(whole.length, Duration) or whole.length.measure is Measure.FIXED:
        scope.note(within.flaw(f"“{duty.name}”的时限不是一段长度，取不出 {share.percent}%。"))
        return None
    length = share_of(whole.length, share.percent)
    if length is None:
        scope.note(
            within.flaw(f"{whole.length}的 {share.percent}% 不是整数。", expected="请换一个百分数，或直接写时限。")
        )
        return None
    return Limit(length, whole.holiday, mine.clauses, part_of=share)


def share_of(length: Duration, percent: int) -> Duration | None:
    """The share in the unit of the length, or in the next finer one; None where neither makes a whole number."""
    for factor, unit in ((1, length.unit), _FINER.get(length.unit, (1, length.unit))):
        amount, left = divmod(length.amount * factor * percent, _WHOLE)
        if not left and amount:
            return Duration(amount, unit)
    return None
