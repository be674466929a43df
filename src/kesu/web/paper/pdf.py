"""The sheet as PDF. The words reach the typesetter as data, so that none of them can be a command of it."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kesu.web.paper import code
from kesu.web.paper.sheet import Sheet

if TYPE_CHECKING:
    import typst

FONTS: Final = Path(__file__).with_name("fonts")
"""Copied here when the styles are built: the typesetter needs files, and no browser ever asks for them."""


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """Read once a process. Fonts of the machine are left out: paper looks the same from every server."""
    import typst  # some megabytes, for processes that print

    return typst.Fonts(include_system_fonts=False, font_paths=[str(FONTS)])


def pdf(sheet: Sheet) -> bytes:
    """A4, one file with its fonts inside. Raises `FileNotFoundError` where the fonts were not built."""
    data: dict[str, Any] = asdict(sheet) | {"made_at": "", "qr": code.svg(sheet.address)}
    for pair in (pair for block in data["blocks"] for row in block["rows"] for pair in row):
        pair["pictures"] = [list(b64decode(drawn)) for drawn in pair["pictures"]]  # the typesetter reads no base64
    return typeset("sheet.typ", data, sheet.made_at)


def typeset(drawing: str, data: Mapping[str, Any], made_at: datetime) -> bytes:
    """What a drawing of this folder makes of the data. `made_at` is aware. Raises `FileNotFoundError` where the fonts
    were not built."""
    if not any(FONTS.glob("*.ttf")):
        raise FileNotFoundError(f"{FONTS}: no fonts; build the styles (npm run build in frontend/)")
    import typst

    source = FONTS.with_name(drawing)
    compiler = typst.Compiler(source.read_bytes(), root=str(source.parent), font_paths=_fonts())
    made = compiler.compile(
        format="pdf",
        sys_inputs={"sheet": json.dumps(data, ensure_ascii=False)},
        timestamp=int(made_at.timestamp()),
    )
    assert isinstance(made, bytes)  # one PDF, whatever the number of pages
    return made
