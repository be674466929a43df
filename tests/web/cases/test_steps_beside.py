"""What one can do now by rules that lie beside the policy of a case is folded under their title, unless it takes the
case on or is owed."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.urls import reverse
from lxml import html

from tests import desk
from tests.commands.test_overlays import adopt

pytestmark = pytest.mark.django_db


def offered(page: html.HtmlElement, where: str) -> set[str]:
    """Codes of the steps whose links stand there."""
    return {address.rsplit("/", 1)[1] for address in page.xpath(f"{where}/a/@href")}


def page_of(case_id: UUID, who: str) -> html.HtmlElement:
    return html.fromstring(desk.client_of(who).get(reverse("case-page", args=[case_id])).content)


def test_steps_of_other_rules_are_folded_by_document_and_what_is_owed_comes_first() -> None:
    world, now = desk.opened()
    adopt(world, "records", at=now - timedelta(days=20))
    adopt(world, "tasking", at=now - timedelta(days=20))
    case_id = world.register("wutong", at=now - timedelta(hours=1), promised_feedback_at=desk.PROMISED)
    desk.take(case_id, "register", "zhouyining", customer_type="业主", demand="修好并说明原因")

    page = page_of(case_id, "zhouyining")
    plain, folded = (
        offered(page, "//*[@id='steps']/div/div[@class='yes']"),
        offered(page, "//details/div[@class='yes']"),
    )
    titles = page.xpath("//details[@id='steps-beside']/h3/text()")

    assert {"record_interview", "record_survey"} <= folded
    assert "classify" in plain
    assert not plain & folded
    assert titles == ["谈话和现场勘察记录办法", "派件办法"]
    counted = page.xpath("string(//details[@id='steps-beside']/summary)")
    assert counted.strip().endswith(str(len(folded)))

    first = page.xpath("//*[@id='steps']/div/div[@class='yes']/a/@href")[0].rsplit("/", 1)[1]
    assert first == "classify"  # the step that the policy leads with and that is owed


def test_a_case_without_other_rules_has_no_fold() -> None:
    world, now = desk.opened()
    case_id = world.register("wutong", at=now - timedelta(hours=1))
    assert not page_of(case_id, "zhouyining").xpath("//details[@id='steps-beside']")
