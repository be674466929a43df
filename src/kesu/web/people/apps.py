"""Setting up an authenticator app: the secret waits in the session until a code of it was shown."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from kesu.core.one_time_codes import address, new_secret, written

_KEY: Final = "kesu_app"


def secret(request: HttpRequest) -> bytes:
    """The same until it is confirmed or given up."""
    kept = request.session.get(_KEY)
    if kept is None:
        kept = request.session[_KEY] = new_secret().hex()
    return bytes.fromhex(kept)


def forget(request: HttpRequest) -> None:
    request.session.pop(_KEY, None)


def shown(request: HttpRequest, login: str) -> dict[str, Any]:
    """The picture that the app reads, and the secret to type where there is no camera."""
    import segno  # only here: a process that never draws one does without it

    waiting = secret(request)
    code = segno.make(address(waiting, issuer=_("客诉"), login=login), error="m")
    drawn = code.svg_inline(scale=4, border=2, svgclass="qr", lineclass=None, omitsize=True)
    return {"picture": mark_safe(drawn), "secret": written(waiting)}  # noqa: S308  made here
