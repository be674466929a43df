"""Files handed out to a browser: saved, never run, never kept."""

from __future__ import annotations

import re
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header


def handed_out(name: str, media_type: str, content: bytes, *, in_place: bool = False) -> HttpResponse:
    """`in_place`: only for what is of our own making. What somebody sent is saved, and may do nothing if opened."""
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = content_disposition_header(not in_place, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox; frame-ancestors 'none'"
    response["Cache-Control"] = "private, no-store"
    return response


def in_part(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The part that a player asks for (one range, RFC 9110 section 14): without it some play no film at all."""
    response["Accept-Ranges"] = "bytes"
    asked = _RANGE.fullmatch(request.headers.get("Range", ""))
    size = len(response.content)
    if asked is None or asked.groups() == ("", ""):
        return response
    first, last = asked.groups()
    start = int(first) if first else max(0, size - int(last))
    end = min(int(last), size - 1) if first and last else size - 1
    if start > end:
        response.status_code, response.content = 416, b""
        response["Content-Range"] = f"bytes */{size}"
        return response
    response.status_code, response.content = 206, response.content[start : end + 1]
    response["Content-Range"] = f"bytes {start}-{end}/{size}"
    return response


_RANGE: Final = re.compile(r"bytes=([0-9]{0,12})-([0-9]{0,12})")
