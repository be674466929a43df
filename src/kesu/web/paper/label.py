"""The label of a coded sample as PDF, to be stuck on it: 80 by 50 mm."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from kesu.web.paper import code as drawing
from kesu.web.paper.pdf import typeset


def label_pdf(*, heading: str, code: str, lines: Sequence[str], address: str, made_at: datetime) -> bytes:
    """`address`: the sample's page under its code. Raises as `pdf`."""
    data = {"heading": heading, "code": code, "lines": list(lines), "qr": drawing.svg(address)}
    return typeset("label.typ", data, made_at)
