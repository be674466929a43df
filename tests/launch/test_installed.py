"""Installed from its wheel, away from any checkout: it lists its packs, works on a company's own PostgreSQL made by
the very lines of the operators' page, and runs with the embedded one.

Always with the libraries of this checkout; with `--full` in an empty environment that pip fills from the pinned list.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from psycopg import errors

from kesu.config.postgres import binaries
from kesu.config.postgres.cluster import ADMIN, Cluster
from launch import wheel
from tests.architecture.test_packaging import ROOT
from tests.full import only_in_full
from tests.live import free_port

_OLD = Path("/usr/lib/postgresql/15/bin")
_PATIENCE = 90.0
_FULL = bool(os.environ.get("KESU_FULL"))


@dataclass(frozen=True)
class Installed:
    """`folder` is an empty working folder; `variables` all that its processes get."""

    program: Path
    folder: Path
    variables: dict[str, str]

    def run(self, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.program, *words],
            cwd=self.folder,
            env={**self.variables, **more},
            capture_output=True,
            text=True,
            check=False,
        )

    @contextmanager
    def running(self, *words: str, **more: str) -> Iterator[subprocess.Popen[bytes]]:
        """The program in the background, asked to end as an operator would, and made to if it does not."""
        with (self.folder / f"{words[0]}.log").open("wb") as log:
            process = subprocess.Popen(
                [self.program, *words], cwd=self.folder, env={**self.variables, **more}, stdout=log, stderr=log
            )
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(30)
            finally:
                process.kill()


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """A folder that everybody may enter: the server's own account must get there."""
    made = Path(tempfile.mkdtemp(prefix="kesu-installed-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


@pytest.fixture(scope="module")
def installed(place: Path) -> Installed:
    built = wheel.build(ROOT, ROOT / ".venv" / "bin" / "python", place / "dist", place / "wheel.log")
    venv = place / "venv"
    subprocess.run([sys.executable, "-m", "venv", venv], check=True)
    python = venv / "bin" / "python"
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    if _FULL:
        pinned = ["--require-hashes", "--only-binary=:all:", "-r", ROOT / "requirements" / "run.txt"]
        subprocess.run([*pip, *pinned], check=True, cwd=place)
    else:
        # Libraries only: a path file in there, such as the one that points to this checkout, is not followed.
        own = next((venv / "lib").glob("python3.*/site-packages"))
        libraries = next((ROOT / ".venv" / "lib").glob("python3.*/site-packages"))
        (own / "libraries.pth").write_text(f"{libraries}\n", encoding="utf-8")
    subprocess.run([*pip, "--no-deps", "--no-index", built], check=True, cwd=place)
    folder = place / "empty"
    folder.mkdir()
    variables = {"PATH": f"{venv / 'bin'}:/usr/bin:/bin", "HOME": str(folder), "LANG": "C.UTF-8"}
    return Installed(venv / "bin" / "kesu", folder, variables)


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=3):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("it did not become ready:\n" + log.read_text(encoding="utf-8")[-3000:])


def _get(url: str) -> tuple[str, str]:
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.headers["Content-Type"], answer.read().decode()


def _is_styled(base: str) -> bool:
    """Whether the sign-in page comes with a style sheet, under a name that changes with its content."""
    kind, page = _get(f"{base}/sign-in")
    assert kind.startswith("text/html")
    sheets = re.findall(r'<link[^>]+href="(/static/build/[\w.-]+\.[0-9a-f]{12}\.css)"', page)
    return bool(sheets) and all(_get(base + sheet)[0].startswith("text/css") for sheet in sheets)


def test_it_is_the_installed_program(installed: Installed) -> None:
    python = installed.program.with_name("python")
    asked = [python, "-c", "import kesu; print(kesu.__file__)"]
    done = subprocess.run(asked, cwd=installed.folder, env=installed.variables, capture_output=True, check=True)
    assert Path(done.stdout.decode().strip()).is_relative_to(installed.program.parents[1])


@only_in_full
def test_it_lists_and_proves_its_packs(installed: Installed) -> None:
    packs = sorted(path.name for path in (ROOT / "packs").iterdir() if path.is_dir())
    listed = installed.run("policy", "list")
    assert [line.split("：")[0] for line in listed.stdout.splitlines()] == packs, listed.stderr
    checked = installed.run("policy", "check")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert list(installed.folder.iterdir()) == []


@pytest.mark.skipif(not _FULL, reason="the libraries are those of this checkout; --full installs the pinned list")
def test_the_pinned_list_is_all_that_it_needs(installed: Installed) -> None:
    asked = [installed.program.with_name("python"), "-m", "pip", "check", "--disable-pip-version-check"]
    done = subprocess.run(asked, cwd=installed.folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_it_collects_its_static_files_before_there_is_anything_else(installed: Installed, tmp_path: Path) -> None:
    """As an image is made: no key, no database."""
    done = installed.run("collect", KESU_STATIC_ROOT=str(tmp_path / "static"))
    assert done.returncode == 0, done.stderr
    assert list((tmp_path / "static" / "build").glob("desk.*.css.br"))
    assert list(installed.folder.iterdir()) == []


def test_it_gives_advice_in_its_own_name(installed: Installed) -> None:
    done = installed.run("reset", "--yes")
    assert done.returncode == 1
    assert "./kesu" not in done.stderr


@pytest.fixture(scope="module")
def company(place: Path) -> Iterator[dict[str, str]]:
    """A PostgreSQL as a company has one, set up by the lines of the page: the addresses of owner and application.
    Debian's 15 where it is installed."""
    kept = os.environ.get("KESU_PG_BIN")
    if _OLD.exists():
        os.environ["KESU_PG_BIN"] = str(_OLD)
    try:
        cluster = Cluster(place / "company", durable=False)
        cluster.start()
        psql = binaries.find(None, cluster.place.user, cluster.place.folder / "programs").program("psql")
    finally:
        os.environ.pop("KESU_PG_BIN", None)
        if kept:
            os.environ["KESU_PG_BIN"] = kept
    page = (ROOT / "docs" / "operations" / "install.md").read_text(encoding="utf-8")
    (lines,) = re.findall(r"```sql\n(.*?)```", page, re.DOTALL)
    secrets = {"owner_password": "an owner's 'secret'", "app_password": 'an app"s secret'}
    told = [word for name, value in secrets.items() for word in ("-v", f"{name}={value}")]
    try:
        done = subprocess.run(
            [psql, "-X", "-v", "ON_ERROR_STOP=1", *told, cluster.url(ADMIN, "postgres")],
            input=lines,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        sockets = str(cluster.place.sockets).replace("/", "%2F")
        yield {
            "owner": f"postgresql://kesu_owner:an%20owner%27s%20%27secret%27@/kesu?host={sockets}",
            "app": f"postgresql://kesu_app:an%20app%22s%20secret@/kesu?host={sockets}",
        }
    finally:
        cluster.stop()
        if cluster.place.is_elsewhere:
            shutil.rmtree(cluster.place.folder)


@only_in_full
def test_it_serves_on_the_database_of_a_company(installed: Installed, company: dict[str, str], place: Path) -> None:
    data, keys, port = place / "data", place / "keys.json", free_port()
    base = f"http://127.0.0.1:{port}"
    given = {
        "DATABASE_URL": company["app"],
        "KESU_DATA": str(data),
        "KESU_KEY_FILE": str(keys),
        "KESU_BASE_URL": base,
        "KESU_STATIC_COLLECTED": "1",
    }
    untouched = installed.run("check", **given)
    assert untouched.returncode == 1
    assert "kesu keys" in untouched.stdout
    assert "kesu migrate" in untouched.stdout
    migrated = installed.run("migrate", **given, KESU_OWNER_URL=company["owner"])
    assert migrated.returncode == 0, migrated.stdout + migrated.stderr
    # Who migrates may be root: it must leave nothing where the services write.
    assert not data.exists()
    assert not keys.exists()
    for words in (("keys", "create", str(keys)), ("collect",)):
        done = installed.run(*words, **given)
        assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(installed.run("check", "--json", **given).stdout)
    # From December on the coming year's holidays may not be published yet.
    assert [one for one in told["findings"] if one["grade"] == "failure" and one["check"] != "calendar"] == []
    with installed.running("work", **given) as worker, installed.running("web", "--port", str(port), **given) as web:
        _wait_for(base, web, installed.folder / "web.log")
        assert _is_styled(base)
        assert worker.poll() is None
    assert worker.returncode == 0
    lines = (installed.folder / "work.log").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if "[info" not in line] == []  # it tells what it did in the night


@only_in_full
def test_the_page_gives_the_application_rows_and_nothing_else(company: dict[str, str]) -> None:
    with psycopg.connect(company["app"], autocommit=True) as app:
        if _OLD.exists():
            assert app.info.server_version // 10000 == 15
        for statement in ("CREATE TABLE mine (a int)", "CREATE TEMP TABLE mine (a int)", "SET ROLE kesu_owner"):
            with pytest.raises(errors.InsufficientPrivilege):
                app.execute(statement)
        assert app.execute("SHOW statement_timeout").fetchone() == ("30s",)


@only_in_full
def test_it_runs_with_the_embedded_database(installed: Installed, place: Path) -> None:
    data, port = place / "embedded", free_port()
    base = f"http://127.0.0.1:{port}"
    words = ["up", "--port", str(port), "--data", str(data), *([] if _FULL else ["--empty"])]
    try:
        with installed.running(*words) as program:
            _wait_for(base, program, installed.folder / "up.log")
            assert _is_styled(base)
            told = json.loads(installed.run("check", "--json", "--data", str(data), KESU_BASE_URL=base).stdout)
            wrong = [one for one in told["findings"] if one["grade"] == "failure" and one["check"] != "calendar"]
            assert wrong == []
        assert program.returncode == 0
    finally:
        done = installed.run("reset", "--yes", "--data", str(data))
    assert done.returncode == 0, done.stderr
    assert not data.exists()
