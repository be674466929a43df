"""Whether the gateways of short messages and the work chats answer; nothing is sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kesu.config.checking.finding import Finding, fine, said, warning
from kesu.notify import registry
from kesu.notify.carrying import Greeter, NotCarried
from kesu.notify.channels.sms_file import FileGateway


def channels(configured: Mapping[str, Mapping[str, str]]) -> Iterator[Finding]:
    """One finding for each; none where nothing is configured. Robots, which units set up, are tried where they are."""
    for name, carrier in registry.carriers(configured).items():
        if isinstance(carrier, Greeter):
            try:
                carrier.greet()
            except NotCarried as failed:
                told = said(
                    "通知通道 %(name)s 现在用不了（%(reason)s），走它的消息发不出去；请检查 channels.yaml 和网络",
                    name=name,
                    reason=failed.reason,
                )
                yield warning("channels", told)
                continue
        if isinstance(carrier, FileGateway):
            told = said("通知通道 %(name)s 只把短信写进文件夹，不会真的发出", name=name)
            yield warning("channels", told)
        else:
            yield fine("channels", said("通知通道 %(name)s 应答正常", name=name))
