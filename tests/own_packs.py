"""Policies of our own for tests: one of the library with some of its lines written anew."""

from __future__ import annotations

from kesu.casefile.library import read_library
from kesu.policy.loader import load_pack
from kesu.policy.model.pack import Pack


def changed(code: str, file: str, *lines: tuple[str, str]) -> Pack:
    """The pack `code` with each first text of `file`, which stands there once, replaced by the second. Raises
    `PackInvalid`."""
    texts = {name: dict(of) for name, of in read_library().texts.items()}
    for old, new in lines:
        assert texts[code][file].count(old) == 1, f"{old!r} should stand once in {code}/{file}"
        texts[code][file] = texts[code][file].replace(old, new)
    return load_pack(texts, code)
