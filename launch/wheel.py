"""`./kesu wheel [DIR]`: what is handed to a company: one wheel, and the list of what it needs, pinned by digest."""

from __future__ import annotations

import shutil
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

from kesu.config.progress import Progress
from kesu.config.trouble import Trouble
from launch import assets, commands
from launch.environment import Environment

LIST = "build"
"""requirements/build.txt: the build backend, pinned, so that a build needs nothing that is not named."""


def run(root: Path, words: Sequence[str], progress: Progress) -> int:
    """Builds the assets if they changed, then the wheel. The folder is `dist` unless one is named."""
    if len(words) > 1 or any(word.startswith("-") for word in words):
        sys.stderr.write("用法：./kesu wheel [文件夹]\n")
        return 2
    folder = Path(words[0] if words else "dist").absolute()
    environment = Environment(root, progress)
    environment.ensure("run")
    environment.ensure(LIST)
    assets.ensure(environment, progress)
    with progress.step("打包"):
        wheel = build(root, environment.python, folder, environment.log)
    progress.say(f"{wheel}\n{_list_beside(root, wheel)}")
    return 0


def build(root: Path, python: Path, folder: Path, log: Path) -> Path:
    """The wheel of the checkout `root`, in `folder`. Raises Trouble. The same sources give the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    words = [python, "-m", "hatchling", "build", "-t", "wheel", "-d", folder]
    commands.run(words, log=log, folder=root, failure="没有打成包", advice="按上面的提示改好后重试")
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wheel = folder / f"{project['name']}-{project['version']}-py3-none-any.whl"
    if not wheel.exists():
        raise Trouble("没有打成包", why=f"{wheel} 没有出现", log=log)
    return wheel


def _list_beside(root: Path, wheel: Path) -> Path:
    return Path(shutil.copyfile(root / "requirements" / "run.txt", wheel.with_name("requirements.txt")))
