"""A list of people who join a complaint: checked whole, added whole or not at all, and nobody twice."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from kesu.commands.policies.adopt_pack import adopt_pack
from kesu.store.models import CaseCard, CaseEvent
from tests.web.cases.test_import import file_of, rows_of
from tests.world import World, calendar, pack

SignIn = Callable[[str], Client]
SIGNED = {"compiled_by": "周以宁", "reviewed_by": "林声", "approved_by": "顾岚"}


def neighbours(first: int, last: int) -> list[Mapping[str, str]]:
    return [
        {"投诉人姓名": f"邻居{number}", "投诉人电话": f"138{number:08d}", "加入者房号": f"3-{number}"}
        for number in range(first, last + 1)
    ]


def send(client: Client, case_id: object, rows: list[Mapping[str, str]]) -> HttpResponse:
    page = reverse("case-step-many", args=[case_id, "join"])
    columns = [str(head) for head in rows_of(client.get(f"{page}/template"))[0]]
    answer: HttpResponse = client.post(page, {"file": file_of(columns, rows)})
    return answer


def opened(here: World) -> object:
    return here.register(at=datetime.now(UTC) - timedelta(hours=1))


def joined(case_id: object) -> list[CaseEvent]:
    return list(CaseEvent.objects.filter(case=case_id, kind="complainant.joined").order_by("seq"))


def test_everybody_on_the_list_joins_and_the_level_rises_at_once(here: World, sign_in: SignIn) -> None:
    case_id, client = opened(here), sign_in("zhouyining")

    answer = send(client, case_id, neighbours(1, 12))

    assert answer.status_code == 200
    assert "已加入 12 人" in answer.content.decode()
    assert len(joined(case_id)) == 12
    card = CaseCard.objects.get(case=case_id)
    assert (card.people_count, card.level) == (13, "major")


def test_a_longer_list_adds_those_who_are_new(here: World, sign_in: SignIn) -> None:
    case_id, client = opened(here), sign_in("zhouyining")
    send(client, case_id, neighbours(1, 3))

    told = send(client, case_id, neighbours(2, 5)).content.decode()

    assert "已加入 2 人" in told
    assert "第 2 行、第 3 行" in "".join(told.split("\n"))
    assert len(joined(case_id)) == 5


def test_each_who_was_on_the_list_by_mistake_can_be_taken_back(here: World, sign_in: SignIn) -> None:
    place, before = here.units["group"], datetime.now(UTC) - timedelta(hours=2)
    adopt_pack(actor=None, at=before, unit_id=place, pack=pack("merging"), calendar=calendar(), signatures=SIGNED)
    case_id, client = opened(here), sign_in("zhouyining")
    send(client, case_id, neighbours(1, 4))

    page = client.get(reverse("case-page", args=[case_id])).content.decode()

    for event in joined(case_id):
        assert f'"{reverse("case-take-back", args=[case_id, event.seq])}#' in page


def test_one_wrong_row_keeps_everybody_out(here: World, sign_in: SignIn) -> None:
    case_id, client = opened(here), sign_in("zhouyining")
    rows = neighbours(1, 3)
    rows[1] = {**rows[1], "投诉人姓名": "", "投诉人电话": "没有"}

    answer = send(client, case_id, rows)

    assert answer.status_code == 422
    assert "第 3 行" in answer.content.decode()
    assert joined(case_id) == []


def test_a_row_with_a_number_and_no_name_is_told_of(here: World, sign_in: SignIn) -> None:
    case_id, rows = opened(here), neighbours(1, 2)

    answer = send(sign_in("zhouyining"), case_id, [rows[0], {**rows[1], "投诉人姓名": ""}])

    assert answer.status_code == 422
    assert "还没有填投诉人姓名" in answer.content.decode()
    assert joined(case_id) == []


def test_nobody_adds_a_list_who_may_not_add_one(here: World, sign_in: SignIn) -> None:
    case_id = opened(here)
    rows = neighbours(1, 2)
    columns = [str(head) for head in rows_of(sign_in("zhouyining").get(template(case_id)))[0]]
    client = sign_in("sunyan")

    assert "办" in client.get(reverse("case-step-many", args=[case_id, "join"])).content.decode()
    refused = client.post(reverse("case-step-many", args=[case_id, "join"]), {"file": file_of(columns, rows)})

    assert refused.status_code == 403
    assert joined(case_id) == []


def test_a_list_without_a_row_adds_nobody_and_says_so(here: World, sign_in: SignIn) -> None:
    case_id, client = opened(here), sign_in("zhouyining")

    answer = send(client, case_id, [])

    assert answer.status_code == 422
    assert joined(case_id) == []


def test_only_a_step_that_adds_people_takes_a_list(here: World, sign_in: SignIn) -> None:
    case_id, client = opened(here), sign_in("zhouyining")

    assert client.get(reverse("case-step-many", args=[case_id, "register"])).status_code == 404
    assert client.get(reverse("case-step-many", args=[case_id, "no_such_step"])).status_code == 404


def template(case_id: object) -> str:
    return reverse("case-step-many-template", args=[case_id, "join"])


def test_a_crowd_stands_on_a_page_of_its_own_and_not_on_that_of_the_case(here: World, sign_in: SignIn) -> None:
    case_id, client = opened(here), sign_in("zhouyining")
    send(client, case_id, neighbours(1, 70))

    page = client.get(reverse("case-page", args=[case_id])).content.decode()
    people = reverse("case-people", args=[case_id])
    assert f'href="{people}"' in page
    assert re.findall("另有 (.*?) 次没有列出", page) == ["50"]
    assert page.count('id="who-1-') == 8
    whole = client.get(reverse("case-page", args=[case_id]), {"whole": "yes"}).content.decode()
    assert "没有列出" not in whole
    assert whole.count("邻") > page.count("邻") + 40

    first = client.get(people).content.decode()
    assert "共 71 项" in first
    assert (first.count("data-item"), first.count("3-1<")) == (50, 1)
    assert client.get(people, {"page": 2}).content.decode().count("data-item") == 21
    assert client.get(people, {"words": "3-70"}).content.decode().count("data-item") == 1
    assert "没有这样的人" in client.get(people, {"words": "<b>"}).content.decode()
    assert sign_in("zhaolang").get(people).status_code == 404
