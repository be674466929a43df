"""How Chinese names are typed by people who do not switch to Chinese: by their sounds or the first letters of these."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

_LONGEST: Final = 400


@lru_cache(maxsize=4096)
def pinyin_of(name: str) -> str:
    """Small letters without tones: the sounds joined, a space, their first letters. Other signs stand for themselves.
    ``青棠湾`` is ``qingtangwan qtw``."""
    from pypinyin import lazy_pinyin  # its tables take 20 MB: only where something is named

    sounds = lazy_pinyin(name.strip().lower())
    return f"{''.join(sounds)} {''.join(sound[:1] for sound in sounds)}"[:_LONGEST]
