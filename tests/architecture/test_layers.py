"""The contracts of the layers hold, and each of them would notice the import that it forbids."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
PACKAGES = (
    *("config", "web", "api", "jobs", "notify", "access", "casefile", "store", "policy", "core"),
    *("commands.cases", "commands.matters", "queries.cases", "queries.work"),
)
TINY = {
    "store.models": "import kesu.policy\n",
    "commands.cases.close": "import kesu.casefile\n",
    "commands.matters.join": "import kesu.casefile\n",
    "queries.cases.page": "import kesu.access\n",
    "queries.work.bench": "import kesu.access\n",
    "web.views": "import kesu.commands.cases.close\nimport kesu.queries.work.bench\n",
}
LAYERS, ENGINE, EDGES, ALONE = "Layers", "The policy engine", "Edges never", "No command calls"
PLANTED = [
    (LAYERS, "access.rows", "import kesu.web\n"),
    (LAYERS, "casefile.book", "import kesu.access\n"),
    (LAYERS, "policy.engine", "import kesu.store\n"),
    (LAYERS, "web.rows", "import kesu.api\n"),
    (LAYERS, "jobs.tick", "import kesu.web\n"),
    (LAYERS, "extra.thing", "x = 1\n"),
    (ENGINE, "policy.engine", "import django\n"),
    (ENGINE, "policy.engine", "import kesu.core\n"),
    (EDGES, "web.rows", "import kesu.store.models\n"),
    (EDGES, "jobs.tick", "import kesu.casefile\n"),
    (EDGES, "notify.mail", "import kesu.store.models\n"),
    (ALONE, "commands.matters.join", "import kesu.commands.cases.close\n"),
    (ALONE, "queries.cases.page", "import kesu.queries.work.bench\n"),
]


def lint(folder: Path, source: Path) -> subprocess.CompletedProcess[str]:
    """Runs the contracts of this checkout's `pyproject.toml` over the package `kesu` below `source`."""
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()", "--no-cache"]
    config = ["--config", str(ROOT / "pyproject.toml")]
    variables = {**os.environ, "PYTHONPATH": str(source), "COLUMNS": "200"}
    return subprocess.run([*command, *config], cwd=folder, env=variables, capture_output=True, text=True, check=False)


def plant(folder: Path, modules: dict[str, str]) -> None:
    for name in ["", *PACKAGES, *modules]:
        parts = ["kesu", *name.split(".")] if name else ["kesu"]
        packages = parts[:-1] if name in modules else parts
        for depth in range(1, len(packages) + 1):
            package = folder.joinpath(*packages[:depth])
            package.mkdir(exist_ok=True)
            (package / "__init__.py").touch()
        if name in modules:
            folder.joinpath(*parts).with_suffix(".py").write_text(modules[name], encoding="utf-8")


def broken(output: str) -> list[str]:
    return [line.removesuffix(" BROKEN") for line in output.splitlines() if line.endswith(" BROKEN")]


def test_it_keeps_every_contract(tmp_path: Path) -> None:
    done = lint(tmp_path, ROOT / "src")
    assert done.returncode == 0, done.stdout + done.stderr


def test_it_lets_a_tree_pass_that_keeps_to_the_layers(tmp_path: Path) -> None:
    plant(tmp_path, TINY)
    done = lint(tmp_path, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(("contract", "module", "text"), PLANTED)
def test_it_notices_a_forbidden_import(tmp_path: Path, contract: str, module: str, text: str) -> None:
    plant(tmp_path, {**TINY, module: text})
    done = lint(tmp_path, tmp_path)
    assert done.returncode == 1
    assert any(name.startswith(contract) for name in broken(done.stdout)), done.stdout + done.stderr


def test_every_contract_has_a_planted_violation() -> None:
    names = [contract["name"] for contract in CONTRACTS]
    assert [name for name in names if not any(name.startswith(planted) for planted, _, _ in PLANTED)] == []
