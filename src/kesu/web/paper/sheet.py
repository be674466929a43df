"""The sheet: a document with every word in place, plain text only. The three drawings know nothing else."""

from __future__ import annotations

import unicodedata
from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from kesu.access.sight.paper import Entry, Paper, PaperCell, PaperLetter, PaperSection, SignatureLine
from kesu.access.sight.signatures import Signed
from kesu.core.signatures import SignedBy
from kesu.policy.letters import day_in_words
from kesu.policy.model.rules import COMPLAINANT
from kesu.web import when
from kesu.web.approving import signature_word
from kesu.web.cases.drawing import text_to_sign
from kesu.web.joining import listed

_DIGITS: Final = 12
_GROUP: Final = 4
_DROPPED: Final = {"Cc", "Cs", "Cn", "Co"}
_TURNING: Final = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


@dataclass(frozen=True, slots=True)
class Pair:
    """A heading and what stands beside it. `lines` is the least height; `span` how many columns the words take;
    `pictures`: signatures by hand under the words, PNG in base64."""

    label: str
    text: str
    lines: int
    span: int
    pictures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Signing:
    """One row of an approval's table."""

    approval: str
    who: str
    verdict: str
    opinion: str
    at: str


@dataclass(frozen=True, slots=True)
class Block:
    """Rows of pairs, or the table of approvals."""

    title: str
    rows: tuple[tuple[Pair, ...], ...]
    signings: tuple[Signing, ...]


@dataclass(frozen=True, slots=True)
class Signature:
    """`by` and `at` are empty where somebody has yet to sign by hand."""

    label: str
    by: str
    at: str


@dataclass(frozen=True, slots=True)
class LetterSheet:
    """Prose instead of tables; `sender` and `day` stand below it at the right."""

    subject: str
    dear: str
    paragraphs: tuple[str, ...]
    closing: str
    sender: str
    day: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """`letter` instead of blocks. `codes` stand at the right of the head, `foot` beside the QR code that leads to
    `address`. `made_at` is aware."""

    title: str
    organisation: str
    codes: tuple[str, ...]
    blocks: tuple[Block, ...]
    says: str
    signatures: tuple[Signature, ...]
    foot: tuple[str, ...]
    warning: str
    address: str
    made_at: datetime
    number: str
    words: dict[str, str]
    letter: LetterSheet | None = None


def sheet(paper: Paper, *, printed_by: str, at: datetime, address: str) -> Sheet:
    """`address`: the case's page on this installation."""
    version = _("%(version)s 版") % {"version": paper.policy_version}
    return Sheet(
        title=plain(paper.name),
        organisation=plain(" · ".join(paper.organisation)),
        codes=(
            plain(" · ".join(part for part in (paper.document_number, version) if part)),
            plain(_numbered(paper)),
            *((plain(_("事项 %(subject)s") % {"subject": paper.subject}),) if paper.subject else ()),
        ),
        blocks=tuple(block for section in paper.sections for block in _blocks(section)),
        letter=letter_sheet(paper.letter, paper.organisation) if paper.letter else None,
        says=plain(paper.says),
        signatures=tuple(_signature(line) for line in paper.signatures),
        foot=tuple(plain(line) for line in _foot(paper, printed_by, at)),
        warning=plain(" ".join(_warnings(paper))),
        address=address,
        made_at=at,
        number=plain(paper.number),
        words=_words(),
    )


def _numbered(paper: Paper) -> str:
    """Of a letter the number of the case with which of its letters it is."""
    ordinal = paper.letter.ordinal if paper.letter else None
    if ordinal:
        return _("编号 %(number)s 函 %(ordinal)d") % {"number": paper.number, "ordinal": ordinal}
    return _("编号 %(number)s") % {"number": paper.number}


def letter_sheet(letter: PaperLetter, organisation: Sequence[str]) -> LetterSheet:
    """Not in the reader's language but in the policy's: it is for the customer."""
    said = letter.written
    return LetterSheet(
        plain(said.subject),
        plain(said.dear),
        tuple(line for part in said.paragraphs for line in plain(part).split("\n") if line.strip()),
        plain(said.closing),
        plain("".join(organisation[-1:])),
        day_in_words(letter.day),
    )


def _warnings(paper: Paper) -> Iterator[str]:
    for lock in paper.locks:
        clauses = listed(f"§{clause.printed}" for clause in lock.clauses)
        yield _("未经批准，不得给客户：%(says)s %(clauses)s。") % {"says": lock.says, "clauses": clauses}
    if paper.is_masked:
        yield _("您没有看个人信息的权限，姓名、电话和房号已遮住。")


def plain(text: str) -> str:
    """The text without signs that are no text: control characters, halves of pairs, signs that turn the direction of
    writing. Line ends stay; a tabulator is a blank."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return "".join(sign for sign in lines if sign == "\n" or _is_text(sign))


def _is_text(sign: str) -> bool:
    return sign not in _TURNING and unicodedata.category(sign) not in _DROPPED


def _words() -> dict[str, str]:
    """The fixed words of the form."""
    return {
        "approval": _("环节"),
        "who": _("签批人"),
        "verdict": _("结论"),
        "opinion": _("意见"),
        "at": _("时间"),
        "signature": _("签名"),
        "day": _("日期：　　　　年　　月　　日"),
        "page": _("第 {page} 页，共 {pages} 页"),
    }


def _foot(paper: Paper, printed_by: str, at: datetime) -> Iterator[str]:
    yield _("工作人员扫码可打开系统中的这一件，核对与记录是否一致")
    digest = " ".join(paper.head[i : i + _GROUP] for i in range(0, min(_DIGITS, len(paper.head)), _GROUP))
    printed = _("打印 %(who)s %(at)s") % {"who": printed_by, "at": when.stamp(at)}
    yield " · ".join(part for part in (_("记录摘要 %(digest)s") % {"digest": digest}, printed) if part)


_SPANS: Final = {1: (5,), 2: (3, 1), 3: (1, 1, 1)}
"""Columns that the words of each cell take, by the number of cells in the row; every heading takes one."""


def _blocks(section: PaperSection) -> Iterator[Block]:
    title = plain(section.title)
    if section.rows:
        yield Block(title, tuple(_row(row) for row in section.rows), ())
    if section.approvals:
        yield Block(title, (), tuple(_signings(section)))


def _row(cells: tuple[PaperCell, ...]) -> tuple[Pair, ...]:
    spans = _SPANS[len(cells)]
    return tuple(_pair(cell, span) for cell, span in zip(cells, spans, strict=True))


def _pair(cell: PaperCell, span: int) -> Pair:
    said = plain("\n".join(_entries(cell.entries))).strip("\n")
    pictures = tuple(b64encode(entry.picture).decode() for entry in cell.entries if entry.picture)
    return Pair(plain(cell.name), said, cell.lines, span, pictures)


def _entries(entries: Iterable[Entry]) -> Iterator[str]:
    for entry in entries:
        text = text_to_sign(entry.line)
        if entry.signed is SignedBy.TYPED:
            text = _("%(name)s（打字签名，不是手写）") % {"name": text}
        if entry.at is None:
            yield text
        else:
            who = _("%(name)s（%(role)s）") % {"name": entry.by, "role": entry.role} if entry.role else entry.by
            yield "\n".join(part for part in (text, f"—— {who} {when.stamp(entry.at)}".replace("  ", " ")) if part)


def _signings(section: PaperSection) -> Iterator[Signing]:
    for approval in section.approvals:
        name = approval.name
        for link in approval.links:
            for signed in link.signatures:
                yield _signing(name, signed)
                name = ""  # told once, at the first of its rows


def _signing(approval: str, signed: Signed) -> Signing:
    return Signing(
        plain(approval),
        plain(signed.who),
        signature_word(signed),
        plain(signed.opinion),
        when.stamp(signed.at) if signed.at else "",
    )


def _signature(line: SignatureLine) -> Signature:
    label = line.label or (_("客户") if line.slot == COMPLAINANT else _("签名"))
    return Signature(plain(label), plain(line.by), when.stamp(line.at) if line.at else "")
