"""阿里云短信服务 by its published rules.

- «V3版本请求体&签名机制», https://help.aliyun.com/zh/sdk/product-overview/v3-request-structure-and-signature: canonical
  request, ACS3-HMAC-SHA256, a time of at most fifteen minutes ago, a nonce once.
- «SendSms - 发送短信», https://help.aliyun.com/document_detail/55284.html: PhoneNumbers, SignName, TemplateCode,
  TemplateParam (a JSON object of texts); no second copy is dropped.
- «QuerySendDetails», https://help.aliyun.com/en/sms/developer-reference/api-dysmsapi-2017-05-25-querysenddetails:
  one PhoneNumber, BizId as SendSms returned it, SendDate as yyyyMMdd within thirty days, PageSize 1 to 50, CurrentPage;
  SendStatus 1 waits for the network, 2 failed, 3 arrived; ErrCode DELIVERED, or the network's own.
- «短信发送规则», https://help.aliyun.com/zh/sms/user-guide/message-rules: notices of one signature and template to one
  number fifty within twenty-four hours; the signature counts, 70 signs or parts of 67, at most 500.
- «长变量短信发送与字符限制», https://help.aliyun.com/zh/document_detail/3041859.html: 35 signs a variable.
- «API错误码», https://help.aliyun.com/document_detail/101346.html: isv.MOBILE_NUMBER_ILLEGAL,
  isv.SMS_SIGNATURE_ILLEGAL, isv.SMS_TEMPLATE_ILLEGAL, isv.TEMPLATE_MISSING_PARAMETERS, isv.INVALID_JSON_PARAM,
  isv.PARAM_LENGTH_LIMIT, isv.PARAM_NOT_SUPPORT_URL, isv.BUSINESS_LIMIT_CONTROL (minute, hour, day),
  isv.AMOUNT_NOT_ENOUGH.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import quote
from zoneinfo import ZoneInfo

from tests.notify.vendors.loopback import Asked, Said, Tempo, Vendor

_AUTHORIZATION = re.compile(r"ACS3-HMAC-SHA256 Credential=([^,]+),SignedHeaders=([^,]+),Signature=([0-9a-f]{64})")
_REQUIRED = {"host", "x-acs-action", "x-acs-content-sha256", "x-acs-date", "x-acs-signature-nonce", "x-acs-version"}


@dataclass(slots=True)
class AliyunServer(Vendor):
    key_id: str = "LTAI-key-id"
    secret: str = "access-key-secret-of-aliyun"
    signature: str = "晴川物业"
    is_approved: bool = True
    templates: dict[str, tuple[str, ...]] = field(default_factory=lambda: {"SMS_100": ("what", "number", "due")})
    nonces: set[str] = field(default_factory=set)
    tempo: Tempo = field(default_factory=lambda: Tempo(50, timedelta(hours=24)))
    arrived: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    network: tuple[int, str] = (1, "")
    """What it knows of every message: SendStatus and ErrCode."""

    def answer(self, asked: Asked) -> Said:
        wrong = self._unsigned(asked)
        if wrong:
            return 400, {}, {"Code": wrong, "Message": f"server string to sign is {self.secret}", "RequestId": "r"}
        if asked.headers["x-acs-action"] == "QuerySmsSign":
            return 200, {}, {"Code": "OK", "Message": "OK", "SignStatus": 1 if self.is_approved else 2}
        if asked.headers["x-acs-action"] == "QuerySendDetails":
            return 200, {}, self._details(asked)
        code, words = self._send(asked)
        return (
            200,
            {},
            {"Code": code, "Message": words, "RequestId": "r", **({"BizId": "9006^0"} if code == "OK" else {})},
        )

    def _unsigned(self, asked: Asked) -> str:
        found = _AUTHORIZATION.fullmatch(asked.headers.get("authorization", ""))
        if found is None:
            return "IncompleteSignature"
        key_id, named, proof = found.groups()
        if key_id != self.key_id:
            return "InvalidAccessKeyId.NotFound"
        names = named.split(";")
        sent = datetime.strptime(asked.headers["x-acs-date"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        if abs(self.time() - sent) > timedelta(minutes=15):
            return "InvalidTimeStamp.Expired"
        if names != sorted(names) or not set(names) >= _REQUIRED:
            return "SignatureDoesNotMatch"
        digest = hashlib.sha256(asked.body).hexdigest()
        query = "&".join(
            f"{quote(name, safe='-_.~')}={quote(asked.query[name], safe='-_.~')}" for name in sorted(asked.query)
        )
        told = "".join(f"{name}:{asked.headers[name].strip()}\n" for name in names)
        canonical = f"{asked.method}\n{asked.path}\n{query}\n{told}\n{named}\n{digest}"
        words = f"ACS3-HMAC-SHA256\n{hashlib.sha256(canonical.encode()).hexdigest()}"
        right = hmac.new(self.secret.encode(), words.encode(), hashlib.sha256).hexdigest()
        if right != proof or asked.headers["x-acs-content-sha256"] != digest:
            return "SignatureDoesNotMatch"
        if asked.headers["x-acs-signature-nonce"] in self.nonces:
            return "SignatureNonceUsed"
        self.nonces.add(asked.headers["x-acs-signature-nonce"])
        return "" if asked.headers["x-acs-version"] == "2017-05-25" else "InvalidVersion"

    def _details(self, asked: Asked) -> dict[str, object]:
        named = asked.query
        today = self.time().astimezone(ZoneInfo("Asia/Shanghai")).date()
        refusals = (
            (not re.fullmatch(r"1\d{10}|[2-9]\d{6,14}", named.get("PhoneNumber", "")), "isv.MOBILE_NUMBER_ILLEGAL"),
            (not re.fullmatch(r"\d{8}", named.get("SendDate", "")), "isv.INVALID_PARAMETERS"),
            (not 1 <= int(named.get("PageSize", "0")) <= 50, "isv.INVALID_PARAMETERS"),
            (int(named.get("CurrentPage", "0")) < 1, "isv.INVALID_PARAMETERS"),
        )
        for is_wrong, code in refusals:
            if is_wrong:
                return {"Code": code, "Message": code, "RequestId": "r"}
        day = datetime.strptime(named["SendDate"] + "+0800", "%Y%m%d%z").date()
        is_known = timedelta(0) <= today - day <= timedelta(days=30) and named.get("BizId", "9006^0") == "9006^0"
        sent = is_known and any(number == named["PhoneNumber"] for number, _values in self.arrived)
        status, code = self.network
        row = {"PhoneNum": named["PhoneNumber"], "SendStatus": status, "ErrCode": code, "OutId": "o"}
        rows = [row] if sent else []
        found = {"TotalCount": str(len(rows)), "SmsSendDetailDTOs": {"SmsSendDetailDTO": rows}}
        return {"Code": "OK", "Message": "OK", "RequestId": "r", **found}

    def _send(self, asked: Asked) -> tuple[str, str]:
        number = asked.query.get("PhoneNumbers", "")
        wanted = self.templates.get(asked.query.get("TemplateCode", ""))
        values = json.loads(asked.query.get("TemplateParam", "{}"))
        refusals = (
            (not re.fullmatch(r"1\d{10}|[2-9]\d{6,14}", number), "isv.MOBILE_NUMBER_ILLEGAL", ""),
            (asked.query.get("SignName") != self.signature, "isv.SMS_SIGNATURE_ILLEGAL", ""),
            (wanted is None, "isv.SMS_TEMPLATE_ILLEGAL", ""),
            (not set(values) >= set(wanted or ()), "isv.TEMPLATE_MISSING_PARAMETERS", ""),
            (not all(isinstance(one, str) and one for one in values.values()), "isv.INVALID_JSON_PARAM", ""),
            (any(len(one) > 35 for one in values.values()), "isv.PARAM_LENGTH_LIMIT", ""),
            (any(re.search(r"https?://|www\.", one) for one in values.values()), "isv.PARAM_NOT_SUPPORT_URL", ""),
            (self.tempo.is_over(self.time()), "isv.BUSINESS_LIMIT_CONTROL", "触发天级流控Permits:50"),
        )
        for is_wrong, code, words in refusals:
            if is_wrong:
                return code, words
        self.arrived.append((number, values))
        return "OK", "OK"
