"""Reads a mail that somebody saved and forwards as a file: who wrote it, about what, when, and what hangs on it.

Everything in it is foreign. It is read in time that grows with its length: what stands in headers is measured before
the library parses it, parts are counted, and of what is not plain no more is made than text.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import EmailMessage, Message
from email.parser import BytesParser
from email.utils import parseaddr, parsedate_to_datetime
from typing import Final

from kesu.core.mail_doors import without_links

MOST_PARTS: Final = 100
MOST_FILES: Final = 30
_MOST_BOUNDARIES: Final = 40
_MOST_DELIMITERS: Final = 5_000
_MOST_LINES: Final = 600_000
"""Twice as many as the largest file makes that is taken. The library takes minutes for millions of empty ones."""
_LONGEST_HEADER: Final = 2_000
_LONGEST_SUBJECT: Final = 200
_LONGEST_NAME: Final = 64
_LONGEST_TEXT: Final = 20_000
_MOST_HTML: Final = 400_000
_ENCODING: Final = "content-transfer-encoding"
BOM: Final = b"\xef\xbb\xbf"
"""By which some programs begin a text."""
_YEARS: Final = range(1990, 2101)
_DESCRIBES: Final = re.compile(rb"^content-(?:type|disposition)[ \t]*:[^\n]*(?:\n[ \t][^\n]*)*", re.I | re.M)
_HEADER: Final = re.compile(r"^[\x21-\x39\x3b-\x7e]+[ \t]*:")
_SILENT: Final = ("script", "style", "head", "title")
_BREAKS: Final = frozenset({"br", "p", "div", "tr", "li", "h1", "h2", "h3", "h4", "table", "blockquote"})
_CHINESE: Final = frozenset({"gb2312", "gbk", "gb18030", "gb_2312-80", "x-gbk", "cp936", "euc-cn"})
_CHARSET: Final = re.compile(
    r"utf-?8|utf-?16(?:le|be)?|(?:us-)?ascii|iso-8859-\d{1,2}|(?:windows-|cp)\d{3,4}|big5(?:-?hkscs)?|shift_?jis|"
    r"euc-(?:jp|kr)|iso-2022-jp|koi8-[ru]|gb18030|hz(?:-gb-2312)?|x-big5",
    re.I,
)
"""What letters are written in. The library knows more under such names, and takes long over some of it."""
_WIDER: Final = {"big5": "big5hkscs", "x-big5": "big5hkscs", "hz-gb-2312": "hz"}
"""What is called by the name on the left is written in the set on the right, or in a part of it."""
_MEANS: Final = frozenset('"()<>;\\')
_ADDRESS: Final = re.compile(r"[^\s<>()\[\],;:\"\\@]{1,128}@[^\s<>(),;:\"\\@]{1,255}")
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


class NoMail(Exception):
    """It is no mail, or made so that reading it would take too long."""


@dataclass(frozen=True, slots=True)
class MailFile:
    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class ReadMail:
    """`sender` is the name, or the address where there is none. What cannot be read is empty. `sent_at` is UTC.
    `left_out` counts parts that are not taken: too many, or unreadable."""

    sender: str
    address: str
    subject: str
    text: str
    sent_at: datetime | None
    files: tuple[MailFile, ...]
    left_out: int


def read_mail(content: bytes) -> ReadMail:
    """Raises `NoMail`, and nothing else, whatever it is given."""
    try:
        return _read_mail(content)
    except NoMail:
        raise
    except Exception as broken:  # whoever keeps what comes in must not be kept from it by what somebody made
        raise NoMail from broken


def _read_mail(content: bytes) -> ReadMail:
    message = _parsed(content)
    raw = {name.lower(): str(value) for name, value in reversed(list(message.raw_items()))}
    if not raw.keys() & {"from", "subject", "date", "received", "message-id", "to"}:
        raise NoMail
    name, address = _address(raw.get("from", ""))
    plain, rich, files, left_out = _parts(message)
    return ReadMail(
        sender=(name or address)[:_LONGEST_NAME],
        address=address,
        subject=without_links(header_text(raw.get("subject", ""))),
        text=without_links((plain or _text_of(rich))[:_LONGEST_TEXT]).strip(),
        sent_at=_moment(raw.get("date", "")),
        files=files,
        left_out=left_out,
    )


def _parsed(content: bytes) -> EmailMessage:
    """What a library would read in more than the time of its length is refused before it sees it."""
    content = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n").removeprefix(BOM).lstrip(b"\n")
    is_mail = _HEADER.match(content[:200].decode("ascii", "replace")) is not None
    is_much = content.count(b"\n") > _MOST_LINES or content.count(b"\n--") > _MOST_DELIMITERS
    if not is_mail or is_much or content.lower().count(b"boundary=") > _MOST_BOUNDARIES:
        raise NoMail
    for number, found in enumerate(_DESCRIBES.finditer(content)):
        if len(found[0]) > _LONGEST_HEADER or number > 2 * MOST_PARTS:
            raise NoMail
    try:
        return BytesParser(EmailMessage, policy=policy.default).parsebytes(content)
    except Exception as broken:  # a reader of foreign bytes may stumble over anything in them
        raise NoMail from broken


def _parts(message: EmailMessage) -> tuple[str, str, tuple[MailFile, ...], int]:
    """The plain text, the other one, the files, and how many are left out."""
    plain: list[str] = []
    rich: list[str] = []
    files: list[MailFile] = []
    left_out = 0
    for number, part in enumerate(_leaves(message)):
        if number >= MOST_PARTS:
            return "\n".join(plain), "\n".join(rich), tuple(files), left_out + 1
        try:
            media, name, data = _read(part)
        except Exception:  # as above: one part that cannot be read keeps nobody from the others
            left_out += 1
            continue
        if media in {"text/plain", "text/html"} and not name:
            (plain if media == "text/plain" else rich).append(_text(data, part))
        elif data and len(files) < MOST_FILES:
            files.append(MailFile(name or f"{number + 1}{_ENDINGS.get(media, '')}", data))
        else:
            left_out += bool(data)
    return "\n".join(filter(None, plain)), "\n".join(rich), tuple(files), left_out


_ENDINGS: Final = {"message/rfc822": ".eml", "image/jpeg": ".jpg", "image/png": ".png", "application/pdf": ".pdf"}


def _leaves(message: Message) -> Iterator[Message]:
    """In the order in which they stand. A mail within the mail is one of them."""
    waiting: list[Message] = [message]
    while waiting:
        part = waiting.pop()
        # Only of a part that has parts: of any other the library would decode the text, by whatever set it names.
        inner = part.get_payload() if part.is_multipart() and part.get_content_maintype() == "multipart" else None
        if isinstance(inner, list):
            waiting.extend(one for one in reversed(inner) if isinstance(one, Message))
        else:
            yield part


def _read(part: Message) -> tuple[str, str, bytes]:
    """Media type, name (empty where it is part of what is read) and bytes."""
    settle_encoding(part)
    media = part.get_content_type()
    name = file_name(part)[-120:]
    if media == "message/rfc822":
        return media, name if name.endswith(".eml") else f"{name or 'mail'}.eml", inner_mail(part)
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    if not name and part.get_content_disposition() == "attachment":
        name = f"attachment{_ENDINGS.get(media, '')}"
    return media, name, data


def settle_encoding(part: Message) -> None:
    """By the word that programs find in the line, whatever stands beside it; the library asks for the word alone."""
    said = str(part.get(_ENCODING, "")).lower()
    found = next((one for one in ("base64", "quoted-printable") if one in said), said)
    if found != said:
        part.replace_header(_ENCODING, found)


def inner_mail(part: Message) -> bytes:
    """Of a part that is a mail. Some programs encode it, which no standard allows, and others read it all the same."""
    inner = part.get_payload() if part.is_multipart() else None
    within = inner[0] if isinstance(inner, list) and inner else None
    if not isinstance(within, Message):
        return b""
    said, held = str(part.get(_ENCODING, "")).lower(), Message()
    if said not in {"base64", "quoted-printable"}:
        return within.as_bytes()
    held[_ENCODING] = said
    held.set_payload(within.as_bytes().decode("ascii", "surrogateescape"))
    data = held.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def file_name(part: Message) -> str:
    """Whichever way it is written: plain, in bytes of any set, in encoded words, or as RFC 2231 says, in pieces and
    with its set named wrongly."""
    raw = {name.lower(): str(value) for name, value in reversed(list(part.raw_items()))}
    for header, parameter in (("content-disposition", "filename"), ("content-type", "name")):
        said = Message()
        said[header] = _plain(raw.get(header, "")[:_LONGEST_HEADER])
        found = said.get_param(parameter, header=header)
        if isinstance(found, tuple):
            charset, _language, text = found
            return clean(_characters(text.encode("latin-1", "replace"), charset or ""))
        if found:
            return clean(_decoded(str(found)))
    return ""


def _text(data: bytes, part: Message) -> str:
    return clean(_characters(data[:_MOST_HTML], part.get_content_charset("") or ""), keep="\n\t")


def _characters(data: bytes, charset: str) -> str:
    """What is said to be of an older Chinese set is often of the newest; what is wrong about itself, of either."""
    named = "gb18030" if charset.lower() in _CHINESE else charset
    for encoding in (*((named,) if _CHARSET.fullmatch(named) else ()), "utf-8", "gb18030"):
        try:
            return data.decode(_WIDER.get(encoding.lower(), encoding))
        except (LookupError, ValueError):
            continue
    return data.decode("gb18030" if named == "gb18030" else "utf-8", "replace")


def header_text(raw: str) -> str:
    """A header line as people read it."""
    return " ".join(_decoded(raw[:_LONGEST_HEADER]).split())[:_LONGEST_SUBJECT]


def decoded(raw: str) -> str:
    """A header that may have been written in encoded words though it should not."""
    return _decoded(raw) if "=?" in raw else raw


def address_of(raw: str) -> str:
    """The address in a line that names a sender, empty where there is none."""
    return _address(raw)[1]


def _plain(raw: str) -> str:
    """Bytes that nobody encoded, as signs."""
    if any("\udc80" <= sign <= "\udcff" for sign in raw):
        raw = _characters(raw.encode("utf-8", "surrogateescape"), "")
    return raw.replace("\n", " ")


def _decoded(raw: str) -> str:
    """A header as people read it: encoded words, and bytes that nobody encoded."""
    raw = _plain(raw)
    try:
        pieces = decode_header(raw)
    except (HeaderParseError, ValueError):
        pieces = [(raw, None)]
    words = (piece if isinstance(piece, str) else _characters(piece, charset or "") for piece, charset in pieces)
    return clean("".join(words))


def _address(raw: str) -> tuple[str, str]:
    """Name and address. Servers ask the house behind one address whether it wrote the mail: of a line that can be read
    as another one too there is none; nor of one so long that what is read first would say something else."""
    if len(raw) > _LONGEST_HEADER or raw.count("(") > 20 or raw.count("<") > 20 or raw.count(",") > 200:
        return "", ""
    raw = _plain(raw)
    try:
        name = " ".join(_decoded(parseaddr(raw)[0]).split())
    except (ValueError, RecursionError, IndexError):
        return "", ""
    return name, _only_address(raw)


def _only_address(line: str) -> str:
    """The one that stands in brackets, or alone; empty where something else in the line could be meant, or where it
    would be another one without the signs that nobody sees."""
    plain = bare(line)
    before, opens, rest = plain.partition("<")
    found, _closes, after = rest.partition(">") if opens else (plain, "", "")
    found, before = found.strip(), before.strip()
    is_other = "@" in before and before.casefold() != found.casefold()
    return found if _ADDRESS.fullmatch(found) and clean(found) == found and not is_other and not after.strip() else ""


def bare(line: str) -> str:
    """Without comments and without what stands in quotation marks, a blank for each; nothing of a line in which one
    does not end, or in which outside of them something is marked to mean nothing: where that begins and ends, each
    reader sees elsewhere."""
    kept: list[str] = []
    depth, is_quoted, is_next_literal = 0, False, False
    for sign in line:
        is_outside = not depth and not is_quoted
        if is_next_literal or sign == "\\":
            if is_outside and is_next_literal and sign in _MEANS:
                return ""
            is_next_literal = not is_next_literal
            kept.append(sign if is_outside else "")
        elif is_quoted:
            is_quoted = sign != '"'
        elif sign == '"':
            is_quoted = is_outside
            kept.append(" ")
        elif sign in "()":
            depth += 1 if sign == "(" else -1
            if depth < 0:
                return ""
            kept.append(" ")
        elif is_outside:
            kept.append(sign)
    return "" if depth or is_quoted or is_next_literal else "".join(kept)


def _moment(raw: str) -> datetime | None:
    try:
        said = parsedate_to_datetime(raw[:100].strip())
        at = said.replace(tzinfo=UTC) if said.tzinfo is None else said.astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return at if at.year in _YEARS else None


def clean(text: str, keep: str = "") -> str:
    """Without signs that nobody sees: they turn a name round, or hide what follows."""
    return "".join(sign for sign in text if sign in keep or unicodedata.category(sign) not in _UNSEEN)


def _text_of(rich: str) -> str:
    """The words of a page. Never shown as one: tags are thrown away, in one walk from left to right."""
    words: list[str] = []
    lower, at = rich.lower(), 0
    if len(lower) != len(rich):  # a sign that is two when small: positions would slip
        lower = "".join(one if len(one.lower()) != 1 else one.lower() for one in rich)
    while at < len(rich):
        opens = rich.find("<", at)
        if opens < 0:
            words.append(rich[at:])
            break
        words.append(rich[at:opens])
        closes = rich.find(">", opens)
        if closes < 0:
            break
        tag = re.split(r"[\s/>]", lower[opens + 1 : min(closes, opens + 40)].lstrip("/"), maxsplit=1)[0]
        if tag in _BREAKS:
            words.append("\n")
        at = closes + 1
        if tag in _SILENT and lower[opens + 1] != "/":
            ends = lower.find(f"</{tag}", at)
            at = ends if ends >= 0 else len(rich)
    lines = (" ".join(line.split()) for line in html.unescape("".join(words)).split("\n"))
    return clean("\n".join(line for line in lines if line), keep="\n")
