"""钉钉 by its published rules.

- «自定义机器人接入», https://open.dingtalk.com/document/robots/custom-robot-access: twenty messages a minute for each
  robot, who sends more is shut out for ten minutes (errcode 130101), a request of at most 20,000 bytes.
- «自定义机器人安全设置», https://open.dingtalk.com/document/robots/customize-robot-security-settings: HmacSHA256 over
  timestamp, line feed and secret under the secret, base64; milliseconds; not more than an hour off (errcode 310000).
- «获取企业内部应用的access_token», https://open.dingtalk.com/document/orgapp/obtain-orgapp-token: 7200 seconds.
- «工作通知消息», https://open-doc.dingtalk.com/microapp/serverapi2/pgoxpy: msg at most 2048 bytes; the same content
  reaches the same person once a day, a second one is answered as sent and does not arrive.
- «Send work notifications», https://help.dingtalk.io/open/development/asynchronous-sending-of-enterprise-session-messages:
  five hundred a day for each person; beyond it answered as sent.
- «获取工作通知消息的发送结果», https://open.dingtalk.com/document/orgapp/gets-the-result-of-sending-messages-asynchronously-to-the-enterprise:
  143103 and 143104, too many within a minute.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from tests.notify.vendors.loopback import Asked, Said, Tempo, Vendor

LIFE = timedelta(seconds=7200)
_WINDOW = 3600 * 1000


@dataclass(slots=True)
class DingTalk(Vendor):
    token: str = "token-of-the-robot"
    robot_secret: str = "SECthis-is-secret"
    key: str = "dingappkey"
    secret: str = "app-secret-of-dingtalk"
    agent: int = 153858650
    people: tuple[str, ...] = ("zhouyining",)
    tokens: dict[str, datetime] = field(default_factory=dict)
    tempo: Tempo = field(default_factory=lambda: Tempo(20, timedelta(minutes=1)))
    shut_until: datetime | None = None
    arrived: list[str] = field(default_factory=list)
    today: set[tuple[str, str, date]] = field(default_factory=set)

    def answer(self, asked: Asked) -> Said:
        roads = {
            ("POST", "/robot/send"): self._robot,
            ("GET", "/gettoken"): self._token,
            ("POST", "/topapi/message/corpconversation/asyncsend_v2"): self._notice,
        }
        road = roads.get((asked.method, asked.path))
        return road(asked) if road else (404, {}, {})

    def _robot(self, asked: Asked) -> Said:
        if asked.query.get("access_token") != self.token:
            return _error(300005, "token is not exist")
        if not self._is_signed(asked):
            return _error(310000, "sign not match")
        now = self.time()
        if self.shut_until is not None and now < self.shut_until:
            return _error(130101, "send too fast, exceed 20 times per minute")
        if self.tempo.is_over(now):
            self.shut_until = now + timedelta(minutes=10)
            return _error(130101, "send too fast, exceed 20 times per minute")
        if len(asked.body) > 20_000:
            return _error(460101, "message too long, exceed 20000 bytes")
        said = asked.content
        if said.get("msgtype") != "markdown" or not said["markdown"]["title"] or not said["markdown"]["text"]:
            return _error(400401, "param error")
        self.arrived.append(said["markdown"]["text"])
        return _error(0, "ok")

    def _is_signed(self, asked: Asked) -> bool:
        time = asked.query.get("timestamp", "")
        if not time.isdigit() or abs(int(time) - self.time().timestamp() * 1000) > _WINDOW:
            return False
        words = f"{time}\n{self.robot_secret}".encode()
        right = base64.b64encode(hmac.new(self.robot_secret.encode(), words, hashlib.sha256).digest()).decode()
        return asked.query.get("sign") == right

    def _token(self, asked: Asked) -> Said:
        if (asked.query.get("appkey"), asked.query.get("appsecret")) != (self.key, self.secret):
            return _error(40089, f"不合法的corpid或corpsecret {asked.query.get('appsecret')}")
        token = secrets.token_hex(16)
        self.tokens[token] = self.time() + LIFE
        return 200, {}, {"errcode": 0, "errmsg": "ok", "access_token": token, "expires_in": 7200}

    def _notice(self, asked: Asked) -> Said:
        until = self.tokens.get(asked.query.get("access_token", ""))
        if until is None or self.time() >= until:
            return _error(40014, "不合法的access_token")
        said = asked.content
        if said["agent_id"] != self.agent:
            return _error(400002, "agent_id error")
        if len(json.dumps(said["msg"], ensure_ascii=False).encode()) > 2048:
            return _error(400002, "msg too long")
        if said["userid_list"] not in self.people:
            return _error(33012, "无效的USERID")
        text = said["msg"]["text"]["content"]
        once = (said["userid_list"], text, self.time().date())
        if once not in self.today:
            self.today.add(once)
            self.arrived.append(text)
        return 200, {}, {"errcode": 0, "errmsg": "ok", "task_id": 256271667526, "request_id": "r"}


def _error(code: int, words: str) -> Said:
    return 200, {}, {"errcode": code, "errmsg": words}
