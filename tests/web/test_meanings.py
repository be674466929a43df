"""Verdict and responsible parties over all kinds: one filter of the list, one table of the numbers."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from django.db.models import Q

from kesu.access.list_choices import Ruled, columns_of, filters_of, meanings_in
from kesu.access.measures import fact_text
from kesu.access.tallies import tally_cases
from kesu.casefile.library import read_library
from kesu.store.models import CaseCard
from tests import desk
from tests.commands.test_overlays import adopt
from tests.web.list.test_case_list import shown
from tests.web.numbers.story import MINUTES, TO_CLOSED, TOLD
from tests.web.numbers.test_numbers import page_of, past, total_of

pytestmark = pytest.mark.django_db


def test_what_policies_say_in_shared_words_is_found_and_counted_whatever_the_kind() -> None:
    world, now = desk.opened()
    adopt(world, "aftercare", at=now - timedelta(days=20))
    at = now - timedelta(days=4)
    case = world.register("wutong", at=at, title="外墙渗水", **TOLD)
    beside = world.register("wutong", at=at, title="电梯异响", **TOLD)
    for nth, (step, login, given) in enumerate(TO_CLOSED[:-1], 1):
        answers = {code: world.units[text[1:]].hex if text.startswith("@") else text for code, text in given.items()}
        world.take(case, step, login, at + nth * MINUTES, **answers)
    world.take(
        case, "close", "linsheng", now - timedelta(days=3), responsibility="施工|设计", root_cause="节点没有画清"
    )

    numbers = dict(CaseCard.objects.values_list("pk", "number"))
    assert shown("zhouyining", "?state=&is.responsibility=设计") == [numbers[case]]
    assert shown("zhouyining", "?state=&is.responsibility=施工") == [numbers[case]]
    assert shown("zhouyining", "?state=&is.responsibility=客户") == []
    assert sorted(shown("zhouyining", "?state=&is.guilt=设计")) == sorted([numbers[case], numbers[beside]])
    page = desk.client_of("zhouyining").get("/cases?state=&is.responsibility=设计").content.decode()
    assert re.search(r'<select name="is.responsibility".*?<option value="设计" selected>', page)
    assert page.count('name="is.responsibility"') == 1

    client = desk.client_of("linsheng")
    page = page_of(client, past(now))
    table = page[page.index('aria-label="各种类"') :]
    found = re.search(r'<th scope="row">设计</th>.*?href="([^"]*is\.responsibility[^"]*)">(\d+)<', table, re.DOTALL)
    assert found
    assert (int(found[2]), total_of(client, html.unescape(found[1]))) == (1, 1)


def test_a_list_shows_what_all_policies_show_that_rule_cases_in_sight() -> None:
    library = read_library()
    older, newer = (library.load(code).kinds["complaint"] for code in ("p06", "p07"))
    ruled = Ruled([(older, "a"), (newer, "b")], (), [(older, "a"), (newer, "b")])

    codes = [one.value for one in columns_of(ruled, "complaint")]
    assert codes == list(dict.fromkeys((*newer.list_facts, *older.list_facts)))
    assert {"reasonableness", "truth_verdict"} <= {one.code for one in filters_of(ruled, "complaint")}
    near = Ruled(ruled.kinds, (), [(older, "a")])
    assert [one.value for one in columns_of(near, "complaint")] == list(older.list_facts)
    assert [one.code for one in meanings_in(ruled, "")] == ["verdict"]
    assert meanings_in(ruled, "complaint") == ()  # both stand among the columns


def test_numbers_divide_by_more_facts_than_the_database_tells_apart_at_once() -> None:
    world, now = desk.opened()
    case = world.register(at=now - timedelta(days=2), **TOLD)
    CaseCard.objects.filter(pk=case).update(columns={f"f{nth}": str(nth) for nth in range(40)})
    columns = [f"fact_{nth}" for nth in range(40)]
    cards = CaseCard.objects.annotate(**{name: fact_text(f"f{nth}") for nth, name in enumerate(columns)})
    found = tally_cases(cards, [("pack", name) for name in columns], {"received": Q()})
    assert {(one.by[1], one.values[1]) for one in found} == {(name, str(nth)) for nth, name in enumerate(columns)}
