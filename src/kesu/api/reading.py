"""From the JSON of a delivery to what a form would have sent. Nothing is taken that is not asked, and every wrong field
is named at once."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.http import HttpRequest

from kesu.core.errors import Unacceptable
from kesu.core.signed_post import FRESH
from kesu.core.uploads import Upload
from kesu.policy.asking import FieldView
from kesu.policy.model.facts import FactType
from kesu.policy.values import NO, YES
from kesu.web.forms import Given, identifier, moment

MEMBERS: Final = ("unit", "subject", "happened_at", "facts", "files")
"""Of a report."""
FILE: Final = ("fact", "name", "content")
_PERSON: Final = ("name", "phone")
_MOST_FACTS: Final = 100
_MOST_VALUES: Final = 50


@dataclass(frozen=True, slots=True)
class Head:
    """What a report says of itself before its facts. `subject` None: nothing."""

    unit: str
    subject: str | None
    happened_at: datetime


def source_named(request: HttpRequest) -> Any:
    """The identifier of the source, as the address gives it; None for anything else."""
    return identifier(request.GET.get("source", ""))


def document(body: bytes) -> Mapping[str, Any]:
    """Raises `Unacceptable` for what is no JSON object, however it is not one."""
    try:
        found = json.loads(body.decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Unacceptable("not_json") from None
    if not isinstance(found, dict):
        raise Unacceptable("not_json")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def text_of(found: Mapping[str, Any], name: str) -> str:
    """Raises `Unacceptable` for what is no text."""
    text = found.get(name, "")
    if not isinstance(text, str) or "\x00" in text:
        raise wrong({name: "text_unreadable"})
    return text.strip()


def head_of(found: Mapping[str, Any], now: datetime) -> Head:
    """Raises `Unacceptable`."""
    unknown = {name[:64]: "field_unknown" for name in found if name not in MEMBERS}
    if unknown:
        raise wrong(unknown)
    said = text_of(found, "happened_at")
    try:
        happened_at = moment(said) if said else now
    except ValueError:
        raise wrong({"happened_at": "not_a_moment"}) from None
    if timedelta() < happened_at - now <= FRESH:
        happened_at = now  # by a clock that goes a little ahead of ours
    return Head(text_of(found, "unit"), text_of(found, "subject") if "subject" in found else None, happened_at)


def facts_of(found: Mapping[str, Any], fields: Sequence[FieldView]) -> tuple[Given, tuple[Upload, ...]]:
    """Raw text by fact code, and files. Raises `Unacceptable` with every field that is not asked or of another
    type."""
    facts, files = found.get("facts", {}), found.get("files", [])
    if not isinstance(facts, dict) or len(facts) > _MOST_FACTS:
        raise wrong({"facts": "body_unread"})
    if not isinstance(files, list) or len(files) > _MOST_VALUES:
        raise wrong({"files": "body_unread"})
    by_code = {one.code: one for one in fields}
    given: dict[str, tuple[str, ...]] = {}
    faults: dict[str, str] = {}
    for code, value in facts.items():
        asked = by_code.get(code)
        if asked is None or asked.type is FactType.FILE:
            faults[code[:64]] = "fact_not_its"
            continue
        try:
            given.update(_texts(asked, value))
        except ValueError:
            faults[code] = "text_unreadable"
    uploads = [one for one in (_upload(file, by_code, faults) for file in files) if one]
    if faults:
        raise wrong(faults)
    return given, tuple(uploads)


def _texts(asked: FieldView, value: Any) -> dict[str, tuple[str, ...]]:
    if asked.type is FactType.PERSON:
        if not isinstance(value, dict) or any(part not in _PERSON for part in value):
            raise ValueError(asked.code)
        return {f"{asked.code}.{part}": (_text(value.get(part, "")),) for part in _PERSON}
    if asked.type is FactType.FLAG and isinstance(value, bool):
        return {asked.code: (YES if value else NO,)}
    if isinstance(value, list) and asked.type is FactType.CHOICES and len(value) <= _MOST_VALUES:
        return {asked.code: tuple(_text(one) for one in value)}
    return {asked.code: (_text(value),)}


def _text(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int) or "\x00" in str(value):
        raise ValueError(type(value).__name__)
    return str(value)


def _upload(file: Any, by_code: Mapping[str, FieldView], faults: dict[str, str]) -> Upload | None:
    if not isinstance(file, dict) or not all(isinstance(file.get(part), str) for part in FILE) or len(file) > len(FILE):
        faults["files"] = "body_unread"
        return None
    asked = by_code.get(file["fact"])
    if asked is None or asked.type is not FactType.FILE:
        faults[file["fact"][:64]] = "fact_not_its"
        return None
    try:
        content = base64.b64decode(file["content"], validate=True)
    except (binascii.Error, ValueError):
        faults[asked.code] = "not_base64"
        return None
    return Upload(asked.code, file["name"], content)


def wrong(fields: Mapping[str, str]) -> Unacceptable:
    return Unacceptable("body_unread", data={"fields": dict(fields), "refusals": ()})
