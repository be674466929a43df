"""From what a form says to what the log keeps: parse by the pack's types, then split rule facts from texts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

import phonenumbers

from kesu.casefile.chain import body_digest
from kesu.casefile.named_files import FileRef
from kesu.core.codes import bare, is_blank
from kesu.core.errors import Unacceptable
from kesu.core.keyring import KeyRing
from kesu.policy.model.facts import STATED, DataClass, Fact, FactType, Value
from kesu.policy.values import ValueUnreadable, check_length, parse, to_document
from kesu.store.models.streams import EventRow

Given = Mapping[str, tuple[str, ...]]
"""Raw form text by fact code; a person's two parts stand under ``<code>.name`` and ``<code>.phone``."""

Input = Value | Mapping[str, str] | tuple[FileRef, ...]

MAX_TEXT = 20_000
MAX_PERSON = {"name": 64, "phone": 40}
"""Signs of each part of a person."""
_MAX_WORD = 200
# 179… is how calls over the internet are dialled, and what follows it the number.
_MOBILE = re.compile(r"(?:\+86)?(1(?!79)[3-9][0-9]{9})")


@dataclass(frozen=True, slots=True)
class Statement:
    """`facts` go to the log. `bodies` maps data class to fact code to text, person or list of files."""

    facts: Mapping[str, Value]
    bodies: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def read_given(facts: Mapping[str, Fact], given: Given, zone: ZoneInfo) -> dict[str, Input]:
    """Typed values of what was given; empty answers are left out. Raises `Unacceptable` with every unreadable field
    at once (``data["fields"]``: code of the fact to what was expected)."""
    inputs: dict[str, Input] = {}
    wrong: dict[str, str] = {}
    for code, fact in facts.items():
        if fact.type is FactType.PERSON:
            person = {part: " ".join(given.get(f"{code}.{part}", ())).strip() for part in MAX_PERSON}
            if any("\x00" in text or len(text) > MAX_PERSON[part] for part, text in person.items()):
                wrong[code] = f"≤ {MAX_PERSON['name']}"
            elif person["phone"] and _number(person["phone"]) is None:
                wrong[code] = "not_a_phone"
            elif not all(map(is_blank, person.values())):
                inputs[code] = {part: bare(text) for part, text in person.items()}
            continue
        texts = tuple(t.strip() for t in given.get(code, ()) if not is_blank(t))
        if not texts or fact.type is FactType.FILE:
            continue
        try:
            inputs[code] = _typed(fact, texts, zone)
        except ValueUnreadable as unreadable:
            wrong[code] = unreadable.expected
    if wrong:
        raise Unacceptable("unreadable", data={"fields": wrong, "refusals": ()})
    return inputs


def _typed(fact: Fact, texts: tuple[str, ...], zone: ZoneInfo) -> Input:
    if fact.type is FactType.TEXT:
        text = "\n".join(texts)
        if "\x00" in text or len(text) > MAX_TEXT:
            raise ValueUnreadable("text", f"≤ {MAX_TEXT}")
        check_length(fact, text)
        return text
    if any("\x00" in text or len(text) > _MAX_WORD for text in texts):
        raise ValueUnreadable(fact.code, f"≤ {_MAX_WORD}")
    many = fact.type in {FactType.CHOICES, FactType.UNITS, FactType.GROUP}
    return parse(fact, list(texts) if many else texts[-1], zone)


def state(facts: Mapping[str, Fact], inputs: Mapping[str, Input], ring: KeyRing) -> Statement:
    """Texts, persons and files become marks in the log and stand in the body of their data class. The members of a
    sealed group stand in the body only: no log ever names in clear those who are kept away."""
    rule: dict[str, Value] = {}
    bodies: dict[str, dict[str, Any]] = {}
    for code, given in inputs.items():
        fact = facts[code]
        if fact.type is FactType.GROUP and fact.data is DataClass.SEALED and isinstance(given, tuple):
            bodies.setdefault(fact.data.value, {})[code] = list(given)
            continue
        mark, text = _marked(fact, given, ring) if fact.type.is_marked else (_plain(given), None)
        if mark is None:
            continue
        rule[code] = mark
        if text is not None:
            bodies.setdefault(data_class_of(fact).value, {})[code] = text
    return Statement(rule, bodies)


def data_class_of(fact: Fact) -> DataClass:
    """A name is personal whatever the pack says, unless it says more."""
    is_plain_person = fact.type is FactType.PERSON and fact.data is DataClass.INTERNAL
    return DataClass.PERSONAL if is_plain_person else fact.data


def _marked(fact: Fact, given: Input, ring: KeyRing) -> tuple[Value | None, Any]:
    if fact.type is FactType.TEXT:
        return STATED, str(given)
    if fact.type is FactType.PERSON and isinstance(given, Mapping):
        name, phone = given.get("name", ""), normal_phone(given.get("phone", ""))
        return ring.blind(phone or name), {"name": name, "phone": phone}
    files = [one.to_body() for one in given if isinstance(one, FileRef)] if isinstance(given, tuple) else []
    return (len(files), files) if files else (None, None)


def _plain(given: Input) -> Value | None:
    """None for what only a marked fact can hold."""
    if isinstance(given, Mapping):
        return None
    if isinstance(given, tuple):
        return tuple(one for one in given if isinstance(one, str))
    return given


def normal_phone(text: str) -> str:
    """E.164 where the number is a possible one in China, else the text as given: nothing typed is thrown away."""
    mobile = _MOBILE.fullmatch(text)
    if mobile is not None:  # nearly every one; the library takes a hundred times as long for the same
        return f"+86{mobile[1]}"
    number = _number(text)
    if number is None:
        return text.strip()
    plain = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return f"{plain};ext={number.extension}" if number.extension else plain


def is_phone_number(text: str) -> bool:
    """Whether `normal_phone` makes a number of it."""
    return _MOBILE.fullmatch(text) is not None or _number(text) is not None


def _number(text: str) -> phonenumbers.PhoneNumber | None:
    """The number, with the extension after 转; None for what can be no number in China or, with +, elsewhere."""
    try:
        number = phonenumbers.parse(text.replace("转", " ext. "), "CN")
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_possible_number(number) else None


def says(row: EventRow, statement: Statement) -> bool:
    """Whether an event of the log states the same."""
    stated = {code: to_document(value) for code, value in statement.facts.items()}
    return row.body_digest == body_digest(statement.bodies) and bool(stated.items() <= row.facts.items())
