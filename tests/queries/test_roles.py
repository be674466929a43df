"""What the slots of a library are called, and what their posts are."""

from __future__ import annotations

from kesu.casefile.library import offered
from kesu.queries.organisation.roles import RoleLine, roles
from kesu.store.models import Adoption, Post
from tests.world import World

NAMES = [f"第{number}部制度里的客服专员" for number in range(12)]


def test_a_post_is_called_as_the_policies_call_its_slot() -> None:
    assert RoleLine("clerk", "客服专员、管家", "某制度").post_name == "客服专员、管家"


def test_a_slot_of_more_names_than_a_post_can_bear_lends_it_the_first_ones_whole() -> None:
    name = RoleLine("clerk", "、".join(NAMES), "某制度").post_name
    longest = Post._meta.get_field("name").max_length
    assert longest is not None
    assert name == "、".join(NAMES[:6]) + "等"
    assert len(name) <= longest


def test_one_name_that_is_too_long_is_cut() -> None:
    assert RoleLine("clerk", "员" * 90, "某制度").post_name == "员" * 79 + "等"


def test_names_that_just_fit_stay() -> None:
    assert RoleLine("clerk", "员" * 80, "某制度").post_name == "员" * 80


def test_those_of_the_policies_in_force_come_first_and_are_called_as_these_call_them(world: World) -> None:
    serving = set(Adoption.objects.values_list("policy_version__pack", flat=True))
    kinds = [kind for code, pack in offered().items() if code in serving for kind in pack.kinds.values()]
    called = {
        code: {kind.roles[code].name for kind in kinds if code in kind.roles} for kind in kinds for code in kind.roles
    }

    found = roles(actor=world.actor("admin"))
    first = [one.code in called for one in found]
    assert first == sorted(first, reverse=True)
    assert 0 < sum(first) < len(first)
    assert all(set(one.name.split("、")) == called[one.code] for one in found if one.code in called)
