"""The same delivery, and the same number under several keys, from several connections at once."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from kesu.commands.arrivals.change_source import SourceState, change_source
from kesu.commands.arrivals.make_source import make_source
from kesu.commands.arrivals.receive_report import receive_report
from kesu.store.models import Case, InboundDelivery, InboundSource
from tests.commands.test_linked_races import at_once
from tests.world import COMPLAINT, MONDAY, World, said


def made(world: World) -> UUID:
    about = {"name": "市热线平台", "delivers": "reports", "unit_id": world.units["qingtang"], "kind": "complaint"}
    source_id = make_source(actor=world.actor("admin"), at=MONDAY, **about).source_id
    facts = InboundSource.objects.get(pk=source_id).facts
    wanted = SourceState("市热线平台", facts, number_fact="title")
    change_source(actor=world.actor("admin"), at=MONDAY, source_id=source_id, wanted=wanted)
    return source_id


def receive(source_id: UUID, key: str, number: str) -> None:
    receive_report(
        at=MONDAY,
        source_id=source_id,
        key=key,
        digest="0" * 64,
        unit_code="",
        subject=None,
        happened_at=MONDAY,
        given=said(**COMPLAINT | {"title": number}),
        uploads=(),
    )


def test_one_case_comes_of_it(committed_world: World) -> None:
    source_id = made(committed_world)

    again = at_once([lambda: receive(source_id, "k-1", "A")] * 3)
    known = at_once([partial(receive, source_id, key, "B") for key in ("k-2", "k-3", "k-4")])

    assert [one for one in (*again, *known) if one] == []
    assert sorted(Case.objects.values_list("card__title", flat=True)) == ["A", "B"]
    assert InboundDelivery.objects.filter(is_new=True).count() == 2
    assert InboundDelivery.objects.count() == 4
