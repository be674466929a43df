"""What every answer to the public carries: never kept by a cache, never indexed, never a hint where it came from. But
what is published for everybody may be kept by whoever asks each time whether it has changed."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from http import HTTPStatus
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers

FORM_TOKEN: Final = "form_token"  # noqa: S105  the name of a field, no secret
"""The hidden field with a form's one-time token."""

View = Callable[..., HttpResponse]


def unkept(view: View) -> View:
    """For pages whose address is a secret, and for forms that people fill on machines that are not their own."""

    @wraps(view)
    def answering(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.headers["Cache-Control"] = "private, no-store"
        # With "no-referrer" browsers send a form's origin as "null", and the guard against forged forms refuses it.
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return answering


def kept(view: View) -> View:
    """For what is the same for everybody who reads the same language. Whoever keeps it asks
    each time whether it has changed, so that what is taken down is gone everywhere at once."""

    @wraps(view)
    def answering(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        if response.status_code != HTTPStatus.OK:
            response.headers["Cache-Control"] = "private, no-store"
            return response
        etag = f'"{sha256(response.content).hexdigest()[:32]}"'
        response.headers["Cache-Control"] = "no-cache"
        response.headers["ETag"] = etag
        answer = get_conditional_response(request, etag=etag, response=response)
        assert isinstance(answer, HttpResponse)
        return answer

    return answering
