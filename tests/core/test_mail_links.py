"""A mail that quotes a link of ours is handed on without it, however the quotation is written, and else to the byte."""

from __future__ import annotations

import base64
import hashlib
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from email.message import EmailMessage
from email.policy import SMTP

import pytest

from kesu.casefile import files
from kesu.casefile.mail_files import shown_to_others
from kesu.core.mail_in import read_mail
from kesu.core.mail_links import mail_without_links
from kesu.core.uploads import Upload

SECRET = "9f86d081884c7d659a2feaa0c55ad015"
LINK = f"https://kesu.example/follow/{SECRET}"


def quoting(text: str, encoding: str = "base64", subtype: str = "plain", charset: str = "utf-8") -> bytes:
    found = EmailMessage(policy=SMTP)
    found["From"], found["Subject"] = "a@b.example", "阳台渗水"
    found.set_content("见下", cte="8bit")
    found.add_attachment(text.encode(charset), maintype="text", subtype=subtype, cte=encoding, filename="a.txt")
    return found.as_bytes()


def within(content: bytes) -> str:
    return "\n".join(one.content.decode("utf-8", "replace") for one in read_mail(content).files)


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable", "8bit"])
@pytest.mark.parametrize(
    "text",
    [
        f"查看进展：{LINK}\n谢谢",
        f'<a href="{LINK}/publications">看</a>',
        f"https://guard.example/?url=https%3A%2F%2Fkesu.example%2Ffollow%2F{SECRET}&x=1",
        f"> 说了很久的话，{'长' * 40} https://kesu.example/part/{SECRET} 完",
        f"https://one.example/?url=https%253A%252F%252Fkesu.example%252Ffollow%252F{SECRET}",
    ],
)
def test_the_link_is_gone_and_the_rest_stays(encoding: str, text: str) -> None:
    content = quoting(text, encoding)
    shown = mail_without_links(content, is_mail=True)
    assert shown.taken_out == 1
    assert SECRET not in within(shown.content) + shown.content.decode("utf-8", "replace")
    assert within(shown.content).strip() == text.replace(SECRET, "***").strip()
    assert hashlib.sha256(content).hexdigest().encode() in shown.content.split(b"\r\n")[0]
    before, after = read_mail(content), read_mail(shown.content)
    assert (before.subject, before.text, before.address) == (after.subject, after.text, after.address)


def test_a_mail_without_one_is_the_same_to_the_byte() -> None:
    for text in ("没有链接", "https://kesu.example/follow/short", "/talk/ 里说过"):
        content = quoting(text)
        assert mail_without_links(content, is_mail=True) == type(mail_without_links(b"", is_mail=False))(content, 0)


def test_it_is_found_in_a_mail_that_hangs_on_it_between_its_parts_and_in_a_set_of_wide_signs() -> None:
    inner = EmailMessage(policy=SMTP)
    inner["From"] = "house@kesu.example"
    inner.set_content(f"{LINK}\n", cte="base64")
    outer = EmailMessage(policy=SMTP)
    outer["From"], outer["X-Of"] = "a@b.example", LINK
    outer.set_content("转发")
    outer.add_attachment(inner)
    outer.add_attachment(inner.as_bytes(), maintype="application", subtype="octet-stream", filename="旧信.EML")
    outer.add_attachment(LINK.encode("utf-16"), maintype="text", subtype="plain", filename="a.txt")
    content = outer.as_bytes().replace(b"MIME-Version", b"Mime-Version").rstrip() + f"\r\n{LINK}\r\n".encode()
    shown = mail_without_links(content, is_mail=True)
    assert shown.taken_out == 5
    assert SECRET not in shown.content.decode("utf-8", "replace")
    again = mail_without_links(shown.content, is_mail=True)
    assert again.taken_out == 0


CODED = base64.b64encode(f"查看进展：{LINK}\n".encode()).decode()
INNER = base64.encodebytes(f"From: house@kesu.example\r\nSubject: x\r\n\r\n{LINK}\r\n".encode()).decode()
NAMED = "=?utf-8?B?" + base64.b64encode("往来.txt".encode()).decode() + "?="


@pytest.mark.parametrize(
    ("heads", "body"),
    [
        (f'Content-Type: application/octet-stream; name="{NAMED}"\r\nContent-Transfer-Encoding: base64', CODED),
        ('Content-Type: application/x-log; name="a.log"\r\nContent-Transfer-Encoding: base64', CODED),
        ("Content-Type: text/plain\r\nContent-Transfer-Encoding: base64 ", CODED),
        ("Content-Type: text/plain\r\nContent-Transfer-Encoding: (x) Base64 (y)", CODED),
        ("Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64", INNER),
        (f"Content-Type: text/plain\r\nX-Of: =?utf-8?B?{CODED}?=", "x"),
        ("Content-Type: text/plain", f"> https://kesu.example/follow/{SECRET[:9]} \r\n> {SECRET[9:]}"),
        ("Content-Type: text/plain", f"> https://kesu.example/follow/\r\n> {SECRET}"),
    ],
    ids=[
        "a name in encoded words",
        "no text by its name",
        "a blank",
        "remarks",
        "a mail encoded",
        "a coded head",
        "broken",
        "broken off",
    ],
)
@pytest.mark.parametrize("begins", ["", "\ufeff"])
def test_it_is_found_where_programs_find_it_and_a_library_does_not(heads: str, body: str, begins: str) -> None:
    boundary = "Content-Type: multipart/mixed; boundary=q\r\n\r\n--q\r\n"
    content = f"{begins}From: a@b.example\r\n{boundary}{heads}\r\n\r\n{body}\r\n--q--\r\n".encode()
    read = read_mail(content)
    shown = mail_without_links(content, is_mail=True)
    assert shown.taken_out == 1
    for text in (shown.content.decode(), read_mail(shown.content).text, within(shown.content), read.text):
        assert SECRET[9:] not in text
        assert CODED not in text
        assert INNER.split()[-1] not in text
    assert mail_without_links(shown.content, is_mail=True).taken_out == 0


def test_a_subject_that_holds_one_is_shown_without_it() -> None:
    coded = base64.b64encode(f"看 {LINK}".encode()).decode()
    read = read_mail(f"From: a@b.example\r\nSubject: =?utf-8?B?{coded}?=\r\n\r\nx".encode())
    assert read.subject == "看 https://kesu.example/follow/…"


def test_of_a_text_in_wide_signs_the_rest_stays() -> None:
    for mark, charset in ((BOM_UTF16_LE, "utf-16-le"), (BOM_UTF16_BE, "utf-16-be")):
        shown = mail_without_links(mark + f"看 {LINK} 谢谢".encode(charset), is_mail=False)
        note, _end, found = shown.content.decode("utf-16").partition("\n")
        assert (shown.taken_out, found) == (1, "看 https://kesu.example/follow/*** 谢谢")
        assert note.startswith("X-Kesu-Links-Taken-Out: 1;")


@pytest.mark.parametrize("charset", ["utf-8", "utf-16"])
@pytest.mark.parametrize("name", ["往来.txt", "往来.LOG", "往来.md", "往来.conf"])
def test_what_is_taken_as_a_text_is_looked_through_whatever_it_is_called(name: str, charset: str) -> None:
    upload = Upload("evidence", name, f"看 {LINK} 谢谢".encode(charset))
    assert files.wrong(upload) is None
    shown = shown_to_others([upload])[0]
    assert SECRET not in shown.content.decode(charset)
    assert files.details_of(shown).media_type == files.details_of(upload).media_type == "text/plain"


def test_in_what_no_library_reads_what_is_encoded_is_looked_through() -> None:
    """As a mail with a line of another program above it, or with more parts than are read."""
    content = f"From a@b Mon Nov 27\nFrom: a@b.example\n\n{INNER}\nend".encode()
    shown = mail_without_links(content, is_mail=False)
    assert shown.taken_out == 1
    assert INNER.split()[-1].encode() not in shown.content
    for odd in (b"A" * 41, b"A" * 77 + b"\n" + b"B" * 80, b"/" * 1_000_000 + b"="):
        assert mail_without_links(odd, is_mail=False).content == odd


def test_bytes_that_are_no_mail_are_searched_as_they_stand() -> None:
    assert mail_without_links(b"\x00\xff" + LINK.encode(), is_mail=False).content.endswith(b"/follow/***")


def test_a_picture_that_looks_like_a_link_by_chance_stays_whole() -> None:
    found = EmailMessage(policy=SMTP)
    found["From"] = "a@b.example"
    found.set_content("x")
    found.add_attachment(b"\xff\xd8/talk/" + b"A" * 40, maintype="image", subtype="jpeg", filename="a.jpg")
    content = found.as_bytes()
    assert mail_without_links(content, is_mail=True).content == content
