"""A form that comes late, twice, from elsewhere, or after its sender was signed out."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client

from kesu.access.cases import cards_for
from kesu.casefile import notes
from kesu.casefile.books import kind_of
from kesu.store.models import Case, CaseEvent, Unit
from tests import desk
from tests.access import sample
from tests.security.forms_found import forms_on
from tests.security.walking import careless, cases_of_every_kind, form_at, good, rows, step_of, steps_of
from tests.world import COMPLAINT

pytestmark = pytest.mark.django_db

PHRASE = "楼道里的灯坏了两盏"


def said_on(case_id: object) -> list[str]:
    return [text for _note, text in notes.read(Case.objects.get(pk=case_id))]


@pytest.mark.parametrize("part", ["notes", "messages"])
def test_it_keeps_a_note_that_was_sent_twice_once(part: str) -> None:
    found = sample.build()
    client = desk.client_of("zhouyining")
    html = client.get(f"/cases/{found.case_id}").content.decode()
    form = next(one for one in forms_on(html) if one.action.endswith(part))
    sent = form.filled(lambda one: "" if one.kind == "date" else PHRASE)

    answers = {client.post(form.action, sent).headers["Location"] for _ in range(3)}
    client.post(form.action, {**sent, "text": PHRASE + "，请尽快"})

    assert answers == {f"/cases/{found.case_id}"}
    assert said_on(found.case_id).count(PHRASE) == 1
    assert said_on(found.case_id)[-1] == PHRASE + "，请尽快"


def test_it_keeps_the_words_of_a_customer_that_came_twice_once() -> None:
    found = sample.build()
    case_id = Case.objects.get(channel="portal").pk
    form = form_at(Client(), f"/follow/{found.secret}")
    for _ in range(2):
        assert Client().post(f"/follow/{found.secret}/words", form.filled(lambda _one: PHRASE)).status_code == 302

    assert said_on(case_id).count(PHRASE) == 1


def test_it_takes_a_step_of_a_customer_that_came_twice_once() -> None:
    found = sample.build()
    address = f"/follow/{found.secret}/steps/withdraw"
    sent = form_at(Client(), address).filled(good)

    first, second = (Client().post(address, sent) for _ in range(2))

    assert (first.status_code, second.status_code) == (302, 409)
    assert "这一步已经办过" in second.content.decode()
    assert Client().get(address).headers["Location"] == f"/follow/{found.secret}"
    assert CaseEvent.objects.filter(case=Case.objects.get(channel="portal"), step="withdraw").count() == 1


def test_it_opens_one_case_for_a_form_that_came_twice_and_gives_the_same_answer() -> None:
    here, _now = desk.opened()
    for login, address, key in (
        ("", f"/submit/{here.units['qingtang']}/complaint", "form_token"),
        ("zhouyining", f"/cases/new?unit={here.units['qingtang'].hex}&kind=complaint", "token"),
    ):
        client, before = careless(login), Case.objects.count()
        form = form_at(client, address)
        assert form.inputs[key].value
        given = {name.replace("__", "."): text for name, text in COMPLAINT.items()}
        sent = {**form.filled(good), **given, "promised_feedback_at": "2030-01-02T10:00", "looked": "-"}
        answers = {client.post(address.partition("?")[0], sent).headers["Location"] for _ in range(2)}

        assert len(answers) == 1
        assert Case.objects.count() == before + 1


def commutes(case_id: object, step: str) -> bool:
    """Whether the policy lets several take the step at once."""
    case = Case.objects.get(pk=case_id)
    return kind_of(case.policy_version_id, case.kind).steps[step].commutes


def test_it_keeps_what_was_typed_when_somebody_was_faster() -> None:
    """Every step that may be taken, sent with the version before the first event; it is taken all the same where the
    policy says that nobody needs to have seen what the others did."""
    sample.build()
    tried = 0
    heard = cases_of_every_kind().heard
    seen = set(cards_for(desk.actor("zhouyining")).values_list("pk", flat=True))
    for case_id in (one for one in heard if one in seen):
        for step in steps_of(case_id)[0]:
            sent, form = step_of(case_id, step, ["zhouyining"])
            if form.is_mine and not form.refusals:
                given = sent.form.filled(lambda one: PHRASE if one.kind == "textarea" else good(one))
                status, page, is_written = sent.send({**given, "seen_version": "0"})
                if commutes(case_id, step):
                    assert (status, is_written) == (302, True), step
                    continue
                assert (status, is_written) == (409, False), step
                assert "别人" in page
                typed = [one.name for one in sent.form.typed if given[one.name] == PHRASE]
                kept = {name: one.value for drawn in forms_on(page) for name, one in drawn.inputs.items()}
                assert all(kept[name] == PHRASE for name in typed), step
                tried += 1

    assert tried >= 5


@pytest.mark.parametrize("code", ["repeat_of", "responsible_dept", "team"])
def test_it_takes_no_foreign_row_in_any_field_that_names_one(code: str) -> None:
    """What another company, another project or nobody has: the form says so and nothing is written."""
    found = sample.build()
    stranger = Unit.objects.create(parent=None, kind="company", name="别家公司")
    there = found.world.register("xumingche", at=found.now, unit="huaixu", person__phone="13800009999")
    gulan = found.world.people["gulan"].hex
    for value in (there.hex, str(there), stranger.pk.hex, uuid4().hex, f"cs_specialist:{gulan}", "x' OR '1'='1"):
        for step in ("register", "state_facts", "assign", "form_team"):
            sent, form = step_of(found.case_id, step, ["zhouyining"])
            if code in {one.code for one in form.all_fields}:
                status, _page, is_written = sent.send({**sent.form.filled(good), code: value})
                assert status in {302, 409, 422}, (step, value)
                stated = CaseEvent.objects.filter(case_id=found.case_id, facts__has_key=code)
                assert status == 302 or not is_written
                assert not any(value in str(event.facts[code]) for event in stated)


def test_it_shows_again_what_stood_in_a_form_that_has_expired_and_only_to_our_own_pages() -> None:
    found = sample.build()
    client = Client(enforce_csrf_checks=True)
    address = found.address("public-form")
    before = rows()
    for page, is_shown in ((f"http://testserver{address}", True), ("http://evil.example/form", False)):
        answer = client.post(address, {"content": PHRASE, "form_token": "x" * 32}, headers={"Referer": page})
        html = answer.content.decode()
        assert answer.status_code == 403
        assert "没有提交" in html
        assert (PHRASE in html) == is_shown
        assert (f'href="{address}"' in html) == is_shown
        assert "x" * 32 not in html

    assert rows() == before


def test_it_shows_what_somebody_typed_who_may_no_longer_do_it() -> None:
    found = sample.build()
    sent, form = step_of(found.case_id, "classify", ["wutong"])
    assert not form.is_mine

    status, page, is_written = sent.send({**sent.form.filled(good), "talk_note": PHRASE})

    assert (status, is_written) == (403, False)
    assert PHRASE in page


@pytest.mark.parametrize("part", ["notes", "messages", "matter", "steps/register"])
def test_it_leads_whoever_was_signed_out_back_to_the_page_that_he_wrote_on(part: str) -> None:
    found = sample.build()
    page = f"/cases/{found.case_id}"

    answer = Client().post(
        f"{page}/{part}", {"text": PHRASE}, headers={"Referer": f"http://testserver{page}?write=sent"}
    )

    assert answer.headers["Location"] == f"/sign-in?next={page}%3Fwrite%3Dsent"
    assert desk.client_of("zhouyining").get(answer.headers["Location"]).headers["Location"] == f"{page}?write=sent"


def test_it_puts_no_page_of_signing_in_into_a_part_of_another_page() -> None:
    found = sample.build()

    answer = Client().post(f"/cases/{found.case_id}/steps/register/preview", headers={"HX-Request": "true"})

    assert answer.status_code == 401
    assert "<form" not in answer.content.decode()
