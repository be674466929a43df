"""Whether the gateways of short messages and the work chats answer; nothing is sent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kesu.config.checking.finding import Finding, fine, said, warning
from kesu.notify.carrying import NotCarried
from kesu.notify.channels.configured import Addressing, Channel


def channels(configured: Sequence[Channel]) -> Iterator[Finding]:
    """One finding for each; none where nothing is configured."""
    for one in configured:
        try:
            one.carrier.greet()
        except NotCarried as failed:
            told = said(
                "通知通道“%(name)s”现在用不了（%(reason)s），走它的消息发不出去；请检查 channels.yaml 和网络",
                name=one.name,
                reason=failed.reason,
            )
            yield warning("channels", told)
            continue
        if not one.host:
            told = said("通知通道“%(name)s”只把短信写进文件夹，不会真的发出", name=one.name)
            yield warning("channels", told)
        elif one.addressing is Addressing.PLACE:
            told = said("通知通道“%(name)s”连得上；机器人的密钥对不对，要在“通知通道”页试发一条才知道", name=one.name)
            yield fine("channels", told)
        else:
            yield fine("channels", said("通知通道“%(name)s”应答正常", name=one.name))
