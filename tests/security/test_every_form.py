"""Every form that any page draws, and every step of every kind in force: whatever is typed is taken or refused with an
answer that helps; nothing is lost, half-written or run. A form that is new is found by itself.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, count, cycle
from typing import Final
from uuid import UUID

import pytest
from django.test import Client
from django.urls import Resolver404, resolve

from kesu.casefile import notes
from kesu.casefile.log import read_bodies
from kesu.policy.model.facts import DataClass, FactType
from kesu.store.models import Account, Case
from tests import desk
from tests.access import sample
from tests.access.sample import Sample
from tests.full import only_in_full
from tests.security.forms_found import Input, acting, forms_on, lost, parts_on
from tests.security.trouble import words
from tests.security.walking import Cases, Sent, careless, cases_of_every_kind, form_at, good, seers, step_of, steps_of

ANSWERS: Final = {200, 302, 400, 403, 404, 405, 409, 413, 415, 422, 429}
_ID: Final = re.compile(r"[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}")
"""Drawn anew in every run: the words that a form is sent must not depend on it."""

_LOOKERS: Final = ("", "zhouyining", "admin")
"""Nobody, somebody who may do most of what there is to do with cases, and who keeps the house."""
_ON_THE_WAY_IN: Final = {
    *("passkey-options", "person-identity", "person-reopen", "security-codes", "security-passkey-remove"),
    "sign-on-back",
}
"""Drawn for somebody who is half in, has what they take away, or by another program (see the tests of people)."""
_MANAGER: Final = "linsheng"
"""Brings customers in and erases them."""
_OF_PROGRAMS: Final = {"api-reports", "api-calls"}
"""Take no form, and are sent to by no page: see the tests of the signed door."""
_AT_ITS_TIME: Final = {
    *_ON_THE_WAY_IN,
    *_OF_PROGRAMS,
    *("setup", "guest-step", "overlay-lift", "case-import-errors", "approvals-sign", "case-take-back"),
    *("coded-step", "credentials", "credential-remove", "chat-remove", "chat-try"),
    *("calendar-save", "channel-try", "hook-again"),
}
"""Take a form before there is an account (see below), and while a policy leaves a step to an outsider (see the tests of
guests): its fields are those of every step. An overlay is lifted by a button on its own page, which asks nothing; the
faults of a file are taken along by one that stands there when there are any, and several papers are signed by one
that stands there when several wait. A group of a work chat is tried and taken away by buttons beside it (see
tests/web/work/test_notices). A step is taken back where the policy lets somebody (see its own tests). Samples
stand under a code for whoever works blind, and papers are asked for by policies that this house has not (see
tests/access/test_blind, test_credentials). A calendar is saved by a button that stands there once it has been looked at
(see tests/web/test_calendars); a channel is tried where one is set up, and a hook rings again where it has rung
(see tests/web/test_notice_channels, tests/jobs/test_hooks)."""
_INSIDE: Final = re.compile(r"Traceback|Exception|psycopg|site-packages|Error at /")
_ROUNDS: Final = 60 if os.environ.get("KESU_FULL") else 1

pytestmark = pytest.mark.django_db


def pages(found: Sample, cases: Cases) -> Iterator[tuple[str, str, str]]:
    """Who looks, at which address, and what he sees."""
    written_to_the_reporter(cases)  # then his page has a form to answer with
    found.world.register(at=found.now, promised_feedback_at=desk.PROMISED)  # alike: it can be joined, or set aside
    looked = found.with_sealed(cases.sealed_id)
    for login in (*_LOOKERS, cases.confidant):
        client = desk.client_of(login) if login else Client()
        addresses = [looked.address(name) for name in sample.names()]
        addresses += [f"/cases/{found.case_id}?write={part}" for part in ("internal", "sent", "matter", "part")]
        for address in addresses + cases.sealed_steps * (login == cases.confidant):
            yield login, address, client.get(address).content.decode("utf-8", "replace")
    for name in ("customer-page", "customer-import"):
        address = looked.address(name)
        yield _MANAGER, address, desk.client_of(_MANAGER).get(address).content.decode()
    shown = looked.address("customer-shown")
    yield _LOOKERS[1], shown, desk.client_of(_LOOKERS[1]).post(shown).content.decode()
    for secret in cases.heard.values():
        yield "", f"/follow/{secret}", Client().get(f"/follow/{secret}").content.decode()
    yield "", "/report/status", Client().post("/report/status", {"code": cases.code}).content.decode()


def written_to_the_reporter(cases: Cases) -> None:
    step = next(address for address in cases.sealed_steps if address.endswith("/write_to_reporter"))
    client = desk.client_of(cases.confidant)
    answer = client.post(step, form_at(client, step).filled(good))
    assert answer.status_code == 302, answer.content.decode()


def posted(seen: Iterable[tuple[str, str, str]]) -> dict[str, Sent]:
    """Every form that is posted, by the address that it goes to, in its longest form."""
    forms: dict[str, Sent] = {}
    for login, address, html in seen:
        for form in forms_on(html):
            target = form.action or address
            if form.method == "post" and (target not in forms or len(form.inputs) > len(forms[target].form.inputs)):
                forms[target] = Sent(login, target, form)
    return forms


def name_of(address: str) -> str:
    try:
        return str(resolve(address.partition("?")[0]).url_name)
    except Resolver404:
        return f"nothing at {address}"


def test_it_finds_a_form_for_every_address_that_takes_one() -> None:
    found, cases = sample.build(), cases_of_every_kind()
    seen = list(pages(found, cases))
    drawn = {name_of(address) for address in posted(seen)} | {name_of(a) for _, _, html in seen for a in parts_on(html)}

    takes = set()
    for login in _LOOKERS:
        client = desk.client_of(login) if login else Client()
        takes |= {name for name in sample.names() if client.post(found.address(name)).status_code not in {302, 405}}

    assert {name for name in drawn if name.startswith("nothing")} == set()
    assert takes - drawn == _AT_ITS_TIME


def test_it_takes_or_refuses_whatever_is_typed_at_the_first_start() -> None:
    client, fields = careless(""), ("code", "organisation", "name", "login", "password")
    for word in words().values():
        page = client.post("/setup", dict.fromkeys(fields, word))
        assert page.status_code in {400, 422}, word[:40]
        assert re.search("[一-龥]", page.content.decode())
    assert not Account.objects.exists()


def problems(sent: Sent, given: Mapping[str, str]) -> Iterator[str]:
    status, html, is_written = sent.send(given)
    if status not in ANSWERS:
        yield f"answered with {status}"
    if status >= 400 and is_written:
        yield "half written"
    if status == 302:
        return
    if not re.search("[一-龥]", html):
        yield f"{status} says nothing"
    if _INSIDE.search(html):
        yield "shows its insides"
    if any(text.strip() for text in acting(html)):
        yield "runs what was sent"
    if status in {409, 422}:
        yield from (f"{status} lost {name}" for name in lost(given, html))


def rounds(sent: Sent) -> Iterator[dict[str, str]]:
    """Every typed field with a word of trouble, another one in every round; then the same among reasonable answers."""
    troubles = list(words().values())
    turn = count(sum(_ID.sub("", sent.address).encode()) + len(sent.form.inputs))
    for number in range(_ROUNDS):
        chosen: dict[str, str] = {}

        def word_for(one: Input, number: int = number, chosen: dict[str, str] = chosen) -> str:
            free = one.kind in {"text", "textarea"}
            word = troubles[next(turn) % len(troubles)]
            return chosen.setdefault(one.name, word if free or number % 2 == 0 else good(one))

        yield sent.form.filled(word_for)


def test_it_takes_or_refuses_whatever_is_typed_into_a_form_that_a_page_draws() -> None:
    found, cases = sample.build(), cases_of_every_kind()
    wrong = []
    for sent in posted(pages(found, cases)).values():
        for given in rounds(sent):
            wrong.extend(f"{sent.address}: {problem}" for problem in problems(sent, given))

    assert wrong == []


@only_in_full
def test_it_takes_or_refuses_whatever_is_typed_into_a_step_of_any_kind() -> None:
    sample.build()
    cases = cases_of_every_kind()
    wrong = []
    for case_id in cases.heard:
        people = seers(case_id)
        for step in chain(*steps_of(case_id)):
            sent, _form = step_of(case_id, step, people)
            for given in rounds(sent):
                wrong.extend(f"{sent.address}: {problem}" for problem in problems(sent, given))

    assert wrong == []


def sayable() -> list[str]:
    """What may stand in a text of the program, however odd."""
    return [word for word in words().values() if is_seen(word) and "\x00" not in word and len(word) <= 5000]


def is_seen(word: str) -> bool:
    """Whether there is a sign in it that anybody sees: the others alone are no text."""
    return any(unicodedata.category(sign)[0] not in "CZ" for sign in word)


def walked(case_id: UUID) -> dict[str, dict[str, str]]:
    """Takes every step that can be taken, one after the other, with words of trouble for its texts: what was typed by
    the step's code, then by the fact's."""
    done: dict[str, dict[str, str]] = {}
    troubles, people = cycle(sayable()), seers(case_id)
    going, ending = steps_of(case_id)
    for step in (*going, *going, *ending):
        if step in done:
            continue
        sent, form = step_of(case_id, step, people)
        if not form.is_mine or form.refusals:
            continue
        given = sent.form.filled(lambda one: next(troubles) if one.kind in {"text", "textarea"} else good(one))
        given |= {name: good(Input(name, "text")) for name in given if name.endswith((".phone", ".number"))}
        if sent.client.post(sent.address, given).status_code == 302:
            done[step] = {one.code: given[one.code] for one in form.fields if one.type is FactType.TEXT}
    return done


@only_in_full
def test_it_keeps_what_was_typed_into_a_step_as_it_was_typed() -> None:
    sample.build()
    taken = 0
    for case_id in cases_of_every_kind().heard:
        done = walked(case_id)
        case = Case.objects.get(pk=case_id)
        kept = [text for body in read_bodies(case, [one.value for one in DataClass]).values() for text in body.items()]
        for step, typed in done.items():
            for code, text in typed.items():
                assert (code, text.strip()) in kept, (step, code)
        taken += len(done)
        for login in ("", *seers(case_id)[:1]):
            client = desk.client_of(login) if login else Client()
            for address in (f"/cases/{case_id}", f"/cases/{case_id}/timeline", "/cases", "/work"):
                assert not any(text.strip() for text in acting(client.get(address).content.decode())), address

    assert taken >= 20


def test_it_keeps_what_was_said_as_it_was_said() -> None:
    found = sample.build()
    client = desk.client_of("zhouyining")
    for word in sayable():
        assert client.post(f"/cases/{found.case_id}/notes", {"text": word}).status_code == 302, word
        assert Client().post(f"/follow/{found.secret}/words", {"text": word}).status_code == 302, word

    case = Case.objects.get(pk=found.case_id)
    assert [text for _note, text in notes.read(case)][-len(sayable()) :] == [word.strip() for word in sayable()]
    for address, reader in ((f"/cases/{found.case_id}", client), (f"/follow/{found.secret}", Client())):
        assert not any(text.strip() for text in acting(reader.get(address).content.decode())), address
