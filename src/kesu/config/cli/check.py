"""`kesu check`: whether this installation is in order. Changes nothing, starts nothing."""

from __future__ import annotations

import argparse
import json
import os
from typing import TYPE_CHECKING, Any, Final

from kesu.config.installation import add_data_option

if TYPE_CHECKING:
    from kesu.config.checking.finding import Finding

_MARKS: Final = {"fine": "✓", "warning": "!", "failure": "✗"}


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("check", help="检查这套安装：数据库账号、密钥、邮件、时钟、日历、文件")
    parser.add_argument("--json", action="store_true", help="输出 JSON")
    add_data_option(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """0 when nothing fails; warnings do not count."""
    if arguments.data is not None:
        os.environ["KESU_DATA"] = str(arguments.data.absolute())
    findings = _findings()
    failures = sum(finding.grade == "failure" for finding in findings)
    if arguments.json:
        rows = [{"check": one.check, "grade": one.grade.value, "sentence": one.sentence} for one in findings]
        print(json.dumps({"ok": not failures, "findings": rows}, ensure_ascii=False, indent=1))
    else:
        for one in findings:
            print(f"{_MARKS[one.grade]} {one.sentence}")
        print(f"{len(findings)} 项，{failures} 项要改" if failures else f"{len(findings)} 项，都能用")
    return 1 if failures else 0


def _findings() -> list[Finding]:
    from django.core.exceptions import ImproperlyConfigured

    from kesu.config.checking.finding import failure, said

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kesu.config.settings")
    try:
        import django

        django.setup()
    except ImproperlyConfigured as wrong:
        return [
            failure(
                "settings",
                said("设置有误（%(wrong)s），程序起不来；请照 docs/operations/settings.md 改正", wrong=wrong),
            )
        ]
    except (OSError, ValueError, KeyError) as wrong:
        return [
            failure(
                "settings",
                said("密钥文件读不懂或读不到（%(fault)s），程序起不来；请从备份恢复它", fault=type(wrong).__name__),
            )
        ]
    from kesu.config.checking.everything import everything
    from kesu.core.clock import now

    return list(everything(now))
