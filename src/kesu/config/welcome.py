"""What `kesu up` prints when it is ready: addresses, and the accounts of the demonstration.

`kesu.config.demonstration.build(at)` returns a `Welcome`; it is kept beside the data, for every later start.
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


@dataclass(frozen=True, slots=True)
class Address:
    """A page worth opening; `path` begins with a slash."""

    label: str
    path: str


@dataclass(frozen=True, slots=True)
class Welcome:
    accounts: Sequence[Account] = ()
    addresses: Sequence[Address] = ()


def save(home: Path, welcome: Welcome) -> None:
    path = home / FILE
    path.touch(mode=0o600)
    path.write_text(json.dumps(asdict(welcome), ensure_ascii=False, indent=1), encoding="utf-8")


def load(home: Path) -> Welcome:
    try:
        document = json.loads((home / FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Welcome()
    return Welcome(
        accounts=[Account(**row) for row in document["accounts"]],
        addresses=[Address(**row) for row in document["addresses"]],
    )


def lines(welcome: Welcome, base: str, *, is_mailing: bool) -> list[str]:
    shown = ["", "Kesu 已就绪（Ctrl-C 结束）", f"  打开      {base}/"]
    shown += [f"  {address.label}  {base}{address.path}" for address in welcome.addresses]
    if welcome.accounts:
        shown.append("  演示账号（只在演示数据中存在）：")
        shown += [f"    {account.login}  {account.password}  {account.about}" for account in welcome.accounts]
    if not is_mailing:
        shown.append("  没有设置邮件服务器（KESU_SMTP_URL）：邮件留在发件箱，标为暂存")
    return [*shown, ""]
