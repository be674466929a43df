"""Whatever is sent to whatever address: it is answered, never broken on, and nothing is half written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test import Client

from kesu.core import clock
from kesu.policy.asking import FieldView
from kesu.policy.model.facts import FactType
from kesu.queries.cases.intake import intake_page
from kesu.queries.cases.step_form import step_form
from kesu.queries.public.opening_form import opening_form
from kesu.store.sealed_reader import SYSTEM, read_as
from kesu.web import when
from tests import desk, world
from tests.access import sample
from tests.access.sample import Sample

HOSTILE: Mapping[str, str] = {
    "nothing": "",
    "a NUL": "x\x00y",
    "long": "长" * 100_000,
    "longer than a column": "长" * 300,
    "HTML": '"><img src=x onerror=alert(1)><script>alert(1)</script>',
    "SQL": "'; DELETE FROM store_note; --",
    "no number": "²",
    "a number that is too long": "9" * 5000,
    "the end of days": "9999-12-31T23:59",
    "the first of days": "0001-01-01T00:00",
    "the first of days elsewhere": "0001-01-01T00:00+23:59",
    "a foreign row": "0" * 32,
    "a slot of nobody": f"cs_specialist:{'f' * 32}",
    "placeholders": "{case} %(x)s %s {0} ${7*7}",
    "turned round": "\u202egnp.exe\u2028\r\nBcc: x@example.org",
}
_NAMES = ("text", "number", "code", "happened_at", "seen_version", "token", "form_token", "unit", "kind", "verdict")
OWN: Mapping[str, tuple[str, ...]] = {
    "new": ("happened_at", "token", "kind", "unit"),
    "complaint": ("form_token",),
    "whistle_report": ("form_token",),
    "register": ("happened_at", "seen_version"),
}
"""What pages write into their own forms, by the end of the address."""
_SIGNING_IN = ("username", "password", "next")
_WRITTEN = ("case", "caseevent", "eventbody", "note", "storedfile", "sealedcase", "sealedevent", "sealedbody")
_ROWS = " UNION ALL ".join(f"SELECT '{name}', count(*) FROM store_{name}" for name in _WRITTEN)


def rows() -> dict[str, int]:
    with transaction.atomic(), connection.cursor() as cursor:
        read_as(SYSTEM)
        cursor.execute(_ROWS)
        found = dict(cursor.fetchall())
        read_as("")
    return found


def answer(client: Client, address: str, sent: Mapping[str, str]) -> str:
    """What was wrong with the answer, in words; nothing when it is as it should be."""
    with transaction.atomic():
        before = rows()
        page = client.post(address, sent)
        is_half = page.status_code >= 400 and page.status_code != 500 and rows() != before
        transaction.set_rollback(True)
    return "broken" if page.status_code >= 500 else "half written" if is_half else ""


def careless(login: str) -> Client:
    """Breaks are answered with a page, as they are outside of tests."""
    client = desk.client_of(login) if login else Client()
    client.raise_request_exception = False
    return client


def filled(fields: Iterable[FieldView], word: str, *, everywhere: bool) -> Iterator[tuple[str, str]]:
    """Chosen values are the first that is offered; typed ones are `word`, figures and dates too if `everywhere`."""
    soon = when.local(clock.now()) + timedelta(days=1)
    typed = {
        FactType.NUMBER: "3",
        FactType.MONEY: "200",
        FactType.DATE: f"{soon:%Y-%m-%d}",
        FactType.TIME: f"{soon:%Y-%m-%dT%H:%M}",
    }
    for field in fields:
        if field.type is FactType.PERSON:
            yield from ((f"{field.code}.name", word), (f"{field.code}.phone", word))
        elif field.type is FactType.CASE:
            yield f"{field.code}.number", word
        elif field.type is FactType.FLAG:
            yield field.code, "yes"
        elif field.options:
            yield field.code, field.options[0].value
        elif field.type is not FactType.FILE:
            yield field.code, typed.get(field.type, word) if not everywhere else word


@pytest.mark.django_db
def test_it_answers_every_address_whatever_is_sent_under_every_name() -> None:
    found = sample.build()
    codes = world.pack("p10").kinds["complaint"].facts
    facts = [name for code in codes for name in (code, f"{code}.name", f"{code}.phone")]
    wrong = []
    for login in ("", "zhouyining"):
        client = careless(login)
        for name in sample.names():
            for what in ("a NUL", "long", "no number", "HTML"):
                sent = dict.fromkeys((*_NAMES, *_SIGNING_IN, *facts), HOSTILE[what])
                if problem := answer(client, found.address(name), sent):
                    wrong.append(f"{login or 'nobody'} {name}, {what}: {problem}")

    assert wrong == []


@pytest.mark.django_db
@pytest.mark.parametrize("what", HOSTILE)
def test_it_takes_or_refuses_a_form_whose_words_are_hostile(what: str) -> None:
    found, word = sample.build(), HOSTILE[what]
    wrong = []
    for login, address, fields, more in forms(found):
        client = careless(login)
        for everywhere in (False, True):
            sent = dict(filled(fields, word, everywhere=everywhere)) | more
            if problem := answer(client, address, sent):
                wrong.append(f"{address}, {everywhere}: {problem}")
        for name in OWN.get(address.rpartition("/")[2], ()):
            sent = dict(filled(fields, "好", everywhere=False)) | more | {name: word}
            if problem := answer(client, address, sent):
                wrong.append(f"{address}, {name}: {problem}")

    assert wrong == []


def forms(found: Sample) -> Iterator[tuple[str, str, tuple[FieldView, ...], dict[str, str]]]:
    """Who sends it, the address, its fields, and what the page itself puts into the form."""
    place, person = found.world.units["qingtang"], desk.actor("zhouyining")
    intake = intake_page(actor=person, at=found.now, unit=place.hex, kind="complaint").form
    assert intake
    yield "zhouyining", "/cases/new", intake.fields, {"unit": place.hex, "kind": "complaint"}
    for kind, page in (("complaint", "submit"), ("whistle_report", "report")):
        opening = opening_form(at=found.now, unit_id=place, kind=kind, is_sealed=page == "report")
        yield "", f"/{page}/{place}/{kind}", opening.fields, {}
    case = {"case_id": found.case_id}
    for step in ("register", "join", "state_facts", "assign"):
        form = step_form(actor=person, at=found.now, step=step, **case)
        address = f"/cases/{found.case_id}/steps/{step}"
        yield "zhouyining", address, form.all_fields, {"seen_version": str(form.version)}
        yield "zhouyining", f"{address}/preview", form.all_fields, {}


@pytest.mark.django_db
def test_it_refuses_ten_megabytes_of_words_before_it_reads_them() -> None:
    found = sample.build()
    client, before = careless("zhouyining"), rows()

    page = client.post(f"/cases/{found.case_id}/notes", {"text": "长" * 4_000_000})

    assert page.status_code == 400
    assert rows() == before


@pytest.mark.django_db
def test_it_refuses_a_form_larger_than_its_files_may_be_without_reading_it() -> None:
    found = sample.build()
    address = found.address("public-form")

    page = Client().generic(
        "POST", address, b"", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH="999999999"
    )

    assert page.status_code == 413
    assert "一个文件最多 20 MB" in page.content.decode()


@pytest.mark.django_db
def test_it_refuses_more_fields_than_any_form_has() -> None:
    found = sample.build()

    page = Client().post(found.address("public-form"), {f"f{number}": "x" for number in range(2000)})

    assert page.status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["kind", "stage", "level", "unit", "q", "sort", "page", "size", "due"])
def test_it_answers_a_list_whose_address_is_hostile(query: str) -> None:
    sample.build()
    client = careless("zhouyining")

    answered = {what: client.get("/cases", {query: word[:3000]}).status_code for what, word in HOSTILE.items()}

    assert {what: status for what, status in answered.items() if status not in {200, 400}} == {}


@pytest.mark.django_db
def test_it_takes_no_form_that_another_site_sent() -> None:
    found = sample.build()
    client = Client(enforce_csrf_checks=True)
    client.cookies.load(desk.client_of("zhouyining").cookies.output(header=""))

    answered = {name: client.post(found.address(name), {"text": "x"}).status_code for name in sample.names()}

    assert {status for name, status in answered.items() if status != 405} == {403}


@pytest.mark.django_db
def test_it_opens_nothing_of_a_case_in_another_project() -> None:
    found = sample.build()
    client, stranger = careless("xumingche"), uuid4()
    there = found.world.actor("xumingche")
    assert not there.may_at("case:case:read", _path(found))  # type: ignore[arg-type]

    for name in sample.names():
        arguments = dict(found.arguments.get(name, {}))
        if arguments.get("case_id") != found.case_id:
            continue
        address = found.address(name)
        nowhere = address.replace(str(found.case_id), str(stranger))
        for send in (client.get, client.post):
            here, there_too = send(address), send(nowhere)
            assert here.status_code in {404, 405}, name
            assert (here.status_code, here.content) == (there_too.status_code, there_too.content), name


def _path(found: Sample) -> str:
    from kesu.store.models import Unit

    return Unit.objects.get(pk=found.world.units["qingtang"]).path
