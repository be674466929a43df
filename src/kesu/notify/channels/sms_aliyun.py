"""Short messages through Aliyun (阿里云短信服务), signed by its method V3.

https://help.aliyun.com/zh/sdk/product-overview/v3-request-structure-and-signature (signature),
https://help.aliyun.com/document_detail/55284.html (SendSms),
https://help.aliyun.com/en/sms/developer-reference/api-dysmsapi-2017-05-25-querysenddetails (QuerySendDetails). Not
tried against the vendor.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from kesu.core import clock
from kesu.notify.carrying import Arrival, NotCarried, Words
from kesu.notify.channels.posting import Answer, Post, ask, refused, waiting
from kesu.notify.channels.sms import Template, number_of, template_for

BASE: Final = "https://dysmsapi.aliyuncs.com"
_METHOD: Final = "ACS3-HMAC-SHA256"
_VERSION: Final = "2017-05-25"
_ZONE: Final = ZoneInfo("Asia/Shanghai")
_LOST, _THERE = 2, 3
"""Of SendStatus; 1: the network has not told yet."""
_LIMIT: Final = "BUSINESS_LIMIT_CONTROL"
_PASSING: Final = frozenset(
    {"isp.SYSTEM_ERROR", "isp.UNKNOWN", "isp.GATEWAY_ERROR", "InvalidTimeStamp.Expired", "SignatureNonceUsed"}
)
_UNPAID: Final = frozenset({"isv.AMOUNT_NOT_ENOUGH", "isv.OUT_OF_SERVICE"})
_WAITS: Final = (("天级", timedelta(hours=12)), ("小时级", timedelta(hours=1)), ("分钟级", timedelta(minutes=1)))
"""Which of its limits was reached stands in the vendor's sentence only."""


def signed(
    *, base: str, action: str, version: str, asked: Mapping[str, str], key_id: str, secret: str, at: str, nonce: str
) -> Post:
    """`at`: as in 2023-10-26T10:22:32Z."""
    query = "&".join(f"{_encoded(name)}={_encoded(asked[name])}" for name in sorted(asked))
    empty = hashlib.sha256(b"").hexdigest()
    headers = {
        "host": urlsplit(base).netloc,
        "x-acs-action": action,
        "x-acs-content-sha256": empty,
        "x-acs-date": at,
        "x-acs-signature-nonce": nonce,
        "x-acs-version": version,
    }
    named = ";".join(sorted(headers))
    told = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
    canonical = "\n".join(("POST", "/", query, told, named, empty))
    digest = f"{_METHOD}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    proof = hmac.new(secret.encode(), digest.encode(), hashlib.sha256).hexdigest()
    authorization = f"{_METHOD} Credential={key_id},SignedHeaders={named},Signature={proof}"
    return Post(f"{base}/?{query}", headers={**headers, "authorization": authorization, "accept": "application/json"})


def _encoded(text: str) -> str:
    return quote(text, safe="-_.~")


@dataclass(frozen=True, slots=True)
class Aliyun:
    """`signature`: as it was approved, without its brackets."""

    key_id: str
    secret: str = field(repr=False)
    signature: str = ""
    templates: Mapping[str, Template] = field(default_factory=dict)
    base: str = BASE
    now: Callable[[], datetime] = clock.now

    def carry(self, *, to: str, words: Words, key: str) -> str:
        """The vendor does not know a message again: one that was cut off at the answer may arrive twice."""
        number = number_of(to)
        template = template_for(words, self.templates)
        asked = {
            "PhoneNumbers": number,
            "SignName": self.signature,
            "TemplateCode": template.code,
            "OutId": hashlib.sha256(key.encode()).hexdigest()[:32],
        }
        values = template.filled(words)
        if values:
            asked["TemplateParam"] = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
        return str(_settle(ask(self._signed("SendSms", asked))).get("BizId", ""))

    def arrival(self, *, to: str, called: str, sent_at: datetime) -> Arrival:
        """The vendor's days are those of Beijing, and it knows the last thirty of them."""
        day = f"{sent_at.astimezone(_ZONE):%Y%m%d}"
        asked = {"PhoneNumber": number_of(to), "BizId": called, "SendDate": day, "PageSize": "10", "CurrentPage": "1"}
        found = _details(_settle(ask(self._signed("QuerySendDetails", asked))))
        lost = [one for one in found if one.get("SendStatus") == _LOST]
        if lost:
            return Arrival(is_lost=True, why=f"aliyun {str(lost[0].get('ErrCode', ''))[:60]}".strip())
        return Arrival(is_there=bool(found) and all(one.get("SendStatus") == _THERE for one in found))

    def greet(self) -> None:
        """Asks how the signature stands, and sends nothing. Raises `NotCarried`."""
        said = _settle(ask(self._signed("QuerySmsSign", {"SignName": self.signature})))
        if said.get("SignStatus") != 1:
            raise NotCarried("aliyun: signature not approved", is_final=True)

    def _signed(self, action: str, asked: Mapping[str, str]) -> Post:
        return signed(
            base=self.base,
            action=action,
            version=_VERSION,
            asked=asked,
            key_id=self.key_id,
            secret=self.secret,
            at=f"{self.now():%Y-%m-%dT%H:%M:%SZ}",
            nonce=secrets.token_hex(16),
        )


def _details(said: Mapping[str, object]) -> list[Mapping[str, object]]:
    inside = said.get("SmsSendDetailDTOs")
    rows = inside.get("SmsSendDetailDTO") if isinstance(inside, Mapping) else None
    return [one for one in rows if isinstance(one, Mapping)] if isinstance(rows, list) else []


def _settle(answer: Answer) -> dict[str, object]:
    said = answer.read()
    code = said.get("Code")
    if not isinstance(code, str):
        refused(answer, who="aliyun")
        raise NotCarried("aliyun: not understood")
    if code == "OK" and answer.status < 300:
        return said
    if _LIMIT in code:
        told = str(said.get("Message", ""))
        wait = next((long for sign, long in _WAITS if sign in told), timedelta(hours=1))
        raise NotCarried(f"aliyun {code}", wait=wait)
    if code.startswith("Throttling"):
        raise NotCarried("aliyun Throttling", wait=waiting(answer) or timedelta(minutes=1))
    if code in _UNPAID:
        raise NotCarried(f"aliyun {code}", wait=timedelta(hours=1))
    passes = code in _PASSING or code.startswith("ServiceUnavailable") or answer.status >= 500
    raise NotCarried(f"aliyun {code[:60]}", is_final=not passes)
