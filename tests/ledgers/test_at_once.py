"""Two who take out of one account at the same moment: the second sees what the first left."""

from __future__ import annotations

import threading
from decimal import Decimal
from uuid import UUID

import pytest

from kesu.core.errors import NotNow
from tests.ledgers.house import PROPERTY, ledgered


@pytest.mark.usefixtures("fresh_database")
def test_of_two_who_spend_at_once_only_one_is_served_where_the_money_is_enough_for_one() -> None:
    from django.db import connections

    from kesu.store.models import LedgerEntry

    house = ledgered()
    funds = [house.fund("500元"), house.fund("500元")]
    start = threading.Barrier(len(funds))
    served: list[UUID] = []
    refused: list[NotNow] = []

    def spend(fund: UUID) -> None:
        try:
            start.wait(timeout=20)
            house.take(fund, "spend", PROPERTY, amount="700元", purpose="买材料")
            served.append(fund)
        except NotNow as fault:
            refused.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=spend, args=(fund,)) for fund in funds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(served), len(refused)) == (1, 1)
    (lack,) = [lack for one in refused[0].data["refusals"] for lack in one.missing]
    assert (lack.have, lack.short) == (Decimal("300.00"), Decimal("400.00"))
    rows = LedgerEntry.objects.order_by("number").values_list("number", "balance")
    assert list(rows) == [(1, Decimal(500)), (2, Decimal(1000)), (3, Decimal(300))]
