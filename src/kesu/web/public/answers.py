"""What every answer to the public carries: never kept by a cache, never indexed, never a hint where it came from."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.http import HttpRequest, HttpResponse

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
