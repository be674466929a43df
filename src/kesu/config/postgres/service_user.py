"""As whom the server runs. PostgreSQL refuses to run as root, so root lends it an account without rights."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kesu.config.trouble import Trouble


@dataclass(frozen=True)
class ServiceUser:
    """`name` is None when the server simply runs as ourselves."""

    name: str | None

    @property
    def uid(self) -> int:
        return os.geteuid() if self.name is None else pwd.getpwnam(self.name).pw_uid

    def start_options(self) -> dict[str, Any]:
        """What `subprocess` needs to start a program as this user, with no group of ours."""
        if self.name is None:
            return {}
        return {"user": self.name, "group": pwd.getpwnam(self.name).pw_gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        if self.name is not None:
            shutil.chown(path, self.name, pwd.getpwnam(self.name).pw_gid)

    def can_run(self, program: Path) -> bool:
        return self._test("-x", program)

    def can_enter(self, folder: Path) -> bool:
        return self._test("-x", folder)

    def _test(self, question: str, path: Path) -> bool:
        if self.name is None:
            return os.access(path, os.X_OK)
        command = ["/usr/bin/test", question, str(path)]
        asked = subprocess.run(command, cwd="/", check=False, **self.start_options())
        return asked.returncode == 0


def choose(data: Path) -> ServiceUser:
    """The owner of an existing cluster; otherwise ourselves, or for root an unprivileged account of the machine."""
    if os.geteuid() != 0:
        return ServiceUser(None)
    if data.exists():
        owner = data.stat().st_uid
        if owner != 0:
            return ServiceUser(pwd.getpwuid(owner).pw_name)
    wished = os.environ.get("KESU_PG_USER")
    for name in (wished,) if wished else ("postgres", "nobody"):
        try:
            if pwd.getpwnam(name).pw_uid != 0:
                return ServiceUser(name)
        except KeyError:
            continue
    raise Trouble(
        "没有可以运行数据库的普通账号",
        why="PostgreSQL 不能以 root 身份运行",
        advice="用 KESU_PG_USER 指明一个普通账号，或以普通用户身份运行 ./kesu",
    )
