"""What cases enter in ledgers: over all cases of a root, refused with what is lacking, answered by its opposite, and
the same when it is made anew from the logs."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from kesu.casefile.casefile import CaseFile
from kesu.casefile.statement import Statement
from kesu.commands.nightly.rebuild_case import rebuild_case
from kesu.commands.policies.adopt_pack import adopt_pack
from kesu.core.errors import NotNow, Unacceptable
from kesu.policy.loader import load_pack
from kesu.policy.standing.attempts import void_event
from kesu.queries.cases.case_page import case_page
from kesu.queries.proof.rows_of_case import compared
from kesu.store.models import Case, LedgerAccount, LedgerEntry
from tests.ledgers.house import ALWAYS, FINANCE, PROPERTY, SERVICE, another_version

if TYPE_CHECKING:
    from tests.ledgers.house import Ledgered

OPINION = {"warranty_quality": "没有大的问题", "cooperation": "随叫随到", "pay_opinion": "同意支付"}


def held(ledger: str, *values: str) -> Decimal | None:
    for row in LedgerAccount.objects.filter(ledger=ledger):
        if set(values) <= set(row.per):
            last = row.entries.order_by("-number").first()
            return last.balance if last else Decimal(0)
    return None


def test_what_one_case_keeps_back_another_one_deducts(house: Ledgered) -> None:
    house.kept_back("5000元")
    house.kept_back("20000元", contractor="乙施工单位")
    order = house.paid("1800元")
    house.take(order, "deduct")
    assert held("retention", "甲施工单位") == Decimal("3200.00")
    assert held("retention", "乙施工单位") == Decimal("20000.00")
    entry = LedgerEntry.objects.get(case=order)
    assert (entry.amount, entry.balance, entry.what) == (Decimal("-1800.00"), Decimal("3200.00"), "扣回质量保证金")


def test_an_account_is_of_one_project_and_survives_a_new_version_of_the_policy(house: Ledgered) -> None:
    house.kept_back("5000元")
    house.kept_back("700元", unit="xiling_hill")
    signatures = {"compiled_by": "段秋平", "reviewed_by": "孟书言", "approved_by": "潘月池"}
    figures = {
        "contractors": "甲施工单位、乙施工单位",
        "waived_below": "3000元",
        "tier_1": "5000元",
        "tier_2": "20000元",
    }
    figures |= {"cs_fund_limit": "50000元", "crew_fund_limit": "100000元"}
    pack = load_pack(another_version("1.2"), "s16", figures)
    unit = house.stage.units["xiling_one"]
    adopt_pack(actor=None, at=house.at, unit_id=unit, pack=pack, calendar=ALWAYS, signatures=signatures)
    house.kept_back("300元")
    assert held("retention", house.stage.units["xiling_site"].hex) == Decimal("5300.00")
    assert held("retention", house.stage.units["xiling_hill"].hex) == Decimal("700.00")


def test_a_step_that_would_leave_too_little_is_refused_with_clause_balance_and_what_is_lacking(house: Ledgered) -> None:
    fund = house.fund("1000元")
    with pytest.raises(NotNow) as refused:
        house.take(fund, "spend", PROPERTY, amount="1000.01元", purpose="买材料")
    assert {"3.6b", "3.6d"} <= set(refused.value.clauses)
    (lack,) = [lack for one in refused.value.data["refusals"] for lack in one.missing]
    assert (lack.name, lack.have, lack.short) == ("工程周转金", Decimal("1000.00"), Decimal("0.01"))
    assert held("crew_fund") == Decimal("1000.00")
    house.take(fund, "spend", PROPERTY, amount="1000元", purpose="买材料")
    assert held("crew_fund") == Decimal("0.00")


def test_an_opening_beyond_the_limit_is_input_that_can_be_mended(house: Ledgered) -> None:
    house.fund("90000元")
    with pytest.raises(Unacceptable) as refused:
        house.fund("10000.01元")
    (lack,) = [lack for one in refused.value.data["refusals"] for lack in one.missing]
    assert (lack.have, lack.short) == (Decimal("90000.00"), Decimal("0.01"))
    house.fund("10000元")
    assert held("crew_fund") == Decimal("100000.00")


def test_a_deduction_beyond_the_money_only_warns_and_leaves_a_claim(house: Ledgered) -> None:
    house.kept_back("1000元")
    order = house.paid("1800元")
    house.take(order, "deduct")
    assert held("retention", "甲施工单位") == Decimal("-800.00")


def test_what_is_taken_back_is_answered_by_its_opposite(house: Ledgered) -> None:
    fund = house.fund("1000元")
    house.take(fund, "spend", PROPERTY, amount="400元", purpose="买材料")
    spent = LedgerEntry.objects.get(case=fund, what="支用")
    with transaction.atomic():
        file = CaseFile.open(Case.objects.select_for_update(of=("self",)).select_related("unit").get(pk=fund))
        file._add(void_event(file.log, spent.seq, None, None, house.at), Statement({}))
        file.settle(house.at + timedelta(minutes=1))
    amounts = [(row.amount, row.corrects) for row in LedgerEntry.objects.filter(seq=spent.seq).order_by("id")]
    assert amounts == [(Decimal("-400.00"), False), (Decimal("400.00"), True)]
    assert held("crew_fund") == Decimal("1000.00")


def test_made_anew_from_the_logs_nothing_differs(house: Ledgered) -> None:
    fund = house.fund("1000元")
    house.take(fund, "spend", PROPERTY, amount="400元", purpose="买材料")
    assert _differences(fund, house) == []


def test_an_entry_that_no_event_made_is_found_and_answered(house: Ledgered) -> None:
    fund = house.fund("1000元")
    row = LedgerEntry.objects.get(case=fund)
    LedgerEntry.objects.create(
        account=row.account, number=2, case=row.case, seq=row.seq, at=house.at, amount=Decimal(50),
        balance=Decimal(1050), ledger_name="工程周转金", what="拨付",
    )  # fmt: skip
    assert _differences(fund, house) == [("ledger", "1050.00", "1000.00")]
    rebuild_case(case_id=fund, at=house.at)
    assert held("crew_fund") == Decimal("1000.00")
    assert _differences(fund, house) == []


def _differences(case_id: UUID, house: Ledgered) -> list[tuple[str, str, str]]:
    found = compared(case_id, house.at)
    assert found is not None
    return [(one.table, one.stored, one.rebuilt) for one in found.differences]


def test_rows_of_ledgers_can_be_neither_changed_nor_removed(house: Ledgered) -> None:
    house.fund("1000元")
    for table in ("store_ledgerentry", "store_ledgeraccount"):
        for act in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(act)


def test_the_case_shows_its_accounts_and_what_it_entered(house: Ledgered) -> None:
    house.kept_back("5000元")
    order = house.paid("1800元")
    (account,) = case_page(actor=house.actor(FINANCE), at=house.at, case_id=order).accounts
    assert (account.balance, account.per[0], account.entries) == (Decimal("5000.00"), "甲施工单位", ())
    house.take(order, "deduct")
    (account,) = case_page(actor=house.actor(SERVICE), at=house.at, case_id=order).accounts
    assert account.balance == Decimal("3200.00")
    assert [entry.amount for entry in account.entries] == [Decimal("-1800.00")]
