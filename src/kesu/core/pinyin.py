"""How Chinese names are typed by people who do not switch to Chinese: by their sounds or the first letters of these."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_LONGEST: Final = 400
_MOST_READINGS: Final = 3
_UNTYPED: Final = re.compile("[^a-z0-9]+")


@lru_cache(maxsize=4096)
def pinyin_of(name: str) -> str:
    """Small letters without tones: the sounds joined, a space, their first letters. Other signs stand for themselves.
    ``青棠湾`` is ``qingtangwan qtw``."""
    from pypinyin import lazy_pinyin  # its tables take 20 MB: only where something is named

    sounds = lazy_pinyin(name.strip().lower())
    return f"{''.join(sounds)} {''.join(sound[:1] for sound in sounds)}"[:_LONGEST]


@lru_cache(maxsize=4096)
def words_of(person: str) -> tuple[str, ...]:
    """What somebody may begin to type for a person: the sounds and the first letters of his name, of the name without
    its first sign, and both with each reading of the surname. ``王伟`` is ``wangwei``, ``wei``, ``ww``."""
    from pypinyin import Style, lazy_pinyin, pinyin

    name = person.strip().lower()
    if not name:
        return ()
    sounds = lazy_pinyin(name)
    readings = pinyin(name[0], style=Style.NORMAL, heteronym=True)[0][:_MOST_READINGS]
    starts = [[reading, *sounds[1:]] for reading in readings] if len(sounds) == len(name) else []
    found = (typed for one in (sounds, *starts, sounds[1:]) for typed in ("".join(one), "".join(s[:1] for s in one)))
    return tuple(dict.fromkeys(word for typed in found if len(word := _UNTYPED.sub("", typed)) > 1))
