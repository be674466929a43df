"""Links of ours that let in whoever bears them, wherever they stand in a text."""

from __future__ import annotations

import re
from typing import Final

_DOORS: Final = ("follow", "part", "submitted", "talk", "feed")
_SLASH: Final = "(?:/|%(?:25)*2[Ff]|&#0*47;|&#[xX]0*2[Ff];)"
_KEY: Final = "[0-9A-Za-z_-]"
_BROKEN: Final = rf"{_KEY}{{0,15}}[ \t=]?\r?\n[> \t]{{0,20}}(?![_-]{{4}}){_KEY}{{16,}}"
"""A program that keeps lines short breaks long ones, also in the middle of a key."""
_IN_TEXT: Final = re.compile(rf"({_SLASH}(?:{'|'.join(_DOORS)}){_SLASH})(?:{_KEY}{{16,}}|{_BROKEN})")
_IN_BYTES: Final = re.compile(_IN_TEXT.pattern.encode())
_WIDE: Final = re.compile(
    b"((?:%b)/\0)(?:[0-9A-Za-z_-]\0){16,}" % b"|".join("\0".join(f"/{door}").encode() + b"\0" for door in _DOORS)
)
"""In a set that writes each sign in two bytes."""


def without_links(text: str) -> str:
    """Words of a mail as screens show them."""
    return _IN_TEXT.sub(r"\1…", text)


def cut_from_text(text: str) -> tuple[str, int]:
    """The text without them, and how many there were."""
    return _IN_TEXT.subn(r"\1***", text)


def cut_from_bytes(content: bytes) -> tuple[bytes, int]:
    """The same of a text in any set."""
    cut, count = _IN_BYTES.subn(rb"\1***", content)
    cut, wide = _WIDE.subn(rb"\1*\0*\0*\0", cut)
    return cut, count + wide
