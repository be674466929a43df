"""Personal data as those see it who have no right to it, or have not asked for it yet."""

from __future__ import annotations

import re
from collections.abc import Iterator

_NUMBER = re.compile(r"\+?\d[\d\s-]{5,}\d")
_LONG = 7


def masked_phone(number: str) -> str:
    """138****5678; a shorter number keeps its last four figures, one of four or fewer none."""
    figures = re.sub(r"\D", "", number)
    if len(figures) > 11 and figures.startswith("86"):
        figures = figures[2:]
    if len(figures) >= 11:
        return f"{figures[:3]}****{figures[-4:]}"
    return f"****{figures[-4:]}" if len(figures) > 4 else "****" if figures else ""


def dialled_phone(number: str) -> str:
    """The number as one dials it here: without the country's own prefix."""
    plain = number.strip()
    return plain[3:] if plain.startswith("+86") else plain


def masked_name(name: str) -> str:
    """The family name and as many stars as there are further signs, two at most."""
    plain = name.strip()
    return plain[:1] + "*" * min(2, max(1, len(plain) - 1)) if plain else ""


def masked_numbers(text: str) -> str:
    """The text with everything that looks like a telephone number masked."""
    return _NUMBER.sub(lambda found: _mask(found.group()), text)


def hidden_numbers(text: str) -> Iterator[str]:
    """What `masked_numbers` masks, as it was written."""
    return (found.group() for found in _NUMBER.finditer(text) if _is_long(found.group()))


def _mask(number: str) -> str:
    return masked_phone(number) if _is_long(number) else number


def _is_long(number: str) -> bool:
    return len(re.sub(r"\D", "", number)) >= _LONG
