"""From an empty installation to a large company by browser and Excel alone; then one complaint goes its way there.

Three regions, twelve projects, 6,000 rooms, 20,000 customers, 200 staff, a property company and a contractor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from playwright.sync_api import Browser, expect

from tests.database import Databases
from tests.full import only_in_full
from tests.journeys import whole_house
from tests.journeys.one_complaint import House, go_through
from tests.journeys.people import DESK, OWN_PASSWORD, Colleague, colleague, newcomer
from tests.journeys.signing import PROPOSE, name_signers, sign
from tests.journeys.test_first_start import administrator, setup_code
from tests.live import LiveKesu, running

_ROOMS, _CUSTOMERS = 6_000, 20_000
_CHARGE = ("estate:room:read", "estate:room:edit", "customer:customer:read", "customer:customer:import")


@pytest.fixture
def empty_kesu(databases: Databases, tmp_path: Path) -> Iterator[LiveKesu]:
    with running(databases, tmp_path) as live:
        yield live


@only_in_full
def test_a_large_company_comes_from_two_files_and_works(empty_kesu: LiveKesu, browser: Browser, tmp_path: Path) -> None:
    admin = Colleague(browser.new_context(viewport=DESK, locale="zh-CN").new_page(), empty_kesu.url)
    admin.go("/setup")
    admin.fill(administrator(code=setup_code()))
    admin.submit()

    passwords = _brought_in(admin, whole_house.organisation(tmp_path))
    assert len(passwords) == whole_house.STAFF
    known: set[str] = set()

    def at_desk(login: str) -> Colleague:
        if login in known:
            return colleague(browser, empty_kesu.url, login, OWN_PASSWORD)
        known.add(login)
        return newcomer(browser, empty_kesu.url, login, passwords[login])

    _adopted(admin, at_desk)

    # What the house is trusted with beyond the policy is ticked on the page of the role.
    admin.go("/roles/group_cs_center")
    for right in _CHARGE:
        admin.page.locator(f'[name=rights][value="{right}"]').check()
    admin.page.click("button:has-text('保存')")
    admin.go("/customers")
    admin.does_not_see("业主00000")

    centre = at_desk("yeting")
    centre.page.set_default_timeout(120_000)
    centre.go("/customers/import")
    centre.page.set_input_files("[name=file]", whole_house.estate(tmp_path, _ROOMS, _CUSTOMERS))
    centre.page.click("button:has-text('检查并导入')")
    centre.page.wait_for_url("**/customers/import/*-*")
    centre.page.get_by_role("link", name="看客户").wait_for()  # the worker checks and writes behind the page
    centre.sees("6,000")
    centre.sees("20,000")
    centre.go("/customers?q=13900019999")
    centre.sees("业主19999")

    units, people = _rows(empty_kesu, "unit", "code"), _rows(empty_kesu, "account", "login")
    house = House(empty_kesu.url, units, people, at_desk, whole_house.PROJECT)
    go_through(house, browser, tmp_path)


def _brought_in(admin: Colleague, book: Path) -> Mapping[str, str]:
    """First passwords by login, as the page shows them once."""
    admin.page.set_default_timeout(120_000)
    admin.go("/organisation/import")
    admin.page.set_input_files("[name=file]", book)
    admin.page.click("button:has-text('导入')")
    expect(admin.page.locator(".alert-k[role=status]")).to_contain_text("导入完成", timeout=120_000)
    rows = admin.page.locator("section:has(#passwords-title) tbody tr").evaluate_all(
        "rows => rows.map(row => [row.cells[0].innerText, row.cells[2].innerText])"
    )
    return {str(login): str(password) for login, password in rows}


def _adopted(admin: Colleague, at_desk: Callable[[str], Colleague]) -> None:
    """Proposed by the administrator, and signed by three others at their own desks."""
    admin.go("/policies/offers/p10")
    name_signers(admin, {"compiled_by": "周以宁", "reviewed_by": "林声", "approved_by": "顾岚"})
    admin.fill({"periods": "00:00-24:00"})
    admin.page.click(PROPOSE)
    admin.sees("已提出，还没有施行")
    for login in ("zhouyining", "linsheng", "gulan"):
        sign(at_desk(login), "客户投诉处理流程")
    admin.page.reload()
    admin.sees("已签完")


def _rows(live: LiveKesu, table: str, key: str) -> dict[str, UUID]:
    with psycopg.connect(live.database_url) as connection:
        return {str(code): pk for code, pk in connection.execute(f"SELECT {key}, id FROM store_{table}")}
