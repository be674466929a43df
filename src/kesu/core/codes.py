"""Codes that people type: how they are written, and one for a unit that was given none."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Collection
from itertools import count
from typing import Final

from kesu.core.pinyin import pinyin_of

_INITIALS: Final = 16
_NAMELESS: Final = "unit"
_WITHOUT_WIDTH: Final = frozenset({"Cc", "Cf"})
_UNSEEN: Final = _WITHOUT_WIDTH | {"Zs", "Zl", "Zp"}


def half_width(text: str) -> str:
    """As a keyboard without Chinese writes it (NFKC), trimmed: ``Ｗｕ０１`` is ``wu01`` but for its case. Logins and
    codes are kept and looked up in this form."""
    return unicodedata.normalize("NFKC", text).strip()


def is_blank(text: str) -> bool:
    """Whether nobody would see anything: blanks, controls, and signs of no width."""
    return all(unicodedata.category(sign) in _UNSEEN for sign in text)


def bare(text: str) -> str:
    """Trimmed and without controls and signs of no width: two that look the same are the same, and none turns round
    what stands behind it. Every character that a name may have is kept, also rare ones that have no code of their
    own."""
    return "".join(sign for sign in text if unicodedata.category(sign) not in _WITHOUT_WIDTH).strip()


def code_for(name: str, taken: Collection[str]) -> str:
    """The first letters of its sounds, with a figure where that is taken in any case: ``听松里`` is ``tsl``, the next
    one ``tsl-2``. At most 24 signs."""
    sounds = (pinyin_of(word).rpartition(" ")[2] for word in half_width(name)[:_INITIALS].split())
    letters = "".join(sign for sign in "".join(sounds) if sign.isascii() and sign.isalnum())
    base, known = letters or _NAMELESS, {one.lower() for one in taken}
    if base not in known:
        return base
    return next(code for number in count(2) if (code := f"{base}-{number}") not in known)


def secret_digest(secret: str) -> str:
    """Receipt codes are read aloud and retyped: case and separators do not count."""
    plain = "".join(c for c in secret.upper() if c.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()
