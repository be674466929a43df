"""`./kesu` before the program: what it skips, what it says, how it finds its own folder."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from kesu.config.progress import Progress
from kesu.config.trouble import Trouble
from launch import assets, commands, debian
from launch.environment import Environment

_ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """Of a checkout just big enough: an empty list of requirements and a package to find, in an awkward path."""
    root = tmp_path_factory.mktemp("bootstrap") / "有 空格 的路径"
    (root / "requirements").mkdir(parents=True)
    (root / "requirements" / "run.txt").write_text("", encoding="utf-8")
    (root / "src" / "found").mkdir(parents=True)
    (root / "src" / "found" / "__init__.py").write_text("PLACE = __file__\n", encoding="utf-8")
    made = Environment(root, Progress(io.StringIO()))
    made.ensure("run")
    return made


def _place_found_by(environment: Environment) -> str:
    asked = [environment.python, "-c", "import found; print(found.PLACE)"]
    return subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()


def test_it_finds_the_program_in_any_path_and_after_a_move(environment: Environment) -> None:
    assert _place_found_by(environment) == str(environment.root / "src" / "found" / "__init__.py")
    moved = environment.root.rename(environment.root.with_name("别处"))
    try:
        found = _place_found_by(Environment(moved, Progress(io.StringIO())))
        assert found == str(moved / "src" / "found" / "__init__.py")
    finally:
        moved.rename(environment.root)


def test_it_does_everything_once(environment: Environment) -> None:
    said = io.StringIO()
    Environment(environment.root, Progress(said)).ensure("run")
    assert said.getvalue() == ""


def test_it_installs_again_when_the_list_changed(environment: Environment) -> None:
    (environment.root / "requirements" / "run.txt").write_text("# another list\n", encoding="utf-8")
    said = io.StringIO()
    Environment(environment.root, Progress(said)).ensure("run")
    assert "安装依赖" in said.getvalue()


def test_it_refuses_a_package_without_its_hash(environment: Environment) -> None:
    (environment.root / "requirements" / "unsure.txt").write_text("idna==3.10\n", encoding="utf-8")
    with pytest.raises(Trouble) as trouble:
        environment.ensure("unsure")
    assert trouble.value.log == environment.log
    assert "hash" in environment.log.read_text(encoding="utf-8").lower()


def test_it_says_what_failed_and_where_the_whole_record_is(tmp_path: Path) -> None:
    program = [sys.executable, "-c", "print('a first line'); print('the last word'); raise SystemExit(3)"]
    with pytest.raises(Trouble) as trouble:
        commands.run(program, log=tmp_path / "log", failure="it failed", advice="do this")
    told = "\n".join(trouble.value.lines())
    assert "it failed" in told
    assert "the last word" in told
    assert "do this" in told
    assert str(tmp_path / "log") in told
    assert "a first line" in (tmp_path / "log").read_text(encoding="utf-8")


def test_it_ends_with_the_one_line_that_only_root_may_do() -> None:
    if os.geteuid() == 0:
        # Root would really install: ask as an ordinary account, in a process of its own.
        program = (
            "import os; os.setgid(65534); os.setuid(65534)\n"
            "from pathlib import Path; from launch import debian; from kesu.config.progress import Progress\n"
            "debian.require(['chromium'], what='浏览器', progress=Progress(), log=Path('/nowhere/log'))"
        )
        paths = os.pathsep.join([str(_ROOT), str(_ROOT / "src")])
        python = "/usr/bin/python3" if os.access("/usr/bin/python3", os.X_OK) else sys.executable
        told = subprocess.run(
            [python, "-c", program],
            env={"PYTHONPATH": paths, "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert "缺少浏览器" in told.stderr
        return
    with pytest.raises(Trouble) as trouble:
        debian.require(["chromium"], what="浏览器", progress=Progress(io.StringIO()), log=Path("/nowhere/log"))
    assert "apt-get install -y chromium" in trouble.value.advice


def test_it_shows_plain_lines_where_nobody_watches() -> None:
    said = io.StringIO()
    progress = Progress(said)
    with progress.step("一步"):
        pass
    with progress.step("不值一提", quiet=True):
        pass
    with pytest.raises(RuntimeError), progress.step("失败的一步", quiet=True):
        raise RuntimeError
    assert [line.split("  ")[0] for line in said.getvalue().splitlines()] == ["✓ 一步", "✗ 失败的一步"]
    assert "\r" not in said.getvalue()


def test_it_builds_the_assets_only_when_their_sources_changed() -> None:
    said = io.StringIO()
    progress = Progress(said)
    environment = Environment(_ROOT, progress)
    assets.ensure(environment, progress)
    first = len(said.getvalue())
    assets.ensure(environment, progress)
    assert len(said.getvalue()) == first


def test_it_can_be_read_by_a_python_that_is_too_old() -> None:
    """No sign in the first file that Python 3.6 did not know, or it could not say that it is too old."""
    import ast

    ast.parse((_ROOT / "kesu").read_text(encoding="utf-8"), feature_version=(3, 6))
