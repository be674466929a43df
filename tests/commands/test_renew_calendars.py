"""A newly published year comes into force without adopting anything again."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from kesu.casefile.books import adoption_for, calendar_of
from kesu.casefile.casefile import CaseFile
from kesu.casefile.streams import Head
from kesu.commands.clock.wake_one import wake_some
from kesu.commands.policies.redate_cases import Redated, Unread, redate_cases
from kesu.commands.policies.renew_calendars import renew_calendars
from kesu.config.cli import main
from kesu.core.errors import Forbidden, NotFound
from kesu.policy.calendar import Calendar, Source
from kesu.policy.calendar.document import read_years
from kesu.queries.policies.calendar_list import calendar_list
from kesu.queries.policies.redating_preview import renewal_preview
from kesu.store.models import (
    Adoption,
    Case,
    CaseCard,
    CaseEvent,
    DeadlineMove,
    Obligation,
    ObligationOwner,
    OutboxMessage,
    SealedCase,
    SealedEvent,
    Unit,
)
from kesu.store.sealed_reader import SYSTEM, read_as
from tests.access import sample
from tests.world import MONDAY, World

_PLAN = read_years(
    {
        "2027": {
            "source": "official",
            "days": {
                "2027-01-01": {"kind": "holiday", "label": "元旦"},
                "2027-01-09": {"kind": "makeup", "label": "调休上班"},
            },
        }
    }
)
_LATER = MONDAY + timedelta(days=1)


def _serving(world: World, at: datetime = _LATER) -> Calendar:
    found = adoption_for(Unit.objects.get(pk=world.units["qingtang"]), "complaint", at)
    assert found is not None
    return calendar_of(found.calendar_version_id)


def test_what_is_received_from_now_on_is_counted_with_the_new_year(world: World) -> None:
    before = _serving(world)
    policies = set(Adoption.objects.values_list("policy_version_id", flat=True))

    renewed = renew_calendars(actor=None, at=_LATER, plan=_PLAN)

    after = _serving(world)
    assert {one.before for one in renewed} == {before.version}
    assert {one.after for one in renewed} == {after.version} != {before.version}
    assert {year.number: year.source for year in after.years}[2027] is Source.OFFICIAL
    assert (after.week, after.closures, after.zone) == (before.week, before.closures, before.zone)
    assert set(Adoption.objects.values_list("policy_version_id", flat=True)) == policies


_DAYS_OFF = read_years(
    {
        "2026": {
            "source": "official",
            "days": {f"2026-06-{day:02}": {"kind": "holiday", "label": "端午节"} for day in (9, 10, 11, 12)},
        }
    }
)


def _dues(case_id: UUID) -> dict[str, datetime | None]:
    return dict(Obligation.objects.filter(case=case_id, is_open=True).values_list("key", "due_at"))


def test_open_cases_are_counted_anew_as_the_preview_said_and_their_owners_hear_of_it(world: World) -> None:
    case_id = world.planned()
    before, old = _dues(case_id), _serving(world)
    seen = renewal_preview(at=_LATER, plan=_DAYS_OFF)
    said = [(one.number, one.duty, one.due_before, one.due_after) for one in seen.moves]
    assert _dues(case_id) == before
    assert Adoption.objects.filter(effective_from=_LATER).count() == 0

    renew_calendars(actor=None, at=_LATER, plan=_DAYS_OFF)
    done: list[Redated | Unread] = []
    assert redate_cases(at=_LATER, tell=done.append).moved == 1
    told = [
        (one.number, m.after.name, m.due_before, m.due_after)
        for one in done
        if isinstance(one, Redated)
        for m in one.moves
    ]
    assert told == said != []

    case = Case.objects.select_related("card").get(pk=case_id)
    assert (case.calendar_version_id, case.card.counted_with_id) == (old.version, _serving(world).version)
    assert {key for key, due in _dues(case_id).items() if due != before[key]} == {one.key for one in _moves(case_id)}
    for move in _moves(case_id):
        assert (move.due_before, move.due_after) == (before[move.key], _dues(case_id)[move.key])
        owners = set(ObligationOwner.objects.filter(obligation__key=move.key).values_list("account_id", flat=True))
        assert owners <= set(OutboxMessage.objects.filter(template="redated").values_list("account_id", flat=True))


def _moves(case_id: UUID) -> list[DeadlineMove]:
    return list(DeadlineMove.objects.filter(case=case_id))


def test_who_is_stopped_in_the_middle_goes_on_where_he_was_and_does_nothing_twice(world: World) -> None:
    cases = [world.register(at=MONDAY + timedelta(minutes=n)) for n in range(3)]
    renew_calendars(actor=None, at=_LATER, plan=_DAYS_OFF)

    def stop(_: Redated | Unread) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        redate_cases(at=_LATER, tell=stop)
    assert renew_calendars(actor=None, at=_LATER + timedelta(hours=1), plan=_DAYS_OFF) == []
    assert redate_cases(at=_LATER + timedelta(hours=1)).cases == 2
    assert redate_cases(at=_LATER + timedelta(hours=2)).cases == 0
    renewed = CaseEvent.objects.filter(kind="calendar.renewed").values_list("case_id", flat=True)
    assert sorted(renewed) == sorted(cases)


def test_a_case_that_cannot_be_read_stays_as_it_is_and_is_named_with_its_fault(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, sound = (world.register(at=MONDAY + timedelta(minutes=n)) for n in range(2))
    renew_calendars(actor=None, at=_LATER, plan=_DAYS_OFF)

    def read(head: Head) -> CaseFile:
        if head.pk == broken:
            raise ValueError("unreadable")
        return opened(head)

    opened = CaseFile.open
    monkeypatch.setattr(CaseFile, "open", read)
    told: list[Redated | Unread] = []
    count = redate_cases(at=_LATER, tell=told.append)

    assert (count.cases, count.failed) == (1, 1)
    number = Case.objects.get(pk=broken).number
    assert [one for one in told if isinstance(one, Unread)] == [Unread(number, "ValueError")]
    renewed = CaseEvent.objects.filter(kind="calendar.renewed").values_list("case_id", flat=True)
    assert list(renewed) == [sound]


def test_whoever_works_on_a_case_meanwhile_is_passed_over_and_waking_it_brings_it_over(world: World) -> None:
    cases = [world.register(title=f"件 {nth}") for nth in range(2)]
    renew_calendars(actor=None, at=_LATER, plan=_DAYS_OFF)
    CaseCard.objects.filter(pk__in=cases).update(wake_at=_LATER)
    assert wake_some(at=_LATER) == len(cases)
    assert {card.counted_with_id for card in CaseCard.objects.filter(pk__in=cases)} == {_serving(world).version}


def test_a_change_that_was_undone_leaves_what_nobody_came_round_to(world: World) -> None:
    case_id, before = world.register(), _serving(world)
    renew_calendars(actor=None, at=_LATER, plan=_DAYS_OFF)
    years = [year for year in before.years if year.number == 2026]
    renew_calendars(actor=None, at=_LATER + timedelta(hours=1), plan=years)
    assert _serving(world, _LATER + timedelta(hours=1)) == before
    assert redate_cases(at=_LATER + timedelta(hours=2)).cases == 0
    assert CaseCard.objects.get(pk=case_id).counted_with_id == before.version


@pytest.mark.django_db
def test_a_sealed_case_goes_over_in_silence() -> None:
    found = sample.build()
    _, sealed_id = sample.report(found)
    at = found.now + timedelta(days=1)
    renew_calendars(actor=None, at=at, plan=_DAYS_OFF)
    told: list[Redated | Unread] = []
    redate_cases(at=at, tell=told.append)
    read_as(SYSTEM)
    case = SealedCase.objects.get(pk=sealed_id)
    assert case.counted_with_id not in {None, case.calendar_version_id}
    assert SealedEvent.objects.filter(case=case, kind="calendar.renewed").count() == 1
    assert str(sealed_id) not in str(list(DeadlineMove.objects.values())) + str(list(OutboxMessage.objects.values()))
    assert case.code not in {one.number for one in told}


def test_the_same_plan_again_changes_nothing(world: World) -> None:
    renew_calendars(actor=None, at=_LATER, plan=_PLAN)
    rows = Adoption.objects.count()
    assert renew_calendars(actor=None, at=_LATER + timedelta(hours=1), plan=_PLAN) == []
    assert Adoption.objects.count() == rows


def test_what_is_adopted_for_later_begins_with_the_new_calendar(world: World) -> None:
    first = Adoption.objects.filter(kind="complaint").order_by("id")[0]
    begins = _LATER + timedelta(days=30)
    Adoption.objects.create(
        unit=first.unit,
        kind=first.kind,
        policy_version=first.policy_version,
        calendar_version=first.calendar_version,
        effective_from=begins,
    )
    renew_calendars(actor=None, at=_LATER, plan=_PLAN)
    found = adoption_for(first.unit, "complaint", begins)
    assert found is not None
    assert found.calendar_version_id != first.calendar_version_id


def test_the_list_says_which_version_is_in_force(world: World) -> None:
    renew_calendars(actor=None, at=_LATER, plan=_PLAN)
    old, new = calendar_list(at=_LATER)
    assert old.in_force == ()
    assert 2027 not in old.official
    assert 2027 in new.official
    assert any(kind == "投诉" for _, kind in new.in_force)


def test_it_refuses_an_unknown_unit_and_a_person_without_the_right(world: World) -> None:
    rows = Adoption.objects.count()
    with pytest.raises(NotFound):
        renew_calendars(actor=None, at=_LATER, unit_id=uuid4(), plan=_PLAN)
    with pytest.raises(Forbidden):
        renew_calendars(actor=world.actor("wutong"), at=_LATER, plan=_PLAN)
    assert Adoption.objects.count() == rows


@pytest.mark.parametrize(("text", "why"), [("{", "不是 JSON"), ("[]", "years"), (json.dumps({"27": {}}), "四位数字")])
def test_the_command_line_says_what_is_wrong_with_a_plan(
    text: str, why: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = tmp_path / "plan.json"
    plan.write_text(text, encoding="utf-8")
    assert main(["calendar", "renew", "--plan", str(plan)]) == 1
    assert why in capsys.readouterr().err
