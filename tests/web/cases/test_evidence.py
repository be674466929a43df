"""The register of evidence, one piece of it looked at closely, and what is said of it."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from PIL import ExifTags, Image
from pypdf import PdfReader

from kesu.core.uploads import Upload
from kesu.store.models import CaseEvent, Note, StoredFile
from tests import desk
from tests.world import World

pytestmark = pytest.mark.django_db

WHEN = "2026:05:30 08:15:00"
FILM = b"\x00\x00\x00\x18ftypisom" + bytes(4000)


def photograph() -> bytes:
    """As a telephone takes it: with time, place and its own name."""
    content = io.BytesIO()
    picture = Image.new("RGB", (2400, 1800), (180, 170, 150))
    exif = picture.getexif()
    exif[ExifTags.Base.Model] = "Phone 12"
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = WHEN
    exif.get_ifd(ExifTags.IFD.GPSInfo).update(
        {
            ExifTags.GPS.GPSLatitudeRef: "N",
            ExifTags.GPS.GPSLatitude: (31.0, 30.0, 0.0),
            ExifTags.GPS.GPSLongitudeRef: "E",
            ExifTags.GPS.GPSLongitude: (121.0, 15.0, 0.0),
        }
    )
    picture.save(content, "JPEG", exif=exif)
    return content.getvalue()


def with_evidence() -> tuple[World, UUID]:
    """A case with a photograph, a text and a film."""
    world, now = desk.opened()
    uploads = [
        Upload("photos", "东墙.jpg", photograph()),
        Upload("photos", "说明.txt", "五月三十日拍".encode()),
        Upload("photos", "漏水.mp4", FILM),
    ]
    at = now - timedelta(hours=1)
    return world, world.register("wutong", at=at, promised_feedback_at=desk.PROMISED, uploads=uploads)


def named(case_id: UUID, name: str) -> UUID:
    return StoredFile.objects.get(case_id=case_id, name=name).pk


def piece(client: Client, case_id: UUID, name: str, **more: str) -> str:
    return client.get(reverse("case-evidence-file", args=[case_id, named(case_id, name)]), more).content.decode()


def say(client: Client, case_id: UUID, name: str, what: str, **words: str) -> int:
    address = reverse(f"case-evidence-{what}", args=[case_id, named(case_id, name)])
    return client.post(address, words).status_code


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_it_lists_every_file_with_its_number_its_giver_and_its_hash() -> None:
    _, case_id = with_evidence()

    page = desk.client_of("zhouyining").get(reverse("case-evidence", args=[case_id])).content.decode()

    assert page.index("东墙.jpg") < page.index("说明.txt") < page.index("漏水.mp4")
    for file in StoredFile.objects.filter(case_id=case_id):
        assert file.sha256 in re.sub(r"\s|<[^>]+>", "", page)
    assert "写在第 1 条记录里，随每夜签名" in page
    assert page.count("交入系统") == 3


def test_it_says_where_a_file_comes_from_and_keeps_what_was_said_before() -> None:
    _, case_id = with_evidence()
    client = desk.client_of("zhouyining")

    assert (
        say(client, case_id, "东墙.jpg", "words", source="业主现场提供", kept="客服部档案柜 3", note="霉斑一片") == 302
    )
    assert say(client, case_id, "东墙.jpg", "words", note="霉斑两片") == 302

    page = plain(client.get(reverse("case-evidence", args=[case_id])).content.decode())
    assert "业主现场提供" in page
    assert "客服部档案柜 3" in page
    assert "霉斑两片" in page
    assert "霉斑一片" not in page
    assert CaseEvent.objects.filter(case_id=case_id, kind="file.described").count() == 2

    assert say(client, case_id, "东墙.jpg", "words", source="业主现场提供", kept="", note="霉斑两片") == 302
    page = plain(client.get(reverse("case-evidence", args=[case_id])).content.decode())
    assert "客服部档案柜 3" not in page
    assert "业主现场提供" in page


def test_it_keeps_each_hand_through_which_an_original_went() -> None:
    _, case_id = with_evidence()
    client = desk.client_of("zhouyining")

    hands = {"given_by": "苏女士", "given_to": "周以宁", "place": "项目前台"}
    assert say(client, case_id, "说明.txt", "hands", **hands) == 302

    page = plain(piece(client, case_id, "说明.txt"))
    assert "原件由 苏女士 交给 周以宁，在 项目前台" in page
    assert "交接了证据原件 说明.txt" in client.get(reverse("case-page", args=[case_id])).content.decode()


def test_it_asks_who_gave_it_to_whom_and_where_and_keeps_what_was_typed() -> None:
    _, case_id = with_evidence()
    client = desk.client_of("zhouyining")
    address = reverse("case-evidence-hands", args=[case_id, named(case_id, "说明.txt")])

    answer = client.post(address, {"given_by": "苏女士", "given_to": "", "place": ""})

    assert answer.status_code == 422
    assert 'value="苏女士"' in answer.content.decode()
    assert "请写清原件由谁交给谁" in answer.content.decode()
    late = {"given_by": "苏女士", "given_to": "周以宁", "place": "前台", "happened_at": "2099-01-01T08:00"}
    assert "交接在接报以后、现在以前" in client.post(address, late).content.decode()


def test_it_writes_down_who_took_a_file_out_and_nothing_of_looking_at_it() -> None:
    _, case_id = with_evidence()
    client = desk.client_of("zhouyining")
    file = named(case_id, "东墙.jpg")

    client.get(reverse("case-file-view", args=[case_id, file]))
    assert not Note.objects.filter(case_id=case_id, visibility="taken_out").exists()
    client.get(reverse("case-file", args=[case_id, file]))

    assert Note.objects.filter(case_id=case_id, visibility="taken_out").count() == 1
    assert "下载了文件 东墙.jpg" in client.get(reverse("case-page", args=[case_id])).content.decode()
    assert "下载" in plain(piece(client, case_id, "东墙.jpg"))


def test_it_goes_from_one_piece_to_the_next_also_by_the_keyboard() -> None:
    _, case_id = with_evidence()
    client = desk.client_of("zhouyining")

    first, second = piece(client, case_id, "东墙.jpg"), piece(client, case_id, "说明.txt")

    assert 'data-key="ArrowLeft"' not in first
    assert str(named(case_id, "说明.txt")) in first.partition('data-key="ArrowRight"')[0][-200:]
    assert str(named(case_id, "东墙.jpg")) in second.partition('data-key="ArrowLeft"')[0][-200:]


def test_it_shows_a_picture_large_without_what_the_camera_wrote_into_it() -> None:
    _, case_id = with_evidence()

    answer = desk.client_of("zhouyining").get(reverse("case-file-view", args=[case_id, named(case_id, "东墙.jpg")]))

    shown = Image.open(io.BytesIO(answer.content))
    assert max(shown.size) == 1600
    assert not shown.getexif()
    assert b"2026:05:30" not in answer.content


def test_it_tells_time_and_place_of_a_picture_to_those_who_may_see_personal_data() -> None:
    _, case_id = with_evidence()

    told = plain(piece(desk.client_of("zhouyining"), case_id, "东墙.jpg"))
    assert "2026-05-30 08:15:00" in told
    assert "31.50000, 121.25000" in told
    assert "Phone 12" in told

    others = plain(piece(desk.client_of("wutong"), case_id, "东墙.jpg"))
    assert "东墙.jpg" in others
    assert "31.50000" not in others


def test_it_plays_a_film_by_parts() -> None:
    _, case_id = with_evidence()
    client = desk.client_of("zhouyining")
    address = reverse("case-file-view", args=[case_id, named(case_id, "漏水.mp4")])

    assert "<video controls" in piece(client, case_id, "漏水.mp4")
    part = client.get(address, headers={"range": "bytes=4-7"})
    assert (part.status_code, part.content) == (206, b"ftyp")
    assert part.headers["Content-Range"] == f"bytes 4-7/{len(FILM)}"
    assert client.get(address, headers={"range": "bytes=-10"}).content == FILM[-10:]
    assert client.get(address, headers={"range": "bytes=999999-"}).status_code == 416
    assert client.get(address).content == FILM


def test_it_draws_marks_over_a_picture_and_leaves_the_picture_as_it_came() -> None:
    _, case_id = with_evidence()
    client = desk.client_of("zhouyining")
    before = client.get(reverse("case-file", args=[case_id, named(case_id, "东墙.jpg")])).content
    box = '{"kind":"box","x":100,"y":200,"x2":400,"y2":600,"text":"霉斑"}'
    shapes = f'[{box},{{"kind":"arrow","x":0,"y":0,"x2":500,"y2":500}}]'

    assert say(client, case_id, "东墙.jpg", "marks", shapes=shapes) == 302

    page = piece(client, case_id, "东墙.jpg")
    assert '<rect x="100" y="150" width="300" height="300"/>' in page
    assert ">霉斑</text>" in page
    assert 'marker-end="url(#tip)"' in page
    assert client.get(reverse("case-file", args=[case_id, named(case_id, "东墙.jpg")])).content == before


@pytest.mark.parametrize(
    "shapes",
    [
        "",
        "[]",
        "{",
        "[1]",
        '[{"kind":"blot","x":1,"y":1}]',
        '[{"kind":"words","x":1,"y":1}]',
        '[{"kind":"box","x":1,"y":1,"x2":1001,"y2":5}]',
        '[{"kind":"box","x":true,"y":1,"x2":9,"y2":5}]',
        "[" + ",".join(['{"kind":"words","x":1,"y":1,"text":"a"}'] * 31) + "]",
        "[" * 20_000,
    ],
)
def test_it_takes_no_marks_that_are_none(shapes: str) -> None:
    _, case_id = with_evidence()

    assert say(desk.client_of("zhouyining"), case_id, "东墙.jpg", "marks", shapes=shapes) == 422
    assert not CaseEvent.objects.filter(case_id=case_id, kind="file.marked").exists()


def test_it_takes_no_marks_on_what_is_no_picture() -> None:
    _, case_id = with_evidence()

    marks = '[{"kind":"words","x":1,"y":1,"text":"看"}]'
    assert say(desk.client_of("zhouyining"), case_id, "说明.txt", "marks", shapes=marks) == 422


def test_it_prints_the_register_with_custody_and_marks() -> None:
    _, case_id = with_evidence()
    client = desk.client_of("zhouyining")
    say(client, case_id, "东墙.jpg", "words", source="业主现场提供")
    say(client, case_id, "东墙.jpg", "marks", shapes='[{"kind":"words","x":1,"y":1,"text":"渗水处"}]')

    page = client.get(reverse("case-document", args=[case_id, "evidence-list"])).content.decode()
    packed = client.get(reverse("case-document-pdf", args=[case_id, "evidence-list"])).content
    told = "\n".join(one.extract_text() for one in PdfReader(io.BytesIO(packed)).pages)

    for said in (page, "".join(told.split())):
        assert "证据清单" in said
        assert "业主现场提供" in said
        assert "渗水处" in said
        assert "移交人" in said
    assert client.get(reverse("case-document-docx", args=[case_id, "evidence-list"])).status_code == 200


def test_it_makes_one_event_of_a_form_that_is_sent_twice() -> None:
    _, case_id = with_evidence()
    client = desk.client_of("zhouyining")

    for _ in range(2):
        say(client, case_id, "东墙.jpg", "words", note="霉斑", form_token="same")

    assert CaseEvent.objects.filter(case_id=case_id, kind="file.described").count() == 1


def test_what_is_said_of_a_file_overtakes_nobody_who_fills_in_a_form() -> None:
    _, case_id = with_evidence()
    client, step = desk.client_of("zhouyining"), reverse("case-step", args=[case_id, "register"])
    form = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', client.get(step).content.decode()))
    assert say(desk.client_of("heqing"), case_id, "东墙.jpg", "words", source="业主", kept="", note="东墙") == 302
    answer = client.post(step, {**form, "customer_type": "业主", "demand": "修好并说明原因"})
    assert answer.status_code == 302
