"""Drawing by lot. Pure: the same seed and the same candidates give the same list, on any machine, at any time."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, time
from decimal import ROUND_CEILING, Decimal
from hashlib import sha256
from typing import Final

from kesu.policy.calendar import Calendar
from kesu.policy.model.measures import Span
from kesu.policy.model.samples import Sample, Size
from kesu.policy.occurrences import period_of

LEAST_RESERVE: Final = 10
"""So many stand ready at least, in the order of the draw, for those that cannot be looked at."""
MOST: Final = 1_000
"""A lot is written into one event and looked at by people: more are not drawn, and as many stand ready at most."""
_HUNDRED: Final = Decimal(100)


@dataclass(frozen=True, slots=True)
class Lot:
    """What was drawn. `reserve`: who takes the place of those that are given up, in this order. `base`: out of how
    many; `digest`: of the candidates, so that the draw can be repeated and held against it. `since` and `until`: the
    period in which they count, the end left out; None: whenever."""

    cases: tuple[str, ...]
    reserve: tuple[str, ...]
    base: int
    seed: str
    digest: str
    since: datetime | None = None
    until: datetime | None = None


def draw(sample: Sample, seed: str, candidates: Collection[str], span: tuple[datetime, datetime] | None = None) -> Lot:
    """The lot that `seed` draws out of the candidates, in whatever order they come."""
    order = in_order(seed, candidates)
    size = size_of(sample.size, len(order))
    spare = min(max(size, LEAST_RESERVE), MOST) if sample.given_up is not None else 0
    since, until = span or (None, None)
    return Lot(order[:size], order[size : size + spare], len(order), seed, digest_of(candidates), since, until)


def in_order(seed: str, candidates: Iterable[str]) -> tuple[str, ...]:
    """The candidates in the order of the draw: by a digest in which nobody can find a place for one of them."""
    return tuple(sorted(set(candidates), key=lambda one: sha256(f"{seed}:{one}".encode()).digest()))


def digest_of(candidates: Iterable[str]) -> str:
    """The digest of a set of candidates, whatever their order."""
    return sha256("\n".join(sorted(set(candidates))).encode()).hexdigest()


def size_of(size: Size, base: int) -> int:
    """How many are drawn out of `base`; `MOST` at most."""
    wanted = size.count if size.count is not None else _share(size.share or _HUNDRED, base)
    if size.at_most is not None:
        wanted = min(wanted, size.at_most)
    return min(max(wanted, size.at_least or 0), base, MOST)


def _share(percent: Decimal, base: int) -> int:
    return int((base * percent / _HUNDRED).to_integral_value(ROUND_CEILING))


def bounds_of(span: Span, at: datetime, calendar: Calendar) -> tuple[datetime, datetime]:
    """From when until when (left out) the period lasts that `span` means at `at`; UTC."""
    first, following = period_of(span.every, calendar.local(at).date(), before=span.before)
    return calendar.instant(first, time.min), calendar.instant(following, time.min)
