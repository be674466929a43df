"""Signatures on the screen: by staff who have somebody before them, and by the customer behind his link."""

from __future__ import annotations

import html
import io
import json
import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image
from pypdf import PdfReader

from kesu.access.cases import desk_link
from kesu.access.guests import secret_for
from kesu.casefile import files
from kesu.casefile.books import kind_of
from kesu.casefile.log import read_bodies_by_class
from kesu.core.uploads import Upload
from kesu.store.models import Case, CaseEvent, CaseGuest, StoredFile
from tests import desk
from tests.commands.test_overlays import adopt

pytestmark = pytest.mark.django_db

STROKES = json.dumps([[[100, 100], [400, 300], [500, 80]], [[600, 200], [900, 220]]])
INTERVIEW = {
    "interviewee": "某施工员",
    "interviewers": "周以宁、何青",
    "interview_place": "项目部",
    "interview_begun": "2026-07-06T14:00",
    "interview_ended": "2026-07-06T14:30",
    "interview_record": "问：何时打的胶？答：去年。",
}


def with_records() -> UUID:
    """A case under the complaint policy with the rules on records laid over it."""
    world, now = desk.opened()
    adopt(world, "records", at=now - timedelta(days=20))
    case_id = world.register("wutong", at=now - timedelta(hours=1), promised_feedback_at=desk.PROMISED)
    desk.take(case_id, "register", "zhouyining", customer_type="业主", demand="修好并说明原因")
    return case_id


def form_of(client: Client, address: str) -> dict[str, str]:
    """What the hidden fields of the page say."""
    page = client.get(address).content.decode()
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))


def interviewed(client: Client, case_id: UUID, **said: str) -> tuple[int, str]:
    address = reverse("case-step", args=[case_id, "record_interview"])
    answer = client.post(address, {**form_of(client, address), **INTERVIEW, **said})
    return answer.status_code, answer.content.decode()


def surveyed(client: Client, case_id: UUID) -> int:
    address = reverse("case-step", args=[case_id, "record_survey"])
    local = datetime.now(UTC) + timedelta(hours=8)
    survey = {"survey_at": f"{local:%Y-%m-%d %H:%M}", "survey_place": "东墙", "survey_people": "苏女士、周以宁"}
    return client.post(address, {**form_of(client, address), **survey, "surveyor_signature": STROKES}).status_code


def signature(case_id: UUID, fact: str) -> tuple[StoredFile, dict[str, str]]:
    """The file, and what the log says of it."""
    file = StoredFile.objects.select_related("case").get(case_id=case_id, fact=fact)
    texts = read_bodies_by_class(file.case)[file.event_seq or 0]
    named = next(part[fact] for part in texts.values() if fact in part)
    return file, named[0]


def test_the_form_has_a_field_to_sign_in_and_another_way_for_the_keyboard() -> None:
    case_id = with_records()

    page = desk.client_of("zhouyining").get(reverse("case-step", args=[case_id, "record_interview"])).content.decode()

    assert page.index('name="interview_record"') < page.index("<canvas")  # what is signed stands above
    assert "不能手写，改为打字" in page
    assert 'name="interviewee_signature.ticked"' in page


def test_a_signature_by_hand_becomes_a_picture_whose_hash_and_reading_the_log_holds() -> None:
    case_id = with_records()
    head = Case.objects.get(pk=case_id).head

    assert interviewed(desk.client_of("zhouyining"), case_id, interviewee_signature=STROKES)[0] == 302

    file, named = signature(case_id, "interviewee_signature")
    drawn = Image.open(io.BytesIO(files.content(file)))
    assert (drawn.format, drawn.size) == ("PNG", (1000, 400))
    assert drawn.getpixel((250, 200)) == 0
    assert named["sha256"] == file.sha256
    assert named["signed"] == "hand"
    assert len(named["read"]) == 64
    assert CaseEvent.objects.get(case_id=case_id, kind="interview.recorded").previous == head


def test_a_typed_name_is_a_kind_of_its_own_and_says_so_everywhere() -> None:
    case_id = with_records()
    client = desk.client_of("zhouyining")
    name = {"interviewee_signature.name": "某施工员"}

    status, page = interviewed(client, case_id, **name)
    assert status == 422
    assert "请勾选下面的确认" in page
    assert interviewed(client, case_id, **name, **{"interviewee_signature.ticked": "yes"})[0] == 302

    file, named = signature(case_id, "interviewee_signature")
    assert files.content(file).decode() == "某施工员"
    assert named["signed"] == "typed"
    assert "打字签名，不是手写" in client.get(reverse("case-evidence", args=[case_id])).content.decode()
    paper = client.get(reverse("case-document", args=[case_id, "interview_sheet"])).content.decode()
    assert "某施工员（打字签名，不是手写）" in paper


def test_the_record_is_printed_with_the_signature_its_taker_and_time() -> None:
    case_id = with_records()
    client = desk.client_of("zhouyining")
    interviewed(client, case_id, interviewee_signature=STROKES)

    paper = client.get(reverse("case-document", args=[case_id, "interview_sheet"])).content.decode()
    packed = client.get(reverse("case-document-pdf", args=[case_id, "interview_sheet"])).content

    assert "谈话记录" in paper
    assert re.search(r"记录人（签名）：</span><span>周以宁</span>", paper)
    assert 'class="sig" src="data:image/png;base64,' in paper
    assert re.search(r"—— 周以宁.* \d{4}-\d\d-\d\d \d\d:\d\d<img", paper)
    assert len(PdfReader(io.BytesIO(packed)).pages[0].images) == 1
    assert client.get(reverse("case-document-docx", args=[case_id, "interview_sheet"])).status_code == 200


@pytest.mark.parametrize(
    "strokes", ["[]", "{", "1", "[[[1,1],[5,5]]]", "[[[1,2,3]]]", "[[[0,0],[1001,1]]]", "[" * 9000]
)
def test_what_is_no_signature_is_refused_with_all_that_was_typed(strokes: str) -> None:
    case_id = with_records()

    status, page = interviewed(desk.client_of("zhouyining"), case_id, interviewee_signature=strokes)

    assert status == 422
    assert "没有认出签名" in page
    assert "问：何时打的胶？答：去年。" in page


def test_nobody_signs_what_has_changed_while_he_read() -> None:
    case_id = with_records()

    stale = {"interviewee_signature": STROKES, "interviewee_signature.read": "0" * 64}
    status, page = interviewed(desk.client_of("zhouyining"), case_id, **stale)

    assert status == 422
    assert "您看的时候内容有了变化" in page
    assert STROKES not in html.unescape(page)  # it was drawn over what is there no more


def test_no_file_stands_for_a_signature() -> None:
    case_id = with_records()
    case = Case.objects.get(pk=case_id)
    facts = kind_of(case.policy_version_id, case.kind).facts

    with pytest.raises(Exception, match="signature_missing"):
        files.check([Upload("interviewee_signature", "签名.txt", "某".encode())], facts)


def test_the_customer_signs_behind_his_link_what_the_house_wrote_last() -> None:
    case_id = with_records()
    staff = desk.client_of("zhouyining")
    assert surveyed(staff, case_id) == 302
    staff.post(reverse("case-message", args=[case_id]), {"text": "勘察记录：东墙竖缝开裂", "interim": "yes"})
    case = Case.objects.get(pk=case_id)
    secret = desk_link(case, kind_of(case.policy_version_id, case.kind))
    client, address = Client(), reverse("public-step", args=[secret, "sign_survey"])

    page = client.get(address).content.decode()
    assert "您签的是" in page
    assert "东墙竖缝开裂" in page
    said = {**form_of(client, address), "survey_signature": STROKES, "survey_opinion": "窗也渗"}
    assert client.post(address, {**said, "survey_signature.read": "1"}).status_code == 422
    assert client.post(address, said).status_code == 302

    file, named = signature(case_id, "survey_signature")
    assert file.added_by is None
    assert named["signed"] == "hand"
    assert "手写签名" in staff.get(reverse("case-evidence", args=[case_id])).content.decode()


def test_those_present_at_a_survey_sign_one_by_one_and_the_paper_says_who() -> None:
    case_id, client = with_records(), desk.client_of("zhouyining")
    address = reverse("case-step", args=[case_id, "sign_attendance"])
    assert surveyed(client, case_id) == 302
    for who in ("沈某，施工单位", "韩某，物业公司"):
        said = {**form_of(client, address), "attendee": who, "attendee_signature": STROKES}
        assert client.post(address, said).status_code == 302

    paper = client.get(reverse("case-document", args=[case_id, "survey_sheet"])).content.decode()
    first, second = paper.index("沈某，施工单位"), paper.index("韩某，物业公司")
    assert first < second
    assert paper.count('class="sig" src="data:image/png;base64,') == 3


def test_the_other_side_states_its_case_behind_a_link_that_shows_what_the_policy_shows() -> None:
    case_id, clerk, ends = with_records(), desk.client_of("zhouyining"), datetime.now(UTC) + timedelta(days=7)
    asked = {"name": "某施工单位", "slot": "other_party", "task": "请说明施工的情况", "for_customer": "no"}
    assert clerk.post(reverse("case-guests", args=[case_id]), asked | {"ends": f"{ends:%Y-%m-%d}"}).status_code == 302
    secret = secret_for(CaseGuest.objects.get(case_id=case_id).pk)
    link, step = reverse("guest", args=[secret]), reverse("guest-step", args=[secret, "state_side"])

    page = Client().get(link).content.decode()
    assert "请说明施工的情况" in page
    assert Case.objects.get(pk=case_id).number in page
    for kept in ("外墙渗水", "苏女士", "3-1-1702", "已登记"):
        assert kept not in page

    assert Client().post(step, {**form_of(Client(), step), "other_statement": "按图施工，验收合格"}).status_code == 302
    assert "按图施工，验收合格" in clerk.get(reverse("case-page", args=[case_id])).content.decode()
    clerk.post(reverse("case-guest-withdraw", args=[case_id, CaseGuest.objects.get(case_id=case_id).pk]))
    assert Client().get(link).status_code == 409


def test_a_file_that_was_chosen_and_a_signature_that_was_drawn_are_no_longer_missing_while_one_types() -> None:
    case_id, client = with_records(), desk.client_of("zhouyining")
    address = reverse("case-step-preview", args=[case_id, "record_defect"])
    assert "还没有填问题照片" in client.post(address, {"defect": "竖缝开裂"}).content.decode()
    assert "还没有填问题照片" not in client.post(address, {"defect": "竖缝", "defect_photos": "a.jpg"}).content.decode()
    address = reverse("case-step-preview", args=[case_id, "record_survey"])
    assert "还没有填勘察人签名" in client.post(address, {"survey_place": "东墙"}).content.decode()
    assert "还没有填勘察人签名" not in client.post(address, {"surveyor_signature": STROKES}).content.decode()
