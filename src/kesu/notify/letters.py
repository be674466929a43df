"""Sentences of a message. Everything a mail says follows from codes and typed values of the letter."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

Parts = tuple[str, str]

_OF_POLICIES: Final = {
    "policy_to_sign": gettext_lazy("有一份制度等您签"),
    "policy_refused": gettext_lazy("您提出的制度有人拒签"),
}


def moment(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).strftime("%m-%d %H:%M")


def named_due(at: datetime | None, language: str, zone: ZoneInfo) -> str:
    """The limit that a notice names; None: it goes by a date that nobody has stated."""
    with translation.override(language):
        return _("日期未定") if at is None else moment(at, zone)


def compose(
    *,
    template: str,
    language: str,
    number: str,
    title: str,
    subject: str,
    due_at: datetime | None,
    clauses: Sequence[str],
    notice_text: str,
    link: str,
    zone: ZoneInfo,
) -> Parts:
    """Subject and body. `notice_text`: the policy's own words for a notice; empty for the engine's messages."""
    with translation.override(language):
        # One line: it stands in the subject, and no line of a mail's head may end in the middle.
        head = " ".join(_headline(template, subject, due_at, notice_text, zone).split())
        if template == "sealed":
            return head, f"{head}\n\n{link}\n"
        if template == "coded":
            return head, "\n".join([head, "", title, "", link, ""])
        if template in _OF_POLICIES:
            return head, "\n".join([head, "", title, "", link, ""])
        if template in {"unmanned", "own_work", "credential"}:
            return head, f"{head}\n\n{link}\n"
        cited = "、".join(f"§{clause}" for clause in clauses)
        lines = [head, "", f"{number} {title}"]
        if due_at is not None:
            lines.append(_("应于 {due} 前完成").format(due=moment(due_at, zone)))
        if cited:
            lines.append(_("依据 {clauses}").format(clauses=cited))
        # Mail programs keep together what has the same subject: what is new stands in the first line of the text.
        return " ".join(f"{number} {title}".split()), "\n".join([*lines, "", link, ""])


def _headline(template: str, subject: str, due_at: datetime | None, notice_text: str, zone: ZoneInfo) -> str:
    if template == "sealed":
        return _("有一件事项等您处理")
    if template == "coded":
        return _("编号件 {code} 等您办").format(code=subject)
    if template == "credential":
        return _("证件到期：{what}").format(what=subject)
    if template in _OF_POLICIES:
        return str(_OF_POLICIES[template])
    if template == "reminder":
        due = moment(due_at, zone) if due_at else ""
        return _("提醒：{what}，{due} 到期").format(what=subject, due=due)
    if template == "unmanned":
        return _("有审批没有人可签：{what}没有人").format(what=subject)
    if template == "copy":
        return _("{what}，请阅").format(what=subject)
    if template == "own_work":
        return _("有审批没有人可签：{what}的人都参与写了要签的内容，请再派一个人").format(what=subject)
    if template == "escalation":
        return _("已超时：{what}").format(what=subject)
    return notice_text
