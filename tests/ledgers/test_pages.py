"""What pages show of ledgers: before a step is taken, on the case, and in the list, to whom it belongs."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from kesu.core import clock
from kesu.queries.ledgers.account_list import account_export
from kesu.store.models import Case, CaseCard, CaseParty, LedgerAccount, PostHolding
from tests import desk
from tests.ledgers.house import AUDIT, CAPTAIN, FINANCE, MANAGER, PROPERTY, SERVICE, ledgered
from tests.security.walking import form_at

if TYPE_CHECKING:
    from tests.ledgers.house import Ledgered

pytestmark = pytest.mark.django_db


@pytest.fixture
def now_house() -> Ledgered:
    """Pages take the time themselves: what happened here happened yesterday."""
    return ledgered(clock.now() - timedelta(days=1))


def said(html: str) -> str:
    return " ".join(re.sub("<[^>]+>", " ", html).split())


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return said(answer.content.decode())


def test_who_decides_sees_what_the_account_holds_and_will_hold(now_house: Ledgered) -> None:
    now_house.kept_back("1000元")
    order = now_house.paid("1800元")
    shown = page(desk.client_of(FINANCE), f"/cases/{order}/steps/deduct")
    assert "质量保证金 · 甲施工单位 · 溪岭南苑" in shown
    assert "¥1,000.00 −¥800.00" in shown
    assert "余额不够，可以办，余额会成为负数" in shown
    assert "不够的部分成为应收" in shown, "what that means is the policy's to say"


def test_while_he_types_he_sees_what_would_be_left_and_what_is_lacking(now_house: Ledgered) -> None:
    fund = now_house.fund("1000元")
    client = desk.client_of(PROPERTY)
    typed = {"amount": "1200", "purpose": "买材料"}
    shown = said(client.post(f"/cases/{fund}/steps/spend/preview", typed).content.decode())
    assert "¥1,000.00 −¥200.00" in shown
    assert "“工程周转金”余额 ¥1,000.00，还差 ¥200.00" in shown
    assert "余额不够，不能办" in shown


def test_a_refused_step_keeps_what_was_typed_and_says_what_is_lacking(now_house: Ledgered) -> None:
    fund = now_house.fund("1000元")
    client, address = desk.client_of(PROPERTY), f"/cases/{fund}/steps/spend"
    form = form_at(client, address)
    hidden = {one.name: one.value for one in form.inputs.values() if one.kind == "hidden"}
    answer = client.post(address, {**hidden, "amount": "1000.01", "purpose": "买材料"})
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "“工程周转金”余额 ¥1,000.00，还差 ¥0.01" in said(html)
    assert "1000.01" in html
    assert "§3.6" in said(html)


def test_the_case_lists_its_own_entries_and_leads_to_the_account(now_house: Ledgered) -> None:
    fund = now_house.fund("1000元")
    now_house.take(fund, "spend", PROPERTY, amount="400元", purpose="买材料")
    html = desk.client_of(FINANCE).get(f"/cases/{fund}").content.decode()
    assert "余额 ¥600.00" in said(html)
    assert "−¥400.00" in said(html)
    account = LedgerAccount.objects.get(ledger="crew_fund")
    assert f"/ledgers/{account.pk}" in html
    assert f"/ledgers/{account.pk}" not in desk.client_of(PROPERTY).get(f"/cases/{fund}").content.decode()


def test_the_list_shows_every_account_of_the_root_and_each_entry_leads_to_its_case(now_house: Ledgered) -> None:
    now_house.kept_back("5000元")
    now_house.kept_back("700元", contractor="乙施工单位")
    fund = now_house.fund("1000元")
    client = desk.client_of(FINANCE)
    listed = page(client, "/ledgers")
    for name, balance in (("甲施工单位", "5,000.00"), ("乙施工单位", "700.00"), ("工程周转金", "1,000.00")):
        assert name in listed
        assert balance in listed
    chosen = page(client, "/ledgers?ledger=s16.retention")
    assert "余额合计 ¥5,700.00" in chosen
    assert "1,000.00" not in chosen
    account = LedgerAccount.objects.get(ledger="crew_fund")
    assert f"/cases/{fund}" in client.get(f"/ledgers/{account.pk}").content.decode()


def test_who_sees_only_some_of_the_cases_sees_only_their_entries_and_one_sum_of_the_others(
    now_house: Ledgered,
) -> None:
    now_house.kept_back("5000元")
    now_house.kept_back("300元", unit="xiling_hill")
    here = LedgerAccount.objects.get(ledger="retention", per__contains=[now_house.stage.units["xiling_hill"].hex])
    assert "300.00" in page(desk.client_of(MANAGER), f"/ledgers/{here.pk}")
    moved = PostHolding.objects.get(account__login=MANAGER)
    site = now_house.stage.units["xiling_site"]
    moved.post.unit_id = site
    moved.post.save()
    PostHolding.objects.filter(pk=moved.pk).update(post=moved.post)
    shown = page(desk.client_of(MANAGER), f"/ledgers/{here.pk}")
    assert "您看不到的诉件，合计 ¥300.00" in shown
    assert "没有您能查看的明细" in shown


def test_of_cases_out_of_sight_no_single_entry_can_be_told(now_house: Ledgered) -> None:
    """Neither from the balance between two entries that are seen, nor from their number, nor from when the last was."""
    for amount in ("5000元", "300元", "700元"):
        now_house.kept_back(amount)
    hide(Case.objects.order_by("pk")[1])
    client, account = desk.client_of(FINANCE), LedgerAccount.objects.get()

    shown = page(client, f"/ledgers/{account.pk}")
    assert "您看不到的诉件，合计 ¥300.00" in shown
    assert "余额 ¥6,000.00 共 2 条" in shown
    assert "5,300.00" not in shown
    assert shown.count("6,000.00") == 1, "only the balance of the whole account"

    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get("/ledgers.xlsx").content))
    accounts, entries = (book.get_sheet_by_index(number).to_python()[3:] for number in (0, 1))
    assert accounts[0][4] == 2
    assert [row[6:] for row in entries] == [[5000, ""], [700, ""]]

    for case in Case.objects.all():
        hide(case)
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get("/ledgers.xlsx").content))
    assert book.get_sheet_by_index(0).to_python()[3][4:] == [0, ""]


def hide(case: Case) -> None:
    """As a policy keeps one confidential in which nobody of the readers has a part."""
    CaseCard.objects.filter(pk=case.pk).update(confidential=True)
    CaseParty.objects.filter(case=case).delete()


def test_without_the_right_there_is_no_list_and_in_another_root_no_account(now_house: Ledgered) -> None:
    now_house.fund("1000元")
    account = LedgerAccount.objects.get()
    assert desk.client_of(CAPTAIN).get("/ledgers").status_code == 403
    assert desk.client_of(SERVICE).get(f"/ledgers/{account.pk}").status_code == 403
    assert "/ledgers" not in desk.client_of(CAPTAIN).get("/work").content.decode()
    assert desk.client_of(AUDIT).get(f"/ledgers/{UUID(int=1)}").status_code == 404


def test_the_list_leaves_as_a_file_with_balances_and_entries(now_house: Ledgered) -> None:
    fund = now_house.fund("1000元")
    now_house.take(fund, "spend", PROPERTY, amount="400.5元", purpose="买材料")
    answer = desk.client_of(FINANCE).get("/ledgers.xlsx")
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    accounts, entries = (book.get_sheet_by_index(number).to_python()[3:] for number in (0, 1))
    assert (accounts[0][0], accounts[0][3]) == ("工程周转金", 599.5)
    assert [row[6] for row in entries] == [1000, -400.5]


def test_a_file_of_a_ledger_that_there_is_not_has_what_the_list_shows(now_house: Ledgered) -> None:
    now_house.fund("1000元")
    client = desk.client_of(FINANCE)
    assert "工程周转金" in page(client, "/ledgers?ledger=s16.nothing")
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get("/ledgers.xlsx?ledger=s16.nothing").content))
    assert [row[0] for row in book.get_sheet_by_index(0).to_python()[3:]] == ["工程周转金"]


def test_a_file_asks_the_database_as_often_for_many_entries_as_for_one(now_house: Ledgered) -> None:
    fund = now_house.fund("1000元")
    actor = now_house.actor(FINANCE)

    def asked() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as caught:
            found = account_export(actor=actor, ledger="", most=100)
        return len(found.entries), len(caught)

    one, for_one = asked()
    for _ in range(8):
        now_house.take(fund, "spend", PROPERTY, amount="1元", purpose="买材料")
    now_house.fund("1000元")
    assert asked() == (one + 9, for_one)
