"""`./kesu test`: everything the tests need, then every check, each under a heading; pytest comes last."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from kesu.config.progress import Progress
from launch import assets, debian, wheel
from launch.environment import Environment

_IMPORT_LINTER = "from importlinter.cli import lint_imports_command; lint_imports_command()"
"""import-linter has no `python -m` form, and the scripts of an environment break when it is moved."""


_OLD = "15"
"""The oldest PostgreSQL that a company may bring; Debian 12 has it."""
_OLD_PROGRAMS = Path("/usr/lib/postgresql") / _OLD / "bin"
_ON_OLD = (
    "launch/test_postgres_lane.py",
    "store",
    "casefile",
    "commands",
    "queries",
    "access",
    "security",
    "jobs",
    "checking",
)
"""The folders of tests that speak with the database, for `--full`."""
_ON_OLD_ALWAYS = (
    "launch/test_postgres_lane.py",
    "store",
    "casefile",
    "security/test_database.py",
    "checking/test_database.py",
)
"""A sample of them for every run: migrations, triggers, row-level security, locks."""


@dataclass(frozen=True)
class Check:
    title: str
    words: tuple[str, ...]
    old_postgres: bool = False
    all_cores: bool = False
    """It keeps every core busy by itself; of the others as many run at a time as there are cores."""


def run(root: Path, words: list[str], progress: Progress) -> int:
    """0 when every check passed. `--full` asks for the long property tests; other words go to pytest unchanged,
    and with such words only pytest runs: somebody is working on those tests."""
    full = "--full" in words
    rest = [word for word in words if word != "--full"]
    environment = Environment(root, progress)
    _ensure_tools(environment, progress, full=full and not rest)
    variables = dict(os.environ, KESU_FULL="1" if full else "", PYTHONDONTWRITEBYTECODE="1")
    checks = _checks(root, rest, full=full)
    alone = [check for check in checks if check.all_cores]
    failed = _side_by_side(environment, [check for check in checks if not check.all_cores], variables, progress)
    for check in alone:
        if check.title == "pytest" and failed:
            progress.say("\n未通过：" + "、".join(failed) + "（详情见上）")
        progress.say(f"\n== {check.title} ==")
        began = time.monotonic()
        if _call(environment, check, variables) != 0:
            failed.append(check.title)
        elif check.title != "pytest":
            progress.say(f"✓ {time.monotonic() - began:.1f} s")
    if failed:
        # On the error stream, so that pytest's closing line stays the last one of the output.
        sys.stderr.write("未通过：" + "、".join(failed) + "\n")
    return 1 if failed else 0


def _ensure_tools(environment: Environment, progress: Progress, *, full: bool) -> None:
    environment.ensure("dev")
    environment.ensure(wheel.LIST)
    missing = []
    if debian.browser() is None:
        missing.append("chromium")
    if not debian.has_chinese_font():
        missing.append("fonts-noto-cjk")
    if missing:
        debian.require(missing, what="测试用的浏览器与中文字体", progress=progress, log=environment.log)
    if full and not _OLD_PROGRAMS.exists():
        packages = [f"postgresql-{_OLD}"]
        debian.require(packages, what=f"测试用的 PostgreSQL {_OLD}", progress=progress, log=environment.log)
    assets.ensure(environment, progress)


def _checks(root: Path, pytest_words: list[str], *, full: bool) -> list[Check]:
    workers = ("-n", str(min(4, os.cpu_count() or 1)), "--dist", "loadfile") if (os.cpu_count() or 1) > 1 else ()
    tests = Check("pytest", ("-m", "pytest", *(pytest_words or workers)), all_cores=True)
    if pytest_words:
        return [tests]
    checks = [
        Check("ruff check", ("-m", "ruff", "check", ".")),
        Check("ruff format", ("-m", "ruff", "format", "--check", ".")),
        Check("mypy", ("-m", "mypy")),
        Check("import-linter", ("-c", _IMPORT_LINTER)),
        Check("djlint", ("-m", "djlint", "src/kesu", "--lint")),
    ]
    if (root / "src" / "kesu" / "config" / "cli" / "policy.py").exists():
        checks.append(Check("kesu policy check", ("-m", "kesu.config.cli", "policy", "check")))
        checks.append(Check("kesu policy test", ("-m", "kesu.config.cli", "policy", "test")))
    if full or _OLD_PROGRAMS.exists():
        folders = tuple(f"tests/{name}" for name in (_ON_OLD if full else _ON_OLD_ALWAYS))
        checks.append(
            Check(f"pytest, PostgreSQL {_OLD}", ("-m", "pytest", *folders, *workers), old_postgres=True, all_cores=True)
        )
    return [*checks, tests]


def _side_by_side(
    environment: Environment, checks: list[Check], variables: dict[str, str], progress: Progress
) -> list[str]:
    """Runs the checks that use one core each; tells of each as a whole, in their order. Titles of those that failed."""

    def call(check: Check) -> tuple[int, str, float]:
        began = time.monotonic()
        done = _started(environment, check, variables, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        return done.returncode, done.stdout or "", time.monotonic() - began

    failed = []
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for check, (code, said, seconds) in zip(checks, pool.map(call, checks), strict=True):
            progress.say(f"\n== {check.title} ==\n{said}" + (f"✓ {seconds:.1f} s" if code == 0 else ""))
            if code != 0:
                failed.append(check.title)
    return failed


def _call(environment: Environment, check: Check, variables: dict[str, str]) -> int:
    return _started(environment, check, variables).returncode


def _started(
    environment: Environment, check: Check, variables: dict[str, str], **streams: int
) -> subprocess.CompletedProcess[str]:
    words = [str(environment.python), *check.words]
    if check.old_postgres:
        variables = {**variables, "KESU_TEST_POSTGRES": _OLD}
    return subprocess.run(
        words, cwd=environment.root, env=variables, stdin=subprocess.DEVNULL, check=False, text=True, **streams
    )
