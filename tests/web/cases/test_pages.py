"""The case page, its live parts and its composer, through HTTP."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from kesu.core.uploads import Upload
from tests.world import World

SignIn = Callable[[str], Client]
HOUR = timedelta(hours=1)


def started() -> datetime:
    return datetime.now(UTC) - 5 * HOUR


def hot(here: World) -> UUID:
    case = here.register(at=started())
    for number in ("13800001001", "13800001002"):
        here.take(case, "join", "zhouyining", started() + HOUR, person__name="邻居", person__phone=number)
    return case


def test_it_shows_the_level_with_its_reason_and_a_clause_to_unfold(here: World, sign_in: SignIn) -> None:
    text = sign_in("zhouyining").get(reverse("case-page", args=[hot(here)])).content.decode()
    assert "3 人以上集体投诉（投诉人数 3）" in text
    assert re.search(r'hx-get="/policies/[0-9a-f]{64}/clauses/3\.4\.2c"', text)


def test_it_says_no_more_of_a_hidden_case_than_of_one_that_never_was(here: World, sign_in: SignIn) -> None:
    client = sign_in("zhaolang")
    hidden = client.get(reverse("case-page", args=[here.register(at=started())]))
    never = client.get(reverse("case-page", args=[UUID(int=7)]))
    assert hidden.status_code == never.status_code == 404


def test_it_asks_strangers_to_sign_in(here: World) -> None:
    case = here.register(at=started())
    for name in ("case-page", "case-panel", "case-timeline"):
        assert Client().get(reverse(name, args=[case])).status_code == 302


@pytest.mark.parametrize("name", ["case-panel", "case-timeline"])
def test_it_answers_that_nothing_changed_by_its_tag(here: World, sign_in: SignIn, name: str) -> None:
    case, client = here.register(at=started()), sign_in("zhouyining")
    first = client.get(reverse(name, args=[case]))
    again = client.get(reverse(name, args=[case]), headers={"If-None-Match": first["ETag"]})
    here.take(case, "inform", "zhouyining", started() + HOUR)
    changed = client.get(reverse(name, args=[case]), headers={"If-None-Match": first["ETag"]})
    assert (first.status_code, again.status_code, changed.status_code) == (200, 304, 200)
    assert again.content == b""


def test_its_live_part_is_the_same_as_in_the_page(here: World, sign_in: SignIn) -> None:
    case, client = here.register(at=started()), sign_in("zhouyining")
    page = client.get(reverse("case-page", args=[case])).content.decode()
    part = client.get(reverse("case-timeline", args=[case])).content.decode().strip()
    assert _plain(part) in _plain(page)


def _plain(html: str) -> str:
    return " ".join(html.split())


def test_it_files_internal_notes_and_messages_where_they_cannot_be_confused(here: World, sign_in: SignIn) -> None:
    case, client = here.register(at=started()), sign_in("zhouyining")
    client.post(reverse("case-note", args=[case]), {"text": "只给同事看"})
    client.post(reverse("case-message", args=[case]), {"text": "您好，明天上门"})
    text = client.get(reverse("case-page", args=[case])).content.decode()
    assert re.search(r'class="msg int">\s*只给同事看', text)
    assert re.search(r'class="msg pub">\s*您好，明天上门', text)


def test_it_draws_an_empty_note_again_with_a_sentence(here: World, sign_in: SignIn) -> None:
    answer = sign_in("zhouyining").post(reverse("case-message", args=[here.register(at=started())]), {"text": "  "})
    assert answer.status_code == 422
    assert "还没有写内容" in answer.content.decode()


def test_it_warns_in_the_message_pane_of_what_is_not_approved_yet(here: World, sign_in: SignIn) -> None:
    text = sign_in("zhouyining").get(reverse("case-page", args=[hot(here)])).content.decode()
    assert "才能答复方案 §5.2。批准以前的消息只说进度" in text


def test_it_keeps_a_message_that_waits_for_approval_and_says_how_to_send_it(here: World, sign_in: SignIn) -> None:
    case, client = hot(here), sign_in("zhouyining")
    address = reverse("case-message", args=[case])
    refused = client.post(address, {"text": "工程师明天上门"})
    page = refused.content.decode()
    assert refused.status_code == 409
    assert "批准以前只能告诉客户进度" in page
    assert "工程师明天上门" in page
    assert "data-into-view" in page
    assert client.post(address, {"text": " ", "interim": ""}).status_code == 422
    assert client.post(address, {"text": "工程师明天上门", "interim": "yes"}).status_code == 302
    assert "声明只说进度" in client.get(reverse("case-page", args=[case])).content.decode()


def test_it_shows_a_number_once_it_was_asked_for_and_says_who_asked(here: World, sign_in: SignIn) -> None:
    case, client = here.register(at=started()), sign_in("heqing")
    before = client.get(reverse("case-page", args=[case])).content.decode()
    shown = client.post(reverse("case-unmask", args=[case, 1, "person"]), headers={"HX-Request": "true"})
    after = client.get(reverse("case-page", args=[case])).content.decode()
    assert "13800002016" not in before
    assert "13800002016" in shown.content.decode()
    assert "13800002016" not in after
    assert "查看了投诉人的完整内容" in after


def test_it_joins_two_cases_by_number_and_keeps_a_wrong_one_typed(here: World, sign_in: SignIn) -> None:
    from kesu.store.models import Case

    first, second = here.register(at=started()), here.register(at=started(), title="又一件")
    client, address = sign_in("zhouyining"), reverse("case-join", args=[first])
    wrong = client.post(address, {"number": "TS-26-9999"})
    right = client.post(address, {"number": Case.objects.get(pk=second).number}, follow=True)
    assert wrong.status_code == 422
    assert 'value="TS-26-9999"' in wrong.content.decode()
    assert "又一件" in right.content.decode()


def test_it_hands_out_files_as_downloads_that_can_do_nothing(here: World, sign_in: SignIn) -> None:
    out = io.BytesIO()
    Image.new("RGB", (40, 30)).save(out, "PNG")
    case = here.register(at=started(), uploads=[Upload("photos", "墙面.png", out.getvalue())])
    client = sign_in("heqing")
    page = client.get(reverse("case-page", args=[case])).content.decode()
    looked_at = re.search(rf'/cases/{case}/evidence/[0-9a-f-]+(?=")', page)
    assert looked_at
    address = re.search(rf'/cases/{case}/files/[0-9a-f-]+(?=")', client.get(looked_at[0]).content.decode())
    assert address
    whole = client.get(address[0])
    assert whole["Content-Disposition"].startswith("attachment;")
    assert whole["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in whole["Content-Security-Policy"]
    assert client.get(f"{address[0]}/preview")["Content-Type"] == "image/jpeg"
    assert sign_in("zhaolang").get(address[0]).status_code == 404


def test_it_unfolds_a_clause_as_a_part_and_as_a_page(here: World, sign_in: SignIn) -> None:
    client = sign_in("zhouyining")
    page = client.get(reverse("case-page", args=[hot(here)])).content.decode()
    address = re.search(r'href="(/policies/[0-9a-f]{64}/clauses/[^"]+)"', page)
    assert address
    part = client.get(address[1], headers={"HX-Request": "true"}).content.decode()
    whole = client.get(address[1]).content.decode()
    assert "<html" not in part
    assert "<html" in whole
    assert 'class="clause"' in part
    assert client.get(address[1] + "x").status_code == 404


def test_it_filters_the_timeline_without_scripts(here: World, sign_in: SignIn) -> None:
    case, client = here.register(at=started()), sign_in("zhouyining")
    client.post(reverse("case-note", args=[case]), {"text": "只给同事看"})
    inside = client.get(reverse("case-page", args=[case]) + "?show=internal").content.decode()
    talk = client.get(reverse("case-page", args=[case]) + "?show=talk").content.decode()
    assert "只给同事看" in inside
    assert "只给同事看" not in talk
