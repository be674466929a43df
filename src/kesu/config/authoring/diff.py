"""`kesu policy diff A B`: what differs, in sentences."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Any

from kesu.config.authoring.finding import pack_meant

if TYPE_CHECKING:
    from kesu.policy.model.pack import Pack


def add_parser(actions: Any) -> None:
    from kesu.config.installation import add_data_option

    one = actions.add_parser("diff", help="用中文逐条说明两部制度、或一部制度的两个版本差在哪里")
    one.add_argument("old", metavar="旧", help="制度代码、制度的文件夹，或已采用制度的指纹（至少前八位）")
    one.add_argument("new", metavar="新", nargs="?", help="同上；不写就是制度库里同一代码的制度")
    add_data_option(one)


def run(arguments: argparse.Namespace) -> int:
    """0 whether they differ or not."""
    old = pack_meant(arguments.old, arguments)
    new = pack_meant(arguments.new or old.code, arguments)
    for line in diff_lines(old, new):
        print(line)
    return 0


def diff_lines(old: Pack, new: Pack) -> Iterator[str]:
    """Part by part, and at the end who has more to do and who less."""
    from kesu.policy.telling.changes import PART_NAMES, changes, role_changes

    yield f"{old.title} {old.version} 版（指纹 {old.hash[:12]}）→ {new.title} {new.version} 版（指纹 {new.hash[:12]}）"
    found = changes(old, new)
    several = len(new.kinds) > 1
    for part, mine in groupby(found, key=lambda change: change.part):
        yield ""
        yield f"## {PART_NAMES[part]}"
        for change in mine:
            yield f"- {f'【{change.kind}】' if several and change.kind else ''}{change}"
    roles = role_changes(old, new)
    if roles:
        yield ""
        yield "## 谁多了什么，少了什么"
    for role in roles:
        more = f"多了{'、'.join(role.gains)}" if role.gains else ""
        less = f"少了{'、'.join(role.loses)}" if role.loses else ""
        yield f"- {role.role}：{'；'.join(filter(None, (more, less)))}。"
    if not found and old.hash == new.hash:
        yield "没有差别。"
    elif not found:
        yield "规则没有差别；打印的版式、填写说明或注释改过。"
