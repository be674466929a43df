"""What a company sets stands in the texts of its policy: `{hotline}` is read as the value of the parameter."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

UNSET: Final = "由公司填写"
"""Stands as the value of a parameter that the company has to fill in before the pack may take effect."""

_BETWEEN: Final = "、"


def said(value: str | tuple[str, ...] | list[str], values: Mapping[str, str]) -> str:
    """A parameter's value as a sentence says it: `values` are the names of those that can be chosen."""
    if isinstance(value, str):
        return values.get(value, value)
    return _BETWEEN.join(values.get(one, one) for one in value)


def filled(text: str, said_by_code: Mapping[str, str]) -> str:
    """The text with the values of parameters; other placeholders stay."""
    for code, word in said_by_code.items() if "{" in text else ():
        text = text.replace(f"{{{code}}}", word)
    return text


def filled_words(words: Mapping[str, str], said_by_code: Mapping[str, str]) -> Mapping[str, str]:
    """Chinese words and their texts in another language, both with the values of parameters."""
    if not said_by_code:
        return words
    return {filled(word, said_by_code): filled(text, said_by_code) for word, text in words.items()}


def said_in(canonical: str) -> dict[str, str]:
    """Code → what is said, of every parameter of a canonical text."""
    parameters: Mapping[str, Mapping[str, Any]] = json.loads(canonical)["pack"].get("parameters", {})
    found: dict[str, str] = {}
    for code, one in parameters.items():
        value = one.get("value") if one.get("value") != UNSET else one.get("sample")
        values = one.get("values", {})
        if isinstance(value, str | list):
            found[code] = said(value, values if isinstance(values, Mapping) else {})
    return found
