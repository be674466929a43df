"""A mail that somebody saved: read where it can be, refused before it costs, and never trusted."""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from kesu.core.mail_in import NoMail, read_mail

HEAD = b"From: a@b.example\nSubject: x\nDate: Mon, 06 Jul 2026 10:00:00 +0800\n"
MEGABYTE = 1024 * 1024


def mail(**said: str) -> EmailMessage:
    found = EmailMessage()
    for name, text in {"From": "周先生 <zhou@mail.example>", "Subject": "阳台渗水", **said}.items():
        found[name] = text
    found.set_content("下雨就漏，\n已经第三次了。")
    return found


def test_it_reads_who_wrote_about_what_when_and_what_hangs_on_it() -> None:
    sent = mail(Date="Mon, 06 Jul 2026 10:00:00 +0800")
    sent.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="墙面.png")
    sent.add_attachment(mail(Subject="从前的信"))
    read = read_mail(sent.as_bytes())
    assert (read.sender, read.address, read.subject) == ("周先生", "zhou@mail.example", "阳台渗水")
    assert read.text == "下雨就漏，\n已经第三次了。"
    assert read.sent_at == datetime(2026, 7, 6, 2, 0, tzinfo=UTC)
    assert [one.name for one in read.files] == ["墙面.png", "mail.eml"]
    assert read.files[0].content == b"\x89PNG"
    assert read_mail(read.files[1].content).subject == "从前的信"
    assert read.left_out == 0


@pytest.mark.parametrize("said", ["gb2312", "GBK", "gb18030", "iso-9999", "utf-8", "punycode", ""])
def test_it_reads_chinese_whatever_the_mail_calls_its_set(said: str) -> None:
    kind = f"Content-Type: text/plain; charset={said}\nContent-Transfer-Encoding: 8bit\n" if said else ""
    text = "龑先生说：电梯又停了"  # the first sign is in none of the older sets
    head = "From: 龑先生 <a@b.example>\nSubject: 电梯\n" + kind
    read = read_mail(f"{head}\n{text}".encode("gb18030"))
    assert (read.sender, read.subject, read.text) == ("龑先生", "电梯", text)


def test_it_reads_encoded_words_of_the_older_set() -> None:
    read = read_mail(b"From: =?gb2312?B?" + b"/Y/Iy8n6=?= <a@b.example>\nSubject: =?GBK?Q?=B5=E7=CC=DD?=\n\nx")
    assert read.subject == "电梯"


def test_of_a_page_it_takes_the_words_alone() -> None:
    page = "<style>p{color:red}</style><p>电梯<b>又停</b>了&nbsp;&lt;b&gt;</p><script>alert(1)</script><p>请来人</p>"
    read = read_mail(HEAD + b"Content-Type: text/html; charset=utf-8\n\n" + page.encode())
    assert read.text == "电梯又停了 <b>\n请来人"


def test_it_takes_away_signs_that_turn_a_name_round() -> None:
    sent = mail(From="周\u202e先生\u200b <a@b.example>")
    sent.add_attachment(b"MZ", maintype="application", subtype="octet-stream", filename="账单\u202egpj.exe")
    read = read_mail(sent.as_bytes())
    assert read.sender == "周先生"
    assert [one.name for one in read.files] == ["账单gpj.exe"]


@pytest.mark.parametrize(
    "date", ["", "nonsense", "Mon, 06 Jul 20260 10:00:00", "Mon, 06 Jul 2026 99:00:00 +9999", "1 " * 900]
)
def test_a_date_that_is_none_is_left_empty(date: str) -> None:
    assert read_mail(f"From: a@b.example\nDate: {date}\n\nx".encode()).sent_at is None


@pytest.mark.parametrize(
    "content", [b"", b"\x00\x01", "你好".encode(), b"hello\nworld", b"X-Only: 1\n\nx", b"%PDF-1.7\n"]
)
def test_what_is_no_mail_is_refused(content: bytes) -> None:
    with pytest.raises(NoMail):
        read_mail(content)


def _nested(depth: int) -> bytes:
    return HEAD + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(depth))


HOSTILE = {
    "deep": _nested(39),
    "too deep": _nested(3000),
    "mails in mails": HEAD + b"Content-Type: message/rfc822\n\n" * 190,
    "too many mails in mails": HEAD + b"Content-Type: message/rfc822\n\n" * 5000,
    "a million parts": HEAD + b"Content-Type: multipart/mixed; boundary=q\n\n" + b"--q\n\nx\n" * MEGABYTE,
    "a long kind": HEAD + b"Content-Type: text/plain; " + b"a*0=b;" * 100_000 + b"\n\nx",
    "many long kinds": b"Content-Type: multipart/mixed; boundary=q\n" + HEAD + b"\n"
    + b"".join(b"--q\nContent-Disposition: attachment; " + b"a*0=b;" * 300 + b"\n\nx\n" for _ in range(99)),
    "brackets": b"From: " + b"(" * 500_000 + b"\nSubject: " + b"=?a?b?" * 50_000 + b"\n\nx",
    "open tags": HEAD + b"Content-Type: text/html\n\n" + b"<script" * MEGABYTE,
    "comments": HEAD + b"Content-Type: text/html\n\n" + b"<!--" * MEGABYTE,
    "empty lines": HEAD + b"\n" * 8 * MEGABYTE,
    "a slow set": HEAD + b"Content-Type: text/plain; charset=punycode\n\n" + b"a" * MEGABYTE,
}  # fmt: skip


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_is_made_to_cost_time_costs_little(content: bytes) -> None:
    """Without its limits the library takes four minutes for the worst of these."""
    began = time.process_time()
    with suppress(NoMail):
        read_mail(content)
    assert time.process_time() - began < 3


@pytest.mark.parametrize(
    "line",
    [
        "zhou@mail.example <evil@other.example>",
        "<zhou@mail.example> <evil@other.example>",
        "zhou@mail.example, evil@other.example",
        "<@other.example:zhou@mail.example>",
        "team: zhou@mail.example;",
        "evil@other.example (x) zhou@mail.example",
        "zh\u200bou@mail.example",
        '"Zhou <zhou@mail.example>',
        "zhou@mail.example (Zhou",
        '"Zhou <zhou@mail.example>' + " " * 2_000 + '" <evil@other.example>',
        "zh\x00ou@mail.example",
        '(" ) <evil@other.example> ( ") <zhou@mail.example>',
        '\\" <zhou@mail.example> \\" <evil@other.example>',
        "\\(<zhou@mail.example>\\)",
        'zhou"x"@mail.example',
    ],
)
def test_a_line_that_servers_may_read_as_another_sender_names_none(line: str) -> None:
    """The server asks the house of one address whether it wrote the mail; the case must not believe the other one."""
    assert read_mail(f"From: {line}\nSubject: x\n\nx".encode()).address == ""


@pytest.mark.parametrize(
    ("line", "address"),
    [
        ('"zhou@mail.example" <li@other.example>', "li@other.example"),
        ("zhou@mail.example <Zhou@mail.example>", "Zhou@mail.example"),
        ("Li, Ming <li@other.example>", "li@other.example"),
        ("li@other.example (Li Ming)", "li@other.example"),
        ("Li (Ming (Ms)) <li@other.example>", "li@other.example"),
        (r'OTHER\li "Li \"Ming\"" <li@other.example>', "li@other.example"),
    ],
)
def test_a_line_that_has_one_sender_names_him(line: str, address: str) -> None:
    assert read_mail(f"From: {line}\nSubject: x\n\nx".encode()).address == address


def test_what_breaks_a_library_is_no_mail() -> None:
    with pytest.raises(NoMail):
        read_mail(b"From: a@b.example\nContent-Type: text/html\n\n&#" + b"1" * 5_000 + b";")
