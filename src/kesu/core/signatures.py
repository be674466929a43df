"""Signatures made where they are asked for: drawn with mouse, finger or pen, or the name typed and a tick set. Which of
the two it was is kept: nobody may take the one for the other."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from math import hypot
from typing import Final

WIDTH: Final = 1000
HEIGHT: Final = 400
"""Of the field in which somebody signs, in the units in which a page sends the strokes."""
MOST_POINTS: Final = 8_000
_LEAST: Final = 120
"""Units that a pen must have gone: less is a slip of the hand."""
_MOST_NAME: Final = 40
_PEN: Final = 9

Stroke = tuple[tuple[int, int], ...]


class SignedBy(StrEnum):
    HAND = "hand"
    TYPED = "typed"


@dataclass(frozen=True, slots=True)
class Signed:
    """How somebody signed, and the digest of what was before his eyes when he did (`digest_of`)."""

    by: SignedBy
    read: str


def digest_of(read: Iterable[str]) -> str:
    """Of the texts that a page shows to whoever signs."""
    whole = json.dumps(list(read), ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(whole.encode()).hexdigest()


def read_strokes(text: str) -> tuple[Stroke, ...]:
    """What a page sends: a JSON list of strokes, each a list of points ``[x, y]``. Raises `ValueError` for anything
    else, and for what is too short to be a signature."""
    try:
        given = json.loads(text)
        strokes = tuple(tuple((x, y) for x, y in stroke) for stroke in given)
    except (TypeError, RecursionError) as fault:
        raise ValueError(text[:20]) from fault
    points = [point for stroke in strokes for point in stroke]
    if len(points) > MOST_POINTS or not all(_is_inside(x, y) for x, y in points):
        raise ValueError(len(points))
    if sum(hypot(x2 - x, y2 - y) for one in strokes for (x, y), (x2, y2) in pairwise(one)) < _LEAST:
        raise ValueError("short")
    return strokes


def _is_inside(x: object, y: object) -> bool:
    return type(x) is int and type(y) is int and 0 <= x <= WIDTH and 0 <= y <= HEIGHT


def picture(strokes: Iterable[Stroke]) -> bytes:
    """The signature as PNG, black on white."""
    from PIL import Image, ImageDraw  # some megabytes, for processes in which somebody signs

    drawn = Image.new("L", (WIDTH, HEIGHT), 255)
    pen = ImageDraw.Draw(drawn)
    for stroke in strokes:
        pen.line(stroke, fill=0, width=_PEN, joint="curve")
        for x, y in (stroke[0], stroke[-1]) if stroke else ():
            pen.ellipse((x - _PEN // 2, y - _PEN // 2, x + _PEN // 2, y + _PEN // 2), fill=0)
    out = io.BytesIO()
    drawn.save(out, "PNG", optimize=True)
    return out.getvalue()


def typed(name: str) -> bytes:
    """The name as a text. Raises `ValueError` for what is no name."""
    plain = " ".join(name.split())
    if not 2 <= len(plain) <= _MOST_NAME or not plain.isprintable():
        raise ValueError(plain[:20])
    return plain.encode()
