"""The virtual environment beside the checkout: made once, filled by hash-pinned lists, skipped when nothing changed."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from kesu.config.progress import Progress, Step
from kesu.config.trouble import Trouble
from launch import commands, debian

_ADVICE = "检查网络（或 pip 的镜像设置）后重试；不会从头再来"


class Environment:
    """`.venv` in the checkout. `python` is the only program of it that is ever called: scripts break when moved."""

    def __init__(self, root: Path, progress: Progress) -> None:
        self.root = root
        self.folder = root / ".venv"
        self.log = self.folder / "install.log"
        self._progress = progress
        self._stamp = self.folder / "kesu-stamp.json"

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"

    def ensure(self, list_name: str) -> None:
        """Makes the environment hold at least `requirements/<list_name>.txt`."""
        self._ensure_folder()
        self._ensure_path()
        wanted = _digest(self.root / "requirements" / f"{list_name}.txt")
        stamps = self._stamps()
        # The list of the tests contains the list of the program, so either stamp is good enough for `run`.
        if stamps.get(list_name) == wanted or (list_name == "run" and stamps.get("dev_run") == wanted):
            return
        self._install(list_name)
        stamps[list_name] = wanted
        if list_name == "dev":
            stamps["dev_run"] = _digest(self.root / "requirements" / "run.txt")
        self._stamp.write_text(json.dumps(stamps), encoding="utf-8")

    def _stamps(self) -> dict[str, str]:
        try:
            document = json.loads(self._stamp.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return {str(name): str(value) for name, value in document.items()}

    def _ensure_folder(self) -> None:
        if self.python.exists() and self._is_new_enough():
            return
        if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
            log = self.root / ".kesu" / "log" / "install.log"
            debian.require([debian.venv_package()], what="Python 的 venv 模块", progress=self._progress, log=log)
        with self._progress.step("建立 Python 虚拟环境"):
            shutil.rmtree(self.folder, ignore_errors=True)
            made = subprocess.run(
                [sys.executable, "-m", "venv", str(self.folder)], capture_output=True, text=True, check=False
            )
            if made.returncode != 0:
                shutil.rmtree(self.folder, ignore_errors=True)
                raise Trouble(
                    "虚拟环境没有建成",
                    why=(made.stderr or made.stdout).strip()[-300:],
                    advice=f"确认 {sys.executable} 带有 venv 与 ensurepip，且本文件夹可写",
                )

    def _is_new_enough(self) -> bool:
        """A broken environment (its Python was removed or upgraded away) is made again."""
        probe = "import sys; sys.exit(sys.version_info < (3, 11))"
        try:
            return subprocess.run([self.python, "-c", probe], capture_output=True, check=False).returncode == 0
        except OSError:
            return False

    def _ensure_path(self) -> None:
        """Puts src/ on the path with a relative line: it survives moving and any character in the path."""
        for packages in (self.folder / "lib").glob("python3.*/site-packages"):
            line = os.path.relpath(self.root / "src", packages) + "\n"
            pointer = packages / "kesu.pth"
            if not pointer.exists() or pointer.read_text(encoding="utf-8") != line:
                pointer.write_text(line, encoding="utf-8")

    def _install(self, list_name: str) -> None:
        requirements = self.root / "requirements" / f"{list_name}.txt"
        total = sum(1 for line in requirements.read_text(encoding="utf-8").splitlines() if line[:1].isalnum())
        with self._progress.step("安装依赖（按散列值核对）") as step:
            commands.run(
                [self.python, "-m", "pip", "install", "--require-hashes", "--no-input", "-r", requirements],
                log=self.log,
                failure="依赖没有装好",
                advice=_ADVICE,
                env={"PIP_DISABLE_PIP_VERSION_CHECK": "1"},
                each_line=_PipCount(step, total),
            )


class _PipCount:
    """Turns pip's output into "12/81 django"."""

    def __init__(self, step: Step, total: int) -> None:
        self._step, self._total, self._seen = step, total, 0

    def __call__(self, line: str) -> None:
        if line.startswith(("Collecting ", "Requirement already satisfied: ")):
            self._seen += 1
            name = line.split(": ")[-1].replace("Collecting ", "").split("==")[0]
            self._step.note(f"{min(self._seen, self._total)}/{self._total} {name}")
        elif line.startswith("Installing collected packages"):
            self._step.note("写入文件")


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
