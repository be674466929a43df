"""Tasks to departments: one of the people of the department that is chosen, a line for each, and who coordinates."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from kesu.core import clock
from kesu.store.models import Case, CaseCard, Obligation, OutboxMessage
from tests import desk
from tests.commands.test_overlays import adopt
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    world, now = desk.opened()
    adopt(world, "tasking", at=now - timedelta(days=20))
    return world


@pytest.fixture
def case(world: World) -> UUID:
    return world.triaged(clock.now() - timedelta(hours=3))


def sent(case: UUID, **given: Any) -> dict[str, Any]:
    due = (clock.now() + timedelta(days=2, hours=8)).strftime("%Y-%m-%dT%H:%M")
    return {"seen_version": Case.objects.get(pk=case).version, "task_due": due, **given}


def posted(client: Client, case: UUID, step: str, form: dict[str, Any]) -> tuple[int, str]:
    answer = client.post(reverse("case-step", args=[case, step]), form, follow=True)
    return answer.status_code, answer.content.decode()


def test_the_people_of_the_chosen_department_are_offered_and_no_others_taken(world: World, case: UUID) -> None:
    client, engineering = desk.client_of("zhouyining"), world.units["east_engineering"].hex
    own, other = world.people["chenmuzhi"].hex, world.people["duheng"].hex
    url = reverse("case-step", args=[case, "give_task"])
    page = client.get(url).content.decode()
    assert own in page
    assert other in page  # nothing is chosen yet
    assert world.people["zhouyining"].hex not in page.partition('name="task_handler"')[2].partition("</fieldset>")[0]

    preview = reverse("case-step-preview", args=[case, "give_task"])
    drawn = client.post(preview, sent(case, task_dept=engineering, part="fields")).content.decode()
    assert own in drawn
    assert other not in drawn
    whole = client.post(url, sent(case, task_dept=engineering, part="fields")).content.decode()  # without a script
    assert own in whole
    assert other not in whole.partition('id="depending"')[2].partition("</fieldset>")[0]

    form = sent(case, task_dept=engineering, task_handler=_offered(page, other))
    status, text = posted(client, case, "give_task", form)
    assert status == 422
    assert "这一位不是所选部门的人" in text
    two = [_offered(page, own), _offered(page, other)]
    assert posted(client, case, "give_task", sent(case, task_dept=engineering, task_handler=two))[0] == 422
    assert not Obligation.objects.filter(case_id=case, duty="do_task").exists()


def _offered(page: str, account: str) -> str:
    """The value by which the page offers somebody."""
    at = page.index(account)
    return page[page.rindex('"', 0, at) + 1 : at + len(account)]


def test_every_task_has_a_line_of_its_own_that_says_how_it_stands(world: World, case: UUID) -> None:
    client = desk.client_of("zhouyining")
    page = client.get(reverse("case-step", args=[case, "give_task"])).content.decode()
    for unit, login in (("east_engineering", "chenmuzhi"), ("east_design", "duheng")):
        value = _offered(page, world.people[login].hex)
        form = sent(case, task_dept=world.units[unit].hex, task_handler=value)
        assert posted(client, case, "give_task", form)[0] == 200
    works, design = world.units["east_engineering"].hex, world.units["east_design"].hex
    designer = desk.client_of("duheng")
    form = designer.get(reverse("case-step", args=[case, "return_task"])).content.decode()
    assert design in form  # he speaks for his own department, and no other is offered
    assert works not in form
    others = sent(case, task_dept=works, task_return="不是设计的事")
    assert posted(designer, case, "return_task", others)[0] in {403, 422}
    assert posted(designer, case, "return_task", {**others, "task_dept": design})[0] == 200

    owed = Obligation.objects.get(case_id=case, duty="do_task", is_open=True)
    assert [one.account_id for one in owed.owners.all()] == [world.people["chenmuzhi"]]
    told = OutboxMessage.objects.filter(
        case_id=case, account_id=world.people["zhouyining"], payload__code="task_objected"
    )
    assert [one.payload["values"]["task_dept"] for one in told] == ["东部设计部"]

    shown = client.get(reverse("case-page", args=[case])).content.decode()
    lines = shown.partition('id="departments"')[2].partition("</details>")[0]
    words = ("工程部", "陈牧之", "设计部", "杜蘅", "退回派件")
    assert [lines.index(word) for word in words] == sorted(lines.index(word) for word in words)


def test_whoever_is_named_coordinator_holds_the_case_and_hands_it_on(world: World, case: UUID) -> None:
    specialist = desk.client_of("zhouyining")
    named = world.member("cs_dept", "heqing")
    assert posted(specialist, case, "name_coordinator", sent(case, coordinator=named))[0] == 200
    assert CaseCard.objects.get(pk=case).holder_id == world.people["heqing"]
    assert OutboxMessage.objects.filter(case_id=case, account_id=world.people["heqing"]).exists()
    owed = Obligation.objects.filter(case_id=case, is_open=True, owner_role="cs_specialist")
    assert {pk for one in owed for pk in one.owners.values_list("account_id", flat=True)} <= {world.people["heqing"]}

    back = world.member("cs_specialist", "zhouyining")
    assert posted(specialist, case, "name_coordinator", sent(case, coordinator=back))[0] == 403
    assert posted(desk.client_of("heqing"), case, "name_coordinator", sent(case, coordinator=back))[0] == 200
    assert CaseCard.objects.get(pk=case).holder_id == world.people["zhouyining"]
