"""How words, and how sentences, stand in a row in the language of the page."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _


def listed(words: Iterable[object]) -> str:
    """Names and other short words: 甲、乙、丙."""
    return _("、").join(map(str, words))


def strung(sentences: Iterable[object]) -> str:
    """Sentences and parts of one: 甲；乙."""
    return _("；").join(map(str, sentences))
