"""改动记录: who changed what in the organisation, its people and its policies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from kesu.core import clock
from kesu.queries.organisation.changes import ChangeLine, change_list
from kesu.web import when
from kesu.web.organisation.tree import KINDS
from kesu.web.paging import pager, whole
from kesu.web.session import actor, frame, signed_in

_ACTS: Final = {
    "unit.created": gettext_lazy("新建单位"),
    "account.created": gettext_lazy("新建账号"),
    "post.given": gettext_lazy("任职"),
    "post.ended": gettext_lazy("卸任"),
    "policy.adopted": gettext_lazy("施行制度"),
    "role.created": gettext_lazy("新建角色"),
    "role.rights": gettext_lazy("改权限"),
    "slot.mapped": gettext_lazy("指定岗位"),
    "absence.begun": gettext_lazy("请假"),
    "absence.ended": gettext_lazy("销假"),
    "account.handed_over": gettext_lazy("离任交接"),
    "unit.changed": gettext_lazy("改单位"),
    "account.shut": gettext_lazy("停用账号"),
    "account.reopened": gettext_lazy("重新启用账号"),
    "account.password_given": gettext_lazy("给一次性密码"),
    "account.password_changed": gettext_lazy("改自己的密码"),
    "sessions.ended": gettext_lazy("结束登录"),
    "factor.added": gettext_lazy("加验证方式"),
    "factor.removed": gettext_lazy("去掉验证方式"),
    "factor.reset": gettext_lazy("清除验证方式"),
    "identity.linked": gettext_lazy("关联统一登录"),
    "identity.unlinked": gettext_lazy("解除统一登录"),
}
_PARTS: Final = {
    "kind": gettext_lazy("种类"),
    "inside": gettext_lazy("上级单位"),
    "is_public": gettext_lazy("对客户公开"),
    "login": gettext_lazy("账号"),
    "account": gettext_lazy("账号"),
    "role": gettext_lazy("岗位代码"),
    "unit": gettext_lazy("单位"),
    "from": gettext_lazy("从"),
    "until": gettext_lazy("到"),
    "signatures": gettext_lazy("签名"),
    "calendar": gettext_lazy("日历"),
    "roles": gettext_lazy("担任的角色"),
    "granted": gettext_lazy("增加"),
    "taken": gettext_lazy("取消"),
    "deputy": gettext_lazy("代理人"),
    "successor": gettext_lazy("接手人"),
    "posts": gettext_lazy("岗位"),
    "name": gettext_lazy("名称"),
    "code": gettext_lazy("代码"),
    "closed_on": gettext_lazy("停用日"),
    "reason": gettext_lazy("原因"),
    "sessions": gettext_lazy("结束的登录"),
    "factor": gettext_lazy("方式"),
    "provider": gettext_lazy("登录服务"),
    "subject": gettext_lazy("对方的标识"),
}
_FACTORS: Final = {
    "app": gettext_lazy("验证器"),
    "recovery": gettext_lazy("恢复码"),
    "passkey": gettext_lazy("通行密钥"),
}
_WORDS: Final[Mapping[str, Mapping[str, Any]]] = {"kind": KINDS, "factor": _FACTORS}
_LONGEST_TEXT: Final = 60


@dataclass(frozen=True, slots=True)
class ChangePart:
    line: ChangeLine
    at: str
    who: str
    act: str
    details: str


@require_safe
@signed_in
def changes(request: HttpRequest) -> HttpResponse:
    text = sought(request)
    found = change_list(actor=actor(request), text=text, page=whole(request.GET.get("page", ""), 1))
    total = _("共 %(count)s 条") % {"count": f"{found.total:,}"}
    context = {
        "frame": frame(request, "/organisation", clock.now()),
        "parts": tuple(_part(line) for line in found.rows),
        "text": text,
        "total_text": total,
        "pager": pager(total, found.page, found.pages),
    }
    return render(request, "organisation/changes.html", context)


def sought(request: HttpRequest) -> str:
    """What is looked for in a record."""
    return request.GET.get("q", "").replace("\x00", "").strip()[:_LONGEST_TEXT]


def _part(line: ChangeLine) -> ChangePart:
    stated = {**line.before, **line.after}
    return ChangePart(
        line=line,
        at=when.stamp(line.at),
        who=line.who or _("系统"),
        act=str(_ACTS.get(line.act, line.act)),
        details="；".join(_details(stated)),
    )


def _details(stated: Mapping[str, Any]) -> Iterator[str]:
    for code, value in stated.items():
        if isinstance(value, bool):
            shown = _("是") if value else _("否")
        elif isinstance(value, list):
            shown = "、".join(map(str, value))
        else:
            shown = str(_WORDS.get(code, {}).get(str(value), value))
        yield f"{_PARTS.get(code, code)} {shown[:_LONGEST_TEXT]}"
