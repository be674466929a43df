"""Values in levels on the screens: the form asks for them, the list picks out by them, the numbers open them."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest

from kesu.access.list_choices import ruled_by
from kesu.casefile.books import kind_of
from kesu.store.models import Case, CaseCard, PolicyVersion
from tests import desk
from tests.commands.test_overlays import adopt
from tests.web.list.test_case_list import shown
from tests.web.numbers.test_numbers import page_of, past, row_of, total_of

pytestmark = pytest.mark.django_db

NODES = {"一": "房屋质量/渗漏/屋面", "二": "房屋质量/渗漏/外墙", "三": "房屋质量/开裂/墙面", "四": "销售/合同"}


def test_a_class_is_chosen_found_and_counted_by_any_of_its_levels() -> None:
    world, now = desk.opened()
    adopt(world, "classes", at=now - timedelta(days=20))
    cases = {
        name: world.register(at=now - timedelta(days=nth), title=f"第{name}件", promised_feedback_at=desk.PROMISED)
        for nth, name in enumerate((*NODES, "五"), 1)
    }
    client = desk.client_of("zhouyining")

    page = client.get(f"/cases/{cases['一']}/steps/state_facts").content.decode()
    assert "data-tree" in page
    assert '<optgroup label="房屋质量/渗漏"><option value="房屋质量/渗漏/屋面">屋面</option>' in page
    assert '<option value="其他">其他</option>' in page  # beside the groups, with nothing above it
    assert 'value="房屋质量/渗漏"' not in page
    for name, value in NODES.items():
        world.take(cases[name], "state_facts", "zhouyining", now, issue=value)
    version = Case.objects.get(pk=cases["五"]).version
    refused = client.post(
        f"/cases/{cases['五']}/steps/state_facts", {"issue": "房屋质量/渗漏", "seen_version": version, "token": "t-5"}
    )
    assert refused.status_code == 422
    assert CaseCard.objects.get(pk=cases["五"]).columns.get("issue", "") == ""

    numbers = dict(CaseCard.objects.values_list("title", "number"))
    found = {
        node: set(shown("zhouyining", f"?kind=complaint&under.issue={node}"))
        for node in ("房屋质量", "房屋质量/渗漏", "-")
    }
    assert found["房屋质量"] == {numbers[f"第{name}件"] for name in "一二三"}
    assert found["房屋质量/渗漏"] == {numbers[f"第{name}件"] for name in "一二"}
    assert found["-"] == {numbers["第五件"]}
    assert shown("zhouyining", "?kind=complaint&under.issue=房屋") == []  # a part of a name is no level
    page = client.get("/cases?kind=complaint&under.issue=房屋质量/渗漏").content.decode()
    assert '<option value="房屋质量/渗漏" selected>\u3000渗漏</option>' in page

    client = desk.client_of("linsheng")
    page = page_of(client, past(now))
    assert row_of(page, "房屋质量")[0] == "3"
    assert "nm-d1" not in page
    opening = re.search(
        r'<a class="nm-open" href="([^"#]+)#by-issue" aria-expanded="false">(?:(?!</a>).)*房屋质量</a>', page
    )
    assert opening
    page = client.get(html.unescape(opening[1])).content.decode()
    assert re.search(r'nm-d1">(?:(?!</th>).)*渗漏', page)
    assert "nm-d2" not in page
    behind = re.search(r'href="(/cases\?[^"]*under\.issue=[^"]*%E6%B8%97%E6%BC%8F[^"]*received[^"]*)">2<', page)
    assert behind
    assert total_of(client, html.unescape(behind[1])) == 2


def test_the_text_that_came_to_serve_last_names_what_divides_the_numbers() -> None:
    """The rules laid over a policy were signed apart from it, and their joint text bears its date."""
    world, now = desk.opened()
    adopt(world, "classes", at=now - timedelta(days=20))
    newest = [policy for kind, policy in ruled_by("p10").kinds if kind.code == "complaint"][-1]

    assert "issue" in kind_of(newest, "complaint").facts
    assert PolicyVersion.objects.get(pk=newest).parent_id
