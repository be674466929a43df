"""What a policy says the program provides by itself, a named test of the program proves."""

from __future__ import annotations

import ast
from datetime import timedelta
from pathlib import Path

from kesu.casefile.library import Library
from tests.world import MONDAY, World

TESTS = Path(__file__).parents[1]

PROVED = {
    "document_number_and_version": (
        "queries/test_policies.py",
        "test_it_lists_every_adopted_version_and_where_it_serves",
    ),
    "three_signatures_before_effect": ("commands/test_adopt_pack.py", "test_it_needs_every_signature"),
    "one_register_for_all_channels": ("packs/test_provided.py", "test_it_keeps_one_register_for_all_channels"),
    "on_time_rate_of_each_department": (
        "web/numbers/test_numbers.py",
        "test_it_counts_each_departments_duties_where_its_posts_are",
    ),
    "purpose_and_scope_on_the_policy_page": ("queries/test_policies.py", "test_it_says_what_the_policy_is_for"),
}


def test_it_proves_every_property_that_a_policy_relies_on(library: Library) -> None:
    relied_on = {name for code in library.codes for name in library.load(code).provided.values()}

    assert set(PROVED) == relied_on
    for place, test in PROVED.values():
        tree = ast.parse((TESTS / place).read_text(encoding="utf-8"))
        assert test in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_it_keeps_one_register_for_all_channels(world: World) -> None:
    from kesu.access.cases import cards_for

    world.register(title="电话里说的")
    world.register(at=MONDAY + timedelta(minutes=1), title="上门说的", channel="来访")
    world.register(at=MONDAY + timedelta(minutes=2), title="写信说的", channel="来信")
    world.submit(at=MONDAY + timedelta(minutes=3), title="网上说的", person__phone="13800009999")

    cards = cards_for(world.actor("zhouyining")).order_by("number")
    assert [card.title for card in cards] == ["电话里说的", "上门说的", "写信说的", "网上说的"]
    assert len({card.number[:5] for card in cards}) == 1
