"""Of an answer by mail, what its writer added: without the mail that he answered, which mail programs put below it."""

from __future__ import annotations

import re
from typing import Final

_BEGINS: Final = re.compile(
    r"[ \t]*(?:"
    r"-{2,}[ \t]*(?:原始邮件|原始郵件|回复的原邮件|转发邮件信息|Original Message|Forwarded message)[ \t]*-{2,}"
    r"|-{2,}[ \t]*Original[ \t]*-{2,}"
    r"|(?:在|于)[ \t]?\d{4}[-年/].{0,120}(?:写道|寫道)[：:]?"
    r"|\d{4}年\d{1,2}月\d{1,2}日.{0,120}(?:写道|寫道)[：:]?"
    r"|On .{6,160} wrote:"
    r"|.{0,120}<[^<>\s]{3,120}>[ \t]*(?:于|在).{0,80}(?:写道|寫道)[：:]?"
    r")[ \t]*",
    re.I,
)
_HEAD: Final = re.compile(r"[ \t>*]*(?:发件人|寄件者|寄件人|From)[ \t]*[:：*]", re.I)
_NEXT: Final = re.compile(
    r"[ \t>*]*(?:发送时间|發送時間|傳送時間|日期|收件人|收件者|主题|主旨|Sent|Date|To|Subject)[ \t]*[:：*]", re.I
)
_RULE: Final = re.compile(r"[ \t]*[_-]{10,}[ \t]*")
_LONGEST_LINE: Final = 400


def own_words(text: str) -> str:
    """All of it where nothing would be left."""
    lines = text.split("\n")
    end = next((number for number in range(len(lines)) if _is_quoted_from(lines, number)), len(lines))
    while end and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith(">") or _is_rule(lines[end - 1])):
        end -= 1
    return "\n".join(lines[:end]).strip() or text.strip()


def _is_quoted_from(lines: list[str], number: int) -> bool:
    line = lines[number][:_LONGEST_LINE]
    if _BEGINS.fullmatch(line):
        return True
    following = [one[:_LONGEST_LINE] for one in lines[number + 1 : number + 4]]
    return _HEAD.match(line) is not None and any(_NEXT.match(one) for one in following)


def _is_rule(line: str) -> bool:
    return _RULE.fullmatch(line[:_LONGEST_LINE]) is not None
