"""A newly published year comes into force without adopting anything again."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from kesu.casefile.books import adoption_for, calendar_of
from kesu.commands.policies.renew_calendars import renew_calendars
from kesu.config.cli import main
from kesu.core.errors import Forbidden, NotFound
from kesu.policy.calendar import Calendar, Source
from kesu.policy.calendar.document import read_years
from kesu.queries.policies.calendar_list import calendar_list
from kesu.store.models import Adoption, Case, Unit
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


def _serving(world: World, unit: str = "qingtang") -> Calendar:
    found = adoption_for(Unit.objects.get(pk=world.units[unit]), "complaint", _LATER)
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


def test_an_open_case_keeps_the_calendar_it_was_opened_under(world: World) -> None:
    before = _serving(world)
    case_id = world.register()
    renew_calendars(actor=None, at=_LATER, plan=_PLAN)
    assert Case.objects.get(pk=case_id).calendar_version_id == before.version


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
    assert any(kind == "complaint" for _, kind in new.in_force)


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
