"""Every form of the program with somebody who may send it, and one case of every kind to send it to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Final
from uuid import UUID

from django.db import connection, transaction
from django.test import Client

from kesu.casefile.books import adoption_for, kind_of
from kesu.core import clock
from kesu.core.errors import NotFound
from kesu.policy.model.rules import Step
from kesu.queries.cases.case_page import case_page
from kesu.queries.cases.step_form import StepForm, step_form
from kesu.queries.public.places import places
from kesu.store.models import Account, Case, SealedAllow, SealedCase, Unit
from kesu.store.sealed_reader import SYSTEM, read_as
from kesu.web import when
from kesu.web.forms import draw
from tests import desk
from tests.security.forms_found import Form, Input, forms_on

GOOD: Final = "好"
_WRITTEN: Final = (
    "case",
    "caseevent",
    "eventbody",
    "casecard",
    "obligation",
    "note",
    "storedfile",
    "outboxmessage",
    "sealedcase",
    "sealedevent",
    "sealedbody",
)


def rows() -> dict[str, int]:
    """How many there are of everything that a form may write."""
    statement = " UNION ALL ".join(f"SELECT '{name}', count(*) FROM store_{name}" for name in _WRITTEN)
    with transaction.atomic(), connection.cursor() as cursor:
        read_as(SYSTEM)
        cursor.execute(statement)
        found = dict(cursor.fetchall())
        read_as("")
    return found


def careless(login: str) -> Client:
    """Breaks are answered with a page, as they are outside of tests."""
    client = desk.client_of(login) if login else Client()
    client.raise_request_exception = False
    return client


def good(one: Input) -> str:
    """What a reasonable person types."""
    soon = when.local(clock.now()) + timedelta(days=1)
    if one.kind == "date":
        return f"{soon:%Y-%m-%d}"
    if one.kind == "datetime-local":
        return "" if one.name == "happened_at" else f"{soon:%Y-%m-%dT%H:%M}"
    if one.kind == "figure":
        return "3"
    if one.name.endswith((".phone", ".number")):
        return "13800003187" if one.name.endswith(".phone") else ""
    return GOOD


@dataclass(frozen=True)
class Sent:
    """A form with the address that it is sent to and who sends it (nobody: the public)."""

    login: str
    address: str
    form: Form

    @cached_property
    def client(self) -> Client:
        return careless(self.login)

    def send(self, given: Mapping[str, str]) -> tuple[int, str, bool]:
        """Status, page, and whether anything was written; nothing of it stays."""
        with transaction.atomic():
            before = rows()
            page = self.client.post(self.address, given)
            is_written = rows() != before
            transaction.set_rollback(True)
        return page.status_code, page.content.decode("utf-8", "replace"), is_written


def form_at(client: Client, address: str) -> Form:
    """The form that a page is about: the one that knows what was seen, or else the one that asks most."""
    posted = [form for form in forms_on(client.get(address).content.decode()) if form.method == "post"]
    assert posted, f"no form at {address}"
    return max(posted, key=lambda form: ("seen_version" in form.inputs, len(form.inputs)))


def opening_forms() -> Iterator[Sent]:
    """Everything that the public may open under every policy in force, at the first place that offers it."""
    seen: set[tuple[str, str]] = set()
    for is_sealed, page in ((False, "submit"), (True, "report")):
        # Backwards by name: the last one has people in every post.
        for place in reversed(places(at=clock.now(), is_sealed=is_sealed)):
            for kind in place.kinds:
                adoption = adoption_for(Unit.objects.get(pk=place.id), kind.code, clock.now())
                assert adoption is not None
                if (kind.code, adoption.policy_version_id) not in seen:
                    seen.add((kind.code, adoption.policy_version_id))
                    address = f"/{page}/{place.id}/{kind.code}"
                    yield Sent("", address, form_at(Client(), address))


@dataclass(frozen=True)
class Cases:
    """One case of every kind under every policy in force, just opened by a customer, with what only he knows."""

    heard: dict[UUID, str]
    code: str
    sealed_id: UUID
    confidant: str

    @property
    def sealed_steps(self) -> list[str]:
        """Addresses of what the confidant may do."""
        page = desk.client_of(self.confidant).get(f"/sealed/{self.sealed_id}").content.decode()
        return sorted(set(re.findall(rf"/sealed/{self.sealed_id}/steps/[\w-]+", page)))


def cases_of_every_kind() -> Cases:
    heard: dict[UUID, str] = {}
    code = ""
    for sent in opening_forms():
        page = sent.client.post(sent.address, sent.form.filled(good))
        if page.status_code == 302:
            heard[Case.objects.latest("pk").pk] = page.headers["Location"].rpartition("/")[2]
        else:
            assert page.status_code == 200, forms_on(page.content.decode())
            code = re.findall(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}", page.content.decode())[0]
    with transaction.atomic():
        read_as(SYSTEM)
        sealed_id = SealedCase.objects.values_list("pk", flat=True).latest("received_at")
        confidant = SealedAllow.objects.filter(case_id=sealed_id).values_list("account__login", flat=True)[0]
        read_as("")
    return Cases(heard, code, sealed_id, confidant)


def steps_of(case_id: UUID) -> tuple[list[str], list[str]]:
    """Every step that a case may ever see: those that leave it open, and those that end it."""
    case = Case.objects.get(pk=case_id)
    kind = kind_of(case.policy_version_id, case.kind)

    def ends(rule: Step) -> bool:
        return any(kind.stages[row.use].final for row in rule.to.rows if row.use) if rule.to else False

    rules = [rule for rule in kind.steps.values() if not rule.starts_case]
    return [rule.code for rule in rules if not ends(rule)], [rule.code for rule in rules if ends(rule)]


def step_of(case_id: UUID, step: str, people: Sequence[str]) -> tuple[Sent, StepForm]:
    """A step of a case as it stands, with the first who may take it, or else with the last who sees it."""
    for login in people:
        form = step_form(actor=desk.actor(login), at=clock.now(), case_id=case_id, step=step)
        if form.is_mine:
            break
    return Sent(login, f"/cases/{case_id}/steps/{step}", asked(form)), form


def asked(form: StepForm) -> Form:
    """What a step asks, as its page would draw it for whoever may take it."""
    drawn = Form("", "post", is_multipart=True)
    drawn.inputs["seen_version"] = Input("seen_version", "hidden", str(form.version))
    drawn.inputs["happened_at"] = Input("happened_at", "datetime-local")
    for one in draw(form.all_fields, {}, {}):
        kind = {"datetime": "datetime-local", "number": "figure", "money": "figure"}.get(one.control, one.control)
        values = ["yes", "no"] if one.control == "flag" else [choice.value for choice in one.choices]
        drawn.inputs[one.name] = Input(one.name, kind, values=values)
    return drawn


def seers(case_id: UUID) -> list[str]:
    """Who of the house sees a case."""
    at = clock.now()

    def sees(login: str) -> bool:
        try:
            return bool(case_page(actor=desk.actor(login), at=at, case_id=case_id))
        except NotFound:
            return False

    logins = Account.objects.filter(is_active=True).order_by("pk").values_list("login", flat=True)
    return [login for login in logins if sees(login)]
