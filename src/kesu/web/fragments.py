"""Live parts of a page: the fragment alone, with a tag by which the browser asks whether it has changed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string


def fragment(request: HttpRequest, template: str, context: Mapping[str, object]) -> HttpResponse:
    """304 when the browser has this very text already. The template must hold nothing that differs by itself (no
    form token)."""
    html = render_to_string(template, dict(context), request)
    tag = f'W/"{hashlib.sha256(html.encode()).hexdigest()[:24]}"'
    is_known = request.headers.get("If-None-Match") == tag
    response = HttpResponse(status=304) if is_known else HttpResponse(html)
    response.headers["ETag"] = tag
    return response
