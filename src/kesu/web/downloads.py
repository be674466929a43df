"""Files handed out to a browser: saved, never run, never kept."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.http import content_disposition_header


def handed_out(name: str, media_type: str, content: bytes, *, in_place: bool = False) -> HttpResponse:
    """`in_place`: only for what is of our own making. What somebody sent is saved, and may do nothing if opened."""
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = content_disposition_header(not in_place, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
