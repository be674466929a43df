"""飞书: the robot of a group, and messages of an application to one person.

https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot (robots, signature),
https://open.feishu.cn/document/server-docs/api-call-guide/frequency-control (limits),
https://open.feishu.cn/document/uAjLw4CM/ukTMukTMukTM/reference/im-v1/message/create (messages).
Not tried against the vendor.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from kesu.core import clock
from kesu.notify.carrying import NotCarried, Words
from kesu.notify.channels.cards import cut, lines, plain
from kesu.notify.channels.posting import ANYWHERE, Answer, Post, Reach, as_json, ask, refused, waiting
from kesu.notify.channels.tokens import Tokens

BASE: Final = "https://open.feishu.cn"
MOST: Final = 20 * 1024
"""Bytes of a robot's request; a card of an application may have 30 KB."""
_TAKEN_BACK: Final = frozenset({99991661, 99991663, 99991668})
_TOO_OFTEN: Final = frozenset({9499, 11232, 11233, 11247, 99991400, 230020})
_BUSY: Final = frozenset({11231, 230049, 1000000})
_WAIT: Final = timedelta(minutes=1)
_MOST_OF_A_FACT: Final = 900


def card(words: Words) -> dict[str, Any]:
    """As group and person see it: words of others stand only where the vendor reads no markup."""
    facts = [cut(line, _MOST_OF_A_FACT) for line in lines(words)][:12]
    elements: list[dict[str, Any]] = [
        {"tag": "div", "text": {"tag": "plain_text", "content": fact}} for fact in facts if fact
    ]
    if words.link:
        button = {"tag": "button", "text": {"tag": "plain_text", "content": cut(words.link, 120)}, "type": "primary"}
        elements.append({"tag": "action", "actions": [{**button, "url": words.link}]})
    title = {"tag": "plain_text", "content": cut(plain(words.subject), 300)}
    return {
        "config": {"wide_screen_mode": True},
        "header": {"title": title, "template": "red" if words.is_urgent else "blue"},
        "elements": elements,
    }


def signature(secret: str, time: str) -> str:
    """`time`: seconds since 1970, in figures. Time and secret are the key here, over an empty message."""
    return base64.b64encode(hmac.new(f"{time}\n{secret}".encode(), b"", hashlib.sha256).digest()).decode()


@dataclass(frozen=True, slots=True)
class Robot:
    """`token`: the end of the address that the group shows; `secret`: by which it is signed."""

    token: str = field(repr=False)
    secret: str = field(repr=False)
    base: str = BASE
    now: Callable[[], datetime] = clock.now
    reach: Reach = ANYWHERE

    def carry(self, *, to: str, words: Words, key: str) -> str:  # noqa: ARG002 - it has one place, and knows no keys
        time = str(int(self.now().timestamp()))
        signed = {"timestamp": time, "sign": signature(self.secret, time)}
        content = {**signed, "msg_type": "interactive", "card": card(words)}
        _settle(ask(as_json(f"{self.base}/open-apis/bot/v2/hook/{self.token}", content), reach=self.reach))
        return ""

    def greet(self) -> None:
        """Whether the vendor is there. Whether the secret of a robot is right only a trial says."""
        ask(Post(f"{self.base}/", method="HEAD"), reach=self.reach)


@dataclass(frozen=True, slots=True)
class App:
    """An application of the company. `names_by`: what `to` is (open_id, user_id, email)."""

    app: str
    secret: str = field(repr=False)
    names_by: str = "user_id"
    base: str = BASE
    now: Callable[[], datetime] = clock.now
    tokens: Tokens = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "tokens", Tokens(self._fetch, self.now))

    def carry(self, *, to: str, words: Words, key: str) -> str:
        if not to:
            raise NotCarried("feishu: no person", is_final=True)
        content = {
            "receive_id": to,
            "msg_type": "interactive",
            "content": json.dumps(card(words), ensure_ascii=False),
            "uuid": hashlib.sha256(key.encode()).hexdigest()[:48],
        }
        answer = self._send(content)
        if answer.read().get("code") in _TAKEN_BACK:
            answer = self._send(content)
        found = _settle(answer).get("data")
        return str(found.get("message_id", "")) if isinstance(found, dict) else ""

    def greet(self) -> None:
        """Asks for a token and sends nothing."""
        self.tokens.get()

    def _send(self, content: dict[str, Any]) -> Answer:
        token = self.tokens.get()
        address = f"{self.base}/open-apis/im/v1/messages?receive_id_type={self.names_by}"
        answer = ask(as_json(address, content, {"authorization": f"Bearer {token}"}))
        if answer.read().get("code") in _TAKEN_BACK:
            self.tokens.drop(token)
        return answer

    def _fetch(self) -> tuple[str, timedelta]:
        address = f"{self.base}/open-apis/auth/v3/tenant_access_token/internal"
        said = _settle(ask(as_json(address, {"app_id": self.app, "app_secret": self.secret})))
        return str(said.get("tenant_access_token", "")), timedelta(seconds=int(said.get("expire", 0)))


def _settle(answer: Answer) -> dict[str, Any]:
    """The vendor says by a number what happened, often together with a status of HTTP that says less."""
    said = answer.read()
    code = said.get("code")
    if not isinstance(code, int):
        refused(answer, who="feishu")
        raise NotCarried("feishu: not understood")
    if code == 0 and answer.status < 300:
        return said
    if code in _TOO_OFTEN or answer.status == 429:
        raise NotCarried(f"feishu {code}", wait=waiting(answer) or _WAIT)
    passes = code in _BUSY | _TAKEN_BACK or answer.status >= 500
    raise NotCarried(f"feishu {code}", is_final=not passes)
