"""`kesu up`: prepares, serves, restarts what dies, and ends everything in order."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import TextIO

from kesu.config import counting, welcome
from kesu.config.backup.nightly import Nightly
from kesu.config.installation import Installation
from kesu.config.progress import Progress
from kesu.config.supervise import children, processes
from kesu.config.supervise.children import Child
from kesu.config.supervise.preparation import prepare
from kesu.config.trouble import Trouble

_LOOK = 0.2
"""Seconds between two looks at the children."""
_READY_LIMIT = 60.0
_DATABASE_PAUSE = 5.0
_LOCK, _NOTE, _LIST = "supervisor.lock", "supervisor.json", "children.json"


class Supervisor:
    """`backups`: where a backup goes each night, and how many are kept; None: nowhere."""

    def __init__(
        self,
        installation: Installation,
        *,
        address: str,
        port: int,
        empty: bool,
        backups: tuple[Path, int] | None = None,
    ) -> None:
        self._installation = installation
        self._run = installation.home / "run"
        self._address, self._port, self._empty = address, port, empty
        self._backups = backups
        self._nightly: Nightly | None = None
        self._stop = threading.Event()
        self._children: list[Child] = []
        self._progress = Progress()
        self._database_not_before = 0.0

    def run(self) -> None:
        """Returns after an orderly end (Ctrl-C, SIGTERM, `kesu down`). Raises Trouble when it cannot start."""
        self._installation.make_folders()
        lock = _lock(self._run / _LOCK)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: self._stop.set())
        try:
            self._write_note()
            children.end_orphans(self._run / _LIST)
            self._refuse_taken_port()
            folder = self._backups[0] if self._backups else None
            prepare(self._installation, self._progress, empty=self._empty, backups=folder)
            self._start()
            self._watch()
        finally:
            self._end()
            lock.close()

    def _write_note(self) -> None:
        about = {"pid": os.getpid(), "started": processes.started(os.getpid()), "port": self._port}
        (self._run / _NOTE).write_text(json.dumps(about), encoding="utf-8")

    def _refuse_taken_port(self) -> None:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((self._address, self._port))
            except OSError as fault:
                raise Trouble(
                    f"端口 {self._port} 不能用", why=str(fault.strerror), advice="换一个端口：./kesu up --port 8001"
                ) from fault

    def _start(self) -> None:
        base = f"http://{self._address}:{self._port}"
        environment = self._installation.environment(
            KESU_BASE_URL=os.environ.get("KESU_BASE_URL", base),
            KESU_STATIC_COLLECTED="1",
            PYTHONUNBUFFERED="1",
            MALLOC_ARENA_MAX=os.environ.get("MALLOC_ARENA_MAX", "2"),  # threads would hold on to memory of their own
        )
        program = [sys.executable, "-m", "kesu.config.cli"]
        log = self._installation.home / "log"
        serve = [*program, "web", "--address", self._address, "--port", str(self._port)]
        self._children = [Child("网页服务", serve, environment, log / "web.log")]
        with self._progress.step("启动网页服务", quiet=True):
            self._wait_until_ready(base)
        # Only now: on a small machine the two would keep each other from getting ready.
        self._children.append(Child("后台任务", [*program, "work"], environment, log / "worker.log"))
        if self._backups is not None:
            # With the owner's address, if there is one: only the owner sees every row.
            self._nightly = Nightly(self._installation.home, *self._backups, os.environ)
        if not self._stop.is_set():
            accounts = welcome.load(self._installation.home)
            told = welcome.lines(accounts, base, is_mailing=_is_mailing(), setup_code=self._setup_code())
            self._progress.say("\n".join(told))

    def _setup_code(self) -> str:
        """Asked of a process of its own: this one does not load the framework."""
        command = [sys.executable, "-m", "kesu.config.cli", "admin", "code"]
        said = subprocess.run(
            command,
            env=self._installation.environment(),
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            check=False,
        )
        return said.stdout.strip() if said.returncode == 0 else ""

    def _wait_until_ready(self, base: str) -> None:
        until = time.monotonic() + _READY_LIMIT
        while not self._stop.is_set():
            self._look()
            reason = _health(base)
            if reason == "":
                return
            web = self._children[0]
            if time.monotonic() > until or web.restarts > 3:
                log = self._installation.home / "log" / "web.log"
                raise Trouble("网页服务没有起来", why=reason, advice="查看完整记录后重试", log=log)
            self._stop.wait(0.05)

    def _watch(self) -> None:
        while not self._stop.wait(_LOOK):
            self._look()
            told = self._nightly.look() if self._nightly is not None else None
            if told:
                self._progress.say(told)

    def _look(self) -> None:
        before = [child.pid for child in self._children]
        self._keep_database()
        for child in self._children:
            told = child.keep()
            if told and not self._stop.is_set():
                self._tell(told)
        if [child.pid for child in self._children] != before:
            try:
                children.write_list(self._run / _LIST, self._children)
            except OSError as fault:  # a full disk ends nothing that runs
                self._tell(f"没有写下进程清单：{fault.strerror}")

    def _keep_database(self) -> None:
        """One that cannot start (a full disk, most often) is tried again for as long as it takes."""
        cluster = self._installation.cluster
        if cluster is None or cluster.is_alive() or time.monotonic() < self._database_not_before:
            return
        self._tell("数据库意外结束，重新启动")
        try:
            cluster.start()
        except Trouble as trouble:
            told = "；".join(trouble.lines())
        except OSError as fault:
            told = str(fault)
        else:
            return
        self._database_not_before = time.monotonic() + _DATABASE_PAUSE
        self._tell(f"{told}。{_DATABASE_PAUSE:.0f} s 后再试")

    def _tell(self, text: str) -> None:
        """What is said goes where the operator sent it, perhaps to a full disk: nobody dies of that."""
        with contextlib.suppress(OSError):
            self._progress.say(text)

    def _end(self) -> None:
        if self._children:
            self._tell("正在结束")
        if self._nightly is not None:
            self._nightly.stop()
        enders = [threading.Thread(target=child.stop) for child in self._children]
        for ender in enders:
            ender.start()
        for ender in enders:
            ender.join()
        if self._installation.cluster is not None:
            self._installation.cluster.stop()
        counting.forget(self._installation.home)
        for name in (_LIST, _NOTE):
            (self._run / name).unlink(missing_ok=True)


def end_running(installation: Installation, seconds: float) -> bool:
    """Ends the supervisor of this installation from another shell, or what a killed one left. False: nothing ran."""
    installation.make_folders()
    run = installation.home / "run"
    pid = _running(run / _NOTE)
    if pid is not None:
        os.kill(pid, signal.SIGTERM)
        until = time.monotonic() + seconds
        while _running(run / _NOTE) == pid and time.monotonic() < until:
            time.sleep(0.05)
        if _running(run / _NOTE) == pid:
            raise Trouble(f"进程 {pid} 在 {seconds:.0f} s 内没有结束", advice="查看它的输出；再执行一次 ./kesu down")
        return True
    with _lock(run / _LOCK):
        found = bool(children.end_orphans(run / _LIST))
        counting.forget(installation.home)
        (run / _NOTE).unlink(missing_ok=True)
        if installation.cluster is not None and installation.cluster.is_alive():
            installation.cluster.stop()
            found = True
    return found


def _running(note: Path) -> int | None:
    try:
        about = json.loads(note.read_text(encoding="utf-8"))
        pid = int(about["pid"])
    except (OSError, ValueError, KeyError):
        return None
    return pid if processes.started(pid) == about["started"] else None


def only_one(installation: Installation) -> TextIO:
    """Keeps every supervisor of this installation out until the answer is closed. Raises Trouble when one runs."""
    installation.make_folders()
    return _lock(installation.home / "run" / _LOCK)


def _lock(path: Path) -> TextIO:
    """Held for life by the supervisor; the kernel lets go of it however the process ends."""
    handle = path.open("w", encoding="utf-8")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as fault:
        handle.close()
        raise Trouble(
            "这个数据文件夹已有 Kesu 在运行", why=str(path.parent.parent), advice="先执行 ./kesu down，或用 --data 另选"
        ) from fault
    return handle


def _health(base: str) -> str:
    """ "" when it can serve, else the reason."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{base}/healthz", timeout=3):
            return ""
    except urllib.error.HTTPError as refused:
        return refused.read(200).decode(errors="replace").strip()
    except OSError as fault:
        return str(fault)


def _is_mailing() -> bool:
    return bool(os.environ.get("KESU_SMTP_URL") or os.environ.get("KESU_SMTP_URL_FILE"))
