"""What the page of a customer shows, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.http import HttpRequest
from django.utils.translation import gettext as _

from kesu.access.permissions import Permission
from kesu.commands.customers.show_customer import Shown
from kesu.core import clock
from kesu.core.errors import Refused
from kesu.queries.customers.customer_page import ChangeLine, CustomerPage
from kesu.queries.estate.projects import projects
from kesu.web import sentences, when
from kesu.web.customers import forms
from kesu.web.customers.labels import (
    ACTS,
    CHANNELS,
    FIELDS,
    KINDS,
    LANGUAGES,
    NEEDS,
    PERSON,
    READINGS,
    SERVICE,
    WHY,
    moved,
    value,
)
from kesu.web.joining import listed, strung
from kesu.web.marks import yuan
from kesu.web.parts import FactRow
from kesu.web.session import actor, frame

_HIDDEN: Final = ("sex", "birth_year", "occupation", "contact", *NEEDS, "note")


@dataclass(frozen=True, slots=True)
class HistoryPart:
    at: str
    who: str
    act: str
    what: str


def drawn(
    request: HttpRequest,
    page: CustomerPage,
    *,
    shown: Shown | None = None,
    form: str = "",
    typed: Mapping[str, str] | None = None,
    refused: Refused | None = None,
) -> dict[str, Any]:
    """`form`: the one that was refused (person, room, purchase, consent, join, erase); `typed`: what was sent in it."""
    errors = sentences.field_errors(refused) if refused else {}

    def sent(name: str) -> tuple[Mapping[str, str], Mapping[str, str]]:
        return (typed or {}, errors) if name == form else ({}, {})

    person = typed if form == "person" and typed else shown.given if shown else None
    offered = projects(actor=actor(request), needs=Permission.ROOM_READ) if _may_link(request, page) else ()
    return {
        "frame": frame(request, "/customers", clock.now()),
        "page": page,
        "kind": str(KINDS[page.kind]),
        "facts": tuple(_facts(page, shown)),
        "service_facts": tuple(_service(page)),
        "rooms": tuple((one, str(KINDS[one.kind])) for one in page.rooms),
        "purchases": tuple((one, _yuan(one.amount)) for one in page.purchases),
        "changes": tuple(change_part(one, shown) for one in page.changes),
        "readings": tuple(
            HistoryPart(when.stamp(one.at), one.who, str(READINGS.get(one.what, one.what)), "") for one in page.readings
        ),
        "similar": tuple((one, str(WHY[one.why])) for one in page.similar),
        "shown": shown,
        "seen_version": shown.version if shown else 0,
        "person_fields": tuple(_person_groups(person, sent("person")[1])) if person and page.rights.edit else (),
        "room_fields": tuple(forms.room_fields(offered, page.project_id, *sent("room"))) if offered else (),
        "purchase_fields": tuple(forms.purchase_fields(*sent("purchase"))),
        "consent_fields": tuple(forms.consent_fields(*sent("consent"))),
        "refused": sentences.reason(refused) if refused else "",
        "refused_in": form,
        "refused_certain": errors.get("certain", ""),
    }


def _may_link(request: HttpRequest, page: CustomerPage) -> bool:
    return page.rights.edit and actor(request).may(Permission.ROOM_READ)


def _person_groups(person: Mapping[str, str], errors: Mapping[str, str]) -> Iterator[tuple[str, tuple[Any, ...]]]:
    for title, names in ((_("资料"), PERSON), (_("需求"), NEEDS), (_("服务"), SERVICE)):
        yield title, tuple(forms.person_fields(tuple(names), person, errors))


def _facts(page: CustomerPage, shown: Shown | None) -> Iterator[FactRow]:
    yield FactRow(str(FIELDS["kind"]), str(KINDS[page.kind]))
    yield FactRow(_("照管项目"), page.project)
    yield FactRow(str(FIELDS["phones"]), listed(shown.phones if shown else page.phones))
    if shown is not None:
        for name in _HIDDEN:
            text = value(name, shown.given.get(name, ""))
            if text:
                yield FactRow(str(FIELDS[name]), text)


def _service(page: CustomerPage) -> Iterator[FactRow]:
    chosen = page.preferences
    yield FactRow(str(FIELDS["groups"]), listed(page.groups))
    yield FactRow(_("联系方式"), listed(str(CHANNELS[one]) for one in chosen.get("channels", ())))
    hours = (chosen.get("quiet_from", ""), chosen.get("quiet_until", ""))
    quiet = _("%(start)s 至 %(end)s") % {"start": hours[0], "end": hours[1]} if any(hours) else ""
    yield FactRow(_("勿扰时间"), quiet)
    yield FactRow(str(FIELDS["language"]), LANGUAGES.get(chosen.get("language", ""), ""))


def change_part(line: ChangeLine, shown: Shown | None) -> HistoryPart:
    told = shown.changes.get(line.id, {}) if shown else {}
    if told:
        what = strung(moved(name, pair) for name, pair in told.items() if name != "with")
    else:
        what = listed(str(FIELDS.get(name, name)) for name in line.fields if name != "with")
    what = line.other or what
    return HistoryPart(when.stamp(line.at), line.who, str(ACTS.get(line.act, line.act)), what)


def _yuan(amount: str) -> str:
    return yuan(Decimal(amount)) if amount else ""
