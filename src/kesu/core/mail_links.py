"""Links of ours that let in whoever bears them, where a mail quotes a letter of the house: they are taken out of what
others may read."""

from __future__ import annotations

import hashlib
import re
from base64 import encodebytes
from dataclasses import dataclass
from email import policy
from email.generator import BytesGenerator
from email.message import Message
from email.parser import BytesParser
from io import BytesIO
from typing import Final

_DOORS: Final = ("follow", "part", "submitted", "talk", "feed")
_SLASH: Final = "(?:/|%2[Ff]|&#47;|&#x2[Ff];)"
_IN_TEXT: Final = re.compile(rf"({_SLASH}(?:{'|'.join(_DOORS)}){_SLASH})[0-9A-Za-z_-]{{16,}}")
_IN_BYTES: Final = re.compile(_IN_TEXT.pattern.encode())
_WIDE: Final = re.compile("|".join("/\0" + "\0".join(door) + "\0/\0" for door in _DOORS).encode())
"""In a set that writes each sign in two bytes."""
_NOTE: Final = "X-Kesu-Links-Taken-Out"
_HIDDEN: Final = r"\1***"
_TEXTS: Final = (".txt", ".htm", ".html", ".md", ".csv", ".ics")
_ENCODED: Final = frozenset({"base64", "quoted-printable"})
_MOST_WITHIN: Final = 5
"""So deep mails hang on mails as files."""


@dataclass(frozen=True, slots=True)
class Shown:
    """`taken_out`: how many links are no more in it; 0: it is to the byte what came."""

    content: bytes
    taken_out: int


def without_links(text: str) -> str:
    """Words of a mail as screens show them."""
    return _IN_TEXT.sub(r"\1…", text)


def mail_without_links(content: bytes, *, is_mail: bool) -> Shown:
    """What may be handed to others. Where something was taken out a line above it says so, with the digest (SHA-256) of
    what came. `is_mail`: it was measured and can be read (`mail_in.read_mail`); of anything else only what stands in it
    in clear is found."""
    cut, count = _of_mail(content, _MOST_WITHIN) if is_mail else _of_bytes(content)
    if not count:
        return Shown(content, 0)
    note = f"{_NOTE}: {count}; sha256={hashlib.sha256(content).hexdigest()}{_end_of_lines(content)}"
    return Shown(note.encode() + cut.lstrip(b"\r\n"), count)


def _of_bytes(content: bytes) -> tuple[bytes, int]:
    return _IN_BYTES.subn(_HIDDEN.encode(), content)


def _of_mail(content: bytes, deep: int) -> tuple[bytes, int]:
    try:
        message = BytesParser(policy=policy.compat32).parsebytes(content.lstrip(b"\r\n"))
        count = sum(_cut_heads(part) + _cut_between(part) + _cut(part, deep) for part in message.walk())
        return (_written(message, content), count) if count else (content, 0)
    except Exception:  # a reader of foreign bytes may stumble over anything in them
        return _of_bytes(content)


def _cut_heads(part: Message) -> int:
    heads = [(name, *_IN_TEXT.subn(_HIDDEN, str(value))) for name, value in part.raw_items()]
    count = sum(found for _name, _value, found in heads)
    if count:
        for name in {name.lower() for name, _value, _found in heads}:
            del part[name]
        for name, value, _found in heads:
            part[name] = value
    return count


def _cut_between(part: Message) -> int:
    """What stands before the first and behind the last part."""
    before, first = _IN_TEXT.subn(_HIDDEN, part.preamble or "")
    behind, last = _IN_TEXT.subn(_HIDDEN, part.epilogue or "")
    if first or last:
        part.preamble, part.epilogue = before, behind
    return first + last


def _cut(part: Message, deep: int) -> int:
    payload = part.get_payload(decode=True)
    if part.is_multipart() or not isinstance(payload, bytes):
        return 0
    name = str(part.get_filename("")).casefold()
    if name.endswith(".eml") and deep:
        cut, count = _of_mail(payload, deep - 1)
    elif part.get_content_maintype() != "text" and not name.endswith(_TEXTS):
        return 0  # pictures, documents: a link in them is not looked for
    elif wide := len(_WIDE.findall(payload)):
        cut, count = b"***", wide
    else:
        cut, count = _of_bytes(payload)
    if count:
        _put(part, cut)
    return count


def _put(part: Message, data: bytes) -> None:
    encoding = str(part.get("content-transfer-encoding", "")).strip().lower()
    if encoding not in _ENCODED:
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
