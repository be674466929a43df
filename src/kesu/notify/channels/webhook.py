"""A signed hook: what happened, sent to a program of the house's choosing, signed by Standard Webhooks
(https://www.standardwebhooks.com) as what programs deliver to us is (ADR 0085)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from kesu.core import clock, signed_post
from kesu.notify.carrying import NotCarried, Words
from kesu.notify.channels.posting import Network, Post, Reach, ask, waiting

_WITHIN: Final = 10.0
_BUSY: Final = frozenset({408, 425, 429})


@dataclass(frozen=True, slots=True)
class Hook:
    """`secrets`: the present one, and the one before as long as it is good. `inside`: networks of the house that may be
    asked; all others of it are refused."""

    address: str = field(repr=False)
    secrets: tuple[bytes, ...] = field(repr=False)
    inside: tuple[Network, ...] = ()
    now: Callable[[], datetime] = clock.now

    def carry(self, *, to: str, words: Words, key: str) -> str:  # noqa: ARG002 - it has one place
        facts = [{"name": name, "value": value} for name, value in words.facts]
        content = {"subject": words.subject, "facts": facts, "link": words.link, "urgent": words.is_urgent}
        self.deliver({"type": words.notice or "notice", **content}, key=key)
        return ""

    def deliver(self, content: Mapping[str, Any], *, key: str) -> int:
        """The status that was answered. Raises `Refused` for one that is no yes, `NotCarried` where nothing was."""
        body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
        time = str(int(self.now().timestamp()))
        signatures = " ".join(signed_post.sign(secret, key, time, body) for secret in self.secrets)
        headers = {
            "content-type": "application/json",
            signed_post.KEY: key,
            signed_post.TIME: time,
            signed_post.SIGNATURE: signatures,
        }
        answer = ask(Post(self.address, body, headers), reach=Reach(True, self.inside), within=_WITHIN)
        if answer.status < 300:
            return answer.status
        passes = answer.status >= 500 or answer.status in _BUSY
        raise Refused(answer.status, NotCarried(f"HTTP {answer.status}", is_final=not passes, wait=waiting(answer)))


class Refused(NotCarried):
    """It was reached and said no. `status`: what it answered."""

    def __init__(self, status: int, why: NotCarried) -> None:
        super().__init__(why.reason, is_final=why.is_final, wait=why.wait)
        self.status = status
