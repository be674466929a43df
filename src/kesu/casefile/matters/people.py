"""The people behind a matter: whom its cases name, and who of them is one and the same person."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from kesu.casefile.log import read_bodies
from kesu.casefile.matters.stream import PERSON, UNCOUNTED, MatterFile
from kesu.casefile.search_text import phone_token
from kesu.casefile.statement import data_class_of
from kesu.policy.events import Event
from kesu.policy.heads import MATTER_JOINED, Head
from kesu.policy.model.facts import FactType
from kesu.policy.model.pack import Kind
from kesu.policy.persons import named_persons
from kesu.store.fixed import Fixed
from kesu.store.inserting import insert
from kesu.store.models import Case, CustomerPhone, Matter, MatterPerson


def take_in(file: MatterFile, case: Case, kind: Kind, log: Sequence[Event], now: datetime, *, since: int = 0) -> None:
    """Counts whom the events of this case after number `since` name, each once. The caller holds case and matter."""
    named = dict(_named(kind, log, since))
    if not named:
        return
    known = set(MatterPerson.objects.filter(case=case, token__any=list(named)).values_list("token", flat=True))
    rows = []
    for token, event in named.items():
        if token in known:
            continue
        phone = _phone(case, kind, event, token)
        file.say(PERSON, {"case": case.pk.hex, "token": token, "phone": phone}, event.at, now)
        rows.append(MatterPerson(matter=file.head, case=case, token=token, phone=phone, at=event.at))
    insert(rows)


def take_out(file: MatterFile, case: Case, kind: Kind, log: Sequence[Event], now: datetime) -> None:
    """Counts no more whom this case names no longer, because the naming was taken back. The same."""
    named = {token for token, _event in _named(kind, log, 0)}
    gone = [row for row in MatterPerson.objects.filter(case=case).order_by("pk") if row.token not in named]
    for row in gone:
        file.say(UNCOUNTED, {"case": case.pk.hex, "token": row.token}, now, now)
    MatterPerson.objects.filter(pk__in=[row.pk for row in gone]).delete()


def _named(kind: Kind, log: Sequence[Event], since: int) -> Iterator[tuple[str, Event]]:
    seen: set[str] = set()
    for event, token in named_persons(log, kind):
        if event.seq > since and event.kind != MATTER_JOINED and token not in seen:
            seen.add(token)
            yield token, event


def _phone(case: Case, kind: Kind, event: Event, token: str) -> str:
    """The blind token of his telephone, as the register of customers has it; empty where he gave none."""
    fact = next(kind.facts[code] for code, value in event.facts.items() if value == token and _is_person(kind, code))
    said: Mapping[str, Any] = read_bodies(case, [data_class_of(fact).value]).get(event.seq, {}).get(fact.code) or {}
    return phone_token(said["phone"]) if said.get("phone") else ""


def _is_person(kind: Kind, code: str) -> bool:
    fact = kind.facts.get(code)
    return fact is not None and fact.type is FactType.PERSON


def names_somebody(kind: Kind, step: str) -> bool:
    """Whether a step may name a person, so that the people behind the matter become more."""
    rule = kind.steps.get(step)
    asked = {*kind.asked(rule), *rule.may_state} if rule is not None else ()
    people = (kind.facts[code] for code in asked if _is_person(kind, code))
    return any(fact.is_counted and fact.same_as is None for fact in people)


def heads_of(matter: Matter, *, without: Collection[UUID] = ()) -> list[Head]:
    """Every naming, with who it is and when he complained. `without`: cases that are left out."""
    return [(who, at) for case_id, who, at in named_in(matter) if case_id not in without]


def named_in(matter: Matter) -> list[tuple[UUID, str, datetime]]:
    """Every naming, with its case and who it is: several telephones of one customer, and customers that were joined,
    are one person. A number that several customers share says of none of them who called. Two queries, however many
    people."""
    rows = _PEOPLE(matter.pk)
    phones = [phone for _case, _token, phone, _at in rows if phone]
    owners: dict[str, set[UUID]] = {}
    for phone, customer, root in _OWNERS(phones) if phones else ():
        owners.setdefault(phone, set()).add(root or customer)
    return [(case_id, _who(token, owners.get(phone, set())), at) for case_id, token, phone, at in rows]


def _who(token: str, owners: set[UUID]) -> str:
    return next(iter(owners)).hex if len(owners) == 1 else token


_PEOPLE: Final = Fixed(
    lambda matter: MatterPerson.objects.filter(matter=matter).values_list("case_id", "token", "phone", "at")
)
_OWNERS: Final = Fixed(
    lambda phones: CustomerPhone.objects.filter(token__any=phones).values_list(
        "token", "customer_id", "customer__merged_into_id"
    )
)
