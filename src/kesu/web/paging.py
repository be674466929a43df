"""Numbered pages of a list."""

from __future__ import annotations

from kesu.web.parts import PagerPart

_NEAR = 2


def pager(total_text: str, page: int, pages: int) -> PagerPart:
    """The first, the last, and those around the present one; a gap is an ellipsis."""
    near = {1, pages, *range(page - _NEAR, page + _NEAR + 1)}
    numbers: list[int] = []
    for number in sorted(one for one in near if 1 <= one <= pages):
        if numbers and number > numbers[-1] + 1:
            numbers.append(0)
        numbers.append(number)
    return PagerPart(
        total_text=total_text,
        number=page,
        numbers=tuple(numbers),
        previous=page - 1 if page > 1 else None,
        next=page + 1 if page < pages else None,
    )


def whole(text: str, otherwise: int) -> int:
    """A small natural number as an address says it."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else otherwise
