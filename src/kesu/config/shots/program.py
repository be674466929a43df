"""The program that is photographed: the one that runs already, or one started for the purpose."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kesu.config import home
from kesu.config.trouble import Trouble

_PATIENCE = 900.0
"""Seconds; the first start builds the demonstration, and a busy machine takes its time."""
_STOP_PATIENCE = 30.0
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@contextmanager
def running(base: str | None, data: Path | None, log: Path) -> Iterator[str]:
    """Yields the address without a slash at its end. A program that was started here ends with the block."""
    if base is not None:
        yield base.rstrip("/")
        return
    port = _free_port()
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "kesu.config.cli", "up", "--port", str(port), "--data", str(data or home.home())]
    with log.open("wb") as record:
        program = subprocess.Popen(command, stdout=record, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
        try:
            _wait(program, address, log)
            yield address
        finally:
            _stop(program)


def _stop(program: subprocess.Popen[bytes]) -> None:
    """One that is still starting does not listen: what kept it from running is told, not that it did not stop."""
    program.terminate()
    try:
        program.wait(timeout=_STOP_PATIENCE)
    except subprocess.TimeoutExpired:
        program.kill()
        program.wait()


def browser_path() -> str:
    found = next((path for path in map(shutil.which, _BROWSERS) if path), None)
    if found is None:
        raise Trouble("没有找到浏览器", why="需要 " + " 或 ".join(_BROWSERS), advice="先运行 ./kesu test，它会准备好")
    return found


def browser_words() -> list[str]:
    """Chromium refuses its sandbox to root."""
    return ["--no-sandbox"] if os.geteuid() == 0 else []


def browser_environment() -> dict[str, str | float | bool]:
    """Dates in the browser's own controls follow the language of the machine, not that of the page."""
    return {**os.environ, "LANG": "zh_CN.UTF-8", "LANGUAGE": "zh_CN"}


def axe_source() -> str:
    path = home.ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
    if not path.exists():
        raise Trouble("没有 axe-core", why=f"{path} 不存在", advice="cd frontend && npm ci")
    return path.read_text(encoding="utf-8")


def _wait(program: subprocess.Popen[bytes], address: str, log: Path) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until and program.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=3):  # noqa: S310  our own address
                return
        except OSError:
            time.sleep(0.2)
    raise Trouble("程序没有起来", why="健康检查没有通过", advice="看记录；或用 --base 指向已在运行的程序", log=log)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
