"""`kesu bench house`: lists of rooms and customers in a company with very many of both, brought in as files are."""

from __future__ import annotations

import random
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from kesu.config.bench.figures import Report, Single
from kesu.config.bench.place import Place, close_connections, machine, place
from kesu.config.progress import Progress

if TYPE_CHECKING:
    from kesu.core.importing import Line

LIMIT: Final = 20.0
_FILE: Final = 5_000
_ENTRANCES, _FLOORS, _DOORS = 2, 25, 5
_SURNAMES: Final = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
)
_SHARES: Final = (8, 8, 7, 6, 5, 4, *(3,) * 4, *(2,) * 10, *(0.9,) * 30)
_GIVEN: Final = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰建文博晨雨欣怡然浩宇轩诗涵"
_SOUGHT: Final = {
    "/rooms": ("", "0101", "5栋", "2501", "单元 25", "7"),
    "/customers": ("", "5栋", "wang", "chen", "zhao", "wei", "王", "张伟", "zhangwei", "4711"),
}
"""Words that are rare, frequent and everywhere, as people type them."""
_DEEP: Final = (("/rooms", "5栋", 4), ("/rooms", "", 40), ("/customers", "chen", 4), ("/customers", "", 40))


def run(folder: Path, rooms: int, seconds: float, progress: Progress) -> Report:
    """As many rooms, one customer in each. A folder that was filled before is measured as it is."""
    report = Report()
    with place(folder, progress) as own:
        if own.loaded is None:
            report.singles.append(_fill(own, rooms, progress))
            own.keep(rooms)
        report.machine = machine(own.loaded or 0)
        with own.serving(report, progress) as port:
            _measure(own, port, seconds, report, progress)
    return report


def _fill(own: Place, rooms: int, progress: Progress) -> Single:
    from django.db import transaction

    from kesu.config.bench import company

    with transaction.atomic():
        company.found(own.at)
    close_connections()
    with progress.step(f"导入 {rooms:,} 间房和 {rooms:,} 位客户") as step:
        with ProcessPoolExecutor(1, get_context("spawn"), _begin) as pool:
            for done in pool.map(bring_in, files_of(own.at, rooms)):
                step.note(f"{done:,}")
        seconds = step.seconds
    with progress.step("整理数据库"):
        own.tidy()
    return Single("导入：每秒房间与客户", 2 * rooms / seconds, "行/秒")


def _measure(own: Place, port: int, seconds: float, report: Report, progress: Progress) -> None:
    from kesu.config.bench.company import AGENT
    from kesu.config.bench.measuring import Bench
    from kesu.config.bench.operations import Operation, same

    asked = [(path, word, 1) for path, words in _SOUGHT.items() for word in words]
    with Bench(port, own.server(), seconds, progress.say) as bench:
        report.floor = [bench.floor()]
        for path, word, page in (*asked, *_DEEP):
            name = f"{path} {word}" + (f" 第 {page} 页" if page > 1 else "")
            asks = same(f"{path}?q={quote(word)}&page={page}")
            report.lines.append(bench.line(Operation(name, AGENT, asks, LIMIT)))


def _begin() -> None:
    import django

    django.setup()


def files_of(at: datetime, rooms: int) -> Iterator[tuple[datetime, int, int]]:
    """Each as somebody would send it: from which room of all to which."""
    return ((at, start, min(start + _FILE, rooms)) for start in range(0, rooms, _FILE))


def bring_in(file: tuple[datetime, int, int]) -> int:
    """Through the command that takes in files."""
    from kesu.access.actor import actor_of
    from kesu.access.estate import projects_for
    from kesu.access.permissions import Permission
    from kesu.commands.customers.import_house import import_house
    from kesu.config.bench.company import AGENT
    from kesu.store.models import Account

    at, start, end = file
    actor = actor_of(Account.objects.get(login=AGENT), at.date())
    projects = sorted(one.name for one in projects_for(actor, Permission.CUSTOMER_IMPORT))
    turn, nth_project = divmod(start // _FILE, len(projects))
    rooms = [_room(nth - start, turn * _FILE, projects[nth_project]) for nth in range(start, end)]
    people = [_person(nth, room) for nth, room in zip(range(start, end), rooms, strict=True)]
    import_house(actor=actor, at=at, name=f"{start}.xlsx", digest=f"{start:064x}", rooms=rooms, customers=people)
    return end


def _room(nth: int, before: int, project: str) -> Line:
    """`before`: how many rooms the project has from earlier files."""
    from kesu.core.importing import Line

    rest, door = divmod(before + nth, _DOORS)
    rest, floor = divmod(rest, _FLOORS)
    building, entrance = divmod(rest, _ENTRANCES)
    cells = {
        "project": project,
        "building": f"{building + 1}栋",
        "entrance": f"{entrance + 1}单元",
        "number": f"{floor + 1:02d}{door + 1:02d}",
        "occupancy": ("own", "let", "empty")[nth % 3],
    }
    return Line("rooms", nth + 2, cells)


def _person(nth: int, room: Line) -> Line:
    from kesu.core.importing import Line

    chance = random.Random(-nth)  # noqa: S311  invented, and the same each time
    surname = chance.choices(_SURNAMES, _SHARES)[0]
    address = {name: room[name] for name in ("project", "building", "entrance", "number")}
    cells = {
        "name": surname + chance.choice(_GIVEN) + chance.choice(_GIVEN),
        "kind": chance.choices(("owner", "tenant", "prospect"), (8, 1, 1))[0],
        "phones": f"13{nth * 7919 % 1_000_000_000:09d}",
    }
    return Line("customers", nth + 2, {**address, **cells})
