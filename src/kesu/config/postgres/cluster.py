"""One PostgreSQL cluster: made when absent, started when silent, stopped in order.

Whether it runs is decided by the answer of its socket, never by its pid file: after a crash that number may belong to
any other program.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg

from kesu.config.postgres import binaries, passwords, place
from kesu.config.postgres.passwords import Passwords
from kesu.config.supervise import log_files, processes
from kesu.config.trouble import Trouble

ADMIN = "kesu_admin"
_START_LIMIT = 120.0
"""Seconds. Recovery after a crash of a large base takes long; a start that fails says so at once."""
_STOP_LIMIT = 30.0
_LOG_LIMIT = 4_000_000
_outliving: list[subprocess.Popen[bytes]] = []
"""Servers may outlive the process that started them; kept here, they are not reported as forgotten children."""


class Cluster:
    """The cluster of the data folder `home`. `durable=False` is for tests: fast, and lost when the power is."""

    def __init__(self, home: Path, *, durable: bool = True) -> None:
        self.home = home
        self.place = place.find(home)
        self._durable = durable
        self._process: subprocess.Popen[bytes] | None = None
        known = passwords.load(home)
        if known is None and (self.place.data / "PG_VERSION").exists():
            raise Trouble(
                f"{home / passwords.FILE} 不见了",
                why="没有其中的密码无法进入已有的数据库",
                advice="从备份恢复该文件；若数据可以丢弃，用 ./kesu reset",
            )
        self.passwords: Passwords = known or passwords.create(home)

    def url(self, role: str, database: str) -> str:
        """A connection address for `role` (`kesu_admin`, `kesu_owner`, `kesu_app`)."""
        secret = {ADMIN: self.passwords.admin, "kesu_owner": self.passwords.owner, "kesu_app": self.passwords.app}[role]
        socket = quote(str(self.place.sockets), safe="")
        return f"postgresql://{role}:{secret}@/{database}?host={socket}&port={place.PORT}"

    def answers(self) -> bool:
        try:
            psycopg.connect(self.url(ADMIN, "postgres"), connect_timeout=3).close()
        except psycopg.OperationalError:
            return False
        return True

    def is_alive(self) -> bool:
        """A look at the process only: cheap enough for twice a second."""
        log_files.bound(self.place.log / "server.log", _LOG_LIMIT)
        if self._process is not None:
            self._process.poll()
        return self._server_pid() is not None

    def start(self) -> None:
        """Returns when the server answers. Many may call at once; one makes and starts it."""
        with self._alone():
            if self.answers():
                return
            found = binaries.find(self._major(), self.place.user, self.place.folder / "programs")
            if not (self.place.data / "PG_VERSION").exists():
                self._init(found)
            self._start(found)

    def stop(self) -> None:
        """A fast shutdown: open transactions are rolled back, everything acknowledged is on the disk."""
        with self._alone():
            pid = self._server_pid()
            if pid is None:
                return
            os.kill(pid, signal.SIGINT)
            if not self._gone_within(_STOP_LIMIT):
                os.kill(pid, signal.SIGQUIT)
                self._gone_within(5)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with (self.home / "cluster.lock").open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    def _major(self) -> int | None:
        version = self.place.data / "PG_VERSION"
        return int(version.read_text(encoding="utf-8").strip()) if version.exists() else None

    def _init(self, found: binaries.Binaries) -> None:
        """initdb into a fresh folder that gets its name last: a half-made cluster is never taken for one."""
        data, user = self.place.data, self.place.user
        making = data.with_name("data.new")
        shutil.rmtree(making, ignore_errors=True)
        making.mkdir(mode=0o700)
        secret = self.place.log / "admin"
        secret.touch(mode=0o600)
        secret.write_text(self.passwords.admin, encoding="utf-8")
        user.own(secret)
        user.own(making)
        # Sorting and case by code point: the same on every machine, whatever its locales become.
        builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        words = ["-D", str(making), "-U", ADMIN, "-E", "UTF8", "--auth=scram-sha-256", f"--pwfile={secret}"]
        words += ["--data-checksums", "--no-instructions"]
        words += builtin if found.major >= 17 else ["--locale=C.UTF-8"]
        try:
            made = subprocess.run(
                [str(found.program("initdb")), *words],
                capture_output=True,
                text=True,
                cwd="/",
                env=_environment(),
                check=False,
                **user.start_options(),
            )
        finally:
            secret.unlink()
        if made.returncode != 0:
            raise Trouble(
                "数据库没有建成", why=made.stderr.strip()[-400:], advice=f"检查 {self.place.folder} 的空间与权限"
            )
        data.rmdir()
        making.rename(data)

    def _start(self, found: binaries.Binaries) -> None:
        until = time.monotonic() + _START_LIMIT
        log = self.place.log / "server.log"
        if not self.is_alive():
            self._process = None
        while not self.answers():
            if time.monotonic() > until:
                raise Trouble("数据库没有起来", why=_tail(log), advice="查看完整记录后重试", log=log)
            starting = self._process is not None and self._process.poll() is None
            if starting or self._server_pid() is not None:
                time.sleep(0.05)
                continue
            if self._process is not None and not _may_pass(_tail(log)):
                self._process = None
                raise Trouble("数据库没有起来", why=_tail(log), advice="查看完整记录后重试", log=log)
            if self._process is not None:
                # The children of a killed server hold its shared memory for a second or two.
                time.sleep(0.2)
            (self.place.data / "postmaster.pid").unlink(missing_ok=True)
            self._process = self._launch(found, log)

    def _launch(self, found: binaries.Binaries, log: Path) -> subprocess.Popen[bytes]:
        log_files.bound(log, _LOG_LIMIT)
        settings = [word for name, value in self._settings().items() for word in ("-c", f"{name}={value}")]
        with log.open("ab") as record:
            server = subprocess.Popen(
                [found.program("postgres"), "-D", self.place.data, *settings],
                cwd="/",
                env=_environment(),
                stdin=subprocess.DEVNULL,
                stdout=record,
                stderr=record,
                start_new_session=True,
                **self.place.user.start_options(),
            )
        _outliving.append(server)
        return server

    def _settings(self) -> dict[str, str]:
        sockets = str(self.place.sockets).replace('"', '""')
        chosen = {
            "listen_addresses": "",
            "unix_socket_directories": f'"{sockets}"',
            "port": str(place.PORT),
            "max_connections": "150",
            "shared_buffers": "128MB",
            "timezone": "UTC",
            "log_timezone": "UTC",
            # What a failing statement says about people stays out of the log.
            "log_error_verbosity": "terse",
            "log_min_error_statement": "panic",
        }
        if not self._durable:
            chosen |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_wal_size": "2GB"}
        return chosen

    def _server_pid(self) -> int | None:
        """The number in the pid file if that process is a living server in this very folder."""
        try:
            pid = int((self.place.data / "postmaster.pid").read_text(encoding="utf-8").split()[0])
        except (OSError, ValueError, IndexError):
            return None
        return pid if processes.works_in(pid, self.place.data, "postgres") else None

    def _gone_within(self, seconds: float) -> bool:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if not self.is_alive():
                return True
            time.sleep(0.03)
        return False


def _environment() -> dict[str, str]:
    """The server gets nothing of our environment: no secrets, no foreign locale."""
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}


def _may_pass(log_end: str) -> bool:
    is_full = "No space left" in log_end
    return not is_full and ("still in use" in log_end or "lock file" in log_end)


def _tail(log: Path) -> str:
    try:
        return log.read_text(encoding="utf-8", errors="replace")[-600:].strip()
    except OSError:
        return ""
