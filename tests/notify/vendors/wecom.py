"""企业微信 by its published rules.

- «群机器人配置说明», https://developer.work.weixin.qq.com/document/path/91770: markdown.content at most 4096 bytes of
  UTF-8, twenty messages a minute for each robot, markdown of the group may mention by <@userid>.
- «获取access_token», https://developer.work.weixin.qq.com/document/path/91039: GET, expires_in 7200; the vendor may end
  a token earlier; who asks too often is barred.
- «发送应用消息», https://developer.work.weixin.qq.com/document/path/90236: text.content at most 2048 bytes; the same
  message within duplicate_check_interval (at most four hours) arrives once; wrong people stand in invaliduser, and
  errcode 81013 where nobody is right.
- «全局错误码», https://developer.work.weixin.qq.com/document/path/90313: 40014, 42001, 45009, 40001, 40013, 93000.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.notify.vendors.loopback import Asked, Said, Tempo, Vendor

LIFE = timedelta(seconds=7200)


@dataclass(slots=True)
class WeCom(Vendor):
    key: str = "693a91f6-7aaa-4bc4-97a0-0ec2sifa5aaa"
    corp: str = "wwabcdef"
    secret: str = "app-secret-of-wecom"
    agent: int = 1000002
    people: tuple[str, ...] = ("zhouyining",)
    tokens: dict[str, datetime] = field(default_factory=dict)
    tempo: Tempo = field(default_factory=lambda: Tempo(20, timedelta(minutes=1)))
    arrived: list[str] = field(default_factory=list)
    known: dict[bytes, datetime] = field(default_factory=dict)

    def answer(self, asked: Asked) -> Said:
        roads = {
            ("POST", "/cgi-bin/webhook/send"): self._robot,
            ("GET", "/cgi-bin/gettoken"): self._token,
            ("POST", "/cgi-bin/message/send"): self._message,
        }
        road = roads.get((asked.method, asked.path))
        return road(asked) if road else (404, {}, {})

    def _robot(self, asked: Asked) -> Said:
        if asked.query.get("key") != self.key:
            return _error(93000, "invalid webhook url")
        if self.tempo.is_over(self.time()):
            return _error(45009, "api freq out of limit")
        if asked.content.get("msgtype") != "markdown":
            return _error(40008, "invalid message type")
        text = asked.content["markdown"]["content"]
        if len(text.encode()) > 4096:
            return _error(40058, "markdown.content exceed max length 4096")
        self.arrived.append(text)
        return _error(0, "ok")

    def _token(self, asked: Asked) -> Said:
        if asked.query.get("corpid") != self.corp:
            return _error(40013, "invalid corpid")
        if asked.query.get("corpsecret") != self.secret:
            return _error(40001, f"invalid credential {asked.query.get('corpsecret')}")
        token = secrets.token_hex(16)
        self.tokens[token] = self.time() + LIFE
        return 200, {}, {"errcode": 0, "errmsg": "ok", "access_token": token, "expires_in": 7200}

    def _message(self, asked: Asked) -> Said:
        until = self.tokens.get(asked.query.get("access_token", ""))
        if until is None:
            return _error(40014, "invalid access_token")
        if self.time() >= until:
            return _error(42001, "access_token expired")
        said = asked.content
        if said["agentid"] != self.agent:
            return _error(40056, "invalid agentid")
        if said["msgtype"] != "text":
            return _error(40008, "invalid message type")
        if len(said["text"]["content"].encode()) > 2048:
            return _error(40058, "text.content exceed max length 2048")
        wrong = [one for one in said["touser"].split("|") if one not in self.people]
        if len(wrong) == len(said["touser"].split("|")):
            return _error(81013, "user & party & tag all invalid")
        before = self.known.get(asked.body)
        span = timedelta(seconds=min(said.get("duplicate_check_interval", 1800), 14400))
        if not (said.get("enable_duplicate_check") and before is not None and self.time() - before < span):
            self.arrived.append(said["text"]["content"])
        self.known[asked.body] = self.time()
        return 200, {}, {"errcode": 0, "errmsg": "ok", "invaliduser": "|".join(wrong), "msgid": "msg-1"}


def _error(code: int, words: str) -> Said:
    return 200, {}, {"errcode": code, "errmsg": words}
