"""Links of ours that let in whoever bears them, where a mail quotes a letter of the house: they are taken out of what
others may read."""

from __future__ import annotations

import hashlib
import re
from base64 import b64decode, encodebytes
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from contextlib import suppress
from dataclasses import dataclass
from email import policy
from email.generator import BytesGenerator
from email.message import Message
from email.parser import BytesParser
from io import BytesIO
from typing import Final

from kesu.core.mail_doors import cut_from_bytes, cut_from_text
from kesu.core.mail_in import BOM, decoded, file_name, inner_mail, settle_encoding

_NOTE: Final = "X-Kesu-Links-Taken-Out"
_HIDDEN: Final = "***"
_TEXTS: Final = (".txt", ".htm", ".html", ".md", ".csv", ".ics")
_ENCODED: Final = frozenset({"base64", "quoted-printable"})
_WIDE_SETS: Final = ((BOM_UTF16_LE, "utf-16-le"), (BOM_UTF16_BE, "utf-16-be"))
_MOST_WITHIN: Final = 5
"""So deep mails hang on mails as files."""
_LONGEST: Final = 20_000
_RUN: Final = re.compile(rb"(?:[0-9A-Za-z+/]{40,}\r?\n?)+[0-9A-Za-z+/]{0,76}={0,2}")
"""What looks like base64, where nothing says so."""


@dataclass(frozen=True, slots=True)
class Shown:
    """`taken_out`: how many links are no more in it; 0: it is to the byte what came."""

    content: bytes
    taken_out: int


def mail_without_links(content: bytes, *, is_mail: bool) -> Shown:
    """What may be handed to others. Where something was taken out a line above it says so, with the digest (SHA-256) of
    what came. `is_mail`: it was measured and can be read (`mail_in.read_mail`); of anything else only what stands in it
    in clear, or in base64, is found."""
    cut, count = _of_mail(content, _MOST_WITHIN) if is_mail else _of_anything(content)
    if not count:
        return Shown(content, 0)
    note = f"{_NOTE}: {count}; sha256={hashlib.sha256(content).hexdigest()}{_end_of_lines(content)}"
    return Shown(_noted(note, cut), count)


def _noted(note: str, cut: bytes) -> bytes:
    """In the set in which the text is, where it begins with the mark of that."""
    for mark, charset in _WIDE_SETS:
        if cut.startswith(mark):
            return mark + note.encode(charset) + cut.removeprefix(mark)
    return note.encode() + cut.lstrip(b"\r\n")


def _of_anything(content: bytes) -> tuple[bytes, int]:
    found = 0

    def shown(run: re.Match[bytes]) -> bytes:
        nonlocal found
        plain = b"".join(run[0].split()).rstrip(b"=")
        cut, count = cut_from_bytes(b64decode(plain[: len(plain) - (len(plain) % 4 == 1)] + b"==="))
        found += count
        return encodebytes(cut) if count else run[0]

    cut, count = cut_from_bytes(_RUN.sub(shown, content))
    return cut, count + found


def _of_mail(content: bytes, deep: int) -> tuple[bytes, int]:
    try:
        message = BytesParser(policy=policy.compat32).parsebytes(content.removeprefix(BOM).lstrip(b"\r\n"))
        count = sum(_cut_heads(part) + _cut_between(part) + _cut(part, deep) for part in message.walk())
        return (_written(message, content), count) if count else (content, 0)
    except Exception:  # a reader of foreign bytes may stumble over anything in them
        return _of_anything(content)


def _cut_heads(part: Message) -> int:
    heads = [(name, *_of_head(str(value))) for name, value in part.raw_items()]
    count = sum(found for _name, _value, found in heads)
    if count:
        for name in {name.lower() for name, _value, _found in heads}:
            del part[name]
        for name, value, _found in heads:
            part[name] = value
    return count


def _of_head(value: str) -> tuple[str, int]:
    """A line in encoded words that holds one is left out whole."""
    cut, count = cut_from_text(value)
    if not count and "=?" in value:
        count = cut_from_text(decoded(value[:_LONGEST]))[1]
        cut = _HIDDEN if count else value
    return cut, count


def _cut_between(part: Message) -> int:
    """What stands before the first and behind the last part."""
    before, first = cut_from_text(part.preamble or "")
    behind, last = cut_from_text(part.epilogue or "")
    if first or last:
        part.preamble, part.epilogue = before, behind
    return first + last


def _cut(part: Message, deep: int) -> int:
    settle_encoding(part)
    if part.is_multipart():
        return _cut_encoded_mail(part, deep)
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return 0
    name = file_name(part).casefold()
    if name.endswith(".eml") and deep:
        cut, count = _of_mail(payload, deep - 1)
    elif part.get_content_maintype() != "text" and not name.endswith(_TEXTS) and not _is_text(payload):
        return 0  # pictures, documents: a link in them is not looked for
    else:
        cut, count = cut_from_bytes(payload)
    if count:
        _put(part, cut)
    return count


def _is_text(data: bytes) -> bool:
    """Whatever it is called, and whatever it is said to be."""
    if b"\0" in data:
        return data.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
    for charset in ("utf-8", "gb18030"):
        with suppress(UnicodeDecodeError):
            data.decode(charset)
            return True
    return False


def _cut_encoded_mail(part: Message, deep: int) -> int:
    """A mail within the mail is walked through as it stands; not so one that somebody encoded."""
    if part.get_content_maintype() != "message" or _encoding(part) not in _ENCODED or not deep:
        return 0
    cut, count = _of_mail(inner_mail(part), deep - 1)
    if count:
        _put(part, cut)
    return count


def _encoding(part: Message) -> str:
    return str(part.get("content-transfer-encoding", "")).strip().lower()


def _put(part: Message, data: bytes) -> None:
    if _encoding(part) not in _ENCODED:
        part.set_payload(data.decode("ascii", "surrogateescape"))
        return
    del part["content-transfer-encoding"]
    part["Content-Transfer-Encoding"] = "base64"
    part.set_payload(encodebytes(data).decode("ascii"))


def _written(message: Message, content: bytes) -> bytes:
    out = BytesIO()
    written = policy.compat32.clone(linesep=_end_of_lines(content), max_line_length=None)
    BytesGenerator(out, mangle_from_=False, policy=written).flatten(message)
    return out.getvalue()


def _end_of_lines(content: bytes) -> str:
    return "\r\n" if b"\r\n" in content else "\n"
