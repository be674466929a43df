"""`kesu mail receive ADDRESS`: a mail server hands over one message on standard input.

The exit code is for the mail server (sysexits.h): 0 it is kept; 64 the command was written wrongly; 66 nothing came;
67 no such mailbox; 65 too large; 75 not now, try again. Whoever gets 75 keeps the message and tries later; the others
go back to the sender. The same message handed over twice is kept once.
"""

from __future__ import annotations

import argparse
import os
import sys
from typing import Any, Final, NoReturn

from kesu.config.installation import add_data_option, attach
from kesu.config.trouble import Trouble

_MOST: Final = 60 * 1024 * 1024


class _Parser(argparse.ArgumentParser):
    """A wrong command line must not send mails back as if nobody lived here."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(os.EX_USAGE, f"{self.prog}: {message}\n")


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("mail", help="来信：receive 收下邮件服务器从管道送来的一封")
    acts = parser.add_subparsers(dest="act", required=True, metavar="做什么", parser_class=_Parser)
    receive = acts.add_parser("receive", help="从标准输入收下一封，退出码按 sysexits")
    receive.add_argument("address", help="信箱的地址或名称")
    add_data_option(receive)
    receive.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    content = sys.stdin.buffer.read(_MOST + 1)
    if not content.strip():
        return _said("标准输入是空的", os.EX_NOINPUT)
    if len(content) > _MOST:
        return _said("超过 60 MB", os.EX_DATAERR)
    try:
        return _keep(arguments, content)
    except Trouble as trouble:
        return _said("；".join(trouble.lines()), os.EX_TEMPFAIL)
    except Exception as broken:  # whatever it is: the mail server keeps the message and tries again
        return _said(type(broken).__name__, os.EX_TEMPFAIL)


def _keep(arguments: argparse.Namespace, content: bytes) -> int:
    attach(arguments)
    from kesu.commands.arrivals.keep_mail import keep_mail
    from kesu.core.clock import now
    from kesu.core.errors import NotFound
    from kesu.queries.arrivals.mailbox_called import mailbox_called

    mailbox_id = mailbox_called(text=arguments.address)
    try:
        if mailbox_id is None:
            raise NotFound
        keep_mail(at=now(), mailbox_id=mailbox_id, content=content)
    except NotFound:
        return _said(f"没有这个信箱，或已停用：{arguments.address}", os.EX_NOUSER)
    return os.EX_OK


def _said(why: str, code: int) -> int:
    sys.stderr.write(f"kesu mail receive: {why}\n")
    return code
