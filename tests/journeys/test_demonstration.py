"""The demonstration group: every stage is shown, and every story went the way it tells."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from kesu.access.actor import actor_of
from kesu.casefile.casefile import CaseFile
from kesu.casefile.library import offered
from kesu.casefile.proof.rebuilding import Outcome, compare_case
from kesu.casefile.proof.sampling import every_case
from kesu.config.demonstration import build
from kesu.config.demonstration.houses import read_houses
from kesu.config.welcome import Account
from kesu.queries.policies.proposal_list import policies_to_sign
from kesu.store.models import Account as Person
from kesu.store.models import (
    Adoption,
    CalendarChange,
    Case,
    CaseCard,
    CaseEvent,
    DeadlineMove,
    Hook,
    HookDelivery,
    InboundDelivery,
    InboundMail,
    Mailbox,
    NoticeChoice,
    OutboxMessage,
    OverlayAdoption,
    RingingCall,
    SealedCase,
)
from kesu.store.sealed_reader import SYSTEM, read_as

AT = datetime(2026, 11, 24, 6, 20, tzinfo=UTC)  # a Tuesday afternoon in Shanghai


@pytest.fixture(scope="module")
def accounts(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[list[Account]]:
    """What is shown of it; built once, it takes its time, and gone after these tests."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build(AT)
        transaction.set_rollback(True)


def test_it_shows_cases_in_every_stage_that_a_complaint_can_rest_in(accounts: list[Account]) -> None:
    assert len(accounts) >= 20
    cards = CaseCard.objects.filter(kind="complaint", case__policy_version__pack="p10")
    assert cards.count() >= 30
    stages = set(cards.values_list("stage", flat=True))
    kind = CaseFile.open(cards[0].case).kind
    passing = {"plan_ready", "withdrawn", "callback"}
    assert set(kind.stages) - stages <= passing
    assert set(cards.values_list("level", flat=True)) == {level.code for level in kind.levels.order}
    compared = [compare_case(case_id, AT) for case_id in every_case()]
    assert {one.outcome for one in compared if one} == {Outcome.SAME}, "rows that do not follow from their logs"


@pytest.mark.usefixtures("accounts")
def test_every_policy_on_offer_rules_something_somewhere() -> None:
    adopted = set(Adoption.objects.values_list("policy_version__pack", flat=True))
    adopted |= set(OverlayAdoption.objects.values_list("policy_version__pack", flat=True))
    assert adopted == set(offered())
    assert not CaseCard.objects.filter(stage="").exists()


@pytest.mark.usefixtures("accounts")
def test_a_house_that_has_a_way_of_reporting_holds_one_sealed_report_from_the_first_day() -> None:
    read_as(SYSTEM)

    assert SealedCase.objects.count() == 2
    assert not Case.objects.filter(kind="whistle_report").exists()


@pytest.mark.usefixtures("accounts")
def test_it_holds_a_policy_that_waits_for_its_second_signature() -> None:
    manager = Person.objects.get(login="linsheng")
    (line,) = policies_to_sign(actor=actor_of(manager, AT.date()))
    assert (line.signed, line.signers) == (1, 3)


def test_no_two_cases_of_its_houses_share_a_number_by_which_a_case_is_told_from_another() -> None:
    phones = [case["phone"] for house in read_houses(None) for case in house.cases]
    assert len(set(phones)) == len(phones) >= 15


@pytest.mark.usefixtures("accounts")
def test_mails_came_in_and_each_became_something_else() -> None:
    found = sorted(InboundMail.objects.values_list("state", "why"))
    assert found == [
        ("added", ""),
        ("automatic", "robot"),
        ("bounce", "bounced"),
        ("nothing", "said"),
        ("opened", ""),
        ("opened", ""),
        ("waiting", "stranger"),
        ("waiting", "unproven"),
        ("waiting", "unreadable"),
    ]
    assert OutboxMessage.objects.filter(state="failed", error__startswith="bounced").exists()


@pytest.mark.usefixtures("accounts")
def test_programs_outside_were_told_and_told_us_and_none_is_asked_any_more() -> None:
    assert set(HookDelivery.objects.values_list("state", flat=True)) == {"sent", "failed"}
    assert InboundDelivery.objects.count() == 2
    assert RingingCall.objects.count() == 1
    assert not Hook.objects.filter(is_open=True).exists()
    assert not Mailbox.objects.exclude(host="").exists()
    hosts = [*Hook.objects.values_list("address", flat=True), *Person.objects.values_list("email", flat=True)]
    assert all(".invalid" in host for host in hosts if host)


@pytest.mark.usefixtures("accounts")
def test_a_day_off_has_moved_deadlines_and_somebody_is_told_once_a_day() -> None:
    assert DeadlineMove.objects.filter(change=CalendarChange.objects.get()).count() >= 3
    assert NoticeChoice.objects.exclude(digest_at=None).count() == 1
    assert CaseCard.objects.filter(people_count__gte=60, level="major").count() == 1
    assert CaseEvent.objects.filter(kind="file.marked").exists()
    assert CaseEvent.objects.filter(step="sign_extension").exists()
