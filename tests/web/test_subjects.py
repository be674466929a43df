"""事项: several policies serve one place for different matters; whoever opens a case says for which."""

from __future__ import annotations

import re

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from kesu.commands.cases.register_case import register_case
from kesu.commands.policies.adopt_pack import Offer, adopt_pack
from kesu.core import clock
from kesu.policy.calendar.official import WorkingHours
from kesu.policy.events import SUBJECT
from kesu.store.models import Adoption, Case, CaseCard, PolicyProposal
from tests import desk
from tests.proposing import SIGNERS
from tests.web.list.test_export import exported
from tests.web.sealed.test_reports import ANSWERS, address_of_the_case, code_of
from tests.world import COMPLAINT, World, said

pytestmark = pytest.mark.django_db
QUALITY = "工程质量"
SIGNED = {"compiled_by": "周以宁", "reviewed_by": "林声", "approved_by": "顾岚"}
TYPED = {name.replace("__", "."): text for name, text in COMPLAINT.items()}


def limit(world: World, code: str = "p10", subject: str = QUALITY, unit: str = "east_co") -> None:
    adopt_pack(
        actor=None,
        at=clock.now(),
        unit_id=world.units[unit],
        pack=Offer(code, {}),
        calendar=WorkingHours(),
        signatures=SIGNED,
        subject=subject,
    )


@pytest.fixture
def world() -> World:
    """工程质量 has a policy of its own in the eastern company, and all else the general one."""
    world, _now = desk.opened()
    limit(world)
    return world


def register(world: World, subject: str | None, unit: str = "qingtang", login: str = "zhouyining") -> Case:
    at = clock.now()
    case_id = register_case(
        actor=world.actor(login, at.date()),
        at=at,
        happened_at=at,
        unit_id=world.units[unit],
        kind="complaint",
        given=said(**COMPLAINT, promised_feedback_at=desk.PROMISED),
        uploads=(),
        token=f"{subject} {at.isoformat()}",
        subject=subject,
    )
    return Case.objects.get(pk=case_id)


def form(world: World, **changes: str) -> dict[str, str]:
    place = {"unit": world.units["qingtang"].hex, "kind": "complaint", "token": "t-1"}
    return TYPED | {"promised_feedback_at": "2030-01-02T10:00"} | place | changes


def page_of(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def proposed_on_page(world: World, **changes: str) -> HttpResponse:
    sent = {f"signature.{slot}": world.people[login].hex for slot, login in SIGNERS.items()}
    sent |= {"unit": world.units["east_co"].hex, "subject": QUALITY, **changes}
    return desk.client_of("admin").post("/policies/offers/suggestion", sent)


def adopted_on_page(world: World, **changes: str) -> str:
    """Proposed, and signed by each of the three on his own page: what the last one sees."""
    address = proposed_on_page(world, **changes).headers["Location"]
    text = PolicyProposal.objects.latest("proposed_at").hash
    for login in SIGNERS.values():
        answer = desk.client_of(login).post(f"{address}/sign", {"policy_hash": text}, follow=True)
    return answer.content.decode()


def test_adopting_for_a_subject_says_what_is_in_force_where_and_from_when_with_the_way_to_the_table() -> None:
    world, _now = desk.opened()
    page = adopted_on_page(world)
    assert f"已在南岑东部公司（{QUALITY}）施行" in page
    assert 'href="/policies/adoptions"' in page
    later = adopted_on_page(world, subject="", since="2030-01-02")
    assert "将在南岑东部公司施行，从 2030-01-02 起" in later


def test_the_tables_of_policies_and_the_record_of_changes_say_the_subject() -> None:
    world, _now = desk.opened()
    adopted_on_page(world)
    admin = desk.client_of("admin")
    policy = page_of(admin, reverse("policy", args=[PolicyProposal.objects.get().hash]))
    assert f"建议 · {QUALITY}" in policy
    assert f"建议 · <b>{QUALITY}</b>" in page_of(admin, "/policies/adoptions")
    assert f"建议 · {QUALITY}" in page_of(admin, "/policies")
    assert f"事项 {QUALITY}" in page_of(admin, "/organisation/changes")
    assert f"已有：{QUALITY}" in page_of(admin, "/policies/offers/p10")


def test_two_subjects_of_one_place_do_not_take_each_others_place_in_the_table(world: World) -> None:
    limit(world, subject="销售服务")
    assert "已被替代" not in page_of(desk.client_of("admin"), "/policies/adoptions")
    limit(world, subject="销售服务")
    assert "已被替代" in page_of(desk.client_of("admin"), "/policies/adoptions")


def test_a_name_that_cannot_be_shown_is_refused_and_stays_in_the_field() -> None:
    world, _now = desk.opened()
    before = Adoption.objects.count()
    page = proposed_on_page(world, subject="——").content.decode()
    assert "最多 20 个字" in page
    assert 'value="——"' in page
    assert Adoption.objects.count() == before


def test_the_desk_asks_for_the_subject_first_and_then_draws_the_form_of_its_policy(world: World) -> None:
    client, here = desk.client_of("zhouyining"), f"/cases/new?unit={world.units['qingtang'].hex}&kind=complaint"
    first = page_of(client, here)
    assert "先选是哪一类事项" in first
    assert "其他事项" in first
    assert 'name="content"' not in first
    chosen = page_of(client, f"{here}&{SUBJECT}={QUALITY}")
    assert f'<input type="hidden" name="{SUBJECT}" value="{QUALITY}">' in chosen
    assert 'name="content"' in chosen
    assert f'name="{SUBJECT}" value="-"' in page_of(client, f"{here}&{SUBJECT}=-")
    assert client.get(f"{here}&{SUBJECT}=没有的").status_code == 404


def test_what_is_registered_keeps_the_subject_and_its_policy(world: World) -> None:
    client = desk.client_of("zhouyining")
    page = client.post("/cases/new", form(world, **{SUBJECT: QUALITY}), follow=True).content.decode()
    case = Case.objects.get()
    mine = Adoption.objects.get(subject=QUALITY, kind="complaint")
    assert case.policy_version_id == mine.policy_version_id
    assert CaseCard.objects.get(case=case).subject == QUALITY
    assert f"投诉 · {QUALITY}" in page
    for named in (QUALITY, "-", "没有的"):
        preview = client.post(reverse("case-new-preview"), form(world, **{SUBJECT: named}))
        assert "等级预判" in preview.content.decode(), named


@pytest.mark.parametrize("named", [{}, {SUBJECT: "没有的"}, {SUBJECT: "销售服务"}])
def test_an_unknown_or_foreign_subject_is_refused_with_the_typed_text_kept(world: World, named: dict[str, str]) -> None:
    limit(world, subject="销售服务", unit="west_co")
    answer = desk.client_of("zhouyining").post("/cases/new", form(world, **named))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f"{COMPLAINT['content']}</textarea>" in page
    assert f'name="{SUBJECT}" value="{QUALITY}"' in page
    assert "销售服务" not in re.sub(r"<option.*?</option>", "", page)
    assert not Case.objects.exists()


def test_a_place_without_subjects_asks_nothing_and_shows_nothing(world: World) -> None:
    client = desk.client_of("zhaolang")
    page = page_of(client, f"/cases/new?unit={world.units['wangting'].hex}&kind=complaint")
    assert 'name="content"' in page
    assert SUBJECT not in page
    public = page_of(Client(), f"/submit/{world.units['wangting']}/complaint")
    assert SUBJECT not in public


def test_a_house_without_subjects_has_neither_filter_nor_column() -> None:
    world, now = desk.opened()
    world.register(at=now, promised_feedback_at=desk.PROMISED)
    client = desk.client_of("zhouyining")
    assert 'name="subject"' not in page_of(client, "/cases")
    assert "<th>事项</th>" not in page_of(client, "/cases")
    assert "事项" not in page_of(client, "/numbers")


def test_a_customer_is_asked_for_the_subject_on_a_screen_of_its_own(world: World) -> None:
    place, client = world.units["qingtang"], Client()
    kinds = page_of(client, f"/submit?place={place.hex}")
    assert f"/submit?place={place.hex}&amp;kind=complaint" in kinds
    assert f"/submit/{place}/suggestion" in kinds
    screen = page_of(client, f"/submit?place={place.hex}&kind=complaint")
    assert "是哪一类事项" in screen
    assert f"/submit/{place}/complaint?{SUBJECT}=" in screen
    led = client.get(f"/submit/{place}/complaint")
    assert led.status_code == 302
    assert led.headers["Location"].endswith("kind=complaint")
    asked = page_of(client, f"/submit/{place}/complaint?{SUBJECT}={QUALITY}")
    token = re.findall(r'name="form_token" value="([^"]+)"', asked)[0]
    sent = {**TYPED, "form_token": token}
    refused = client.post(f"/submit/{place}/complaint", {**sent, SUBJECT: "没有的"})
    assert refused.status_code == 422
    assert COMPLAINT["content"] in refused.content.decode()
    assert client.post(f"/submit/{place}/complaint", {**sent, SUBJECT: QUALITY}).status_code == 302
    assert CaseCard.objects.get().subject == QUALITY


def test_a_report_under_seal_is_asked_too_and_only_its_own_log_says_it() -> None:
    world, _now = desk.opened()
    limit(world, "whistle", "采购", unit="group")
    place, client = world.units["qingtang"], Client()
    assert "采购" in page_of(client, f"/report?place={place.hex}&kind=whistle_report")
    page = page_of(client, f"/report/{place}/whistle_report?{SUBJECT}=采购")
    assert f'name="{SUBJECT}" value="采购"' in page
    answered = client.post(f"/report/{place}/whistle_report", {**ANSWERS, SUBJECT: "采购"})
    assert code_of(answered.content.decode())
    assert "采购 ·" in page_of(desk.client_of("qiubai"), address_of_the_case())
    assert "采购" not in page_of(desk.client_of("zhouyining"), "/cases")


def test_the_list_has_a_filter_and_a_column_and_so_has_its_file(world: World) -> None:
    limited, general = register(world, QUALITY), register(world, "")
    client = desk.client_of("zhouyining")
    page = page_of(client, "/cases")
    assert "<th>事项</th>" in page
    assert limited.number in page_of(client, f"/cases?subject={QUALITY}")
    assert general.number not in page_of(client, f"/cases?subject={QUALITY}")
    assert limited.number not in page_of(client, "/cases?subject=-")
    rows = {row["编号"]: row["事项"] for row in exported("zhouyining")}
    assert rows == {limited.number: QUALITY, general.number: ""}


def test_the_numbers_are_told_by_subject_and_open_its_list(world: World) -> None:
    register(world, QUALITY)
    register(world, "")
    page = page_of(desk.client_of("heqing"), "/numbers")
    assert "其他事项" in page
    found = re.findall(r'href="(/cases\?[^"]*subject=%E5[^"]*received=[^"]*)"[^>]*>1<', page)
    assert found
    assert "共 1 件" in page_of(desk.client_of("heqing"), found[0].replace("&amp;", "&"))


def test_a_document_of_the_case_says_its_subject(world: World) -> None:
    case = register(world, QUALITY)
    client = desk.client_of("zhouyining")
    paper = re.findall(rf'href="(/cases/{case.pk}/documents/[a-z_]+)"', page_of(client, f"/cases/{case.pk}"))
    assert f"事项 {QUALITY}" in page_of(client, paper[0])
