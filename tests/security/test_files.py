"""Files that lie about themselves, that are bombs, or that would act when they are opened."""

from __future__ import annotations

import gc
import io
import logging
import random
import resource
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from PIL import Image

from kesu.casefile import files, pictures
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


LETTER = {"[Content_Types].xml": 9, "word/document.xml": 9}


def package(parts: Mapping[str, int]) -> bytes:
    """An archive with parts of this many bytes, as small as they can be made."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, size in parts.items():
            with archive.open(name, "w") as part:
                for _ in range(size // 1_000_000):
                    part.write(b"\x00" * 1_000_000)
                part.write(b"\x00" * (size % 1_000_000))
    return out.getvalue()


def heic() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (640, 480), (1, 2, 3)).save(out, "HEIF")
    return out.getvalue()


def moving() -> bytes:
    """A picture of many frames."""
    out = io.BytesIO()
    frames = [Image.new("P", (200, 200), number) for number in range(200)]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    return out.getvalue()


def noise(side: int) -> bytes:
    """A picture that cannot be made smaller."""
    out = io.BytesIO()
    Image.frombytes("RGB", (side, side), random.Random(7).randbytes(3 * side * side)).save(out, "PNG")
    return out.getvalue()


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
        ("bomb.png", bomb(60_000), "file_pixels"),
        ("bomb.png", bomb(9_000), "file_pixels"),
        ("program.jpg", b"MZ\x90\x00" + b"\x00" * 200, "file_kind"),
        ("letter.docx", package({"program.exe": 9}), "file_kind"),
        ("program.jpg", package({"program.exe": 9}), "file_kind"),
        ("notes.txt", package({"word/document.xml": 9}), "file_kind"),
        ("letter.docx", package(LETTER)[:-30], "file_kind"),
        ("letter.docx", package(LETTER | {"word/media/a.bin": 300_000_000}), "file_unpacked"),
        ("table.xlsx", package({"[Content_Types].xml": 9, "xl/workbook.xml": 300_000_000}), "file_unpacked"),
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

    names = ("case-file", "case-file-preview", "case-file-view")
    whole, small, large = (client.get(found.address(name)) for name in names)

    assert whole.headers["Content-Disposition"].startswith("attachment")
    for answer in (whole, small, large):
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox; frame-ancestors 'none'"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "private, no-store"
    assert small.headers["Content-Type"] == large.headers["Content-Type"] == "image/jpeg"


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


@pytest.mark.parametrize(
    ("name", "content", "media"),
    [
        ("letter.docx", package(LETTER), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("photo.heic", heic(), "image/heic"),
        ("moving.gif", moving(), "image/gif"),
        ("photo.exe", picture(), "image/jpeg"),
        ("page.txt", HTML, "text/plain"),
        ("two.jpg", picture() + package({"a": 9}), "image/jpeg"),
        ("script.gif", moving() + b"/*<script>alert(1)</script>*/", "image/gif"),
    ],
)
@pytest.mark.django_db
def test_it_takes_a_file_for_what_its_bytes_are_and_hands_it_out_as_that(name: str, content: bytes, media: str) -> None:
    status = submitted(name, content)

    kept = StoredFile.objects.get()
    assert (status, kept.media_type) == (302, media)
    assert kept.name.endswith(files.ACCEPTED[media])
    client = desk.client_of("zhouyining")
    answer = client.get(f"/cases/{kept.case_id}/files/{kept.pk}")
    assert (answer.content, answer.headers["Content-Type"]) == (content, media)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert kept.has_preview == media.startswith("image/")
    if kept.has_preview:
        small = client.get(f"/cases/{kept.case_id}/files/{kept.pk}/preview").content
        with Image.open(io.BytesIO(small)) as shown:
            assert (shown.format, max(shown.size) <= 640) == ("JPEG", True)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["..", "NUL", "a\u202egpj.exe", "<b>" * 80, "x" * 300, " . . "])
def test_it_says_which_file_it_does_not_take_without_repeating_what_is_odd_in_its_name(name: str) -> None:
    world, _now = desk.opened()
    with pytest.raises(Unacceptable) as caught:
        files.check([Upload("photos", name, HTML)])

    shown = caught.value.data["file"]
    assert 0 < len(shown) <= 120
    assert not set(shown) & set("/\\<>\u202e")
    assert Case.objects.count() == 0
    assert world.units


LARGEST = """
import django, resource, sys
django.setup()
from kesu.casefile import files, pictures
from kesu.core.uploads import Upload
content = sys.stdin.buffer.read()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
files.check([Upload("photos", "large", content)])
assert pictures.preview(content)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""
MOST_MEGABYTES = 400
"""Held while the largest picture that is taken is made small; one at a time in a process."""


def flat(kind: str) -> bytes:
    """The largest picture that is taken, of one colour: a few kilobytes."""
    side = int(pictures.MAX_PIXELS**0.5)
    out = io.BytesIO()
    Image.new("RGB" if kind in {"JPEG", "HEIF"} else "RGBA", (side, side), (1, 2, 3)).save(out, kind)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_it_makes_the_largest_picture_small_within_a_bound_of_memory(kind: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LARGEST], input=flat(kind), capture_output=True, check=False, timeout=300
    )

    assert done.returncode == 0, done.stderr.decode()
    assert int(done.stdout) < MOST_MEGABYTES


# --- a disk that is full ----------------------------------------------------------------------------------------------


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """As on a disk that is full: this process cannot write a file larger than that."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def stored() -> list[Path]:
    return sorted(path for path in Path(settings.KESU_FILES).rglob("*") if path.is_file())


def submitted_without_room(address: str, large: bytes) -> tuple[int, str]:
    sent = {code.replace("__", "."): text for code, text in COMPLAINT.items() if code != "channel"}
    photos = [SimpleUploadedFile("a.jpg", picture()), SimpleUploadedFile("b.png", large)]
    with files_of_at_most(300_000):
        page = Client(raise_request_exception=False).post(address, {**sent, "photos": photos})
    return page.status_code, page.content.decode()


@pytest.mark.django_db
@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")  # the framework's own, of a form that broke off
@pytest.mark.parametrize("large", [400, 1000], ids=["in memory", "in a temporary file"])
def test_it_leaves_neither_row_nor_file_when_the_disk_is_full(large: int, caplog: pytest.LogCaptureFixture) -> None:
    """The first of two photographs still finds room."""
    world, _now = desk.opened()
    before = stored()

    # A kept line of the log would hold the trace, and the trace the file that broke off.
    with caplog.at_level(logging.CRITICAL, logger="django.request"):
        status, page = submitted_without_room(f"/submit/{world.units['qingtang']}/complaint", noise(large))

    gc.collect()
    assert status == 503
    assert "存储空间满了" in page
    assert (large > 500) or COMPLAINT["content"] in page
    assert (Case.objects.count(), StoredFile.objects.count()) == (0, 0)
    assert stored() == before


@pytest.mark.django_db
def test_it_leaves_no_file_behind_when_the_step_fails_after_all() -> None:
    found = sample.build()
    before = stored()

    answer = desk.client_of("zhouyining").post(
        found.address("case-step"), {"seen_version": "1", "evidence": SimpleUploadedFile("a.jpg", picture())}
    )

    assert answer.status_code == 409
    assert stored() == before
