"""One installation: its data folder, its database (embedded, or the company's own), its processes' environment."""

from __future__ import annotations

import argparse
import atexit
import os
from pathlib import Path
from typing import TYPE_CHECKING

from kesu.config import home
from kesu.config.trouble import Trouble

if TYPE_CHECKING:
    from kesu.config.postgres.cluster import Cluster

# The database's and the keys' libraries are loaded where they are used: every process of ours reads its words through
# this module, and most need neither.

KEYS = "keys.json"
RESTORING = "restoring.json"
"""In the data folder from the first to the last moment of a restore; see `kesu.config.backup.restoring`."""


def add_data_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", type=Path, default=None, metavar="DIR", help="数据文件夹（默认 ./.kesu）")


class Installation:
    """`cluster` is None when `DATABASE_URL` names a database of the company's own."""

    def __init__(self, folder: Path | None) -> None:
        if folder is not None:
            # Every process of this installation, and the settings in this one, must look at the same folder.
            os.environ["KESU_DATA"] = str(folder.absolute())
        self.home = home.home()
        is_external = bool(os.environ.get("DATABASE_URL") or os.environ.get("DATABASE_URL_FILE"))
        self.cluster: Cluster | None = None
        if not is_external:
            self.make_folders()
            from kesu.config.postgres.cluster import Cluster

            self.cluster = Cluster(self.home)

    def make_folders(self) -> None:
        """Beside a company's own database only `kesu up` asks for them: another command, run as root, would leave
        folders that the services may not enter."""
        self.home.mkdir(parents=True, exist_ok=True)
        for name in ("log", "run", "files"):
            (self.home / name).mkdir(mode=0o700, exist_ok=True)

    @property
    def key_file(self) -> Path:
        return Path(os.environ.get("KESU_KEY_FILE") or self.home / KEYS)

    @property
    def files(self) -> Path:
        """The file store: evidence, encrypted."""
        return Path(os.environ.get("KESU_FILES") or self.home / "files")

    def owner_url(self) -> str:
        """The address of the tables' owner. Raises Trouble where `KESU_OWNER_URL` is needed and missing."""
        if self.cluster is not None:
            from kesu.config.postgres import databases

            return self.cluster.url(databases.OWNER, databases.MAIN)
        from kesu.config import env

        address = env.secret("KESU_OWNER_URL")
        if not address:
            raise Trouble(
                "没有数据表所有者的地址",
                why="应用账号看不到密封件，用它备份会缺行；恢复与升级也要所有者来做",
                advice="设置 KESU_OWNER_URL（或 KESU_OWNER_URL_FILE）再试",
            )
        return address

    def start_database(self) -> bool:
        """Makes sure the database is there. Returns whether it was created just now."""
        if self.cluster is None:
            return False
        from kesu.config.postgres import databases

        self.cluster.start()
        if databases.exists(self.cluster, databases.MAIN):
            return False
        databases.ensure_roles(self.cluster)
        databases.create(self.cluster, databases.MAIN)
        return True

    def require_keys(self) -> None:
        """Beside a company's own database a ring is never made by the way: its cases may be sealed with another one."""
        if not self.key_file.exists():
            raise Trouble(
                f"没有密钥文件 {self.key_file}",
                why="投诉内容用它加密；数据库里可能已有用另一把密钥加密的内容",
                advice="从备份恢复该文件，并用 KESU_KEY_FILE 指明；全新安装用 kesu keys create 建立一把",
            )

    def ensure_keys(self) -> None:
        """A key ring is made once. With data already there, a missing one is an alarm and never replaced."""
        path = self.key_file
        if path.exists():
            return
        if (self.home / "installed.json").exists():
            raise Trouble(
                f"密钥文件 {path} 不见了",
                why="没有它，已存的投诉内容无法解开；换一把新的也解不开",
                advice="从备份恢复该文件；若数据可以丢弃，用 ./kesu reset",
            )
        from kesu.core import keyring

        keyring.create(path)

    def applied_migrations(self) -> str:
        """The stamp that the last complete migration left in the database itself, "" when there is none."""
        import psycopg

        from kesu.config import env

        address = env.secret("DATABASE_URL") or home.embedded_url(self.home, "app")
        if not address:
            return ""

        question = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
        try:
            with psycopg.connect(address, connect_timeout=5) as connection:
                found = connection.execute(question).fetchone()
        except psycopg.OperationalError as fault:
            # The first line says what is wrong; the rest may repeat the address.
            raise Trouble(
                "数据库连不上",
                why=str(fault).splitlines()[0],
                advice="检查 DATABASE_URL 指的数据库是否在运行、账号与密码是否正确",
            ) from fault
        return str(found[0] or "") if found else ""

    def environment(self, **more: str) -> dict[str, str]:
        """For processes that serve: all of ours, without the owner's address."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("KESU_OWNER_URL")}
        return {**kept, "KESU_DATA": str(self.home), "DJANGO_SETTINGS_MODULE": "kesu.config.settings", **more}


def refuse_half_restored(folder: Path) -> None:
    """Raises Trouble while a restore into this data folder is not finished: half of it must not be served."""
    note = folder / RESTORING
    if note.exists() and os.environ.get("KESU_RESTORING") != note.read_text(encoding="utf-8"):
        raise Trouble(
            "恢复没有做完，不能启动",
            why="上一次 ./kesu restore 被中断，数据不完整",
            advice="再执行一次同样的 ./kesu restore；若放弃，用 ./kesu reset 清空",
        )


def attach(arguments: argparse.Namespace, *, needs_keys: bool = True) -> Installation:
    """For a command that needs the database in this very process: starts it if it is down, then sets up Django.

    A database that this call started is stopped again when the process ends. `needs_keys=False`: the command reads
    and writes nothing that is encrypted.
    """
    installation = Installation(arguments.data)
    refuse_half_restored(installation.home)
    cluster = installation.cluster
    if cluster is not None and not cluster.answers():
        atexit.register(cluster.stop)
        installation.start_database()
    if cluster is not None:
        installation.ensure_keys()
    elif needs_keys:
        installation.require_keys()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kesu.config.settings")
    import django

    django.setup()
    return installation
