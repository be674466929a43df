"""Proposed policies are listed with as many questions for many as for one, those first that wait for the reader."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from kesu.commands.policies.withdraw_adoption import withdraw_adoption
from kesu.commands.policies.withdraw_proposal import withdraw_proposal
from kesu.queries.policies.adoption_table import adoption_table
from kesu.queries.policies.proposal_list import policies_to_sign, proposal_list
from kesu.queries.policies.proposal_page import proposal_page
from kesu.queries.work.frame import frame_facts
from kesu.store.models import Adoption
from tests.proposing import SIGNERS, propose, sign
from tests.world import MONDAY, World

AT = MONDAY + timedelta(hours=1)


def asked(query: Callable[[], object]) -> int:
    query()
    with CaptureQueriesContext(connection) as caught:
        query()
    return len(caught)


def test_it_asks_as_often_for_many_as_for_one(world: World) -> None:
    actor = world.actor("zhouyining")
    queries = {
        "list": lambda: proposal_list(actor=actor),
        "to sign": lambda: policies_to_sign(actor=actor),
        "frame": lambda: frame_facts(actor=actor, at=AT),
        "adoptions": lambda: adoption_table(actor=world.actor("admin"), at=AT),
    }
    adopted = propose(world, MONDAY, subject="一")
    for login in SIGNERS.values():
        sign(world, adopted, login, MONDAY)
    propose(world, MONDAY)
    for_one = {name: asked(query) for name, query in queries.items()}

    for number in range(5):
        propose(world, MONDAY, subject=f"事项{number}")
        adopted = propose(world, MONDAY, subject=f"另{number}")
        for login in SIGNERS.values():
            sign(world, adopted, login, MONDAY)

    assert {name: asked(query) for name, query in queries.items()} == for_one
    assert len(proposal_list(actor=actor)) == 12


def test_those_come_first_that_wait_for_the_reader_and_last_those_that_have_ended(world: World) -> None:
    over, waiting, signed = (propose(world, MONDAY, subject=name) for name in ("一", "二", "三"))
    sign(world, signed, "zhouyining", AT)
    withdraw_proposal(actor=world.actor("admin"), at=AT, proposal_id=over)

    reader = world.actor("zhouyining")
    assert [line.id for line in proposal_list(actor=reader)] == [waiting, signed, over]
    assert [line.id for line in policies_to_sign(actor=reader)] == [waiting]
    assert frame_facts(actor=reader, at=AT).policies_to_sign == 1
    assert proposal_list(actor=world.actor("wutong")) == ()


def test_one_that_was_signed_for_a_later_day_and_taken_back_before_it_says_so(world: World) -> None:
    later, at_once = propose(world, MONDAY, since="2026-07-01", subject="一"), propose(world, MONDAY, subject="二")
    for login in SIGNERS.values():
        sign(world, later, login, MONDAY)
        sign(world, at_once, login, MONDAY)
    adopted = Adoption.objects.get(proposal_id=later)
    withdraw_adoption(actor=world.actor("admin"), at=AT, adoption_id=adopted.pk)

    reader = world.actor("zhouyining")
    assert {line.id for line in proposal_list(actor=reader) if line.is_taken_back} == {later}
    ended = proposal_page(actor=reader, on=AT.date(), proposal_id=later).ended
    assert ended is not None
    assert ended.is_taken_back
