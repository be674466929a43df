"""Asks the running program for every operation with one client and with eight, and reads what it cost."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Final, Self

from kesu.config.bench import operations
from kesu.config.bench.asking import Ask, Asked, Connection, ask_all
from kesu.config.bench.company import AGENT
from kesu.config.bench.figures import EMPTY_PAGE, Line, spread
from kesu.config.bench.machine import Server, Split
from kesu.config.bench.operations import CLIENTS, Operation

_WARM: Final = 12
Say = Callable[[str], None]


class Bench:
    """One running program at a port, and a process in which the clients live."""

    def __init__(self, port: int, server: Server, seconds: float, say: Say) -> None:
        self._port = port
        self._server = server
        self._seconds = seconds
        self._say = say
        self._cookies: dict[str, Mapping[str, str]] = {}

    def __enter__(self) -> Self:
        self._clients = ProcessPoolExecutor(1, get_context("spawn"))
        return self

    def __exit__(self, *_raised: object) -> None:
        self._clients.shutdown()

    def floor(self) -> Line:
        """The least that is asked over HTTP."""
        return self.line(Operation(EMPTY_PAGE, AGENT, self._smallest()))

    def line(self, operation: Operation) -> Line:
        cookies = self.signed_in(operation.login)
        reason = self._warm(operation, cookies)
        if reason:
            self._say(f"  {operation.name}：{reason}")
            return Line(operation.name, operation.limit_ms, operation.limit_rate, note=reason)
        one, one_cpu = self._asked(cookies, operation.asks(1))
        eight, eight_cpu = self._asked(cookies, operation.asks(CLIENTS))
        wrong = [*one.wrong, *eight.wrong]
        if wrong or not one.seconds or not eight.seconds:
            return Line(operation.name, operation.limit_ms, operation.limit_rate, note=f"没有量成：{wrong[:1]}")
        median, p95 = spread(one.seconds)
        line = Line(
            operation.name,
            operation.limit_ms,
            operation.limit_rate,
            cpu_one=one_cpu.all / len(one.seconds) * 1000,
            parts=_each(one_cpu, len(one.seconds)),
            median_one=median,
            p95_one=p95,
            client_one=one.client_cpu / len(one.seconds) * 1000,
            cpu_eight=eight_cpu.all / len(eight.seconds) * 1000,
            median_eight=spread(eight.seconds)[0],
            rate_eight=len(eight.seconds) / eight.lasted,
        )
        self._say(
            f"  {line.name}：CPU {line.cpu_one:.1f} ms，中位 {median:.1f} ms，8 个客户端每秒 {line.rate_eight:.0f}"
        )
        return line

    def _asked(self, cookies: Mapping[str, str], asks: Sequence[Sequence[Ask]]) -> tuple[Asked, Split]:
        before = self._server.cpu()
        found = self._clients.submit(ask_all, self._port, dict(cookies), asks, self._seconds).result()
        return found, self._server.cpu().since(before)

    def _warm(self, operation: Operation, cookies: Mapping[str, str]) -> str:
        """Asks a few times first, so that every web process has compiled its policies and templates. Says why the
        operation cannot be measured."""
        rows = operation.asks(1)[0]
        asks = list(operation.warm) or [*rows[:_WARM], *[rows[0]] * _WARM]
        for _ in range(2):
            connections = [Connection(self._port, cookies) for _ in range(CLIENTS)]
            for ask, connection in zip(asks, [*connections, *connections, *connections], strict=False):
                answer = connection.ask(ask)
                if answer.status == 404:
                    return "还没有这个页面（404）"
                if answer.status != ask.expects:
                    return f"没有量成：{ask.path} 回答 {answer.status}"
            for connection in connections:
                connection.close()
            if operation.warm:
                break
        return ""

    def signed_in(self, login: str) -> Mapping[str, str]:
        """His cookies."""
        if login not in self._cookies:
            self._cookies[login] = operations.sign_in(self._port, login)
        return self._cookies[login]

    def _smallest(self) -> Callable[[int], Sequence[Sequence[Ask]]]:
        """A static file: what a request costs before the program itself has done anything."""
        connection = Connection(self._port)
        page = connection.ask(Ask("/sign-in")).body.decode()
        connection.close()
        path = "/static/" + page.partition('href="/static/')[2].partition('"')[0]
        return lambda clients: [[Ask(path)] for _ in range(clients)]


def _each(spent: Split, count: int) -> tuple[float, float, float]:
    return (spent.web / count * 1000, spent.worker / count * 1000, spent.database / count * 1000)
