"""What a policy says the program provides by itself, a named test of the program proves."""

from __future__ import annotations

import ast
from datetime import timedelta
from pathlib import Path

from kesu.casefile.library import Library
from tests.world import MONDAY, World, pack

TESTS = Path(__file__).parents[1]

PROVED = {
    "document_number_and_version": (
        "queries/test_policies.py",
        "test_it_lists_every_adopted_version_and_where_it_serves",
    ),
    "revision_record_on_the_page": (
        "web/test_overlays.py",
        "test_the_page_of_a_policy_keeps_its_record_of_revisions",
    ),
    "three_signatures_before_effect": (
        "commands/test_proposals.py",
        "test_nothing_is_in_force_before_the_last_of_them_has_signed",
    ),
    "cases_shown_within_reach_only": (
        "web/list/test_case_list.py",
        "test_it_shows_the_reach_of_the_readers_posts_and_nothing_else",
    ),
    "people_masked_on_pages": (
        "queries/test_case_page.py",
        "test_it_masks_people_for_everybody_and_names_for_those_without_the_right",
    ),
    "no_names_in_clear_in_backups": ("backup/test_backing_up.py", "test_it_holds_neither_keys_nor_names_in_clear"),
    "one_register_for_all_channels": ("packs/test_provided.py", "test_it_keeps_one_register_for_all_channels"),
    "on_time_rate_of_each_department": (
        "web/numbers/test_numbers.py",
        "test_it_counts_each_departments_duties_where_its_posts_are",
    ),
    "every_act_stands_on_the_timeline": (
        "packs/test_provided.py",
        "test_it_keeps_every_act_with_its_time_and_its_doer_as_soon_as_it_is_done",
    ),
    "alike_cases_put_forward": (
        "queries/test_likeness.py",
        "test_it_puts_forward_cases_of_the_same_room_building_or_words_each_with_its_reasons",
    ),
    "purpose_on_the_page": ("packs/test_provided.py", "test_it_shows_on_the_page_of_a_policy_what_it_is_for"),
    "numbers_by_category": (
        "web/numbers/test_numbers.py",
        "test_the_walk_sees_every_dimension_and_more_than_nothing",
    ),
    "numbers_as_a_workbook": ("web/numbers/test_workbook.py", "test_it_says_the_same_as_the_page_and_what_it_counts"),
    "people_from_a_list": ("web/cases/test_step_many.py", "test_a_longer_list_adds_those_who_are_new"),
    "representatives_are_told": (
        "web/test_representatives.py",
        "test_representatives_have_what_the_policy_tells_the_complainant",
    ),
    "company_sets_the_figures": ("policy/language/test_loader.py", "test_it_takes_the_value_that_the_company_sets"),
    "record_that_cannot_change": ("store/test_append_only.py", "test_it_refuses_to_change_a_row"),
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


def test_it_keeps_every_act_with_its_time_and_its_doer_as_soon_as_it_is_done(world: World) -> None:
    from kesu.access.sight.item import ItemKind
    from kesu.queries.cases.case_page import case_page

    case = world.register()
    acts: tuple[tuple[str, dict[str, str]], ...] = (("inform", {}), ("take_note", {"note": "已约好明天上门"}))
    for hours, (step, given) in enumerate(acts, start=1):
        at = MONDAY + timedelta(hours=hours)
        world.take(case, step, "zhouyining", at, **given)

        timeline = case_page(actor=world.actor("zhouyining"), at=at, case_id=case).timeline
        steps = [(one.at, one.recorded_at, one.who) for one in timeline if one.kind is ItemKind.STEP]
        assert len(steps) == hours + 1
        assert steps[-1] == (at, at, "周以宁")


def test_it_shows_on_the_page_of_a_policy_what_it_is_for(world: World) -> None:
    from kesu.queries.policies.policy_page import policy_page

    page = policy_page(actor=world.actor("zhouyining"), on=MONDAY.date(), policy_hash=pack("p10").hash)

    assert page.reading.scope == pack("p10").scope_text != ""
