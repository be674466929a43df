"""Rules on one subject are adopted beside the policies of a unit, and cases name the text of both."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from kesu.access.list_choices import ruled_by
from kesu.casefile.books import pack_of
from kesu.casefile.library import read_library
from kesu.commands.policies.adopt_pack import adopt_pack
from kesu.commands.policies.lift_overlay import lift_overlay
from kesu.commands.policies.refresh_texts import refresh_texts
from kesu.core.errors import Forbidden, NotFound, Unacceptable
from kesu.policy.model.charter import Effective
from kesu.policy.model.pack import Pack
from kesu.queries.policies.policy_list import policy_list
from kesu.store.models import Case, OverlayAdoption, PolicyVersion, RoleGrant
from tests.world import MONDAY, World, calendar, pack

SIGNED = {"compiled_by": "周以宁", "reviewed_by": "林声", "approved_by": "顾岚"}
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def adopt(world: World, what: Pack | str = "s14", unit: str = "group", at: datetime = MONDAY, **more: datetime) -> str:
    return adopt_pack(
        actor=None,
        at=at,
        unit_id=world.units[unit],
        pack=pack(what) if isinstance(what, str) else what,
        calendar=calendar(),
        signatures=SIGNED,
        **more,
    )


def own_figures() -> Pack:
    """The group's policy with a figure that one company set otherwise."""
    return read_library().load("p10", {"callback_limit": "2个工作日"})


def policy_of_a_case(world: World, at: datetime, unit: str = "qingtang") -> PolicyVersion:
    case = world.register(at=at, unit=unit)
    return Case.objects.select_related("policy_version").get(pk=case).policy_version


def test_a_case_names_the_text_of_both(world: World) -> None:
    adopt(world)

    policy = policy_of_a_case(world, MONDAY + HOUR)

    assert (policy.pack, policy.title, policy.parent_id) == ("p10", "客户投诉处理流程", pack("p10").hash)
    composed = pack_of(policy.hash)
    assert [one.code for one in composed.charter.overlays] == ["s14"]
    assert composed.kinds["complaint"].guidance["polite"].clauses == ("s14-5.1",)
    assert composed.clauses["s14-5.1"].printed == "客服语言规范 第五条1"


def test_an_open_case_keeps_the_text_it_was_opened_under(world: World) -> None:
    before = world.register(at=MONDAY)
    adopt(world, at=MONDAY + HOUR)
    world.take(before, "inform", "zhouyining", MONDAY + 2 * HOUR)
    assert Case.objects.get(pk=before).policy_version_id == pack("p10").hash


def test_what_is_adopted_later_has_it_from_the_beginning(world: World) -> None:
    adopt(world)
    east = adopt(world, own_figures(), "east_co", MONDAY + DAY)

    policy = policy_of_a_case(world, MONDAY + DAY + HOUR)

    assert policy.parent_id == east
    assert [one.code for one in pack_of(policy.hash).charter.overlays] == ["s14"]


def test_it_begins_on_its_day_with_what_is_in_force_then(world: World) -> None:
    adopt(world, effective_from=MONDAY + 2 * DAY)
    group = pack("p10").hash
    east = adopt(world, own_figures(), "east_co", MONDAY + DAY, effective_from=MONDAY + 3 * DAY)

    def serving(at: datetime) -> tuple[str, int]:
        policy = policy_of_a_case(world, at)
        return policy.parent_id or policy.hash, len(pack_of(policy.hash).charter.overlays)

    assert serving(MONDAY + DAY + HOUR) == (group, 0)
    assert serving(MONDAY + 2 * DAY + HOUR) == (group, 1)
    assert serving(MONDAY + 3 * DAY + HOUR) == (east, 1)


def test_it_keeps_the_words_of_both_in_other_languages(world: World) -> None:
    adopt(world)

    texts = policy_of_a_case(world, MONDAY + HOUR).texts.get(language="en").words

    assert texts["客服语言规范 第五条1"] == "Rules on how customer service speaks Article 5.1"
    assert texts["用语礼貌，语气亲切"] == "Polite words, a kind tone"
    assert texts["客户投诉处理流程"] == "Customer complaint procedure"


def test_it_grants_nothing_to_the_slots_of_the_policy_below(world: World) -> None:
    before = set(RoleGrant.objects.values_list("role", "permission"))
    adopt(world)
    assert set(RoleGrant.objects.values_list("role", "permission")) == before


def test_it_counts_as_no_policy_of_its_own_in_lists_and_numbers(world: World) -> None:
    overlay = adopt(world)
    assert overlay not in {policy for _kind, policy in ruled_by("").kinds}
    assert [line.overlays for line in policy_list(actor=world.actor("admin")) if line.hash == overlay] == [()]
    assert {("客服语言规范",)} <= {line.overlays for line in policy_list(actor=world.actor("admin"))}


def test_its_words_are_kept_up_with_the_library_in_what_it_lies_on(world: World) -> None:
    adopt(world)
    composed = policy_of_a_case(world, MONDAY + HOUR)

    refresh_texts({"s14": {"en": {"用语礼貌，语气亲切": "Politely and kindly"}}})

    words = composed.texts.get(language="en").words
    assert words["用语礼貌，语气亲切"] == "Politely and kindly"
    assert words["客户投诉处理流程"] == "Customer complaint procedure"


def test_it_is_refused_where_it_would_lie_on_nothing(world: World) -> None:
    """The project is ruled by what the group adopted; what it adds beside must be adopted where that was."""
    with pytest.raises(Unacceptable) as refused:
        adopt(world, unit="qingtang")
    assert {what for what, _, _ in refused.value.data["problems"]} == {"overlay_on_nothing"}


def test_it_serves_no_more_once_it_is_lifted(world: World) -> None:
    adopt(world)
    row = OverlayAdoption.objects.get()

    with pytest.raises(Forbidden):
        lift_overlay(actor=world.actor("zhouyining"), at=MONDAY + DAY, overlay_id=row.pk)
    lift_overlay(actor=world.actor("admin"), at=MONDAY + DAY, overlay_id=row.pk)

    assert policy_of_a_case(world, MONDAY + HOUR).parent_id is not None
    assert policy_of_a_case(world, MONDAY + DAY + HOUR).hash == pack("p10").hash
    with pytest.raises(NotFound):
        lift_overlay(actor=world.actor("admin"), at=MONDAY + 2 * DAY, overlay_id=row.pk)


@pytest.mark.parametrize("status", ["draft", "superseded"])
def test_what_may_be_tried_only_cannot_be_put_in_force(world: World, status: str) -> None:
    with pytest.raises(Unacceptable) as refused:
        adopt(world, replace(pack("p10"), status=status))
    assert refused.value.data["problems"] == [(f"policy_{status}", "客户投诉处理流程", ())]


def test_a_document_is_in_force_between_its_own_days_only(world: World) -> None:
    charter = replace(pack("p10").charter, effective=Effective(date(2026, 7, 1), date(2026, 12, 31), ("1",)))
    dated = replace(pack("p10"), charter=charter)

    def problems(at: datetime) -> list[tuple[str, str, tuple[str, ...]]]:
        with pytest.raises(Unacceptable) as refused:
            adopt(world, dated, effective_from=at)
        return list(refused.value.data["problems"])

    assert problems(MONDAY) == [("too_early", "2026-07-01", ("1",))]
    assert problems(datetime(2026, 12, 31, 16, tzinfo=UTC)) == [("too_late", "2026-12-31", ("1",))]
    assert adopt(world, dated, effective_from=datetime(2026, 12, 31, 15, tzinfo=UTC))
