"""Markup with values put in, escaped. A page has a thousand of them: the framework's `format_html` asks of each whether
it is lazy, this asks only whether it is text or markup already."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from django.utils.safestring import SafeString, mark_safe


def text(value: object) -> str:
    """As it may stand between tags and in quoted attributes; markup stays what it is."""
    return value if isinstance(value, SafeString) else escape(str(value))


def html(pattern: str, *values: object) -> SafeString:
    """`pattern` is written by us, with `{}` for each value."""
    return mark_safe(pattern.format(*map(text, values)))  # noqa: S308  the one place where values are escaped


def joined(parts: Iterable[SafeString], between: str = "") -> SafeString:
    return mark_safe(between.join(map(text, parts)))  # noqa: S308  every part is escaped


def shortened(text: str, longest: int) -> str:
    """At most so many signs, the last of them … where some are left out."""
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"
