"""What only the operating system can give: Python's venv module, a browser and a Chinese font for the tests."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from kesu.config.progress import Progress
from kesu.config.trouble import Trouble
from launch import commands


def require(packages: Sequence[str], *, what: str, progress: Progress, log: Path) -> None:
    """Installs Debian packages when we may, otherwise ends with the one line that does it."""
    line = "apt-get install -y " + " ".join(packages)
    if shutil.which("apt-get") is None:
        raise Trouble(f"缺少{what}", advice=f"用本机的软件包管理器安装（在 Debian 上：{line}），然后重试")
    if os.geteuid() != 0:
        raise Trouble(f"缺少{what}", advice=f"sudo {line}")
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    with progress.step(f"安装{what}（{' '.join(packages)}）"):
        update = "检查网络与软件源，或手工执行：apt-get update"
        commands.run(["apt-get", "update"], log=log, failure="软件源无法更新", advice=update, env=quiet)
        commands.run(
            ["apt-get", "install", "-y", "--no-install-recommends", *packages],
            log=log,
            failure=f"{what}没有装上",
            advice=f"手工执行：{line}",
            env=quiet,
        )


def venv_package() -> str:
    """The Debian package with the venv of this very Python, or of Debian's default Python."""
    exact = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    if shutil.which("apt-cache"):
        known = subprocess.run(["apt-cache", "show", exact], capture_output=True, check=False)
        if known.returncode != 0:
            return "python3-venv"
    return exact


def browser() -> str | None:
    """The path of an installed Chromium or Chrome."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next((path for path in map(shutil.which, names) if path), None)


def has_chinese_font() -> bool:
    """Whether a font can draw Chinese; without fontconfig's own answer the usual folder decides."""
    if shutil.which("fc-list"):
        listed = subprocess.run(["fc-list", ":lang=zh-cn", "family"], capture_output=True, check=False)
        return bool(listed.stdout.strip())
    return any(Path("/usr/share/fonts").rglob("NotoSansCJK*"))
