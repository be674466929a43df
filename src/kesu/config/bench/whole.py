"""The whole benchmark: a company in a database of its own, the load and its proof, the program, the figures."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import psycopg

from kesu.config.bench.figures import Report, Single
from kesu.config.bench.machine import Server, load, memory, processors
from kesu.config.installation import Installation
from kesu.config.postgres import databases
from kesu.config.postgres.cluster import Cluster
from kesu.config.progress import Progress
from kesu.config.supervise.preparation import prepare
from kesu.config.trouble import Trouble
from kesu.core import clock

_NOTE: Final = "bench.json"
_SAMPLE: Final = "kesu_bench_sample"
_PATIENCE: Final = 120.0
_MEMORY_LIMIT: Final = 300.0
_LOOK: Final = 2.0
_AT_REST: Final = 0.03
"""Of one processor; a worker that sleeps uses less."""


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
    installation = Installation(wanted.folder)
    if installation.cluster is None:
        raise Trouble("基准测试只用自己的内嵌数据库", why="设置了 DATABASE_URL", advice="去掉 DATABASE_URL 再运行")
    cluster = installation.cluster
    note = installation.home / _NOTE
    if (installation.home / "installed.json").exists() and not note.exists():
        raise Trouble(
            f"{installation.home} 不是基准测试的数据", why="里面已有一套 Kesu", advice="用 --data 另选一个文件夹"
        )
    known = json.loads(note.read_text(encoding="utf-8")) if note.exists() else None
    if known is None:
        prepare(installation, progress, empty=True)
    try:
        cluster.start()
        _set_up()
        at = datetime.fromisoformat(known["at"]) if known else clock.now().replace(second=0, microsecond=0)
        if known is None:
            report.singles += _fill(wanted, cluster, at, progress)
            note.write_text(json.dumps({"at": at.isoformat(), "cases": wanted.cases}), encoding="utf-8")
        report.machine = _machine(known["cases"] if known else wanted.cases)
        report.singles += _engine(at)
        _measure(installation, cluster, wanted, report, progress)
    finally:
        cluster.stop()
    return report


def _set_up() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kesu.config.settings")
    import django

    django.setup()


def _fill(wanted: Wanted, cluster: Cluster, at: datetime, progress: Progress) -> list[Single]:
    """The company, the sample in databases of its own, the cases."""
    from django.db import connections, transaction

    from kesu.config.bench import company, crew

    with transaction.atomic():
        company.found(at)
    pool: Any = connections["default"]
    pool.close()
    pool.close_pool()  # a database that somebody is connected to cannot be copied
    singles = []
    if wanted.sample:
        names = [f"{_SAMPLE}_{nth}" for nth in range(min(processors(), wanted.sample))]
        with progress.step(f"{wanted.sample} 件与命令所建的逐行比较"):
            singles.append(_compare(cluster, names, at, wanted.sample))
    with progress.step(f"写入 {wanted.cases:,} 件") as step:
        for done in crew.load(at, wanted.cases, min(20, max(1, wanted.cases // 20))):
            step.note(f"{done:,}")
        seconds = step.seconds
    with (
        progress.step("整理数据库"),
        psycopg.connect(cluster.url(databases.OWNER, databases.MAIN), autocommit=True) as own,
    ):
        own.execute("VACUUM (ANALYZE)")
        own.execute("CHECKPOINT") if _may_checkpoint(own) else None
    return [*singles, Single(f"写入 {wanted.cases:,} 件", seconds, "s")]


def _may_checkpoint(connection: psycopg.Connection) -> bool:
    found = connection.execute("SELECT pg_has_role(current_user, 'pg_checkpoint', 'member')").fetchone()
    return bool(found and found[0])


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


def _measure(installation: Installation, cluster: Cluster, wanted: Wanted, report: Report, progress: Progress) -> None:
    from kesu.config.bench.floor import one_row
    from kesu.config.bench.measuring import Bench, free_port
    from kesu.config.bench.operations import CLIENTS

    port = free_port()
    postmaster = int((cluster.place.data / "postmaster.pid").read_text(encoding="utf-8").split()[0])
    address = cluster.url(databases.APP, databases.MAIN)
    with _program(installation.home, port):
        server = Server.find(installation.home, postmaster)
        with progress.step("等程序和数据库空闲"):
            report.machine["busy_share"] = _come_to_rest(server)
        floor, lines = Bench(port, server, wanted.seconds, progress.say).measure()
        server = Server.find(installation.home, postmaster)
        report.singles.append(
            Single("内存 PSS：网页服务与后台任务", memory(server.web | server.worker), "MB", _MEMORY_LIMIT)
        )
        row = one_row(lambda: psycopg.connect(address), server, wanted.seconds, CLIENTS, clock.now())
        report.floor, report.lines = [row, *floor], lines
        report.machine["load_after"] = load()


def _come_to_rest(server: Server) -> float:
    """Waits until nothing works that nobody asked for: after a load the database tidies up, and the worker catches up
    with its nightly tasks. Returns the share of a processor that was still used at the end."""
    until = time.monotonic() + _PATIENCE * 5
    while True:
        before, began = server.cpu(), time.monotonic()
        time.sleep(_LOOK)
        share = server.cpu().since(before).all / (time.monotonic() - began)
        if share < _AT_REST or time.monotonic() > until:
            return share


@contextmanager
def _program(home: Path, port: int) -> Iterator[None]:
    """The real program, as `kesu up` runs it."""
    command = [sys.executable, "-m", "kesu.config.cli", "up", "--port", str(port), "--data", str(home)]
    log = home / "log" / "bench.log"
    with log.open("wb") as record:
        program = subprocess.Popen(command, stdout=record, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
        try:
            _wait(program, port, home, log)
            yield
        finally:
            program.terminate()
            program.wait(timeout=60)


def _wait(program: subprocess.Popen[bytes], port: int, home: Path, log: Path) -> None:
    """Until it serves and the worker runs too."""
    until = time.monotonic() + _PATIENCE
    listed = home / "run" / "children.json"
    while time.monotonic() < until and program.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=3):
                if len(json.loads(listed.read_text(encoding="utf-8"))) == 2:
                    time.sleep(1)
                    return
        except (OSError, ValueError):
            pass
        time.sleep(0.2)
    raise Trouble("程序没有起来", why="健康检查没有通过", advice="看记录", log=log)


def _machine(cases: int) -> dict[str, object]:
    names = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    model = next((line.partition(":")[2].strip() for line in names if line.startswith("model name")), "")
    return {"processors": processors(), "model": model, "cases": cases, "load_before": load()}
