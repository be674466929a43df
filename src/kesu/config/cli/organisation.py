"""`kesu organisation FILE`: brings units, people, posts and policies into an installation that has none."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from kesu.config.installation import add_data_option, attach
from kesu.config.trouble import Trouble


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("organisation", help="从文件写入组织、人员、岗位和采用的制度")
    parser.add_argument("file", type=Path, help="YAML 文件，写法见 docs/how-to/start-from-nothing.md")
    add_data_option(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    try:
        text = arguments.file.read_text(encoding="utf-8")
    except OSError as missing:
        raise Trouble("组织文件读不到", why=str(missing), advice="检查路径") from missing
    attach(arguments)
    from django.db import transaction

    from kesu.casefile.library import read_library
    from kesu.config.organisation_file import bring_in, random_password, read
    from kesu.core.clock import now
    from kesu.core.errors import Refused

    passwords: list[str] = []

    def password() -> str:
        passwords.append(random_password())
        return passwords[-1]

    file = read(text, password)
    at = now()
    try:
        with transaction.atomic():
            bring_in(
                file,
                load=read_library().load,
                calendar=file.calendar(at.year),
                on=at.date(),
                at=at,
                is_demonstration=False,
            )
    except Refused as refused:
        lines = [str(problem) for problem in refused.data.get("problems", ())]
        lines += [f"{field}: {why}" for field, why in refused.data.get("fields", {}).items()]
        raise Trouble(
            "组织没有写入，数据库没有变化", why="；".join(lines) or refused.reason, advice="改好文件再试"
        ) from refused
    print("已写入。首次登录用的口令只显示这一次：")
    for person, given in zip(file.organisation.people, passwords, strict=True):
        print(f"  {person.login}  {person.name}  {given}")
