"""PostgreSQL's own `pg_dump`, `pg_restore` and `psql`, run as streams. Passwords go by environment, not by argument."""

from __future__ import annotations

import os
import subprocess
import tempfile
import threading
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import IO

from psycopg import conninfo

from kesu.config.backup.snapshot import VOLATILE
from kesu.config.log_lines import blot
from kesu.config.postgres.binaries import Binaries
from kesu.config.trouble import Trouble

_CHUNK = 1 << 18
_TRANSACTION_TIMEOUT = 17
"""The first major version that knows the setting which every newer dump begins with."""


def dump(client: Binaries, url: str, snapshot: str) -> Iterator[bytes]:
    """The database as it was at `snapshot`, in PostgreSQL's custom format, uncompressed. Raises Trouble."""
    words = [str(client.program("pg_dump")), "--format=custom", "--compress=0", "--no-owner", "--no-privileges"]
    words += [f"--snapshot={snapshot}", "--lock-wait-timeout=120s", "--dbname", _without_password(url)]
    words += [f"--exclude-table-data=public.{name}" for name in VOLATILE]
    with tempfile.TemporaryFile() as errors:
        with subprocess.Popen(
            words, env=_environment(url), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors
        ) as program:
            assert program.stdout is not None
            while chunk := program.stdout.read(_CHUNK):
                yield chunk
        if program.returncode != 0:
            raise Trouble("数据库没有导出", why=_said(errors), advice="按原因处理后重新备份；没有留下半份备份")


def load(client: Binaries, url: str, chunks: Iterable[bytes], *, server: int, last: str) -> None:
    """Everything in one transaction, with the statement `last` at its end: a load that is cut short leaves nothing.
    (`psql --single-transaction` would not do: it commits at the end of its input, also when that end is our death.)

    `server`: the major version of the target. Raises Trouble; what `chunks` raises is passed on.
    """
    reading = [str(client.program("pg_restore")), "--no-owner", "--no-privileges", "--file=-"]
    writing = [str(client.program("psql")), "--no-psqlrc", "--quiet", "--output=/dev/null"]
    writing += ["--set=ON_ERROR_STOP=1", "--file=-", "--dbname", _without_password(url)]
    with (
        tempfile.TemporaryFile() as errors,
        subprocess.Popen(
            reading, env=_environment(""), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors
        ) as reader,
        subprocess.Popen(writing, env=_environment(url), stdin=subprocess.PIPE, stderr=errors) as writer,
    ):
        feeder = _Feeder(chunks, reader)
        feeder.start()
        assert reader.stdout is not None
        assert writer.stdin is not None
        try:
            writer.stdin.write(b"BEGIN;\n")
            whole = pass_on(reader.stdout, writer.stdin, server)
            if not whole:
                reader.kill()  # nobody reads what it says any more: it would wait for ever
            feeder.join()
            whole = whole and reader.wait() == 0 and feeder.fault is None
            if whole:
                writer.stdin.write(f"{last};\nCOMMIT;\n".encode())
        except BrokenPipeError:
            whole = False  # psql ended at the first error: it says why
        finally:
            reader.kill()
            feeder.join()
            with suppress(BrokenPipeError):
                writer.stdin.close()
            writer.wait()
        if feeder.fault is not None:
            raise feeder.fault
        if not whole or writer.returncode != 0:
            raise Trouble("数据库没有恢复，没有写入任何一行", why=_said(errors), advice="按原因处理后再执行一次恢复")


class _Feeder(threading.Thread):
    def __init__(self, chunks: Iterable[bytes], reader: subprocess.Popen[bytes]) -> None:
        super().__init__(daemon=True)
        self.fault: Exception | None = None
        self._chunks, self._reader = chunks, reader

    def run(self) -> None:
        assert self._reader.stdin is not None
        try:
            for chunk in self._chunks:
                self._reader.stdin.write(chunk)
        except BrokenPipeError:
            return  # the reader ended early: its exit code says so
        except Exception as fault:
            self.fault = fault
            self._reader.kill()
        finally:
            with suppress(BrokenPipeError):
                self._reader.stdin.close()


def pass_on(source: IO[bytes], target: IO[bytes], server: int) -> bool:
    """False when the target ended early. An older server does not know every setting that a newer dump begins with."""
    at_head = server < _TRANSACTION_TIMEOUT
    try:
        for line in source:
            if at_head and line.startswith(b"SET transaction_timeout"):
                at_head = False
                continue
            target.write(line)
    except BrokenPipeError:
        return False
    return True


def _without_password(url: str) -> str:
    parts = conninfo.conninfo_to_dict(url)
    parts.pop("password", None)
    return conninfo.make_conninfo("", **parts)


def _environment(url: str) -> dict[str, str]:
    """Nothing of ours but what finds certificates; no setting of the caller's shell may change what is dumped."""
    kept = {name: os.environ[name] for name in ("HOME", "PATH") if name in os.environ}
    password = conninfo.conninfo_to_dict(url).get("password") if url else None
    return {**kept, "LC_ALL": "C", **({"PGPASSWORD": str(password)} if password else {})}


def _said(errors: IO[bytes]) -> str:
    """The first line that the programs complained with: later ones may repeat rows."""
    errors.seek(0)
    lines = errors.read(4000).decode(errors="replace").splitlines()
    return blot(next((line for line in lines if line.strip()), "程序意外结束"))
