"""What a matter is called, and in which order they are listed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kesu.commands.matters.join_matter import join_matter
from kesu.commands.matters.name_matter import name_matter
from kesu.core.errors import Forbidden, NotFound
from kesu.queries.matters.matter_list import matter_list
from kesu.queries.matters.matter_page import matter_page
from kesu.queries.proof.rows_of_matters import matters_compared
from kesu.store.models import Matter, MatterEvent
from tests.commands.test_matters import three_neighbours
from tests.world import MONDAY, World


def test_the_list_names_a_matter_by_what_the_reader_sees_of_it(world: World) -> None:
    first, second, third = three_neighbours(world)
    at = MONDAY + timedelta(days=3)
    join_matter(actor=world.actor("zhouyining"), at=at, case_id=second, other_id=third)

    (row,) = matter_list(actor=world.actor("zhouyining"), page=1).rows
    assert (row.title, row.cases, row.open) == ("渗水 1", 2, 2)
    assert row.last_at == MONDAY + timedelta(days=2)

    join_matter(actor=world.actor("zhouyining"), at=at, case_id=first, other_id=third)
    (row,) = matter_list(actor=world.actor("zhouyining"), page=9).rows
    assert (row.title, row.cases) == ("渗水 0", 3)
    assert matter_list(actor=world.actor("zhaolang"), page=1).rows == ()


def test_a_matter_has_a_name_of_its_own_which_outlives_what_it_takes_in(world: World) -> None:
    first, second, third = three_neighbours(world)
    at, actor = MONDAY + timedelta(days=3), world.actor("zhouyining")
    fourth = world.register("wutong", at=at, person__phone="13800009910", title="渗水 4")
    join_matter(actor=actor, at=at, case_id=first, other_id=second)
    join_matter(actor=actor, at=at, case_id=third, other_id=fourth)
    kept, gone = Matter.objects.order_by("pk")

    with pytest.raises(Forbidden):
        name_matter(actor=world.actor("wutong"), at=at, matter_id=gone.pk, name="三栋渗水")
    with pytest.raises(NotFound):
        name_matter(actor=world.actor("zhaolang"), at=at, matter_id=gone.pk, name="三栋渗水")
    name_matter(actor=actor, at=at, matter_id=gone.pk, name="三栋渗水")
    name_matter(actor=actor, at=at, matter_id=gone.pk, name="三栋渗水")
    assert MatterEvent.objects.filter(matter=gone, kind="matter.named").count() == 1
    assert "三栋渗水" not in str(MatterEvent.objects.get(matter=gone, kind="matter.named").facts)

    join_matter(actor=actor, at=at, case_id=first, other_id=third)
    assert matter_page(actor=actor, at=at, matter_id=kept.pk).name == "三栋渗水"
    assert [row.title for row in matter_list(actor=actor, page=1).rows] == ["三栋渗水"]
    assert not [one for one in matters_compared() if one.differs]
    Matter.objects.filter(pk=kept.pk).update(title="五栋渗水")
    assert [one.id for one in matters_compared() if one.differs] == [kept.pk]


def test_the_list_reads_a_page_and_says_whether_there_is_another(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    actor, at = world.actor("zhouyining"), MONDAY + timedelta(days=3)
    cases = [world.register("wutong", at=MONDAY + timedelta(hours=nth), title=f"件 {nth}") for nth in range(6)]
    for one, other in ((0, 5), (1, 2), (3, 4)):
        join_matter(actor=actor, at=at, case_id=cases[one], other_id=cases[other])
    found = matter_list(actor=actor, page=1)
    assert [row.title for row in found.rows] == ["件 0", "件 3", "件 1"]  # by the newest of each
    assert (found.shown, found.more) == (3, False)
    monkeypatch.setattr("kesu.queries.matters.matter_list._SIZE", 2)
    first, second = (matter_list(actor=actor, page=page) for page in (1, 2))
    assert ([row.title for row in first.rows], first.shown, first.more) == (["件 0", "件 3"], 2, True)
    assert ([row.title for row in second.rows], second.shown, second.more) == (["件 1"], 3, False)
