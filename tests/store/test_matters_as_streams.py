"""Installations whose matters were rows alone: an upgrade writes down what is there, and tells no case twice."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from kesu.commands.clock.wake_one import wake_one
from kesu.commands.matters.join_matter import join_matter
from kesu.policy.events import MATTER_COUNTED
from kesu.queries.proof.rows_of_matters import matters_compared
from kesu.queries.proof.verify_log import verify_log
from kesu.store.models import CaseCard, CaseEvent, Matter, MatterEvent, MatterMember, MatterPerson
from tests.database import Databases, point_django_to
from tests.full import only_in_full
from tests.world import MONDAY, World

BEFORE = ("store", "0036_files_that_stay")
LATER = MONDAY + timedelta(hours=3)


@only_in_full
def test_an_upgrade_writes_down_what_a_matter_was_and_tells_no_case_twice(
    databases: Databases, fresh_database: str, committed_world: World
) -> None:
    world, actor = committed_world, committed_world.actor("zhouyining")
    cases = [
        world.register("wutong", at=MONDAY + timedelta(minutes=number), person__phone=f"1381000000{number}")
        for number in range(3)
    ]
    for other in cases[1:]:
        join_matter(actor=actor, at=MONDAY + timedelta(hours=1), case_id=cases[0], other_id=other)
    _rest()
    told = list(CaseEvent.objects.filter(kind=MATTER_COUNTED).values_list("case", "seq").order_by("case"))
    assert len(told) == 3

    point_django_to(databases.owner_url(fresh_database))
    latest = [one for one in MigrationExecutor(connection).loader.graph.leaf_nodes() if one[0] == "store"]
    MigrationExecutor(connection).migrate([BEFORE])
    MigrationExecutor(connection).migrate(latest)

    assert [(event.seq, event.kind) for event in MatterEvent.objects.order_by("seq")] == [
        (1, "matter.opened"),
        (2, "case.joined"),
        (3, "case.joined"),
        (4, "case.joined"),
    ]
    assert not MatterPerson.objects.exists()
    _rest()
    assert MatterPerson.objects.count() == 3
    assert not MatterMember.objects.filter(is_counted=False).exists()
    assert Matter.objects.get().reached
    assert list(CaseEvent.objects.filter(kind=MATTER_COUNTED).values_list("case", "seq").order_by("case")) == told
    assert set(CaseCard.objects.values_list("level", flat=True)) == {"hot"}
    assert [found.differs for found in matters_compared()] == [False]
    assert verify_log(is_sealed=False).faults == 0


def _rest() -> None:
    """The worker does what there is to do."""
    while wake_one(at=LATER):
        pass
