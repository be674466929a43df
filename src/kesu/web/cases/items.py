"""One item of a timeline in words, and how it looks."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext as _

from kesu.access.sight.item import Item, ItemKind
from kesu.web import approving, when
from kesu.web.cases.drawing import reason_of
from kesu.web.joining import strung
from kesu.web.words import say

LOOKS: Final = {
    ItemKind.LEVEL: "level",
    ItemKind.ESCALATION: "late",
    ItemKind.INTERNAL: "internal",
    ItemKind.SENT: "sent",
    ItemKind.RECEIVED: "customer",
}
ICONS: Final = {
    ItemKind.SIGNED: "rubber-stamp",
    ItemKind.STAFFED: "users",
    ItemKind.NOTICE: "send",
    ItemKind.TO_GUEST: "send",
    ItemKind.FROM_GUEST: "message-circle",
    ItemKind.REMINDER: "bell",
    ItemKind.VIEWED: "eye",
    ItemKind.PRINTED: "printer",
    ItemKind.OPENED: "eye",
    ItemKind.TAKEN_OUT: "download",
    ItemKind.LOOKED: "eye",
    ItemKind.FILE_SAID: "file",
    ItemKind.FILE_HANDED: "file",
    ItemKind.FILE_MARKED: "edit",
    ItemKind.WORLD: "info-circle",
    ItemKind.LINK_OPENED: "link",
    ItemKind.LINK_CLOSED: "link",
    ItemKind.LINK_REOPENED: "link",
    ItemKind.ABSORBED: "link",
    ItemKind.NAMED_CLOSED: "link",
    ItemKind.NAMED_REOPENED: "link",
    ItemKind.DRAWN: "filter",
    ItemKind.COUNTED: "chart-bar",
    ItemKind.MATTER: "users",
    ItemKind.RECOUNTED: "calendar-event",
    ItemKind.RERULED: "git-compare",
}


def text_of_item(item: Item) -> str:
    if item.kind is ItemKind.LEVEL and item.move is not None:
        return reason_of(item.move)
    if item.kind is ItemKind.VOIDED and not item.name:
        return _("更正：撤销前面的记录")
    name = item.name or (_("当日清单") if item.kind is ItemKind.PRINTED else "")
    said = _SENTENCES[item.kind]() % {"name": name} if item.kind in _SENTENCES else item.text or item.name
    if item.instead is not None:
        told = _("改为告知%(slot)s") % {"slot": item.instead} if item.instead else _("没有告知任何人")
        said = _("%(name)s：应告知的岗位现在没有人，%(told)s") % {"name": item.name, "told": told}
    if item.kind is ItemKind.TO_GUEST:
        said = _("致%(name)s：%(text)s") % {"name": item.name, "text": item.text}
    if item.moved:
        moved = strung(f"{say(one.name)} {when.stamp(one.before)} → {when.stamp(one.after)}" for one in item.moved)
        said = _("%(said)s：%(moved)s") % {"said": said, "moved": moved}
    if item.kind is ItemKind.SIGNED:
        verdict = _("同意") if item.verdict == "granted" else _("退回")
        said = f"{item.name}：{verdict}"
    if item.kind is ItemKind.STAFFED:
        said = _("%(name)s：%(found)s") % {"name": item.name, "found": approving.found(item.verdict)}
    if item.stage:
        said = _("%(said)s，进入“%(stage)s”") % {"said": said, "stage": item.stage}
    if (item.recorded_at - item.at).total_seconds() > 60:
        said = _("%(said)s（%(at)s 补录）") % {"said": said, "at": when.stamp(item.recorded_at)}
    return said


_SENTENCES: Final = {
    ItemKind.NOTICE: lambda: _("已发出：%(name)s"),
    ItemKind.REMINDER: lambda: _("已提醒：%(name)s"),
    ItemKind.ESCALATION: lambda: _("%(name)s超时，已上报"),
    ItemKind.LINK_OPENED: lambda: _("已开立关联的诉件：%(name)s"),
    ItemKind.LINK_CLOSED: lambda: _("关联的诉件已经结束：%(name)s"),
    ItemKind.LINK_REOPENED: lambda: _("关联的诉件重新办理：%(name)s"),
    ItemKind.DRAWN: lambda: _("已抽签抽出：%(name)s"),
    ItemKind.COUNTED: lambda: _("已由指标算出：%(name)s"),
    ItemKind.RECOUNTED: lambda: _("时限改按新日历计算"),
    ItemKind.RERULED: lambda: _("改按制度 %(name)s 版办理"),
    ItemKind.MATTER: lambda: _("同一事项的人数到了制度写的界限"),
    ItemKind.VOIDED: lambda: _("撤销了“%(name)s”"),
    ItemKind.ABSORBED: lambda: _("有一件并入本件：%(name)s"),
    ItemKind.NAMED_CLOSED: lambda: _("点名的诉件已经结束：%(name)s"),
    ItemKind.NAMED_REOPENED: lambda: _("点名的诉件重新办理：%(name)s"),
    ItemKind.VIEWED: lambda: _("查看了%(name)s的完整内容"),
    ItemKind.OPENED: lambda: _("打开了查询页"),
    ItemKind.PRINTED: lambda: _("打印或下载了含个人信息的%(name)s"),
    ItemKind.TAKEN_OUT: lambda: _("下载了文件 %(name)s"),
    ItemKind.LOOKED: lambda: _("在页面里看了文件 %(name)s"),
    ItemKind.FILE_SAID: lambda: _("说明了证据 %(name)s"),
    ItemKind.FILE_HANDED: lambda: _("交接了证据原件 %(name)s"),
    ItemKind.FILE_MARKED: lambda: _("在图上标注：%(name)s"),
}
