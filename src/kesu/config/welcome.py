"""What `kesu up` prints when it is ready: addresses, and the accounts of the demonstration.

`kesu.config.demonstration.build(at)` returns the accounts; they are kept beside the data, for every later start.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

FILE = "demonstration.json"


@dataclass(frozen=True, slots=True)
class Account:
    """A demonstration account; `about` says in a few words whose desk it is."""

    login: str
    password: str
    about: str


def keep(home: Path, accounts: Sequence[Account]) -> None:
    path = home / FILE
    path.touch(mode=0o600)
    path.write_text(json.dumps([asdict(one) for one in accounts], ensure_ascii=False, indent=1), encoding="utf-8")


def load(home: Path) -> list[Account]:
    """Empty in an installation without the demonstration."""
    try:
        rows = json.loads((home / FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    return [Account(**row) for row in rows]


def lines(accounts: Sequence[Account], base: str, *, is_mailing: bool, setup_code: str = "") -> list[str]:
    """`setup_code`: what the first administrator must show, empty once there is one."""
    doors = [f"  {base}/work  员工", f"  {base}/submit  客户", f"  {base}/report  举报"]
    shown = ["", "Kesu 已就绪（Ctrl-C 结束）", *doors]
    if accounts:
        width = max(len(account.login) for account in accounts)
        shown.append("  演示账号（只在演示数据中存在）：")
        shown += [f"    {one.login:{width}}  {one.password}  {one.about}" for one in accounts]
    if setup_code:
        shown += ["  还没有任何账号。建立第一位管理员：", f"    {base}/setup  安装码 {setup_code}"]
    if not is_mailing:
        shown.append("  没有设置邮件服务器（KESU_SMTP_URL）：邮件留在发件箱，标为暂存")
    return [*shown, ""]
