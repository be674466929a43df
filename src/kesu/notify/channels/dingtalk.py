"""钉钉: the robot of a group, and work notices of an application to one person.

https://open.dingtalk.com/document/robots/custom-robot-access and /document/robots/customize-robot-security-settings
(robots, signature), https://open-doc.dingtalk.com/microapp/serverapi2/pgoxpy and
https://help.dingtalk.io/open/development/asynchronous-sending-of-enterprise-session-messages (work notices).
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
from urllib.parse import urlencode

from kesu.core import clock
from kesu.notify.carrying import NotCarried, Words
from kesu.notify.channels.cards import cut, fitted, lines, plain
from kesu.notify.channels.posting import ANYWHERE, Post, Reach, as_json, ask, refused
from kesu.notify.channels.tokens import Tokens

BASE: Final = "https://oapi.dingtalk.com"
MOST_ROBOT: Final = 20_000
MOST_NOTICE: Final = 2048
"""Bytes: of a robot's request, of the message of a work notice."""
_TAKEN_BACK: Final = frozenset({40001, 40014, 42001})
_TOO_OFTEN: Final = {130101: timedelta(minutes=10), 410100: timedelta(minutes=10), 90018: timedelta(minutes=1)}
"""A robot that sent more than twenty within a minute is shut for ten."""
_CROWDED: Final = frozenset({88, 143103, 143104, 143203, 143204})
_BUSY: Final = frozenset({-1, 15, 1430003})


def robot_content(words: Words) -> dict[str, Any]:
    """As the group sees it."""
    subject = cut(plain(words.subject), 200)
    facts = [f"- {line}" for line in lines(words)]
    tail = f"\n\n[{words.link}]({words.link})" if words.link else ""
    text = fitted(f"### {subject}\n", facts, tail, MOST_ROBOT // 4)
    return {"msgtype": "markdown", "markdown": {"title": subject, "text": text}}


def notice_content(words: Words, key: str) -> dict[str, Any]:
    """As the person sees it. A work notice that says what another said the same day reaches nobody, though it is
    answered as sent; so its last line has a mark that follows from `key`: another message differs, the same message
    sent again does not, and is dropped by the vendor."""
    mark = f"\n· {hashlib.sha256(key.encode()).hexdigest()[:8]}"
    tail = (f"\n{words.link}" if words.link else "") + mark
    facts = lines(words)
    # What counts is the whole message as it is written out, in which a line's end takes two signs.
    for most in range(MOST_NOTICE - 60, 0, -40):
        content = {"msgtype": "text", "text": {"content": fitted(plain(words.subject), facts, tail, most)}}
        if size_of(content) <= MOST_NOTICE:
            return content
    raise NotCarried("dingtalk: link too long", is_final=True)


def size_of(content: dict[str, Any]) -> int:
    """In bytes, as the vendor counts a message."""
    return len(json.dumps(content, ensure_ascii=False).encode())


def signature(secret: str, time: str) -> str:
    """`time`: milliseconds since 1970, in figures."""
    digest = hmac.new(secret.encode(), f"{time}\n{secret}".encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


@dataclass(frozen=True, slots=True)
class Robot:
    """`token`: of the address that the group shows; `secret`: by which it is signed (加签)."""

    token: str = field(repr=False)
    secret: str = field(repr=False)
    base: str = BASE
    now: Callable[[], datetime] = clock.now
    reach: Reach = ANYWHERE

    def carry(self, *, to: str, words: Words, key: str) -> str:  # noqa: ARG002 - it has one place, and knows no keys
        time = str(int(self.now().timestamp() * 1000))
        signed = {"access_token": self.token, "timestamp": time, "sign": signature(self.secret, time)}
        answer = ask(as_json(f"{self.base}/robot/send?{urlencode(signed)}", robot_content(words)), reach=self.reach)
        refused(answer, who="dingtalk")
        _settle(answer.read())
        return ""

    def greet(self) -> None:
        """Whether the vendor is there. Whether the secret of a robot is right only a trial says."""
        ask(Post(f"{self.base}/", method="HEAD"), reach=self.reach)


@dataclass(frozen=True, slots=True)
class App:
    """An application of the company. `agent`: its number there; `to` is the person's user id."""

    key: str
    secret: str = field(repr=False)
    agent: int = 0
    base: str = BASE
    now: Callable[[], datetime] = clock.now
    tokens: Tokens = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "tokens", Tokens(self._fetch, self.now))

    def carry(self, *, to: str, words: Words, key: str) -> str:
        if not to or "," in to:
            raise NotCarried("dingtalk: no person", is_final=True)
        content = {"agent_id": self.agent, "userid_list": to, "msg": notice_content(words, key)}
        said = self._send(content)
        if said.get("errcode") in _TAKEN_BACK:
            said = self._send(content)
        _settle(said)
        return str(said.get("task_id", ""))

    def greet(self) -> None:
        """Asks for a token and sends nothing."""
        self.tokens.get()

    def _send(self, content: dict[str, Any]) -> dict[str, Any]:
        token = self.tokens.get()
        address = f"{self.base}/topapi/message/corpconversation/asyncsend_v2?{urlencode({'access_token': token})}"
        answer = ask(as_json(address, content))
        refused(answer, who="dingtalk")
        said = answer.read()
        if said.get("errcode") in _TAKEN_BACK:
            self.tokens.drop(token)
        return said

    def _fetch(self) -> tuple[str, timedelta]:
        asked = urlencode({"appkey": self.key, "appsecret": self.secret})
        answer = ask(Post(f"{self.base}/gettoken?{asked}", method="GET"))
        refused(answer, who="dingtalk")
        said = answer.read()
        _settle(said)
        return str(said.get("access_token", "")), timedelta(seconds=int(said.get("expires_in", 7200)))


def _settle(said: dict[str, Any]) -> None:
    code = said.get("errcode")
    if code == 0:
        return
    if not isinstance(code, int):
        raise NotCarried("dingtalk: not understood")
    if code in _TOO_OFTEN:
        raise NotCarried(f"dingtalk {code}", wait=_TOO_OFTEN[code])
    if code in _CROWDED:
        raise NotCarried(f"dingtalk {code}", wait=timedelta(minutes=1))
    raise NotCarried(f"dingtalk {code}", is_final=code not in _BUSY | _TAKEN_BACK)
