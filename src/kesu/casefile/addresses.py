"""Where somebody outside of the house can be reached: what his case says of him, and what the register of customers
knows of whoever has the same telephone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import time
from typing import Any, Final

from kesu.casefile.books import kind_of
from kesu.casefile.customers import key_of, opened
from kesu.casefile.log import read_bodies, read_log
from kesu.casefile.mail_desk import addresses_of
from kesu.casefile.search_text import phone_token
from kesu.casefile.shown import latest_texts
from kesu.policy.model.facts import DataClass
from kesu.policy.model.pack import Kind
from kesu.store.models import Case, CaseAddress, CaseGuest, Customer, CustomerPhone

SMS, MAIL, PAPER = "sms", "mail", "paper"
_MOBILE: Final = re.compile(r"\+861[3-9]\d{9}")
_MAIL: Final = re.compile(r"[^\s@<>()（）,，;；:：]+@[^\s@<>()（）,，;；:：]+\.[^\s@<>()（）,，;；:：]+", re.ASCII)
_WAYS: Final = {"sms": SMS, "mail": MAIL, "letter": PAPER}
"""What the register calls the ways to a customer that messages can go."""


@dataclass(frozen=True, slots=True)
class Reached:
    """`by`: address by channel; `prefers`: channels that he wants to be reached by, the first before all; he is left
    alone from `quiet_from` to `quiet_until`."""

    name: str = ""
    by: Mapping[str, str] = field(default_factory=dict)
    prefers: tuple[str, ...] = ()
    quiet_from: time | None = None
    quiet_until: time | None = None
    language: str = ""


def of_customer(case: Case) -> Reached:
    """Of the person whom the case names first among those who complain; whoever wrote by mail, and has no other mail
    address in the register, is answered where he wrote from."""
    kind = kind_of(case.policy_version_id, case.kind)
    texts = latest_texts(case, kind, read_log(case, kind))
    persons = (text for code, text in texts.items() if isinstance(text, dict) and _complains(kind, code))
    reached = _reached(case, next(persons, {}))
    wrote_from = () if MAIL in reached.by else addresses_of(case)
    return replace(reached, by={**reached.by, MAIL: wrote_from[0]}) if wrote_from else reached


def ways_of_answer(case: Case) -> tuple[str, ...]:
    """How words to the customer leave, beside standing on his page, where the policy names no way: whoever wrote by
    mail is answered by mail."""
    return (MAIL,) if CaseAddress.objects.filter(case=case).exists() else ()


def of_representative(guest: CaseGuest, case: Case) -> Reached:
    """Of whom the event named that gave him his link."""
    kind = kind_of(case.policy_version_id, case.kind)
    bodies = read_bodies(case, [DataClass.INTERNAL.value, DataClass.PERSONAL.value]).get(guest.named_seq or 0, {})
    named = (text for code, text in bodies.items() if code in kind.facts and kind.facts[code].hears)
    return _reached(case, next((text for text in named if isinstance(text, dict)), {}))


def _complains(kind: Kind, code: str) -> bool:
    fact = kind.facts.get(code)
    return fact is not None and fact.is_counted and not fact.hears


def _reached(case: Case, person: Mapping[str, Any]) -> Reached:
    phone = str(person.get("phone", ""))
    by = {SMS: phone} if _MOBILE.fullmatch(phone) else {}
    name, known = str(person.get("name", "")), _known(case, phone)
    if known is None:
        return Reached(name, by)
    mail = mail_in(str(opened(known, key_of(known), known.details).get("contact", "")))
    told = known.preferences
    hours = [time.fromisoformat(told[part]) if told.get(part) else None for part in ("quiet_from", "quiet_until")]
    return Reached(
        name,
        by | ({MAIL: mail} if mail else {}),
        tuple(_WAYS[one] for one in told.get("channels", ()) if one in _WAYS),
        hours[0],
        hours[1],
        str(told.get("language", "")),
    )


def _known(case: Case, phone: str) -> Customer | None:
    """The one customer of this number near the case; None where nobody, or more than one, has it."""
    if not phone:
        return None
    tokens = CustomerPhone.objects.filter(token=phone_token(phone), customer__merged_into=None)
    near = tokens.filter(customer__erased_at=None).select_related("customer__unit")[:_MANY]
    found = {row.customer_id: row.customer for row in near}
    here = [one for one in found.values() if case.unit.path.startswith(one.unit.path)]
    return here[0] if len(here) == 1 else None


_MANY: Final = 20


def mail_in(text: str) -> str:
    """The first mail address in what somebody wrote; empty where there is none."""
    found = _MAIL.search(text)
    return found.group().rstrip(".") if found else ""


def is_mobile(text: str) -> bool:
    return _MOBILE.fullmatch(text) is not None
