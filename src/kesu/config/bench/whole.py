"""The whole benchmark: a company in a database of its own, the load and its proof, the program, the figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import psycopg

from kesu.config.bench.figures import Report, Single
from kesu.config.bench.machine import memory, processors
from kesu.config.bench.place import Place, close_connections, machine, place
from kesu.config.postgres import databases
from kesu.config.postgres.cluster import Cluster
from kesu.config.progress import Progress
from kesu.config.trouble import Trouble
from kesu.core import clock

_SAMPLE: Final = "kesu_bench_sample"
_MEMORY_LIMIT: Final = 300.0


@dataclass(frozen=True, slots=True)
class Wanted:
    """`sample`: how many cases are compared with those of the commands; `seconds`: how long each operation is asked
    for with one client, and again with eight."""

    folder: Path
    cases: int
    sample: int
    seconds: float


def run(wanted: Wanted, progress: Progress) -> Report:
    """Everything. A folder that was loaded before is measured as it is."""
    report = Report()
    with place(wanted.folder, progress) as own:
        if own.loaded is None:
            report.singles += fill(wanted, own, progress)
            own.keep(wanted.cases)
        report.machine = machine(own.loaded or 0)
        report.singles += _engine(own.at)
        _measure(own, wanted.seconds, report, progress)
    return report


def fill(wanted: Wanted, own: Place, progress: Progress) -> list[Single]:
    """The company, the sample in databases of its own, the cases."""
    from django.db import transaction

    from kesu.config.bench import company, crew

    with transaction.atomic():
        company.found(own.at)
    close_connections()
    singles = []
    if wanted.sample:
        names = [f"{_SAMPLE}_{nth}" for nth in range(min(processors(), wanted.sample))]
        with progress.step(f"{wanted.sample} 件与命令所建的逐行比较"):
            singles.append(_compare(own.cluster, names, own.at, wanted.sample))
    with progress.step(f"写入 {wanted.cases:,} 件") as step:
        for done in crew.load(own.at, wanted.cases, min(20, max(1, wanted.cases // 20))):
            step.note(f"{done:,}")
        seconds = step.seconds
    with progress.step("整理数据库"):
        own.tidy()
    return [*singles, Single(f"写入 {wanted.cases:,} 件", seconds, "s")]


def _compare(cluster: Cluster, names: list[str], at: datetime, sample: int) -> Single:
    from kesu.config.bench import crew

    for name in names:
        databases.drop(cluster, name)
        databases.clone(cluster, databases.MAIN, name)
    try:
        addresses = [cluster.url(databases.APP, name) for name in names]
        differences = [one for found in crew.compare(addresses, at, sample) for one in found]
    finally:
        for name in names:
            databases.drop(cluster, name)
    if differences:
        first = differences[0]
        raise Trouble(
            f"批量写入与命令所建的有 {len(differences)} 处不同",
            why=f"第 {first.nth + 1} 件 {first.what}：命令 {first.by_commands!r}，批量 {first.in_memory!r}",
            advice="先修好批量写入，否则量的不是真实数据",
        )
    return Single(f"{sample} 件与命令所建的不同之处", 0, "处", 0)


def _engine(at: datetime) -> list[Single]:
    from kesu.config.bench import engine
    from kesu.config.bench.crew import company

    return engine.figures(company(at), at)


def _measure(own: Place, seconds: float, report: Report, progress: Progress) -> None:
    from kesu.config.bench import operations
    from kesu.config.bench.company import REGISTRAR
    from kesu.config.bench.floor import one_row
    from kesu.config.bench.measuring import Bench

    address = own.cluster.url(databases.APP, databases.MAIN)
    with own.serving(report, progress) as port:
        server = own.server()
        with Bench(port, server, seconds, progress.say) as bench:
            floor = bench.floor()
            report.lines = [bench.line(operation) for operation in operations.reading()]
            registrar = bench.signed_in(REGISTRAR)
            for writing in (operations.registration, operations.step):
                report.lines.append(bench.line(writing(port, registrar)))
        server = own.server()
        report.singles.append(
            Single("内存 PSS：网页服务与后台任务", memory(server.web | server.worker), "MB", _MEMORY_LIMIT)
        )
        row = one_row(lambda: psycopg.connect(address), server, seconds, operations.CLIENTS, clock.now())
        report.floor = [row, floor]
