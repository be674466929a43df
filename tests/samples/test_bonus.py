"""A bonus of the repair policy goes from the ratings of customers to its grant on the pages."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from kesu.casefile.library import offered
from kesu.core import clock
from kesu.policy.occurrences import occurrences
from kesu.store.models import CaseCard
from tests import desk
from tests.samples.house import ALWAYS, SERVICE, rewarding
from tests.security.walking import form_at

if TYPE_CHECKING:
    from uuid import UUID

pytestmark = pytest.mark.django_db

CS_MANAGER = "mengshuyan"
YEAR = timedelta(days=400)
LISTED = {"workers": "瓦工二人", "worker_total": "800", "managers": "队长", "manager_total": "500"}


def test_a_bonus_is_granted_where_customers_rated_the_orders_of_the_period() -> None:
    kind, now = offered()["s16"].kinds["bonus"], clock.now()
    assert kind.schedule is not None
    *_, last = occurrences(kind.schedule, now - YEAR, now, ALWAYS)
    played = rewarding(last.opens_at)
    played.case("work_order", "signed_off", "xiling_site", quality_score="好")
    bonus = played.came_round("bonus", last.opens_at)

    sent(SERVICE, bonus, "list_people", LISTED)
    assert CaseCard.objects.get(pk=bonus).stage == "proposed"

    sent(CS_MANAGER, bonus, "sign_grant", {"verdict": "同意"})
    assert CaseCard.objects.get(pk=bonus).stage == "granted"


def sent(login: str, case: UUID, step: str, typed: dict[str, str]) -> None:
    """Fills the form of a step as the page draws it, and sends it."""
    client, address = desk.client_of(login), f"/cases/{case}/steps/{step}"
    assert address in client.get(f"/cases/{case}").content.decode()
    form = form_at(client, address)
    assert typed.keys() <= form.inputs.keys()
    hidden = {one.name: one.value for one in form.inputs.values() if one.kind == "hidden"}
    answer = client.post(address, {**hidden, **typed})
    assert answer.status_code == 302, answer.content.decode()
