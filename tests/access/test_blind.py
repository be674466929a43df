"""Whoever works blind learns nothing of the case: neither that there is one in a list, nor whose it is, nor who dealt
with it. He knows a code, what he is to do, and his own form."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from kesu.casefile.proof.rebuilding import Outcome, compare_case
from kesu.commands.cases.take_blind_step import take_blind_step
from kesu.config.checking.blind import blind_roles_see_nothing
from kesu.config.checking.finding import Grade
from kesu.core import clock
from kesu.core.errors import Forbidden, NotFound, Unacceptable
from kesu.queries.coded.bench import bench, sample_page
from kesu.queries.work.notices import notices
from kesu.store.models import Case, CaseParty, CodedSample, ObligationOwner, OutboxMessage, RoleGrant, SlotRole
from tests import blind, desk
from tests.access import sample
from tests.access.sample import Sample
from tests.access.test_noninterference import answers, differing, pages
from tests.full import only_in_full
from tests.world import MONDAY, World, said

WORD = "材料验收走过场"
_OF_THE_HOUSE = frozenset(
    {"carrying_over", "explain_case", "rows_of_case", "sample_cases", "verify_log", "export_log", "vital_signs"}
)
_OWN = frozenset({"bench", "notices", "unread"})
"""What he is to see, and what he is told under the code; under the code of another world, `sample_page` is not found
in either."""


def opened() -> tuple[Sample, dict[str, UUID]]:
    found = sample.build()
    people = blind.adopt(found.world, found.now - timedelta(hours=4))
    return at_case(found, uuid4()), people


def at_case(found: Sample, case_id: UUID) -> Sample:
    return replace(found, case_id=case_id).with_sealed(case_id)


def heard(world: World, found: Sample, people: dict[str, UUID]) -> UUID:
    at = found.now - timedelta(hours=1)
    words = {"title": WORD, "content": "材料不符", "person__phone": "13800002016"}
    case_id = world.register("wutong", at=at, promised_feedback_at=desk.PROMISED, **words)
    world.take(case_id, "inform", "wutong", at)
    blind.coded(world, case_id, at + timedelta(minutes=5), people)
    return case_id


@pytest.mark.django_db
def test_every_query_answers_him_the_same_with_and_without_the_case_that_he_works_on() -> None:
    found, people = opened()
    dict(answers(found, blind.PEOPLE[:1]))
    without = dict(answers(found, blind.PEOPLE[:1]))

    case_id = heard(found.world, found, people)

    told = differing(dict(answers(at_case(found, case_id), blind.PEOPLE[:1])), without)
    apart = _OF_THE_HOUSE | _OWN
    assert [one for one in told if one.partition(":")[0].rpartition(".")[2] not in apart] == []
    _knows_its_code_alone(found, case_id)


@only_in_full
@pytest.mark.django_db
def test_every_address_answers_him_the_same_with_and_without_the_case_that_he_works_on() -> None:
    found, people = opened()
    dict(pages(found, blind.PEOPLE[:1]))
    without = dict(pages(found, blind.PEOPLE[:1]))

    case_id = heard(found.world, found, people)
    OutboxMessage.objects.filter(account__login=blind.PEOPLE[0]).update(seen_at=found.now)  # the bell counts it

    told = differing(dict(pages(at_case(found, case_id), blind.PEOPLE[:1])), without)
    sums = {"metrics", "health", "coded-list", "notices"}
    assert [one for one in told if one.partition(":")[0].split()[-1] not in sums] == []


def _knows_its_code_alone(found: Sample, case_id: UUID) -> None:
    """What stands on his bench, on its page and in his mail leads to a code and nowhere else."""
    login = blind.PEOPLE[0]
    actor = found.world.actor(login, found.now.date())
    code = CodedSample.objects.filter(case_id=case_id).values_list("code", flat=True)[0]
    client = desk.client_of(login)
    shown = [client.get(way).content.decode() for way in ("/coded", f"/coded/{code}", f"/coded/{code}/steps/gauge")]
    letters = [repr((one.payload, one.template, one.key)) for one in OutboxMessage.objects.filter(account__login=login)]
    assert len(letters) == 1
    told = repr(notices(actor=actor, language="zh-hans"))
    for text in (
        *shown,
        *letters,
        repr(bench(actor=actor)),
        told,
        repr(sample_page(actor=actor, at=found.now, code=code)),
    ):
        assert code in text
        for secret in (WORD, str(case_id), case_id.hex, Case.objects.get(pk=case_id).number, "13800002016", "周以宁"):
            assert secret not in text
    assert all("防水层厚度" in text for text in shown)
    assert client.get(f"/cases/{case_id}").status_code == 404
    assert not CaseParty.objects.filter(case_id=case_id, account__login__in=blind.PEOPLE).exists()
    assert not ObligationOwner.objects.filter(account__login__in=blind.PEOPLE).exists()


@pytest.mark.django_db
def test_each_states_his_own_result_under_the_code_and_nobody_who_sees_the_case_can(world: World) -> None:
    at = MONDAY + timedelta(hours=1)
    people = blind.adopt(world, at)
    case_id = world.register(at=at)
    code = blind.coded(world, case_id, at + timedelta(minutes=5), people)
    first, second = (world.actor(login, at.date()) for login in blind.PEOPLE)
    later = at + timedelta(minutes=9)

    with pytest.raises(Unacceptable):
        take_blind_step(actor=first, at=later, code=code, step="gauge", given={})
    take_blind_step(actor=first, at=later, code=code, step="gauge", given=said(gauged="1.4 毫米"), token="once")
    take_blind_step(actor=first, at=later, code=code, step="gauge", given=said(gauged="1.4 毫米"), token="once")

    assert [one.code for one in bench(actor=first).done] == [code]
    assert [one.code for one in bench(actor=second).waiting] == [code]
    assert "1.4 毫米" not in repr(sample_page(actor=second, at=later, code=code))
    assert Case.objects.get(pk=case_id).events.filter(step="gauge").count() == 1
    for step in ("code_lot", "note", "nothing"):
        with pytest.raises(NotFound):
            take_blind_step(actor=first, at=later, code=code, step=step, given={})
    with pytest.raises(Forbidden):
        world.take(case_id, "gauge", "zhouyining", later, gauged="2 毫米")
    compared = compare_case(case_id, later)
    assert compared is not None
    assert compared.outcome is Outcome.SAME

    again = blind.coded(world, case_id, later + timedelta(minutes=1), people)
    assert again != code
    with pytest.raises(NotFound):
        sample_page(actor=first, at=later, code=code)
    assert [one.code for one in bench(actor=first).waiting] == [again]
    with pytest.raises(Forbidden):
        bench(actor=world.actor("zhouyining", at.date()))


def test_the_check_tells_of_a_house_that_lets_those_who_work_blind_see_cases(world: World) -> None:
    blind.adopt(world, MONDAY)
    RoleGrant.objects.filter(role="gauger").delete()
    assert blind_roles_see_nothing(MONDAY).grade is Grade.FINE
    RoleGrant.objects.create(role="gauger", permission="case:case:read")
    found = blind_roles_see_nothing(MONDAY)
    assert found.grade is Grade.WARNING
    assert "测量员只看编号办事，却有看诉件的权限" in found.sentence
    SlotRole.objects.create(slot="gauger", role="measurer")  # another post fills the slot now
    assert blind_roles_see_nothing(MONDAY).grade is Grade.FINE


@pytest.mark.django_db
def test_a_result_sent_again_is_answered_as_done_though_the_sample_was_coded_anew_meanwhile() -> None:
    world, now = desk.opened()
    people = blind.adopt(world, now - timedelta(hours=4))
    case_id = world.register(at=now - timedelta(hours=2), promised_feedback_at=desk.PROMISED)
    code = blind.coded(world, case_id, now - timedelta(hours=1), people)
    client, address = desk.client_of(blind.PEOPLE[0]), f"/coded/{code}/steps/gauge"
    form = {"gauged": "1.4 毫米", "form_token": "once"}

    first = client.post(address, form)
    blind.coded(world, case_id, clock.now(), people)
    again, other = client.post(address, form), client.post(address, {**form, "form_token": "another"})

    assert (first.status_code, again.status_code, other.status_code) == (302, 302, 404)
    assert first["Location"] == again["Location"] == "/coded"
    assert Case.objects.get(pk=case_id).events.filter(step="gauge").count() == 1
