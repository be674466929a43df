"""`kesu admin create` and `kesu admin code`: the first administrator, at the machine itself."""

from __future__ import annotations

import argparse
import getpass
import sys
from typing import Any

from kesu.config.installation import add_data_option, attach
from kesu.config.trouble import Trouble


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("admin", help="第一位管理员：create 建立，code 显示网页要的安装码")
    acts = parser.add_subparsers(dest="act", required=True, metavar="做什么")
    create = acts.add_parser("create", help="建立第一位管理员和组织的根")
    create.add_argument("login", help="账号")
    create.add_argument("name", help="姓名")
    create.add_argument("--organisation", required=True, help="集团或公司名称")
    code = acts.add_parser("code", help="显示 /setup 页面要的安装码")
    for one in (create, code):
        add_data_option(one)
    create.set_defaults(run=_create)
    code.set_defaults(run=_code)


def _create(arguments: argparse.Namespace) -> None:
    password = getpass.getpass("密码：") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    attach(arguments)
    from kesu.commands.organisation.create_administrator import create_administrator
    from kesu.core.clock import now
    from kesu.core.errors import NotFound, Unacceptable
    from kesu.web import sentences

    try:
        create_administrator(
            at=now(),
            code=None,
            login=arguments.login,
            name=arguments.name,
            password=password,
            organisation=arguments.organisation,
        )
    except NotFound as known:
        raise Trouble("没有建立", why="已经有账号了", advice="请现有的管理员在“人员”页新建") from known
    except Unacceptable as refused:
        why = "；".join(sentences.field_errors(refused).values())
        raise Trouble("没有建立，数据库没有变化", why=why, advice="改好再试") from refused
    print(f"已建立管理员 {arguments.login}。登录后先看“开始使用”：/setup")


def _code(arguments: argparse.Namespace) -> None:
    attach(arguments)
    from kesu.queries.organisation.first_steps import knows_nobody, setup_code

    if not knows_nobody():
        raise Trouble("安装码不再有用", why="已经有账号了", advice="请现有的管理员在“人员”页新建")
    print(setup_code())
