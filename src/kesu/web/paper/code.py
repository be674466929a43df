"""The QR code of a sheet, as a picture for each kind of drawing."""

from __future__ import annotations

import io
from typing import Final

_CORRECTION: Final = "m"


def svg(address: str) -> str:
    """A drawing without a style of its own; its size is what the place gives it."""
    import segno  # some megabytes, for processes that draw a sheet

    code = segno.make(address, error=_CORRECTION, micro=False)
    return code.svg_inline(omitsize=True, border=0, svgclass="qr", lineclass=None)


def png(address: str) -> bytes:
    import segno

    out = io.BytesIO()
    segno.make(address, error=_CORRECTION, micro=False).save(out, kind="png", scale=8, border=0)
    return out.getvalue()
