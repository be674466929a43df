"""How often an act asks the database: as often for a long case as for a short one, and no more than it must."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import connection
from django.test.utils import CaptureQueriesContext

from kesu.commands.cases.take_step import take_step
from kesu.store.models import Case
from tests.world import MONDAY, World, said

MOST = 14
"""Matter, case, log; event, body, head; people, obligations (read, write), texts, card, parties, bell."""


def asked(world: World, case_id: UUID, minute: int) -> int:
    actor, version = world.actor("zhouyining"), Case.objects.values_list("version", flat=True).get(pk=case_id)
    with CaptureQueriesContext(connection) as caught:
        take_step(
            actor=actor,
            at=MONDAY + timedelta(minutes=minute),
            case_id=case_id,
            step="take_note",
            seen_version=version,
            given=said(note="已回电"),
        )
    return sum("SAVEPOINT" not in query["sql"] for query in caught.captured_queries)


def test_it_asks_as_often_for_a_long_case_as_for_a_short_one(world: World) -> None:
    case_id = world.triaged()
    short = asked(world, case_id, 40)
    for minute in range(41, 51):
        asked(world, case_id, minute)

    assert asked(world, case_id, 51) == short <= MOST
