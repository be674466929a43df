"""Why a message did not arrive, in words that help: what happened, and what to do."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

_SAID: Final = {
    "inside_the_house": gettext_lazy(
        "地址在公司内网里，或没有加密；内网的要由运维在 KESU_HOOKS_INSIDE 里放行，网外的要用 https"
    ),
    "bad_address": gettext_lazy("地址看不懂"),
    "no_such_host": gettext_lazy("没有这个主机：.invalid 的名称只用来举例"),
    "timeout": gettext_lazy("对方没有在 10 秒内答复"),
    "certificate_not_trusted": gettext_lazy("对方的证书不可信：过期、自签，或不是这个域名的"),
    "answer_too_long": gettext_lazy("对方的答复太长"),
    "clock_moved": gettext_lazy("程序的时钟拨快了，只推给本机"),
}
_CODES: Final = {
    "wecom 40001": gettext_lazy("企业微信不认应用的 secret"),
    "wecom 40013": gettext_lazy("企业微信不认企业 ID"),
    "wecom 45009": gettext_lazy("企业微信说发得太快，每个机器人一分钟 20 条"),
    "wecom 60020": gettext_lazy("企业微信没有放行这台服务器的 IP"),
    "wecom 81013": gettext_lazy("企业微信里没有这个人，或不在应用的可见范围里"),
    "wecom 93000": gettext_lazy("企业微信不认机器人的 key，机器人可能已移出群"),
    "wecom: no such person": gettext_lazy("企业微信里没有这个人，或不在应用的可见范围里"),
    "dingtalk 310000": gettext_lazy("钉钉不认签名：加签的 secret 不对，或服务器时间差了一小时以上"),
    "dingtalk 130101": gettext_lazy("钉钉说发得太快，每个机器人一分钟 20 条，超了停 10 分钟"),
    "dingtalk 300005": gettext_lazy("钉钉不认机器人的 token"),
    "dingtalk 33012": gettext_lazy("钉钉里没有这个人"),
    "feishu 19021": gettext_lazy("飞书不认签名：secret 不对，或服务器时间差了一小时以上"),
    "feishu 19001": gettext_lazy("飞书不认机器人的地址"),
    "feishu 11232": gettext_lazy("飞书说发得太快，每个机器人一秒 5 条、一分钟 100 条"),
    "feishu 230001": gettext_lazy("飞书里没有这个人"),
    "aliyun SignatureDoesNotMatch": gettext_lazy("阿里云不认 AccessKey Secret"),
    "aliyun InvalidAccessKeyId.NotFound": gettext_lazy("阿里云没有这个 AccessKey"),
    "aliyun isv.SMS_SIGNATURE_ILLEGAL": gettext_lazy("短信签名没有通过审核，或与申请的不一样"),
    "aliyun isv.SMS_TEMPLATE_ILLEGAL": gettext_lazy("短信模板没有通过审核，或代码不对"),
    "aliyun isv.TEMPLATE_MISSING_PARAMETERS": gettext_lazy("模板的变量与设置里的不一致"),
    "aliyun isv.AMOUNT_NOT_ENOUGH": gettext_lazy("短信账户余额不足"),
    "aliyun: signature not approved": gettext_lazy("短信签名没有通过审核"),
    "sms: not a mobile number": gettext_lazy("不是手机号"),
}
_NO_TEMPLATE: Final = "sms: no template for "


def failed_words(reason: str) -> str:
    """`reason`: of `NotCarried`. What is not known here is shown as it is: it holds no secret."""
    if reason.startswith(_NO_TEMPLATE):
        told = _("没有给“%(notice)s”设短信模板；请在通道设置里给它一个，或用 * 设一个通用的")
        return told % {"notice": reason.removeprefix(_NO_TEMPLATE)}
    if reason.startswith("unreachable"):
        return _("连不上对方（%(why)s）") % {"why": reason.removeprefix("unreachable").strip(" ()")}
    found = _SAID.get(reason) or _CODES.get(reason)
    return str(found) if found else reason
