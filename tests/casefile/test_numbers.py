"""Printed numbers: a series for each root, gaps allowed, reuse never."""

from __future__ import annotations

from django.db import transaction

from kesu.casefile.books import above
from kesu.casefile.numbers import next_number
from kesu.commands.policies.adopt_pack import adopt_pack
from kesu.policy.model.pack import Numbering
from kesu.store.models import Case, Post, PostHolding, Unit
from tests.world import COMPLAINT, MONDAY, World, calendar, pack, said


def test_it_gives_a_number_again_only_when_nobody_was_given_it(world: World) -> None:
    unit = Unit.objects.get(pk=world.units["qingtang"])
    with transaction.atomic():
        assert next_number(Numbering("QQ"), unit, 2026) == "QQ-26-0001"
        transaction.set_rollback(True)

    assert [next_number(Numbering("QQ"), unit, 2026) for _ in range(2)] == ["QQ-26-0001", "QQ-26-0002"]
    assert next_number(Numbering("QQ"), unit, 2027) == "QQ-27-0001"


def second_root(world: World) -> Unit:
    """Another company with a tree of its own, the same slots and the same policy."""
    root = Unit.objects.create(parent=None, kind="group", name="另一家")
    own = above(Unit.objects.get(pk=world.units["qingtang"]).path)[0]
    for held in PostHolding.objects.filter(post__unit__path__startswith=own).select_related("post"):
        post, _ = Post.objects.get_or_create(unit=root, role=held.post.role, defaults={"name": held.post.name})
        PostHolding.objects.get_or_create(post=post, account=held.account, defaults={"from_on": held.from_on})
    rules = pack("p10")
    signed = {slot: f"签 {n}" for n, slot in enumerate(rules.signatures)}
    adopt_pack(actor=None, at=MONDAY, unit_id=root.pk, pack=rules, calendar=calendar(), signatures=signed)
    return Unit.objects.create(parent=root, kind="project", name="小区", is_public=True)


def test_it_counts_each_company_of_its_own(world: World) -> None:
    from kesu.commands.cases.submit_case import submit_case

    first = world.submit()
    given = said(**{code: text for code, text in COMPLAINT.items() if code != "channel"})
    place = second_root(world)
    second = submit_case(at=MONDAY, unit_id=place.pk, kind="complaint", given=given, uploads=(), token="another" * 4)

    assert first.number == second.number == "TS-26-0001"
    assert Case.objects.count() == 2
