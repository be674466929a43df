"""What a statement may name: rows that are there, for whoever states it. A form only offers; the command decides."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from kesu.core.errors import Unacceptable
from kesu.store.models import Account, CaseEvent, CaseParty, Unit
from tests.access import sample
from tests.world import MONDAY, World, said

HOUR = timedelta(hours=1)


def refused(world: World, case_id: UUID, step: str, **given: str) -> list[str]:
    """The facts that a step was refused for; nothing was written."""
    before = CaseEvent.objects.count()
    with pytest.raises(Unacceptable) as caught:
        world.take(case_id, step, "heqing", MONDAY + HOUR, **given)
    assert CaseEvent.objects.count() == before
    assert set(caught.value.data["fields"].values()) == {"unknown_row"}
    return list(caught.value.data["fields"])


def elsewhere() -> Unit:
    """A unit of another root."""
    return Unit.objects.create(parent=None, kind="company", name="别家公司")


@pytest.mark.parametrize("token", ["", "east", "0" * 32, "F" * 32, "x' OR '1'='1"])
def test_it_names_no_department_that_is_not_there(world: World, token: str) -> None:
    case_id = world.triaged()
    given = {"responsible_dept": token or uuid4().hex, "task_via": "邮件"}

    assert refused(world, case_id, "assign", **given) == ["responsible_dept"]


def test_it_names_no_department_of_another_tree(world: World) -> None:
    case_id = world.triaged()

    assert refused(world, case_id, "assign", responsible_dept=elsewhere().pk.hex, task_via="邮件") == [
        "responsible_dept"
    ]


def test_it_names_a_department_in_one_way_of_writing_only(world: World) -> None:
    """Rules compare what is written: the same id with hyphens would be nobody's department."""
    case_id, unit = world.triaged(), world.units["east_engineering"]

    assert refused(world, case_id, "assign", responsible_dept=str(unit), task_via="邮件") == ["responsible_dept"]
    world.take(case_id, "assign", "zhouyining", MONDAY + HOUR, responsible_dept=unit.hex, task_via="邮件")


@pytest.mark.parametrize(
    "member", ["cs_specialist:gulan", "gm:zhouyining", "nonsense:", "zhouyining", ":zhouyining", "cs_specialist:nobody"]
)
def test_it_lets_nobody_into_a_team_in_a_slot_that_he_does_not_hold(world: World, member: str) -> None:
    """A member sees the case: whoever could write names into a group could show a case to anybody."""
    case_id = world.triaged()
    unit = world.units["east_engineering"].hex
    world.take(case_id, "assign", "zhouyining", MONDAY + HOUR, responsible_dept=unit, task_via="邮件")
    parties = CaseParty.objects.filter(case_id=case_id).count()
    slot, _, login = member.rpartition(":")
    person = world.people[login].hex if login in world.people else login and "f" * 32

    assert refused(world, case_id, "form_team", team=f"{slot}:{person}" if ":" in member else person) == ["team"]
    assert CaseParty.objects.filter(case_id=case_id).count() == parties


def test_it_lets_nobody_into_a_team_who_may_no_longer_sign_in(world: World) -> None:
    case_id = world.triaged()
    unit = world.units["east_engineering"].hex
    world.take(case_id, "assign", "zhouyining", MONDAY + HOUR, responsible_dept=unit, task_via="邮件")
    Account.objects.filter(login="sunyan").update(is_active=False)

    assert refused(world, case_id, "form_team", team=world.member("project_dept", "sunyan")) == ["team"]


def test_it_tells_a_case_out_of_sight_from_no_case_to_nobody(world: World) -> None:
    there = world.register("xumingche", unit="huaixu", person__phone="13800009999")
    case_id = world.triaged()

    told = []
    for other in (there.hex, uuid4().hex, str(there), "TS-26-0001"):
        with pytest.raises(Unacceptable) as caught:
            world.take(case_id, "state_facts", "zhouyining", MONDAY + HOUR, repeat_of=other)
        told.append((caught.value.reason, dict(caught.value.data)))

    assert told == [("unreadable", {"fields": {"repeat_of": "unknown_row"}, "refusals": ()})] * 4


def test_it_takes_a_case_in_sight(world: World) -> None:
    first, case_id = world.register("zhouyining"), world.triaged()

    world.take(case_id, "state_facts", "zhouyining", MONDAY + HOUR, repeat_of=first.hex)

    stated = CaseEvent.objects.filter(case_id=case_id, kind="facts.stated").get()
    assert stated.facts["repeat_of"] == first.hex


def test_it_lets_nobody_outside_name_a_case(world: World) -> None:
    from kesu.commands.cases.submit_case import submit_case

    first = world.register("zhouyining")
    answers = said(title="又渗水", content="又渗水", person__name="苏女士", person__phone="13800002016", room="1-1")
    with pytest.raises(Unacceptable) as caught:
        submit_case(
            at=MONDAY + HOUR,
            unit_id=world.units["qingtang"],
            kind="complaint",
            given={**answers, "repeat_of": (first.hex,)},
            uploads=(),
            token="x",
        )

    assert caught.value.data["fields"] == {"repeat_of": "unknown_row"}


@pytest.mark.django_db
def test_it_lets_no_report_name_somebody_in_a_slot_that_he_does_not_hold() -> None:
    found = sample.build()

    with pytest.raises(Unacceptable) as caught:
        sample.report(found, accused=f"gm:{found.world.people['zhouyining'].hex}")

    assert caught.value.data["fields"] == {"accused": "unknown_row"}
