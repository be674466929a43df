"""What a plan gives and what was given before, beside the plan and beside its signature (补救和赔付办法)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from django.urls import reverse

from kesu.casefile import measures
from kesu.casefile.casefile import CaseFile
from kesu.core.errors import NotNow
from kesu.queries.cases.step_form import StepForm, step_form
from kesu.store.models import Case, CaseCard, MeasuredCase
from tests import desk
from tests.commands.test_overlays import adopt
from tests.world import World

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
AMOUNTS = (800, 1000, 1200, 900, 1100)


def about_to_plan() -> tuple[World, UUID]:
    """A hot complaint on which everything is done but the plan."""
    world, now = desk.opened()
    adopt(world, "remedies", at=now - 20 * DAY)
    with pytest.raises(NotNow) as refused:
        world.planned(now - DAY)
    assert any("1.1" in clause for clause in refused.value.clauses or ("remedies-1.1",))
    return world, Case.objects.get().pk


def earlier(world: World, amount: int, number: int, **more: object) -> UUID:
    """A case of before that promised so much, as its own log would have it."""
    at = desk.world_again()[1] - timedelta(days=3, minutes=number)
    case = world.register("wutong", at=at, title=f"前例{number}", promised_feedback_at=desk.PROMISED)
    row = {"pack": "p10", "kind": "complaint", "measure": "promised", "at": at, "alike": "工程质量", **more}
    MeasuredCase.objects.create(case_id=case, value=amount, **row)
    return case


def form(login: str, case: UUID, step: str) -> StepForm:
    return step_form(actor=desk.actor(login), at=desk.world_again()[1], case_id=case, step=step)


def test_precedents_stand_beside_the_plan_and_its_signature_as_far_as_the_reader_sees() -> None:
    world, case = about_to_plan()
    alike = [earlier(world, amount, number) for number, amount in enumerate(AMOUNTS)]
    earlier(world, 50_000, 10, alike="服务")
    old = earlier(world, 60_000, 11, at=desk.world_again()[1] - 800 * DAY)
    secret = earlier(world, 70_000, 12)
    CaseCard.objects.filter(pk=secret).update(confidential=True)
    at = desk.world_again()[1] - timedelta(hours=2)

    world.take(case, "add_remedy", "zhouyining", at, remedy="补偿", remedy_amount="2000", remedy_payer="施工单位")
    found = form("heqing", case, "submit_plan")
    assert found.precedents is not None
    promised, paid = found.precedents.usual
    assert promised.usual is not None
    figures = promised.usual.count, promised.usual.median, promised.usual.least, promised.usual.most
    assert figures == (5, Decimal(1000), Decimal(800), Decimal(1200))
    assert (promised.here, promised.is_far, paid.usual) == (Decimal(2000), False, None)
    assert {one.case_id for one in found.precedents.nearest} == set(alike)
    assert old not in {one.case_id for one in found.precedents.nearest}

    world.take(case, "add_remedy", "zhouyining", at, remedy="修复", remedy_amount="0.01", remedy_payer="公司")
    found = form("heqing", case, "submit_plan")
    assert found.precedents is not None
    assert found.precedents.usual[0].is_far
    assert [(one.words, one.amount) for one in found.sums[0].lines] == [
        (("补偿", "施工单位"), Decimal(2000)),
        (("修复", "公司"), Decimal("0.01")),
    ]
    page = desk.client_of("heqing").get(reverse("case-step", args=[case, "submit_plan"])).content.decode()
    assert "差到 2 倍以外" in page
    assert "¥2,000.01（人民币贰仟元零壹分）" in page

    reason = "实木地板整屋更换"
    plan = "清理旧胶，重打密封胶"
    world.take(case, "submit_plan", "heqing", at, plan_text=plan, precedent_reason=reason)
    row = MeasuredCase.objects.get(case_id=case, measure="promised")
    assert (row.value, row.alike, row.pack) == (Decimal("2000.01"), "工程质量", "p10")
    assert unlike(case) == []
    MeasuredCase.objects.filter(pk=row.pk).update(alike="")
    assert [code for code, *_ in unlike(case)] == ["promised"], "the nightly look finds it"

    signing = desk.client_of("chenmuzhi").get(reverse("case-step", args=[case, "sign_joint_review"])).content.decode()
    for said in (reason, "差到 2 倍以外", "人民币贰仟元零壹分", "以前同类的怎样办"):
        assert said in signing, said


def unlike(case: UUID) -> list[tuple[str, str, str]]:
    row = Case.objects.get(pk=case)
    file = CaseFile.open(row)
    return list(measures.unlike(row, file.kind, file.standing(desk.world_again()[1])))


def test_whoever_does_not_see_the_earlier_cases_learns_nothing_of_them() -> None:
    world, case = about_to_plan()
    seen = earlier(world, 1000, 1)
    elsewhere = earlier(world, 9000, 2)
    CaseCard.objects.filter(pk=elsewhere).update(unit_path="/else/")
    before = form("heqing", case, "submit_plan").precedents
    assert before is not None
    assert [one.case_id for one in before.nearest] == [seen]
    assert before.usual[0].usual is not None
    assert before.usual[0].usual.count == 1


def test_what_the_precedents_cost_does_not_grow_with_their_number() -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    world, case = about_to_plan()

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            form("heqing", case, "submit_plan")
        return len(asked)

    for number in range(5):
        earlier(world, 1000, number)
    form("heqing", case, "submit_plan")
    few = queries()
    for number in range(5, 9):
        earlier(world, 1000, number)
    assert queries() == few
