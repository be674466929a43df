"""The words of customers: their fields, kinds and preferences, what was done with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kesu.core.masking import dialled_phone
from kesu.web.joining import listed

KINDS: Final = {
    "owner": gettext_lazy("业主"),
    "owner_to_be": gettext_lazy("准业主"),
    "tenant": gettext_lazy("租户"),
    "prospect": gettext_lazy("意向客户"),
    "other": gettext_lazy("其他接触者"),
}
SEXES: Final = {"male": gettext_lazy("男"), "female": gettext_lazy("女")}
CHANNELS: Final = {
    "phone": gettext_lazy("电话"),
    "sms": gettext_lazy("短信"),
    "wechat": gettext_lazy("微信"),
    "mail": gettext_lazy("邮件"),
    "letter": gettext_lazy("信函"),
}
LANGUAGES: Final[Mapping[str, str]] = dict(settings.LANGUAGES)
PERSON: Final = {
    "name": gettext_lazy("姓名"),
    "kind": gettext_lazy("类别"),
    "phones": gettext_lazy("电话"),
    "sex": gettext_lazy("性别"),
    "birth_year": gettext_lazy("出生年"),
    "occupation": gettext_lazy("职业"),
    "contact": gettext_lazy("联系地址"),
}
NEEDS: Final = {
    "purchase_type": gettext_lazy("购房类型"),
    "area": gettext_lazy("意向面积"),
    "price": gettext_lazy("意向价格"),
    "floor": gettext_lazy("意向楼层"),
    "layout": gettext_lazy("意向户型"),
}
SERVICE: Final = {
    "groups": gettext_lazy("分组"),
    "channels": gettext_lazy("愿意的联系方式"),
    "quiet_from": gettext_lazy("勿扰从"),
    "quiet_until": gettext_lazy("勿扰到"),
    "language": gettext_lazy("语言"),
    "note": gettext_lazy("备注"),
}
OTHERS: Final = {
    "room": gettext_lazy("房产"),
    "bought_on": gettext_lazy("购买日期"),
    "place": gettext_lazy("购买地点"),
    "amount": gettext_lazy("金额（元）"),
    "contract": gettext_lazy("合同号"),
    "purpose": gettext_lazy("用途"),
    "how": gettext_lazy("怎样表示的"),
    "given_on": gettext_lazy("同意日期"),
    "withdrawn_on": gettext_lazy("撤回日期"),
    "with": gettext_lazy("另一条记录"),
}
FIELDS: Final = {**PERSON, **NEEDS, **SERVICE, **OTHERS}
ACTS: Final = {
    "customer.added": gettext_lazy("新建"),
    "customer.imported": gettext_lazy("导入"),
    "customer.changed": gettext_lazy("修改"),
    "customer.joined": gettext_lazy("合并"),
    "customer.told_apart": gettext_lazy("说明不是同一个人"),
    "customer.parted": gettext_lazy("撤销合并"),
    "customer.erased": gettext_lazy("抹去个人信息"),
    "room.linked": gettext_lazy("关联房产"),
    "room.ended": gettext_lazy("解除房产"),
    "purchase.added": gettext_lazy("记购买"),
    "consent.given": gettext_lazy("记同意"),
    "consent.withdrawn": gettext_lazy("撤回同意"),
}
READINGS: Final = {"shown": gettext_lazy("查看完整信息"), "exported": gettext_lazy("导出个人资料")}
WHY: Final = {
    "phone": gettext_lazy("电话相同"),
    "room": gettext_lazy("姓名和房产相同"),
    "apart": gettext_lazy("已说明不是同一个人"),
}
_CODES: Final[Mapping[str, Mapping[str, Any]]] = {
    "kind": KINDS,
    "sex": SEXES,
    "channels": CHANNELS,
    "language": LANGUAGES,
}


def value(name: str, stated: Any) -> str:
    """A value of a field as a page shows it."""
    known = _CODES.get(name, {})
    if name == "phones":
        return listed(map(dialled_phone, stated or ()))
    if isinstance(stated, list | tuple):
        return listed(str(known.get(one, one)) for one in stated)
    return str(known.get(stated, stated)) if stated else ""


def moved(name: str, pair: Sequence[Any]) -> str:
    """类别：准业主 → 业主."""
    old, new = (value(name, one) or _("无") for one in pair)
    label = FIELDS.get(name, name)
    if pair[0]:
        return _("%(name)s：%(old)s → %(new)s") % {"name": label, "old": old, "new": new}
    return _("%(name)s：%(what)s") % {"name": label, "what": new}
