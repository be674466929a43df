"""Customers: what a form says of somebody, how it is sealed with his own key, and the record of its changes."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from kesu.casefile.search_text import phone_token
from kesu.casefile.statement import is_phone_number, normal_phone
from kesu.core.errors import Unacceptable
from kesu.core.keyring import new_data_key, seal, unseal
from kesu.store.inserting import insert
from kesu.store.keys import ring
from kesu.store.models import (
    Consent,
    Customer,
    CustomerChange,
    CustomerGroup,
    CustomerPhone,
    CustomerReading,
    CustomerRoom,
    Purchase,
    Unit,
)
from kesu.store.models.customers import CustomerKind

DETAILS: Final[Mapping[str, int]] = {
    "sex": 8,
    "birth_year": 4,
    "occupation": 60,
    "contact": 200,
    "purchase_type": 60,
    "area": 60,
    "price": 60,
    "floor": 60,
    "layout": 60,
    "note": 1000,
}
"""What is told about somebody, and how many signs of each are kept."""
SEXES: Final = ("male", "female")
CHANNELS: Final = ("phone", "sms", "wechat", "mail", "letter")
LANGUAGES: Final = ("zh-hans", "zh-hant", "en")
STATING: Final = ("customer.added", "customer.imported", "customer.changed")
"""Acts after which something else stands in the form of a customer."""
MOST_PHONES: Final = 8
MOST_GROUPS: Final = 12
_MOST_SIGNS: Final = 40
_FEWEST_FIGURES: Final = 7
_YEARS: Final = range(1900, 2101)
_BETWEEN: Final = re.compile(r"[,，、;；\n]+")
_HOUR: Final = re.compile(r"([01]?\d|2[0-3]):[0-5]\d", re.ASCII)
_HOUR_LONG: Final = len("21:00")


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of somebody; `phones` are normal numbers, the first is called first."""

    name: str
    kind: str
    phones: tuple[str, ...]
    details: Mapping[str, str]
    groups: tuple[str, ...]
    preferences: Mapping[str, Any]

    def document(self) -> dict[str, Any]:
        """By field, empty ones left out, as the record of changes and an export have it."""
        flat = {"name": self.name, "kind": self.kind, "phones": list(self.phones), "groups": list(self.groups)}
        stated = {**flat, **self.details, **self.preferences}
        return {name: value for name, value in stated.items() if value}


def read_person(given: Mapping[str, str]) -> Person:
    """Texts by field; several phones, groups and channels stand after commas or on lines of their own. Raises
    `Unacceptable` with every field that cannot be read."""
    wrong: dict[str, str] = {}
    name = " ".join(given.get("name", "").split())
    if not name:
        wrong["name"] = "text_missing"
    elif len(name) > 64 or "\x00" in name:
        wrong["name"] = "≤ 64"
    kind = given.get("kind", "")
    if kind not in CustomerKind.values:
        wrong["kind"] = "not_offered"
    person = Person(
        name=name,
        kind=kind,
        phones=_phones(given.get("phones", ""), wrong),
        details=_details(given, wrong),
        groups=_groups(given.get("groups", ""), wrong),
        preferences=_preferences(given, wrong),
    )
    if wrong:
        raise Unacceptable("unreadable", data={"fields": wrong, "refusals": ()})
    return person


def split(text: str) -> tuple[str, ...]:
    """Parts after commas or on lines, each once."""
    return tuple(dict.fromkeys(filter(None, map(str.strip, _BETWEEN.split(text)))))


def _phones(text: str, wrong: dict[str, str]) -> tuple[str, ...]:
    found = split(text)
    if len(found) > MOST_PHONES or any(len(one) > _MOST_SIGNS or not _is_findable(one) for one in found):
        wrong["phones"] = "not_a_phone"
        return ()
    return tuple(dict.fromkeys(map(normal_phone, found)))


def _is_findable(text: str) -> bool:
    """A telephone number, and no short one: a search takes fewer than seven figures for the last of a longer number."""
    plain = normal_phone(text).removeprefix("+86").partition(";")[0]
    return is_phone_number(text) and sum(sign.isdigit() for sign in plain) >= _FEWEST_FIGURES


def _details(given: Mapping[str, str], wrong: dict[str, str]) -> dict[str, str]:
    details = {name: given.get(name, "").strip() for name in DETAILS}
    for name, text in details.items():
        if len(text) > DETAILS[name] or "\x00" in text:
            wrong[name] = f"≤ {DETAILS[name]}"
    if details["sex"] and details["sex"] not in SEXES:
        wrong["sex"] = "not_offered"
    year = details["birth_year"]
    if year and not (year.isascii() and year.isdigit() and int(year) in _YEARS):
        wrong["birth_year"] = "not_a_year"
    return {name: text for name, text in details.items() if text}


def _groups(text: str, wrong: dict[str, str]) -> tuple[str, ...]:
    found = split(text)
    if len(found) > MOST_GROUPS or any(len(one) > _MOST_SIGNS or "\x00" in one for one in found):
        wrong["groups"] = f"≤ {_MOST_SIGNS}"
    return tuple(sorted(found))


def _preferences(given: Mapping[str, str], wrong: dict[str, str]) -> dict[str, Any]:
    channels = [one for one in CHANNELS if one in split(given.get("channels", ""))]
    hours = {name: _hour(given, name, wrong) for name in ("quiet_from", "quiet_until")}
    if bool(hours["quiet_from"]) is not bool(hours["quiet_until"]):
        wrong["quiet_from" if hours["quiet_until"] else "quiet_until"] = "text_missing"
    language = given.get("language", "")
    if language and language not in LANGUAGES:
        wrong["language"] = "not_offered"
    found: dict[str, Any] = {"channels": channels, **hours, "language": language}
    return {name: value for name, value in found.items() if value}


def _hour(given: Mapping[str, str], name: str, wrong: dict[str, str]) -> str:
    """21:00, also of 9:00 and in figures of full width."""
    text = unicodedata.normalize("NFKC", given.get(name, "")).strip()
    if text and not _HOUR.fullmatch(text):
        wrong[name] = "not_an_hour"
    return text.zfill(_HOUR_LONG) if text else ""


def given_of(person: Person) -> dict[str, str]:
    """What a form would send to state the same."""
    lists = {"phones": person.phones, "groups": person.groups, "channels": person.preferences.get("channels", ())}
    hours = {name: text for name, text in person.preferences.items() if isinstance(text, str)}
    flat = {"name": person.name, "kind": person.kind, **person.details, **hours}
    return flat | {name: "，".join(values) for name, values in lists.items() if values}


def new_customer(unit: Unit, at: datetime) -> tuple[Customer, bytes]:
    """A row with a key of its own, not yet written, and the key."""
    key = new_data_key()
    key_id, wrapped = ring().wrap(key)
    return Customer(unit=unit, key_id=key_id, data_key=wrapped, created_at=at), key


def key_of(customer: Customer) -> bytes:
    """Raises `InvalidTag` for somebody whose key was destroyed: ask `erased_at` first."""
    return ring().unwrap(customer.key_id, bytes(customer.data_key))


def sealed(customer: Customer, key: bytes, value: object) -> bytes:
    return seal(key, json.dumps(value, ensure_ascii=False).encode(), customer.pk.bytes)


def opened(customer: Customer, key: bytes, box: bytes | memoryview) -> Any:
    return json.loads(unseal(key, bytes(box), customer.pk.bytes)) if box else {}


def person_of(customer: Customer, key: bytes, phones: Iterable[CustomerPhone]) -> Person:
    """What is kept of him, in clear. `phones`: his rows."""
    ordered = sorted(phones, key=lambda phone: phone.position)
    return Person(
        name=customer.name,
        kind=customer.kind,
        phones=tuple(str(opened(customer, key, phone.sealed)) for phone in ordered),
        details=opened(customer, key, customer.details),
        groups=tuple(customer.groups),
        preferences=customer.preferences,
    )


def state(customer: Customer, key: bytes, person: Person) -> list[CustomerPhone]:
    """Puts what is stated on the row, and returns the rows of his telephones; nothing is written yet."""
    customer.name, customer.kind = person.name, person.kind
    customer.details = sealed(customer, key, dict(person.details)) if person.details else b""
    customer.groups, customer.preferences = list(person.groups), dict(person.preferences)
    return [
        CustomerPhone(
            customer=customer,
            position=position,
            token=phone_token(number),
            last=last_figures(number),
            sealed=sealed(customer, key, number),
        )
        for position, number in enumerate(person.phones)
    ]


def last_figures(number: str) -> str:
    return re.sub(r"\D", "", number)[-4:]


def change_row(
    customer: Customer,
    key: bytes,
    *,
    at: datetime,
    by: UUID,
    act: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> CustomerChange:
    """Only what differs, sealed; not yet written. `act`: ``noun.verbed``."""
    names = [name for name in dict.fromkeys((*before, *after)) if before.get(name) != after.get(name)]
    moved = {name: [before.get(name), after.get(name)] for name in names}
    box = sealed(customer, key, moved) if moved else b""
    return CustomerChange(customer_id=customer.pk, at=at, account_id=by, act=act, fields=names, sealed=box)


def version_of(customer: Customer) -> int:
    """Grows whenever what is stated of him changes; whoever changes it has locked his row. One query."""
    stated = CustomerChange.objects.filter(customer=customer, act__in=STATING)
    return stated.order_by("-pk").values_list("pk", flat=True).first() or 0


def record(customer: Customer, *, at: datetime, by: UUID, act: str, after: Mapping[str, Any] | None = None) -> None:
    """Something that was added to a customer, or done with him; one statement."""
    insert([change_row(customer, key_of(customer), at=at, by=by, act=act, before={}, after=after or {})])


def record_reading(customer: Customer, *, at: datetime, by: UUID, what: str) -> None:
    """Before anything is shown. `what`: ``shown`` or ``exported``."""
    insert([CustomerReading(customer_id=customer.pk, at=at, account_id=by, what=what)])


def keep_groups(unit: Unit, names: Collection[str]) -> None:
    """Lists of the project offer these groups from now on."""
    CustomerGroup.objects.bulk_create([CustomerGroup(unit=unit, name=one) for one in names], ignore_conflicts=True)


def members(root: Customer) -> Sequence[Customer]:
    """He himself, and those who were joined to him. One query."""
    return [root, *Customer.objects.filter(merged_into=root).select_related("unit").order_by("created_at", "pk")]


def forget(ids: Collection[UUID], at: datetime) -> None:
    """Destroys their keys, and with them what was sealed; what stands readable goes too. Consents end."""
    for model in (CustomerPhone, CustomerRoom, Purchase):
        model.objects.filter(customer__in=ids).delete()
    consents = Consent.objects.filter(customer__in=ids)
    consents.filter(withdrawn_on__isnull=True).update(withdrawn_on=at.date())
    consents.update(purpose="", how="", withdrawn_how="")
    nothing = {"name": "", "key_id": "", "data_key": b"", "details": b"", "preferences": {}, "groups": []}
    Customer.objects.filter(pk__in=ids).update(**nothing, erased_at=at)
