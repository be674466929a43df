"""On the page where a policy is tried it stands what an imagined case would open, and nothing is opened."""

from __future__ import annotations

import re
from html import unescape

import pytest

from kesu.store.models import Case
from tests import desk

pytestmark = pytest.mark.django_db
PAGE = "/policies/offers/l01/try"


def test_what_it_would_open_is_told_and_not_opened() -> None:
    desk.opened()
    client = desk.client_of("admin")
    page = client.get(PAGE)

    def press(do: str, **typed: str) -> str:
        nonlocal page
        html = page.content.decode()
        held = {name: unescape(value) for name, value in re.findall(r'name="(acts|known|now)" value="([^"]*)"', html)}
        page = client.post(PAGE, {"kind": held.get("known", ""), **held, "do": do, **typed})
        told = page.content.decode()
        assert "这一步没有办成" not in told, re.findall(r'role="alert">(.*?)</', told, re.DOTALL)
        return told

    press(
        "take:receive", now="2026-11-26T10:00", channel="满意度调查", category="一般事务", title="停车", content="难停"
    )
    press("take:office_assign")
    press("take:handle", facts_found="已查明")
    assert "会开立的关联诉件" not in press("take:notify_result", reasonableness="合理")
    told = press("take:record_opinion", satisfied="是", other_matter="前台电话没人接")
    assert "会开立的关联诉件" in told
    assert "满意度调查发现的问题" in told
    assert not Case.objects.exists()
