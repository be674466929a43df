"""Files that lie about themselves, that are bombs, or that would act when they are opened."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from PIL import Image

from kesu.casefile import files
from kesu.core.errors import Unacceptable
from kesu.core.uploads import MAX_BYTES, Upload
from kesu.store.models import Case, StoredFile
from tests import desk
from tests.access import sample
from tests.access.sample import picture
from tests.world import COMPLAINT

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><html><script>alert(1)</script></html>"


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def bomb(side: int) -> bytes:
    """A picture that says that it is `side` by `side`, in a few bytes."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\x00" * 1000)) + chunk(b"IEND", b"")


def broken() -> bytes:
    """A photograph whose second half and whose note of the camera are noise."""
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (640, 480), (1, 2, 3)).save(out, "JPEG", exif=exif)
    whole = bytearray(out.getvalue())
    whole[30:60] = b"\xff" * 30
    return bytes(whole[: len(whole) // 2])


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("empty.jpg", b"", "file_empty"),
        ("large.txt", b"x" * (MAX_BYTES + 1), "file_too_large"),
        ("drawing.svg", SVG, "file_kind"),
        ("drawing.png", SVG, "file_kind"),
        ("page.html", HTML, "file_kind"),
        ("page.jpg", HTML, "file_kind"),
        ("program.exe", b"MZ\x90\x00" + b"\x00" * 200, "file_kind"),
        ("program.pdf", b"MZ\x90\x00" + b"\x00" * 200, "file_kind"),
        ("script.py", b"import os\nos.system('id')\n", "file_kind"),
        ("bomb.png", bomb(60_000), "file_broken"),
        ("bomb.png", bomb(9_000), "file_broken"),
        ("archive.zip", b"PK\x03\x04" + b"\x00" * 100, "file_kind"),
        ("noise.bin", bytes(range(256)) * 4, "file_kind"),
    ],
)
def test_it_refuses_a_file_by_its_bytes_whatever_it_is_called(name: str, content: bytes, reason: str) -> None:
    with pytest.raises(Unacceptable) as caught:
        files.check([Upload("photos", name, content)])

    assert caught.value.reason == reason


@pytest.mark.django_db
@pytest.mark.parametrize(
    "content", [broken(), bomb(40), b"GIF89a" + b"\xff" * 40, b"RIFF\x10\x00\x00\x00WEBPVP8 " + b"\xff" * 40]
)
def test_it_answers_a_picture_that_cannot_be_opened(content: bytes) -> None:
    status = submitted("x.jpg", content)

    assert status in {302, 422}
    assert (status == 302) == Case.objects.exists()


def submitted(name: str, content: bytes) -> int:
    """A customer sends a complaint with this file: the status."""
    world, _now = desk.opened()
    sent = {code.replace("__", "."): text for code, text in COMPLAINT.items() if code != "channel"}
    body = encode_multipart(BOUNDARY, {**sent, "photos": SimpleUploadedFile("plain.jpg", content)})
    # As a request made by hand says it: the framework's own client would clean the name.
    body = body.replace(b'filename="plain.jpg"', b'filename="' + name.encode() + b'"')
    address = f"/submit/{world.units['qingtang']}/complaint"
    page = Client(raise_request_exception=False).generic("POST", address, body, MULTIPART_CONTENT)
    return page.status_code


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name",
    [
        "../../../../etc/cron.d/x.jpg",
        "..\\..\\x.jpg",
        "a\r\nSet-Cookie: a=b.jpg",
        "\u202egpj.exe",
        "x" * 900 + ".jpg",
        "a;filename=b.jpg",
    ],
)
def test_it_keeps_nothing_of_a_name_but_a_name(name: str) -> None:
    status = submitted(name, picture())

    assert status == 302
    kept = StoredFile.objects.get()
    assert kept.place == f"{kept.case_id.hex[:2]}/{kept.case_id.hex}/{kept.pk.hex}"
    assert (settings.KESU_FILES / kept.place).resolve().is_relative_to(settings.KESU_FILES.resolve())
    assert kept.name.endswith(".jpg")
    assert not set(kept.name) & set('/\\\r\n"<>\u202e')
    answer = desk.client_of("zhouyining").get(f"/cases/{kept.case_id}/files/{kept.pk}")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "Set-Cookie" not in answer.headers


@pytest.mark.django_db
def test_it_hands_files_out_so_that_nothing_in_them_can_act() -> None:
    found = sample.build()
    client = desk.client_of("zhouyining")

    whole, small = (client.get(found.address(name)) for name in ("case-file", "case-file-preview"))

    assert whole.headers["Content-Disposition"].startswith("attachment")
    for answer in (whole, small):
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "private, no-store"
    assert small.headers["Content-Type"] == "image/jpeg"


@pytest.mark.django_db
def test_it_opens_a_file_through_its_own_case_only() -> None:
    found = sample.build()
    other = found.world.register("zhouyining", at=found.now, person__phone="13800007777")

    answer = desk.client_of("zhouyining").get(f"/cases/{other}/files/{found.file_id}")

    assert answer.status_code == 404


@pytest.mark.django_db
def test_it_stores_nothing_that_can_be_read_without_the_key() -> None:
    sample.build()
    kept = StoredFile.objects.get()

    for place in (kept.place, f"{kept.place}.preview"):
        assert b"JFIF" not in (settings.KESU_FILES / place).read_bytes()
