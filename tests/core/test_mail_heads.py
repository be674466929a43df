"""What headers say: who answers whom, whether a person wrote it, and words in every set that Chinese mails are in."""

from __future__ import annotations

import base64
import quopri
import time
from urllib.parse import quote
from uuid import UUID

import pytest

from kesu.core.mail_heads import Automatic, digest_of, read_bounce, read_heads
from kesu.core.mail_in import read_mail
from kesu.core.mail_quotes import own_words
from kesu.core.mail_threads import message_id, own_id, own_ids_in, thread_id

CASE = UUID("01a21d50-c0be-70ca-a0c6-f8f395dac9b0")
SIMPLE, TRADITIONAL, RARE = "电梯又停了，第3次！", "電梯又停了，第3次！", "龑䶮㙍先生说电梯又停了"
WRITTEN = [
    *((said, "gb2312", SIMPLE) for said in ("gb2312", "GB2312", "gbk", "gb18030", "x-gbk", "utf-8", "")),
    *((said, "gbk", TRADITIONAL) for said in ("gb2312", "gbk", "gb18030", "cp936")),
    *((said, "gb18030", RARE) for said in ("gb2312", "gbk", "gb18030", "iso-9999", "utf-8")),
    *((said, "big5", TRADITIONAL) for said in ("big5", "Big5", "big5-hkscs", "x-big5")),
    *((said, "utf-8", RARE) for said in ("utf-8", "UTF8", "iso-9999", "")),
    ("hz-gb-2312", "hz", SIMPLE),
    ("utf-16le", "utf-16le", RARE),
]
"""What the mail calls its set, what it is written in, and what it says."""


@pytest.mark.parametrize(("said", "written", "text"), WRITTEN)
def test_it_reads_words_whatever_they_are_called(said: str, written: str, text: str) -> None:
    raw = text.encode(written)
    name = f"{text}.pdf".encode(written)
    words = base64.b64encode(raw).decode()
    quoted = quopri.encodestring(raw, header=True).decode().replace("=\n", "")
    encoded = f"=?{said}?B?{words}?=" if said else words
    halves = f"filename*0*={said}''{quote(name[:6])};\r\n filename*1*={quote(name[6:])}"
    mail = (
        f"From: {encoded if said else 'a'} <a@b.example>\r\n"
        f"Subject: {f'=?{said}?Q?{quoted}?=' if said else 'x'}\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/mixed; boundary=q\r\n\r\n"
        f"--q\r\nContent-Type: text/plain{f'; charset={said}' if said else ''}\r\n"
        f"Content-Transfer-Encoding: base64\r\n\r\n{words}\r\n"
        f"--q\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; {halves}\r\n\r\n%PDF\r\n--q--\r\n"
    )
    read = read_mail(mail.encode())
    assert read.text == text
    if said:
        assert (read.sender, read.subject) == (text, text)
    assert [one.name for one in read.files] == [f"{text}.pdf"]


@pytest.mark.parametrize("name", ['"账单.pdf"', '"=?gb2312?B?1cu1pS5wZGY=?="', "=?utf-8?Q?=E8=B4=A6=E5=8D=95.pdf?="])
@pytest.mark.parametrize("written", ["utf-8", "gb18030"])
def test_it_reads_names_of_files_that_break_the_rules(name: str, written: str) -> None:
    mail = f"From: a@b.example\nContent-Type: application/pdf\nContent-Disposition: attachment; filename={name}\n\n%PDF"
    assert [one.name for one in read_mail(mail.encode(written)).files] == ["账单.pdf"]


def test_it_tells_what_a_mail_answers_the_nearest_first() -> None:
    heads = read_heads(
        b"From: =?utf-8?B?5ZGo?= <Zhou@Mail.example>\r\nMessage-ID: <three@x>\r\nIn-Reply-To: <two@x>\r\n"
        b"References: <zero@x>\r\n <one@x>\r\n\t<two@x>\r\n"
        + "Subject: Re: ts-26-0001，ＴＳ－26－0002\r\n\r\nx".encode()
    )
    assert heads.answers == ("two@x", "one@x", "zero@x")
    assert heads.message_id == "three@x"
    assert heads.sender == "Zhou@Mail.example"
    assert heads.numbers == ("TS-26-0001", "TS-26-0002")
    assert heads.automatic is None
    assert not heads.is_bounce


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("Auto-Submitted: auto-generated", Automatic.ROBOT),
        ("Auto-Submitted: no", None),
        ("X-Autorespond: 1", Automatic.ROBOT),
        ("Precedence: Bulk", Automatic.BULK),
        ("List-Id: <a.b>", Automatic.LIST),
        ("Subject: Out of Office: x", Automatic.AWAY),
        ("Subject: x", None),
    ],
)
def test_it_knows_what_nobody_wrote(line: str, why: Automatic | None) -> None:
    assert read_heads(f"From: a@b.example\n{line}\n\nx".encode()).automatic is why


def test_a_mail_that_did_not_arrive_is_told_by_its_action() -> None:
    assert read_bounce(b"Action: failed\nStatus: 5.1.1\n").is_final
    assert not read_bounce(b"Action: delayed\nStatus: 4.4.1\n").is_final
    assert read_bounce(b"the mail could not be delivered").is_final
    assert read_bounce(b"Action: failed\nStatus: 5.1.1\n").status == "5.1.1"


def test_our_own_names_lead_to_the_case_and_no_others_do() -> None:
    named = message_id("a key", "kesu.example", str(CASE))
    found = own_id(named.strip("<>"), "kesu.example")
    assert found is not None
    assert found.case == CASE
    root = own_id(thread_id("kesu.example", str(CASE)).strip("<>"), "kesu.example")
    assert root is not None
    assert (root.case, root.digest) == (CASE, "")
    for other in ("case@kesu.example", f"case.{CASE.hex}@else.example", f"case.{CASE}@kesu.example", "x", ""):
        assert own_id(other, "kesu.example") is None
    assert [one.case for one in own_ids_in(b"\x00 said " + named.encode() + b" was lost", "kesu.example")] == [CASE]


def test_the_way_of_a_mail_does_not_change_what_it_is() -> None:
    mail = b"From: a@b\r\nSubject: x\r\nMessage-ID: <1@b>\r\n\r\ntext\r\n"
    assert digest_of(mail) == digest_of(b"Return-Path: <a@b>\nReceived: from c\n" + mail.replace(b"\r\n", b"\n"))
    assert digest_of(mail) != digest_of(mail.replace(b"text", b"other"))
    assert digest_of(b"no mail\n\ntext") != digest_of(b"another\n\ntext")


@pytest.mark.parametrize(
    "quoted",
    [
        "------------------ 原始邮件 ------------------\n发件人: a\n内容",
        "-----Original Message-----\nFrom: a",
        "发件人：客服\n发送时间：2026年6月8日\n收件人：周\n主题：x\n\n内容",
        "On Mon, Jun 8, 2026 at 10:00 AM Kesu <k@b.example> wrote:\n> 内容",
        "在 2026-06-08 10:00:00，客服 <k@b.example> 写道：\n> 内容",
        "> 内容\n> 内容",
    ],
)
def test_of_an_answer_only_what_was_added_is_left(quoted: str) -> None:
    assert own_words(f"又漏了。\n请来人。\n\n{quoted}") == "又漏了。\n请来人。"


def test_words_that_only_look_like_a_quotation_stay() -> None:
    text = "发件人不是我。\n-- \n周先生\nOn Monday I wrote: nothing"
    assert own_words(text) == text
    assert own_words("> 全是引用") == "> 全是引用"


def test_headers_that_are_made_to_cost_time_cost_little() -> None:
    began = time.process_time()
    for line in (b"References: " + b"<" * 200_000, b"Subject: " + b"A-" * 100_000, b"From: " + b"(" * 200_000):
        read_heads(line + b"\n\nx")
    read_heads(b"Subject: x\n" * 30_000 + b"\n")
    own_words("On " * 100_000 + "\n" * 20_000)
    assert time.process_time() - began < 2


FORGED = "Authentication-Results: mx.example; dmarc=fail\n"
SPACED = FORGED.replace("dmarc=fail", "dmarc/1 = fail")
PROVEN = "Authentication-Results: mx.example; dkim=pass\n"


@pytest.mark.parametrize(
    "heads",
    [FORGED, PROVEN + FORGED, FORGED + PROVEN, SPACED, "From: evil@other.example\n", "From : evil@other.example\n"],
)
def test_it_believes_no_sender_of_whom_any_program_says_that_he_is_another(heads: str) -> None:
    assert read_heads(f"From: zhou@mail.example\n{heads}Subject: x\n\nx".encode()).is_forged
    assert not read_heads(f"From: zhou@mail.example\n{PROVEN}Subject: x\n\nx".encode()).is_forged
