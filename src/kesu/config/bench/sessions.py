"""`kesu bench sessions`: fifty people at work at once in a company with very many cases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import cycle, islice
from multiprocessing import get_context
from pathlib import Path
from typing import Final

from kesu.config.bench.asking import Ask, Connection
from kesu.config.bench.crowd import OVERTAKEN, Person, Seen, watch
from kesu.config.bench.figures import Report, Single, spread
from kesu.config.bench.machine import processors
from kesu.config.bench.place import Place, close_connections, machine, place
from kesu.config.bench.whole import Wanted, fill
from kesu.config.progress import Progress
from kesu.core import clock

_LIMIT: Final = 300.0
"""Milliseconds that nineteen of twenty pages of each kind may take."""
_PHONES: Final = 40


@dataclass(frozen=True, slots=True)
class Sessions:
    """`seconds`: how long they work."""

    folder: Path
    cases: int
    people: int
    seconds: float


def run(wanted: Sessions, progress: Progress) -> Report:
    """Everything. A folder that was loaded before, also by `kesu bench`, is measured as it is."""
    report = Report()
    with place(wanted.folder, progress) as own:
        if own.loaded is None:
            fill(Wanted(wanted.folder, wanted.cases, 0, 0.0), own, progress)
            own.keep(wanted.cases)
        report.machine = machine(own.loaded or 0)
        with own.serving(report, progress) as port:
            report.singles += _measure(own, port, wanted, progress)
        close_connections()
    return report


def _measure(own: Place, port: int, wanted: Sessions, progress: Progress) -> Iterator[Single]:
    from kesu.config.bench.kept import breaches

    people = _people(port, wanted.people)
    _warm(port, people)
    server, began = own.server(), clock.now()
    before = server.cpu()
    with (
        progress.step(f"{len(people)} 人同时工作 {wanted.seconds:g} 秒"),
        ProcessPoolExecutor(1, get_context("spawn")) as clients,
    ):
        seen: Seen = clients.submit(watch, port, people, _words(), wanted.seconds).result()
    used = server.cpu().since(before).all / wanted.seconds
    yield from _pages(seen)
    yield Single(f"网页、后台与数据库占用 {processors()} 个处理器中的", used, "个")
    with progress.step("核对每一次修改"):
        lost = list(breaches(seen.written, began, clock.now()))
    for line in [*seen.wrong[:5], *lost[:5]]:
        progress.say(f"  {line}")
    yield Single("没有答好的请求", len(seen.wrong), "次", 0)
    yield Single("办成的修改", len(seen.written), "次", 1, is_floor=True)
    yield Single("两人同时送出同一件的同一步", seen.met, "次")
    yield Single("其中一人办成、另一人得知别人先办了", seen.first, "次")
    yield Single("别人先办了（409）", seen.returned[OVERTAKEN], "次")
    yield Single("其中写好的字全都留着", seen.kept, "次", seen.returned[OVERTAKEN], is_floor=True)
    yield Single("办成以后同一张表单又送一次", seen.twice, "次")
    yield Single("退回补填或不许办", seen.returned.total() - seen.returned[OVERTAKEN], "次")
    yield Single("丢失、重复或互相覆盖的修改", len(lost), "处", 0)


def _pages(seen: Seen) -> Iterator[Single]:
    for kind, seconds in sorted(seen.seconds.items()):
        median, p95 = spread(seconds)
        told = f"{kind} p95（{len(seconds)} 次，中位 {median:.0f} ms，最慢 {max(seconds) * 1000:.0f} ms）"
        yield Single(told, p95, "ms", _LIMIT)


def _people(port: int, count: int) -> list[Person]:
    """Everybody who takes part in cases; when all have come, some once more with a browser of their own."""
    from kesu.config.bench.operations import sign_in
    from kesu.store.models import Account

    busy = Account.objects.filter(is_active=True, parts__isnull=False).distinct().order_by("login")
    logins = list(busy.values_list("login", flat=True))
    return [Person(login, dict(sign_in(port, login))) for login in islice(cycle(logins), count)]


def _warm(port: int, people: Sequence[Person]) -> None:
    """Each looks at his desk, so that every web process has compiled its policies and templates."""
    for person in people:
        connection = Connection(port, person.cookies)
        for path in ("/work", "/cases"):
            connection.ask(Ask(path))
        connection.close()


def _words() -> list[str]:
    """What people type: words that are rare or frequent, the last figures of telephones."""
    from kesu.config.bench.stamping import FREQUENT, RARE

    return [RARE, FREQUENT, *(f"{nth * 37 % 10_000:04d}" for nth in range(_PHONES))]
