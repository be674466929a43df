"""A program outside, as the house knows it and as it sends."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.test import Client

from kesu.core import clock
from kesu.core.signed_post import sign

FACTS = {
    "channel": "电话",
    "title": "外墙渗水",
    "content": "客厅东墙发霉，下雨就渗",
    "room": "3-1-1702",
    "person": {"name": "苏女士", "phone": "13800002016"},
    "promised_feedback_at": "2030-01-02T10:00",
}


@dataclass(frozen=True, slots=True)
class Sender:
    """`secret` as it was handed over."""

    source_id: UUID
    secret: str
    to: str = "reports"
    facts: dict[str, Any] = field(default_factory=lambda: dict(FACTS))

    def stating(self, **facts: Any) -> Sender:
        return replace(self, facts={**self.facts, **facts})

    def send(self, key: str = "", *, ago: timedelta = timedelta(), body: bytes | None = None, **members: Any) -> Any:
        """A report with its facts, or a body as it stands; signed so long ago."""
        document = {"facts": self.facts, **members} if self.to == "reports" else members
        raw = json.dumps(document).encode() if body is None else body
        return self.post(raw, key or uuid4().hex, str(int((clock.now() - ago).timestamp())))

    def post(self, raw: bytes, key: str, time: str, signed: bytes | None = None, **headers: str) -> HttpResponse:
        """`signed`: what was signed, where it is not what is sent."""
        import base64

        secret = base64.b64decode(self.secret.removeprefix("whsec_"))
        said = {
            "webhook-id": key,
            "webhook-timestamp": time,
            "webhook-signature": sign(secret, key, time, raw if signed is None else signed),
            **headers,
        }
        address = f"/api/v1/{self.to}?source={self.source_id.hex}"
        answer: HttpResponse = Client().post(address, data=raw, content_type="application/json", headers=said)
        return answer
