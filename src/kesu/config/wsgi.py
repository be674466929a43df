"""The web application, for any WSGI server. `kesu web` puts `kesu.config.asgi` before it."""

from __future__ import annotations

import codecs
import os
from collections.abc import Callable, Iterable
from email.message import Message
from typing import Any

from django.core.wsgi import get_wsgi_application

from kesu.core.collecting import spare_what_is_loaded

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kesu.config.settings")

_pages = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Text is UTF-8. The framework decodes the address, before any page could say no, in whatever encoding the sender
    names, and breaks on some: such a body is called unknown, and `kesu.web.admission` turns it away."""
    if _is_foreign(environ.get("CONTENT_TYPE", "")):
        environ["CONTENT_TYPE"] = "application/octet-stream"
    return _pages(environ, start_response)


def _is_foreign(content_type: str) -> bool:
    said = Message()
    said["Content-Type"] = content_type.replace("\r", " ").replace("\n", " ")
    charset = said.get_param("charset")
    if charset is None:
        return False
    try:
        return codecs.lookup(str(charset)).name != "utf-8"
    except (LookupError, ValueError):
        return True


spare_what_is_loaded()
