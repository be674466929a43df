"""Several processes at one piece of work after another. They are started anew, not forked: a child must not share its
parent's connections. Nothing here is imported before the framework of such a process is ready."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from multiprocessing import get_context
from typing import TYPE_CHECKING

from kesu.config.bench.machine import processors

if TYPE_CHECKING:
    from kesu.config.bench.acting import Cast
    from kesu.config.bench.company import Company
    from kesu.config.bench.comparing import Difference
    from kesu.config.bench.loading import Numbered


def load(at: datetime, cases: int, copies: int) -> Iterator[int]:
    """Loads the company's cases; yields how many there are so far."""
    from kesu.config.bench import loading

    planned = loading.plan(company(at), at, cases, copies)
    count = len(loading.pieces(planned))
    done = 0
    with ProcessPoolExecutor(max(1, min(processors(), count)), get_context("spawn"), _begin) as pool:
        for loaded in pool.map(_load, [(at, cases, copies, nth) for nth in range(count)]):
            done += loaded
            yield done
    loading.close_series(planned, company(at))


def compare(addresses: list[str], at: datetime, sample: int) -> Iterator[list[Difference]]:
    """Compares so many cases with those of the commands, a part in each of the databases; yields what differs."""
    each = -(-sample // len(addresses))
    parts = [(address, at, each, nth) for nth, address in enumerate(addresses)]
    with ProcessPoolExecutor(len(addresses), get_context("spawn")) as pool:
        yield from pool.map(_compare, parts)


def _begin() -> None:
    import django

    django.setup()


def company(at: datetime) -> Company:
    from kesu.config.bench.company import company_of
    from kesu.store.models import Account, Unit

    units = dict(Unit.objects.values_list("code", "pk"))
    return company_of(at, units, dict(Account.objects.values_list("login", "pk")))


def _load(work: tuple[datetime, int, int, int]) -> int:
    from kesu.config.bench import loading
    from kesu.config.bench.acting import Cast

    at, cases, copies, nth = work
    if not _known:
        made = company(at)
        _known.append((made, Cast(made), loading.pieces(loading.plan(made, at, cases, copies))))
    own, cast, pieces = _known[0]
    return loading.load(pieces[nth], own, cast, at)


_known: list[tuple[Company, Cast, list[Sequence[Numbered]]]] = []
"""What a process of the crew needs for every piece, once it has worked it out."""


def _compare(work: tuple[str, datetime, int, int]) -> list[Difference]:
    address, at, each, nth = work
    os.environ["DATABASE_URL"] = address
    _begin()
    from kesu.config.bench.acting import Cast
    from kesu.config.bench.comparing import compare
    from kesu.config.bench.courses import courses

    own = company(at)
    sample = courses(own, at, cases=each, copies=1, seed=nth + 2)
    return [one for _, differences in compare(sample, Cast(own), at) for one in differences]
