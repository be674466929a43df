"""The words of signatures: what stands at a place in a chain, and what to do where nobody can sign."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kesu.access.sight.signatures import Signed
from kesu.policy.model.approving import Staffing

_FOUND: Final = {
    Staffing.SOMEBODY: gettext_lazy("又有人可签了"),
    Staffing.NOBODY: gettext_lazy("没有人可签"),
    Staffing.OWN: gettext_lazy("能签的人都参与写了要签的内容"),
    Staffing.SIGNED: gettext_lazy("同一个人先前已签，不再签"),
}


def found(staffing: str) -> str:
    """Whom the program found for a place, as the timeline tells it."""
    return str(_FOUND[Staffing(staffing)])


def unmanned(staffing: Staffing, slot: str) -> str:
    """Why nobody can sign, and what to do; empty where somebody can."""
    if staffing is Staffing.NOBODY:
        return _("无人可签：%(slot)s现在没有人。已告知管理员，在“组织”里给这个岗位派人以后自动轮到他") % {"slot": slot}
    if staffing is Staffing.OWN:
        return _(
            "无人可签：能签的人都参与写了要签的内容，不能签自己的。已告知管理员，在“组织”里再派一个人以后自动轮到他"
        )
    return ""


def signature_word(signed: Signed) -> str:
    """What stands beside a name in the chain."""
    if signed.is_left_out:
        return _("略过")
    if signed.verdict == "granted":
        return _("先前已同意") if signed.staffing is Staffing.SIGNED else _("同意")
    if signed.verdict == "refused":
        return _("退回")
    return _("无人可签") if signed.staffing.is_vacant else _("待签")


def history(signed: Signed) -> tuple[str, ...]:
    """Through whose hands a place went, and whose opinion is still asked for."""
    hands = [*signed.passed_by, signed.who]
    passed = [_("%(who)s 转办给 %(to)s") % {"who": who, "to": to} for who, to in pairwise(hands)]
    asked = [_("已征询 %(who)s，还没有答复") % {"who": who} for who in signed.asked]
    return (*passed, *asked)
