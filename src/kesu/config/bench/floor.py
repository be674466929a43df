"""The least that the same machine can do in the same run: one row in one transaction, as the application's role."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from datetime import datetime
from typing import Final

import psycopg

from kesu.config.bench.figures import ONE_ROW, Line, spread
from kesu.config.bench.machine import Server

_MARK: Final = "bench-floor-"
_INSERT: Final = "INSERT INTO store_submittedform (token, at) VALUES (%s, %s)"


def one_row(
    connect: Callable[[], psycopg.Connection], server: Server, seconds: float, clients: int, at: datetime
) -> Line:
    """A token is written and committed, with one connection and with several. The rows are taken out again."""
    one, one_cpu, _ = _write(connect, server, seconds, 1, at)
    many, many_cpu, lasted = _write(connect, server, seconds, clients, at)
    with connect() as connection:
        connection.execute("DELETE FROM store_submittedform WHERE token LIKE %s", [f"{_MARK}%"])
    median, p95 = spread(one)
    return Line(
        ONE_ROW,
        cpu_one=one_cpu / len(one) * 1000,
        median_one=median,
        p95_one=p95,
        cpu_eight=many_cpu / len(many) * 1000,
        median_eight=spread(many)[0],
        rate_eight=len(many) / lasted,
    )


def _write(
    connect: Callable[[], psycopg.Connection], server: Server, seconds: float, clients: int, at: datetime
) -> tuple[list[float], float, float]:
    taken: list[float] = []
    connections = [connect() for _ in range(clients)]
    before, began = server.cpu(), time.perf_counter()

    def write(connection: psycopg.Connection) -> None:
        mine = []
        while time.perf_counter() - began < seconds:
            start = time.perf_counter()
            connection.execute(_INSERT, [_MARK + secrets.token_hex(16), at])
            connection.commit()
            mine.append(time.perf_counter() - start)
        taken.extend(mine)

    threads = [threading.Thread(target=write, args=(connection,)) for connection in connections]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lasted, used = time.perf_counter() - began, server.cpu().since(before).all
    for connection in connections:
        connection.close()
    return taken, used, lasted
