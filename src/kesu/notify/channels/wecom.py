"""企业微信: the robot of a group, and messages of an application to one person.

https://developer.work.weixin.qq.com/document/path/91770 (robots), /path/91039 (tokens), /path/90236 (messages),
/path/90313 (error codes). Not tried against the vendor.
"""

from __future__ import annotations

import hashlib
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

BASE: Final = "https://qyapi.weixin.qq.com"
MOST_MARKDOWN: Final = 4096
MOST_TEXT: Final = 2048
"""Bytes of UTF-8."""
_TAKEN_BACK: Final = frozenset({40014, 41001, 42001})
"""The token is wrong, missing, or over: the vendor may end one before its time."""
_BUSY: Final = frozenset({-1, 45033, 50001, 60020})
"""Busy; too many at once; an address that is not on the list yet may be put there."""
_TOO_OFTEN: Final = 45009
_MINUTE: Final = timedelta(minutes=1)
_AGAIN: Final = 4 * 60 * 60
"""Seconds within which the same message is dropped by the vendor: the longest that it takes."""


def robot_text(words: Words, most: int = MOST_MARKDOWN) -> str:
    """As the group sees it."""
    colour = "warning" if words.is_urgent else "info"
    head = f'### <font color="{colour}">{plain(words.subject)}</font>'
    facts = [f">{line}" for line in lines(words)]
    tail = f"\n[{words.link}]({words.link})" if words.link else ""
    if len(head.encode()) + len(tail.encode()) > most:
        head = f"### {cut(plain(words.subject), most - len(tail.encode()) - 4)}"
    return fitted(head, facts, tail, most)


def app_text(words: Words, key: str) -> str:
    """As the person sees it: text, which the plug-in of WeChat shows too. The vendor knows a message again by its text
    alone; so its last line has a mark that follows from `key`: what reads alike and is another message arrives."""
    mark = f"\n· {hashlib.sha256(key.encode()).hexdigest()[:8]}"
    return fitted(plain(words.subject), lines(words), (f"\n{words.link}" if words.link else "") + mark, MOST_TEXT)


@dataclass(frozen=True, slots=True)
class Robot:
    """`key`: the secret part of the address that the group shows."""

    key: str = field(repr=False)
    base: str = BASE
    reach: Reach = ANYWHERE

    def carry(self, *, to: str, words: Words, key: str) -> str:  # noqa: ARG002 - it has one place, and knows no keys
        address = f"{self.base}/cgi-bin/webhook/send?{urlencode({'key': self.key})}"
        content = {"msgtype": "markdown", "markdown": {"content": robot_text(words)}}
        answer = ask(as_json(address, content), reach=self.reach)
        refused(answer, who="wecom")
        _settle(answer.read())
        return ""

    def greet(self) -> None:
        """Whether the vendor is there. Whether the secret of a robot is right only a trial says."""
        ask(Post(f"{self.base}/", method="HEAD"), reach=self.reach)


@dataclass(frozen=True, slots=True)
class App:
    """An application of the company. `agent`: its number there; `to` is the person's user id."""

    corp: str
    secret: str = field(repr=False)
    agent: int = 0
    base: str = BASE
    now: Callable[[], datetime] = clock.now
    tokens: Tokens = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "tokens", Tokens(self._fetch, self.now))

    def carry(self, *, to: str, words: Words, key: str) -> str:
        if not to or "|" in to or to.lower() == "@all":
            raise NotCarried("wecom: no person", is_final=True)
        content = {
            "touser": to,
            "msgtype": "text",
            "agentid": self.agent,
            "text": {"content": app_text(words, key)},
            "enable_duplicate_check": 1,
            "duplicate_check_interval": _AGAIN,
        }
        said = self._send(content)
        if said.get("errcode") in _TAKEN_BACK:
            said = self._send(content)
        _settle(said)
        if to.lower() in str(said.get("invaliduser", "")).split("|"):
            raise NotCarried("wecom: no such person", is_final=True)
        if to.lower() in str(said.get("unlicenseduser", "")).split("|"):
            raise NotCarried("wecom: the person has no licence", is_final=True)
        return str(said.get("msgid", ""))

    def greet(self) -> None:
        """Asks for a token and sends nothing."""
        self.tokens.get()

    def _send(self, content: dict[str, Any]) -> dict[str, Any]:
        token = self.tokens.get()
        answer = ask(as_json(f"{self.base}/cgi-bin/message/send?{urlencode({'access_token': token})}", content))
        refused(answer, who="wecom")
        said = answer.read()
        if said.get("errcode") in _TAKEN_BACK:
            self.tokens.drop(token)
        return said

    def _fetch(self) -> tuple[str, timedelta]:
        asked = urlencode({"corpid": self.corp, "corpsecret": self.secret})
        answer = ask(Post(f"{self.base}/cgi-bin/gettoken?{asked}", method="GET"))
        refused(answer, who="wecom")
        said = answer.read()
        _settle(said)
        return str(said.get("access_token", "")), timedelta(seconds=int(said.get("expires_in", 0)))


def _settle(said: dict[str, Any]) -> None:
    """The vendor says by the number what happened; its sentence may change and may repeat what was sent."""
    code = said.get("errcode")
    if code == 0:
        return
    if not isinstance(code, int):
        raise NotCarried("wecom: not understood")
    if code == _TOO_OFTEN:
        raise NotCarried(f"wecom {code}", wait=_MINUTE)
    raise NotCarried(f"wecom {code}", is_final=code not in _BUSY | _TAKEN_BACK)
