"""The composer of messages to the customer says once what the policy says of the words, and then sends."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.urls import reverse

from kesu.commands.policies.adopt_pack import adopt_pack
from kesu.store.models import Note
from tests import confidential
from tests.own_packs import changed
from tests.web.cases.conftest import NOW, SignIn
from tests.world import World, calendar

RULE = "{facts: [reply_text], messages: 是, has: [您], lacks: [没办法], says: 用敬语，不推责, clause: D1c}"
POLITE = ("\nguards:\n", f"\nwording:\n  polite: {RULE}\n\nguards:\n")
RUDE = "这事没办法"


@pytest.fixture
def case(here: World) -> UUID:
    place = {"unit_id": here.units["qingtang"], "calendar": calendar()}
    pack = changed("p10", "complaint.yaml", POLITE)
    adopt_pack(actor=None, at=NOW - timedelta(days=2), pack=pack, signatures=confidential.SIGNED, **place)
    return here.register(at=NOW - timedelta(hours=1))


def sent(case: UUID) -> int:
    return Note.objects.filter(case_id=case, visibility="sent", author__isnull=False).count()


def test_it_tells_once_and_keeps_what_was_typed(case: UUID, sign_in: SignIn) -> None:
    client, address = sign_in("zhouyining"), reverse("case-message", args=[case])
    answer = client.post(address, {"text": RUDE})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "用敬语，不推责" in text
    assert "（还没有：您）" in text
    assert "（写了：没办法）" in text
    assert f">{RUDE}</textarea>" in text
    assert sent(case) == 0


def test_sent_again_as_it_stands_it_goes_and_changed_it_is_looked_at_again(case: UUID, sign_in: SignIn) -> None:
    client, address = sign_in("zhouyining"), reverse("case-message", args=[case])
    found = re.search(r'name="told_of" value="(\w+)"', client.post(address, {"text": RUDE}).content.decode())
    assert found is not None
    other = client.post(address, {"text": f"{RUDE}！", "told_of": found[1]})
    assert (other.status_code, sent(case)) == (200, 0)
    again = client.post(address, {"text": RUDE, "told_of": found[1]})
    assert (again.status_code, sent(case)) == (302, 1)


def test_a_message_in_order_goes_at_once_and_notes_are_left_alone(case: UUID, sign_in: SignIn) -> None:
    client = sign_in("zhouyining")
    assert client.post(reverse("case-message", args=[case]), {"text": "明天给您答复"}).status_code == 302
    assert client.post(reverse("case-note", args=[case]), {"text": RUDE}).status_code == 302
    assert sent(case) == 1
