"""The chain over the log, and that everything lists read can be rebuilt from it."""

from __future__ import annotations

from datetime import timedelta

from django.forms.models import model_to_dict

from kesu.casefile.casefile import CaseFile
from kesu.casefile.chain import event_hash, row_document
from kesu.store.models import Case, CaseCard, CaseEvent, EventBody, Obligation
from tests.world import MONDAY, World


def recomputed(event: CaseEvent) -> str:
    return event_hash(row_document(event, event.case_id))


def test_it_names_the_event_before_in_every_event(world: World) -> None:
    case_id = world.triaged()
    events = list(CaseEvent.objects.filter(case_id=case_id).order_by("seq"))

    assert [e.seq for e in events] == list(range(1, len(events) + 1))
    assert [e.previous for e in events] == ["", *(e.hash for e in events[:-1])]
    assert all(e.hash == recomputed(e) for e in events)
    assert Case.objects.get(pk=case_id).head == events[-1].hash


def test_it_encrypts_every_text(world: World) -> None:
    world.register("wutong")

    stored = b"".join(bytes(body.sealed) for body in EventBody.objects.all())
    assert stored
    for plain in ("苏女士", "13800002016", "客厅"):
        assert plain.encode() not in stored


def test_it_rebuilds_the_same_projections_from_the_log(world: World) -> None:
    case_id = world.triaged()
    at = MONDAY + timedelta(hours=1)
    before = _projections(case_id)
    Obligation.objects.filter(case_id=case_id).delete()
    CaseCard.objects.filter(case_id=case_id).update(stage="", level="", title="", next_due_at=None)

    CaseFile.open(Case.objects.get(pk=case_id)).settle(at)

    assert _projections(case_id) == before


def _projections(case_id: object) -> list[dict[str, object]]:
    card = model_to_dict(CaseCard.objects.get(case_id=case_id), exclude=["changed_at"])
    owed = [model_to_dict(o, exclude=["id"]) for o in Obligation.objects.filter(case_id=case_id).order_by("key")]
    return [card, *owed]
