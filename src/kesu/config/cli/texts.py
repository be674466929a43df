"""`kesu texts`: the catalogues of the interface, for contributors and for building."""

from __future__ import annotations

import argparse
import os
from typing import Any


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("texts", help="更新或编译界面文字的译文目录")
    parser.add_argument("act", choices=("update", "compile"), help="update：照源代码更新 .po；compile：生成 .mo")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """`update` returns 1 while a text is not translated."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kesu.config.settings")
    from kesu.config import catalogues

    if arguments.act == "compile":
        catalogues.compile_all()
        return 0
    missing = 0
    for language in catalogues.LANGUAGES:
        found = catalogues.update(language)
        left = catalogues.untranslated(found)
        missing += len(left)
        print(f"{language}：{len(found)} 条，{len(left)} 条没有译文")
    return 1 if missing else 0
