"""A project goes to another company: everything in it follows, and nobody keeps sight of what he no longer reaches."""

from __future__ import annotations

from uuid import UUID

import pytest

from kesu.access.cases import cards_for
from kesu.access.finding import found_by
from kesu.access.permissions import Permission
from kesu.casefile.proof.rebuilding import Outcome, compare_case
from kesu.commands.organisation.add_root import add_root
from kesu.commands.organisation.add_unit import add_unit
from kesu.commands.organisation.move_unit import move_unit
from kesu.core.errors import NotFound, Unacceptable
from kesu.core.searching import read_search
from kesu.queries.customers.customer_list import CustomerFilter, customer_list
from kesu.queries.proof.rows_of_customers import customers_that_differ
from kesu.store.models import HouseChange, ObligationOwner, Unit
from tests import desk
from tests.access import house_samples
from tests.commands.test_absences import due, settled

pytestmark = pytest.mark.django_db


def test_cases_searches_and_duties_follow_and_no_deadline_moves() -> None:
    world, now = desk.opened()
    case_id = world.register("wutong", at=now, promised_feedback_at=desk.PROMISED)
    before = due(case_id)
    department = add_unit(
        actor=world.actor("admin"), at=now, inside=world.units["qingtang"], kind="department", name="现场部"
    )

    move_unit(actor=world.actor("admin"), at=now, unit_id=world.units["qingtang"], inside=world.units["west_co"])
    settled(now)

    new = world.actor("baiting", now.date())
    assert not world.actor("heqing", now.date()).may_at(Permission.CASE_READ, Unit.objects.get(code="qingtang").path)
    assert cards_for(new).filter(pk=case_id).exists()
    assert found_by(cards_for(new), new, read_search("外墙渗水")).count == 1
    assert due(case_id) == before
    moved = Unit.objects.get(pk=department)
    assert moved.path.startswith(Unit.objects.get(code="west_co").path)
    assert moved.scope_path == Unit.objects.get(code="qingtang").path
    assert ObligationOwner.objects.filter(obligation__case_id=case_id).exists()
    compared = compare_case(case_id, now)
    assert compared is not None
    assert compared.outcome is Outcome.SAME, compared.differences
    assert HouseChange.objects.latest("seq").after == {"inside": "南岑西部公司"}


@pytest.mark.parametrize(
    ("unit", "inside", "reason"),
    [
        ("east", "east_co", "goes_round"),
        ("east_co", "qingtang", "goes_round"),
        ("qingtang", "huaixu", "kind_not_there"),
        ("group", "east", "goes_round"),
    ],
)
def test_it_stays_where_it_is_when_the_other_place_will_not_do(unit: str, inside: str, reason: str) -> None:
    world, now = desk.opened()
    with pytest.raises(Unacceptable) as refused:
        move_unit(actor=world.actor("admin"), at=now, unit_id=world.units[unit], inside=world.units[inside])
    assert refused.value.data["fields"] == {"inside": reason}


def test_it_goes_under_no_other_root_and_by_nobody_who_may_not() -> None:
    world, now = desk.opened()
    other: UUID = add_root(actor=world.actor("admin"), at=now, on=now.date(), kind="property", name="某物业公司")
    with pytest.raises(Unacceptable) as refused:
        move_unit(actor=world.actor("admin", now.date()), at=now, unit_id=world.units["qingtang"], inside=other)
    assert refused.value.data["fields"] == {"inside": "other_root"}
    given = {"unit_id": world.units["qingtang"], "inside": world.units["west_co"]}
    with pytest.raises(NotFound):
        move_unit(actor=world.actor("zhouyining"), at=now, **given)


def test_lists_of_customers_follow_with_their_groups() -> None:
    world, now = desk.opened()
    one = house_samples.customer(world, now, groups="老人")
    move_unit(actor=world.actor("admin"), at=now, unit_id=world.units["qingtang"], inside=world.units["west_co"])
    chosen = CustomerFilter(group="老人")
    seen = {login: customer_list(actor=desk.actor(login), customer_filter=chosen) for login in ("baiting", "linsheng")}
    assert [row.id for row in seen["baiting"].rows] == [one]
    assert seen["linsheng"].rows == ()
    assert customers_that_differ([one]) == set()
