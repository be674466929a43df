"""The texts of a case as one reader may see them: in words, masked where they say who somebody is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from kesu.access.sight.reading import CaseRead, RowNames
from kesu.access.sight.reserved import only_for_reader, reserved_for
from kesu.casefile.log import read_bodies
from kesu.core.masking import dialled_phone, masked_name, masked_numbers, masked_phone
from kesu.policy.events import Event
from kesu.policy.model.facts import DataClass, Fact, FactType, Value
from kesu.policy.values import plain


@dataclass(frozen=True, slots=True)
class TextLine:
    """A stated fact in words. `values` instead of `text` where the words depend on the language of the page."""

    name: str
    text: str = ""
    value: Value | None = None
    files: int = 0


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts of the events by sequence and fact; personal ones masked unless the reader has the right. `in_clear`:
    nothing is masked; whoever asks for that has written down who reads it."""

    by_seq: Mapping[int, Mapping[str, Any]]
    rows: RowNames
    names: Mapping[str, str]
    sees_personal: bool
    in_clear: bool = False

    def line(self, fact: Fact, event: Event) -> TextLine | None:
        value = event.facts.get(fact.code)
        if value is None or (value == () and fact.measured is not None):
            return None
        if fact.type is FactType.FILE:
            return TextLine(fact.name, files=int(str(value)))
        if fact.type.is_marked:
            text = self.text(fact, event.seq)
            return TextLine(fact.name, text) if text else None
        return self.value_line(fact, value)

    def text(self, fact: Fact, seq: int) -> str:
        stored = self.by_seq.get(seq, {}).get(fact.code)
        if isinstance(stored, dict):
            return self.person(stored)
        if not isinstance(stored, str):
            return ""
        if fact.data in {DataClass.INTERNAL, DataClass.RESERVED} or self.in_clear:
            return stored
        return masked_numbers(stored) if self.sees_personal else "＊＊＊"

    def person(self, stored: Mapping[str, Any]) -> str:
        return " ".join(part for part in self.name_and_phone(stored) if part)

    def name_and_phone(self, stored: Mapping[str, Any]) -> tuple[str, str]:
        name, phone = str(stored.get("name", "")), str(stored.get("phone", ""))
        if self.in_clear:
            return name, dialled_phone(phone)
        return name if self.sees_personal else masked_name(name), masked_phone(phone)

    def value_line(self, fact: Fact, value: Value) -> TextLine:
        if fact.type is FactType.UNIT:
            return TextLine(fact.name, self.rows.units.get(str(value), ""))
        if fact.type is FactType.UNITS and isinstance(value, tuple):
            names = (self.rows.units.get(one, "") for one in value)
            return TextLine(fact.name, "、".join(name for name in names if name))
        if fact.type is FactType.CASE:
            return TextLine(fact.name, self.rows.cases.get(str(value), ""))
        if fact.type is FactType.GROUP and isinstance(value, tuple):
            people = (self.names.get(member.rpartition(":")[2], "") for member in value)
            return TextLine(fact.name, "、".join(dict.fromkeys(name for name in people if name)))
        if fact.type is FactType.NUMBER and isinstance(value, Decimal):
            return TextLine(fact.name, plain(value))
        return TextLine(fact.name, value=value)


def read_texts(read: CaseRead, rows: RowNames, *, in_clear: bool = False) -> Texts:
    """One query. Restricted texts are read only for those who may see personal data, and only they see any in clear;
    reserved ones only for the roles that the policy names."""
    classes = [DataClass.INTERNAL.value, DataClass.PERSONAL.value]
    if read.sees_personal:
        classes.append(DataClass.RESTRICTED.value)
    own = reserved_for(read.kind, read.taker)
    if own:
        classes.append(DataClass.RESERVED.value)
    bodies = only_for_reader(read_bodies(read.case, classes), read.kind, own)
    return Texts(bodies, rows, read.names, read.sees_personal, in_clear and read.sees_personal)
