"""The customer answers a plan himself, and rounds of talks go to and fro behind his link (协商办法)."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from kesu.access.cases import desk_link
from kesu.casefile.books import kind_of
from kesu.store.models import Case, StoredFile
from tests import desk
from tests.commands.test_overlays import adopt
from tests.world import World, standing_of

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
STROKES = json.dumps([[[100, 100], [400, 300], [500, 80]], [[600, 200], [900, 220]]])


def offered() -> tuple[World, UUID, str]:
    """A general complaint whose plan the customer has; the secret of his link."""
    world, now = desk.opened()
    adopt(world, "talks", at=now - timedelta(days=20))
    at = now - timedelta(hours=20)
    case = world.triaged(at, promised_feedback_at=desk.PROMISED)
    unit = world.units["east_engineering"].hex
    team = f"{world.member('cs_specialist', 'zhouyining')}|{world.member('project_dept', 'sunyan')}"
    steps: tuple[tuple[str, str, dict[str, str]], ...] = (
        ("assign", "zhouyining", {"responsible_dept": unit, "task_via": "邮件"}),
        ("form_team", "zhouyining", {"team": team}),
        ("investigate", "zhouyining", {}),
        ("record_findings", "zhouyining", {"site_confirmation": "现场确认", "cause_analysis": "拼缝老化"}),
        ("give_opinion", "chenmuzhi", {"opinion_text": "重做密封胶"}),
        ("submit_plan", "zhouyining", {"plan_text": "清理旧胶，重打密封胶"}),
        ("send_plan", "zhouyining", {"reply_text": "我们会重打密封胶"}),
    )
    for number, (step, login, given) in enumerate(steps, start=20):
        world.take(case, step, login, at + number * MINUTE, **given)
    row = Case.objects.get(pk=case)
    return world, case, desk_link(row, kind_of(row.policy_version_id, row.kind))


def sent(secret: str, step: str, **said: str) -> int:
    """As his telephone sends the form of the step."""
    client, address = Client(), reverse("public-step", args=[secret, step])
    page = client.get(address).content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
    return client.post(address, {**hidden, **said}).status_code


def test_the_customer_offers_and_answers_and_agrees_with_his_signature() -> None:
    world, case, secret = offered()
    page = Client().get(reverse("public-follow", args=[secret])).content.decode()
    for step in ("答复方案同不同意", "客户提条件"):
        assert step in page, step
    assert "我们提条件" not in page

    assert sent(secret, "take_offer", offer_text="再赔五百元") == 302
    now = desk.world_again()[1]
    assert standing_of(case, now).facts["offer_rounds"] == 1
    world.take(case, "answer_offer", "zhouyining", now, offer_answer="接受")

    assert sent(secret, "answer_plan", agreed="是") == 422, "not without his signature"
    drawn = {"agreement_signature": STROKES}
    assert sent(secret, "answer_plan", agreed="是", **drawn) == 302
    later = standing_of(case, desk.world_again()[1])
    assert (later.stage, later.facts["agreed"]) == ("implementing", True)
    assert StoredFile.objects.filter(case_id=case, fact="agreement_signature").exists()
