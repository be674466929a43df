"""What `./kesu wheel` hands over: everything the program needs is inside, and nothing that does not belong there."""

from __future__ import annotations

import subprocess
import tomllib
import zipfile
from pathlib import Path, PurePosixPath

import pytest

from launch import wheel
from launch.main import run
from tests.architecture.test_packaging import ROOT, tracked

_PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
_INFO = f"kesu-{_PROJECT['version']}.dist-info"
_NOT_PACKED = ("__pycache__", "node_modules", ".kesu", "tests/", "frontend/", ".stamp")


def _python() -> Path:
    return ROOT / ".venv" / "bin" / "python"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    return wheel.build(ROOT, _python(), folder / "dist", folder / "log")


@pytest.fixture(scope="module")
def names(built: Path) -> set[str]:
    with zipfile.ZipFile(built) as archive:
        return set(archive.namelist())


def test_it_carries_every_file_of_the_program(names: set[str]) -> None:
    kept = {name.removeprefix("src/") for name in tracked() if name.startswith("src/kesu/")}
    assert kept
    assert kept - names == set()


def test_it_carries_the_policy_library(names: set[str]) -> None:
    kept = {f"kesu/_packs/{name.removeprefix('packs/')}" for name in tracked() if name.startswith("packs/")}
    assert kept
    assert kept - names == set()


def test_it_carries_what_was_built_and_what_git_does_not_keep(names: set[str]) -> None:
    """Styles, scripts, fonts and compiled catalogues, whatever the ignore rules say."""
    program = ROOT / "src" / "kesu"
    files = [path for path in program.rglob("*") if path.is_file() and path.name != ".stamp"]
    built = {
        "kesu/" + path.relative_to(program).as_posix()
        for path in files
        if path.is_relative_to(program / "web" / "static") or "fonts" in path.parts or path.suffix == ".mo"
    }
    assert {"kesu/web/static/build/desk.css", "kesu/web/static/build/public.js"} <= built
    assert built - names == set()


def test_it_carries_nothing_else(names: set[str]) -> None:
    assert {PurePosixPath(name).parts[0] for name in names} == {"kesu", _INFO}
    assert [name for name in names if any(part in name for part in _NOT_PACKED)] == []


def test_a_font_and_a_catalogue_that_git_ignores_would_be_carried(tmp_path: Path) -> None:
    """In a small checkout, so that this one stays as it is."""
    for name, text in {
        "pyproject.toml": (ROOT / "pyproject.toml").read_text(encoding="utf-8"),
        ".gitignore": "fonts/\n*.mo\nbuild/\n",
        "LICENSE": "x",
        "packs/base/pack.yaml": "x",
        "src/kesu/__init__.py": "",
        "src/kesu/documents/fonts/serif.ttf": "x",
        "src/kesu/web/static/build/fonts/serif.woff2": "x",
        "src/kesu/web/static/build/.stamp": "x",
        "src/kesu/web/locale/en/LC_MESSAGES/django.mo": "x",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    with zipfile.ZipFile(wheel.build(tmp_path, _python(), tmp_path / "dist", tmp_path / "log")) as archive:
        found = {name for name in archive.namelist() if "dist-info" not in name}
    assert found == {
        "kesu/__init__.py",
        "kesu/_packs/base/pack.yaml",
        "kesu/documents/fonts/serif.ttf",
        "kesu/web/static/build/fonts/serif.woff2",
        "kesu/web/locale/en/LC_MESSAGES/django.mo",
    }


def test_it_has_one_program_and_its_licence(built: Path) -> None:
    with zipfile.ZipFile(built) as archive:
        words = archive.read(f"{_INFO}/entry_points.txt").decode()
        assert [name for name in archive.namelist() if name.endswith("/LICENSE")]
    assert "kesu = kesu.config.cli:main" in words


def test_the_same_sources_give_the_same_bytes(built: Path, tmp_path: Path) -> None:
    again = wheel.build(ROOT, _python(), tmp_path, tmp_path / "log")
    assert again.read_bytes() == built.read_bytes()


def test_it_hands_over_the_list_of_what_must_be_installed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(str(ROOT), ["wheel", str(tmp_path)]) == 0
    told = capsys.readouterr().out
    assert (tmp_path / "requirements.txt").read_bytes() == (ROOT / "requirements" / "run.txt").read_bytes()
    assert str(tmp_path / "requirements.txt") in told
    assert next(tmp_path.glob("*.whl")).name in told


def test_it_explains_itself_instead_of_building_somewhere_odd(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(str(ROOT), ["wheel", "--help"]) == 2
    assert "./kesu wheel [文件夹]" in capsys.readouterr().err
