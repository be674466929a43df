"""What the slots of a library are called, and what their posts are."""

from __future__ import annotations

from kesu.queries.organisation.roles import RoleLine
from kesu.store.models import Post

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
