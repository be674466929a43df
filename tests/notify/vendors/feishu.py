"""飞书 by its published rules.

- «自定义机器人使用指南», https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot: a hundred a minute and five
  a second for each robot (11232), a request of at most 20 KB, time and secret as the key of HmacSHA256 over nothing,
  seconds, not more than an hour off (19021).
- «频控策略», https://open.feishu.cn/document/server-docs/api-call-guide/frequency-control: 429 with code 99991400 and
  x-ogw-ratelimit-reset in seconds.
- «自建应用获取 tenant_access_token», https://open.feishu.cn/document/server-docs/authentication-management/access-token/tenant_access_token_internal:
  at most two hours.
- «发送消息», https://open.feishu.cn/document/uAjLw4CM/ukTMukTMukTM/reference/im-v1/message/create: five a second for
  each person (230020), a card of at most 30 KB, the same uuid within an hour arrives once.
- «通用错误码», https://open.feishu.cn/document/server-docs/getting-started/server-error-codes:
  99991663, the token is wrong.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.notify.vendors.loopback import Asked, Said, Tempo, Vendor

LIFE = timedelta(seconds=7200)


@dataclass(slots=True)
class Feishu(Vendor):
    token: str = "c7c63e3f-aaaa-bbbb"
    robot_secret: str = "secret-of-the-robot"
    app: str = "cli_slkdjalasdkjasd"
    secret: str = "app-secret-of-feishu"
    people: tuple[str, ...] = ("zhouyining",)
    tokens: dict[str, datetime] = field(default_factory=dict)
    second: Tempo = field(default_factory=lambda: Tempo(5, timedelta(seconds=1)))
    minute: Tempo = field(default_factory=lambda: Tempo(100, timedelta(minutes=1)))
    person: Tempo = field(default_factory=lambda: Tempo(5, timedelta(seconds=1)))
    arrived: list[dict[str, Any]] = field(default_factory=list)
    known: dict[str, datetime] = field(default_factory=dict)

    def answer(self, asked: Asked) -> Said:
        if asked.path.startswith("/open-apis/bot/v2/hook/"):
            return self._robot(asked)
        if asked.path == "/open-apis/auth/v3/tenant_access_token/internal":
            return self._token(asked)
        return self._message(asked) if asked.path == "/open-apis/im/v1/messages" else (404, {}, {})

    def _robot(self, asked: Asked) -> Said:
        if asked.path.rpartition("/")[2] != self.token:
            return _error(19001, "param invalid: incoming webhook access token invalid")
        said = asked.content
        time = said.get("timestamp", "")
        key = f"{time}\n{self.robot_secret}".encode()
        right = base64.b64encode(hmac.new(key, b"", hashlib.sha256).digest()).decode()
        is_fresh = time.isdigit() and abs(int(time) - self.time().timestamp()) <= 3600
        if said.get("sign") != right or not is_fresh:
            return _error(19021, "sign match fail or timestamp is not within one hour from current time")
        if self.second.is_over(self.time()) or self.minute.is_over(self.time()):
            return _error(11232, "frequency limited psm[lark.oapi.app_platform_runtime]appID[1500]")
        if len(asked.body) > 20 * 1024 or said.get("msg_type") != "interactive":
            return 400, {}, {"code": 9499, "msg": "Bad Request", "data": {}}
        self.arrived.append(said["card"])
        return 200, {}, {"code": 0, "msg": "success", "data": {}}

    def _token(self, asked: Asked) -> Said:
        if (asked.content.get("app_id"), asked.content.get("app_secret")) != (self.app, self.secret):
            return _error(10014, f"app secret invalid {asked.content.get('app_secret')}")
        token = f"t-{secrets.token_hex(20)}"
        self.tokens[token] = self.time() + LIFE
        return 200, {}, {"code": 0, "msg": "ok", "tenant_access_token": token, "expire": 7200}

    def _message(self, asked: Asked) -> Said:
        until = self.tokens.get(asked.headers.get("authorization", "").removeprefix("Bearer "))
        if until is None or self.time() >= until:
            return 400, {}, {"code": 99991663, "msg": "Invalid access token for authorization."}
        said = asked.content
        if self.person.is_over(self.time()):
            return 400, {}, {"code": 230020, "msg": "This operation triggers the frequency limit."}
        if len(said["content"].encode()) > 30 * 1024:
            return 400, {}, {"code": 230025, "msg": "The length of the message content reaches its limit."}
        if asked.query.get("receive_id_type") != "user_id" or said["receive_id"] not in self.people:
            return 400, {}, {"code": 230001, "msg": "invalid receive_id"}
        if len(said["uuid"]) > 50:
            return 400, {}, {"code": 230001, "msg": "uuid too long"}
        before = self.known.get(said["uuid"])
        if before is None or self.time() - before >= timedelta(hours=1):
            self.known[said["uuid"]] = self.time()
            self.arrived.append(json.loads(said["content"]))
        return 200, {}, {"code": 0, "msg": "success", "data": {"message_id": "om_dc13264520392913993dd051dba21dcf"}}


def _error(code: int, words: str) -> Said:
    return 200, {}, {"code": code, "msg": words, "data": {}}
