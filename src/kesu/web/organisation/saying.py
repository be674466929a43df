"""The lines of the three records in words: five cells each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kesu.access.measures import UNSET
from kesu.access.permissions import Permission
from kesu.access.readings import How, Reading
from kesu.commands.registers.print_day import DAY_LIST
from kesu.queries.organisation.changes import ChangeLine
from kesu.queries.organisation.exports import ExportLine
from kesu.web import when
from kesu.web.customers.labels import READINGS as CUSTOMER_READINGS
from kesu.web.joining import listed, strung
from kesu.web.organisation.hooks import EVENT_NAMES
from kesu.web.organisation.mailboxes import PARTS, SECURITY
from kesu.web.organisation.proving import WAYS
from kesu.web.organisation.sources import DELIVERS
from kesu.web.organisation.tree import KINDS
from kesu.web.policies.reading import slot_name
from kesu.web.refusals import RIGHTS
from kesu.web.slices import FACT
from kesu.web.words import say

Row = tuple[str, str, str, str, str]

_ACTS: Final = {
    "unit.created": gettext_lazy("新建单位"),
    "account.created": gettext_lazy("新建账号"),
    "post.given": gettext_lazy("任职"),
    "post.ended": gettext_lazy("卸任"),
    "policy.adopted": gettext_lazy("施行制度"),
    "policy.lifted": gettext_lazy("不再叠加制度"),
    "policy.withdrawn": gettext_lazy("收回未施行的制度"),
    "policy.proposed": gettext_lazy("提出施行制度"),
    "policy.signed": gettext_lazy("签制度"),
    "policy.refused": gettext_lazy("拒签制度"),
    "proposal.signer_named": gettext_lazy("改由别人签制度"),
    "proposal.withdrawn": gettext_lazy("撤回提出的制度"),
    "role.created": gettext_lazy("新建角色"),
    "role.rights": gettext_lazy("改权限"),
    "slot.mapped": gettext_lazy("指定岗位"),
    "absence.begun": gettext_lazy("请假"),
    "absence.ended": gettext_lazy("销假"),
    "credential.added": gettext_lazy("登记证件"),
    "credential.shown": gettext_lazy("查看证件照片"),
    "credential.removed": gettext_lazy("删除证件"),
    "account.handed_over": gettext_lazy("离任交接"),
    "account.changed": gettext_lazy("改人员"),
    "post.changed": gettext_lazy("改任期"),
    "unit.moved": gettext_lazy("移动单位"),
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
    "mailbox.created": gettext_lazy("新建信箱"),
    "mailbox.changed": gettext_lazy("改信箱"),
    "mailbox.shut": gettext_lazy("停用信箱"),
    "mailbox.opened": gettext_lazy("启用信箱"),
    "source.created": gettext_lazy("接入外部系统"),
    "source.changed": gettext_lazy("改外部系统"),
    "source.renewed": gettext_lazy("换外部系统的密钥"),
    "source.earlier_ended": gettext_lazy("作废外部系统的旧密钥"),
    "source.shut": gettext_lazy("停用外部系统"),
    "source.opened": gettext_lazy("启用外部系统"),
    "chat_place.created": gettext_lazy("加工作群"),
    "chat_place.removed": gettext_lazy("去掉工作群"),
    "hook.created": gettext_lazy("新建事件推送"),
    "hook.changed": gettext_lazy("改事件推送"),
    "hook.renewed": gettext_lazy("换事件推送的密钥"),
    "hook.shut": gettext_lazy("停用事件推送"),
    "hook.opened": gettext_lazy("启用事件推送"),
    "hook.sent_again": gettext_lazy("重新推送一次"),
    "channel.tried": gettext_lazy("试发通知通道"),
    "room.removed": gettext_lazy("删除房产"),
    "file.imported": gettext_lazy("导入房产和客户"),
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
    "limited_to": gettext_lazy("事项"),
    "signatures": gettext_lazy("签名"),
    "to_sign": gettext_lazy("由谁签"),
    "proposed_by": gettext_lazy("提出人"),
    "calendar": gettext_lazy("日历"),
    "roles": gettext_lazy("担任的角色"),
    "granted": gettext_lazy("增加"),
    "taken": gettext_lazy("取消"),
    "deputy": gettext_lazy("代理人"),
    "successor": gettext_lazy("接手人"),
    "posts": gettext_lazy("岗位"),
    "name": gettext_lazy("名称"),
    "email": gettext_lazy("邮箱"),
    "code": gettext_lazy("代码"),
    "closed_on": gettext_lazy("停用日"),
    "reason": gettext_lazy("原因"),
    "sessions": gettext_lazy("结束的登录"),
    "factor": gettext_lazy("方式"),
    "provider": gettext_lazy("登录服务"),
    "subject": gettext_lazy("对方的标识"),
    "line": gettext_lazy("分机"),
    "delivers": gettext_lazy("送来什么"),
    "facts": gettext_lazy("可以填的"),
    "fixed": gettext_lazy("一律填的"),
    "number_fact": gettext_lazy("对方的编号"),
    "gives_link": gettext_lazy("告诉办理链接"),
    "address": gettext_lazy("地址"),
    "port": gettext_lazy("端口"),
    "security": gettext_lazy("加密"),
    "folder": gettext_lazy("文件夹"),
    "reads": gettext_lazy("收到以后"),
    "opens": gettext_lazy("自动登记"),
    "proof": gettext_lazy("怎样算他写的"),
    "verifier": gettext_lazy("由哪台服务器查验"),
    "keeps_days": gettext_lazy("保留多少天"),
    "password": gettext_lazy("密码"),
    "tells_words": gettext_lazy("也发标题和人写的字"),
    "host": gettext_lazy("主机"),
    "kinds": gettext_lazy("种类"),
    "events": gettext_lazy("事件"),
    "delivery": gettext_lazy("推送"),
    "carrier": gettext_lazy("由谁送"),
    "rooms_new": gettext_lazy("新房产"),
    "rooms_changed": gettext_lazy("有改动的房产"),
    "rooms_same": gettext_lazy("没有变化的房产"),
    "customers_new": gettext_lazy("新客户"),
    "customers_changed": gettext_lazy("有改动的客户"),
    "customers_same": gettext_lazy("没有变化的客户"),
}
_FACTORS: Final = {
    "app": gettext_lazy("验证器"),
    "recovery": gettext_lazy("恢复码"),
    "feed": gettext_lazy("日历订阅链接"),
    "passkey": gettext_lazy("通行密钥"),
}
_WORDS: Final[Mapping[str, Mapping[str, Any]]] = {
    "kind": KINDS,
    "factor": _FACTORS,
    "password": {"changed": gettext_lazy("已改")},
    "delivers": DELIVERS,
    "events": EVENT_NAMES,
    "security": SECURITY,
    "proof": WAYS,
}
_RIGHTS: Final = {"granted", "taken"}
_OF_POLICIES: Final = {"kind", "kinds", "facts", "number_fact"}
_DAYS: Final = {"from", "until"}
_DAY_LONG: Final = len("2026-01-01")
_SIGNERS: Final = {"signatures", "to_sign"}
_NOT_SAID: Final = {"calendar", "proposal"}
"""Digests and identifiers, which say nothing to a reader."""
_LONGEST_TEXT: Final = 60
_FILES: Final = {
    "case-list": gettext_lazy("诉件列表"),
    "customer": gettext_lazy("客户个人资料"),
    "person": gettext_lazy("人员个人资料"),
}
_FILTERS: Final = {
    "kind": gettext_lazy("种类"),
    "state": gettext_lazy("办理"),
    "subject": gettext_lazy("事项"),
    "stage": gettext_lazy("阶段"),
    "level": gettext_lazy("等级"),
    "due": gettext_lazy("时限"),
    "holder": gettext_lazy("经办人"),
    "unit": gettext_lazy("单位"),
    "customer": gettext_lazy("客户"),
    "person": gettext_lazy("人员"),
    "pack": gettext_lazy("制度包"),
    "received": gettext_lazy("受理"),
    "closed": gettext_lazy("办结"),
    "in_time": gettext_lazy("按时办结"),
    "left": gettext_lazy("当日结束时在办"),
    "sought": gettext_lazy("按词搜索（词不记）"),
}
_VALUES: Final = {
    "open": gettext_lazy("在办"),
    "closed": gettext_lazy("已办结"),
    "overdue": gettext_lazy("已逾期"),
    "today": gettext_lazy("今天到期"),
    "yes": gettext_lazy("是"),
    UNSET: gettext_lazy("未填"),
}


_HOWS: Final = {
    How.SHOWN: gettext_lazy("看明文"),
    How.PRINTED: gettext_lazy("打印"),
    How.TAKEN_OUT: gettext_lazy("下载文件"),
    How.LOOKED: gettext_lazy("看文件"),
}


def change_row(line: ChangeLine) -> Row:
    act = str(_ACTS.get(line.act, line.act))
    return when.stamp(line.at), line.who or _("系统"), act, line.name, strung(_details(line.before, line.after))


def reading_row(line: Reading) -> Row:
    if not line.number:
        how = str(CUSTOMER_READINGS.get(line.what, line.what))
        whose = _("客户 %(name)s · %(unit)s") % {"name": line.customer or _("已抹去"), "unit": line.unit}
        return when.stamp(line.at), line.who, how, whose, _("姓名、电话等全部资料")
    what = _("当日清单") if line.what == DAY_LIST else line.what or _("附件")
    return when.stamp(line.at), line.who or _("系统"), str(_HOWS[line.how]), f"{line.number} {line.unit}", what


def export_row(line: ExportLine) -> Row:
    size = _("%(rows)s 行，%(clear)s 行有个人信息") % {"rows": f"{line.rows:,}", "clear": f"{line.clear:,}"}
    file = str(_FILES.get(line.what, line.what))
    return when.stamp(line.at), line.who, file, size, strung(_said(line.filters)) or _("未加条件")


def _details(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """What was said of the change; of what was there before, from what to what."""
    for code in {**before, **after}:
        was, now = _shown(code, before.get(code)), _shown(code, after.get(code))
        if was and now and was != now:
            yield f"{_PARTS.get(code, code)} {was} → {now}"
        elif (was or now) and code not in _NOT_SAID:
            yield f"{_PARTS.get(code, code)} {now or was}"


def _shown(code: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, list):
        return listed(_shown(code, one) for one in value)[:_LONGEST_TEXT]
    text = str(value)
    if code in _RIGHTS and text in set(Permission):
        return str(RIGHTS[Permission(text)])
    if code in _SIGNERS:
        slot, _colon, name = text.partition(": ")
        return f"{slot_name(slot)} {name}"
    if code in _DAYS and len(text) > _DAY_LONG:
        return when.stamp(datetime.fromisoformat(text))
    return _worded(code, text)[:_LONGEST_TEXT]


def _worded(code: str, text: str) -> str:
    """In our words, or in those of a policy."""
    first, _between, last = text.partition(": ")
    if code == "reads":
        return f"{PARTS.get(first, first)} {say(last)}".rstrip()
    if code == "fixed":
        return _("%(name)s：%(what)s") % {"name": say(first), "what": say(last)}
    ours = _WORDS.get(code, {}).get(text)
    return str(ours) if ours is not None else say(text) if code in _OF_POLICIES else text


def _said(filters: Mapping[str, str]) -> Iterator[str]:
    for code in (*(code for code in _FILTERS if code in filters), *sorted(filters.keys() - _FILTERS.keys())):
        value = filters[code]
        if value:
            yield f"{_FILTERS.get(code, code.removeprefix(FACT))} {_VALUES.get(value, value)}"
