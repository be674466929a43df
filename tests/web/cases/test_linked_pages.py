"""Over HTTP: a step opens a linked case, each page shows the other to whoever may see it, and the first one waits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from kesu.commands.policies.adopt_pack import adopt_pack
from kesu.store.models import Case, CaseCard
from tests.linked_policies import NAMING, linked
from tests.web.cases.conftest import NOW
from tests.world import World, calendar

SignIn = Callable[[str], Client]
SIGNED = {"compiled_by": "周以宁", "reviewed_by": "林声", "approved_by": "顾岚"}
NAME = "查出的问题转整改"


@pytest.fixture
def case_id(here: World) -> UUID:
    at, place = NOW - timedelta(hours=2), here.units["qingtang"]
    adopt_pack(actor=None, at=at, unit_id=place, pack=linked(), calendar=calendar(), signatures=SIGNED)
    return here.register("wutong", at=NOW - timedelta(hours=1))


def post(client: Client, case_id: UUID, step: str, **given: str) -> int:
    seen = Case.objects.get(pk=case_id).version
    sent = {"seen_version": seen, "token": f"{step}-{seen}", **given}
    return client.post(reverse("case-step", args=[case_id, step]), sent).status_code


def text(client: Client, case_id: UUID) -> str:
    return client.get(reverse("case-page", args=[case_id])).content.decode()


def test_the_form_offers_the_places_where_a_linked_case_can_be_opened(
    here: World, case_id: UUID, sign_in: SignIn
) -> None:
    """Of a department it is the place over which its posts reach: cases lie in none."""
    client = sign_in("zhouyining")
    form = client.get(reverse("case-step", args=[case_id, "find_problem"])).content.decode()
    for at in ("huaixu", "east_engineering"):
        assert here.units[at].hex in form
        assert post(client, case_id, "find_problem", problem_text="管井没有封堵", problem_at=here.units[at].hex) == 302

    places = Case.objects.filter(kind="rectification").order_by("pk").values_list("unit_id", flat=True)
    assert list(places) == [here.units["huaixu"], here.units["qingtang"]]


def test_from_the_step_to_the_end_of_both(case_id: UUID, sign_in: SignIn) -> None:
    client = sign_in("zhouyining")
    form = client.get(reverse("case-step", args=[case_id, "find_problem"])).content.decode()
    assert "查出的问题" in form
    live = client.post(
        reverse("case-step-preview", args=[case_id, "find_problem"]), {"problem_text": "管井没有封堵"}
    ).content.decode()
    assert NAME in live
    assert "开立关联的诉件" in live
    assert post(client, case_id, "find_problem", problem_text="管井没有封堵", problem_weight="重") == 302
    card = CaseCard.objects.get(kind="rectification")

    page = text(client, case_id)
    assert f"{card.number} 管井没有封堵" in page
    assert f"由本件开立：{NAME}" in page
    assert f"已开立关联的诉件：{NAME}" in page
    assert f"本件由它开立：{NAME}" in text(client, card.pk)
    refused = client.post(
        reverse("case-step", args=[case_id, "withdraw"]),
        {"seen_version": Case.objects.get(pk=case_id).version, "withdraw_reason": "客户撤回"},
    )
    assert refused.status_code == 409
    assert f"{NAME}：开立的诉件还没有结束" in refused.content.decode()

    assert post(client, card.pk, "finish", result="已封堵") == 302
    assert post(client, case_id, "withdraw", withdraw_reason="客户撤回") == 302
    assert f"关联的诉件已经结束：{NAME}" in text(client, case_id)


def test_whoever_may_not_see_the_other_is_shown_nothing_of_it(here: World, case_id: UUID, sign_in: SignIn) -> None:
    away = here.units["huaixu"].hex
    client = sign_in("zhouyining")
    assert post(client, case_id, "find_problem", problem_text="管井没有封堵", problem_at=away) == 302
    card = CaseCard.objects.get(kind="rectification")
    assert client.get(reverse("case-page", args=[card.pk])).status_code == 404
    page = text(client, case_id)
    assert card.number not in page
    assert 'id="links"' not in page


def test_one_that_could_not_be_opened_is_told(here: World, sign_in: SignIn) -> None:
    at, place = NOW - timedelta(hours=2), here.units["qingtang"]
    pack = linked(("kind: rectification\n    place", "kind: {served: rectification}\n    place"))
    adopt_pack(actor=None, at=at, unit_id=place, pack=pack, calendar=calendar(), signatures=SIGNED)
    case_id = here.register("wutong", at=NOW - timedelta(hours=1))
    away = here.units["huaixu"].hex
    client = sign_in("zhouyining")
    assert post(client, case_id, "find_problem", problem_text="管井没有封堵", problem_at=away) == 302
    assert "应当开立，还没有成功" in text(client, case_id)


def test_a_case_that_somebody_names_is_linked_as_well(here: World, case_id: UUID, sign_in: SignIn) -> None:
    again = here.register("wutong", at=NOW - timedelta(minutes=30), title="又渗水了")
    here.take(again, "state_facts", "zhouyining", NOW - timedelta(minutes=20), repeat_of=case_id.hex)
    number = Case.objects.get(pk=case_id).number
    page = text(sign_in("zhouyining"), again)
    assert f"{number} 外墙渗水" in page
    assert "本件指到它：二次投诉的原件" in page


def test_a_complaint_shows_in_which_later_one_it_is_named(here: World, sign_in: SignIn) -> None:
    first = here.register("zhouyining", at=NOW - timedelta(hours=1))
    again = here.register("zhouyining", at=NOW - timedelta(minutes=30), person__phone="13800002018")
    client = sign_in("zhouyining")
    assert post(client, again, "state_facts", **{"repeat_of.number": CaseCard.objects.get(pk=first).number}) == 302
    assert "它指到本件：二次投诉的原件" in text(client, first)
    assert "本件指到它：二次投诉的原件" in text(client, again)


def test_a_case_of_another_kind_is_named_by_its_number_and_no_other_is_taken(here: World, sign_in: SignIn) -> None:
    at, place = NOW - timedelta(hours=2), here.units["qingtang"]
    adopt_pack(actor=None, at=at, unit_id=place, pack=linked(kind=NAMING), calendar=calendar(), signatures=SIGNED)
    complaint = here.register("zhouyining", at=NOW - timedelta(hours=1))
    client = sign_in("zhouyining")
    assert post(client, complaint, "find_problem", problem_text="管井没有封堵", problem_weight="重") == 302
    card = CaseCard.objects.get(kind="rectification")
    form = client.get(reverse("case-step", args=[card.pk, "name_case"])).content.decode()
    assert "填投诉的编号" in form
    assert post(client, card.pk, "name_case", **{"about.number": card.number}) == 422
    assert post(client, card.pk, "name_case", **{"about.number": CaseCard.objects.get(pk=complaint).number}) == 302
    assert "本件指到它：有关的投诉" in text(client, card.pk)
    assert "它指到本件：有关的投诉" in text(client, complaint)
