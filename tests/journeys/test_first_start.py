"""From an installation that knows nobody to the first complaint, by page alone: nobody writes a file or a command.

Only the code that the machine shows its operator is read from the machine.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.database import Databases, key_file
from tests.full import only_in_full
from tests.journeys.people import DESK, Colleague, Somebody, customer, newcomer
from tests.journeys.signing import PROPOSE, name_signers, sign
from tests.live import LiveKesu, running


@pytest.fixture
def empty_kesu(databases: Databases, tmp_path: Path) -> Iterator[LiveKesu]:
    with running(databases, tmp_path) as live:
        yield live


@only_in_full
def test_a_company_starts_from_nothing_and_takes_its_first_complaint(empty_kesu: LiveKesu, browser: Browser) -> None:
    page = browser.new_context(viewport=DESK, locale="zh-CN").new_page()
    admin = Colleague(page, empty_kesu.url)

    admin.go("/setup")
    admin.fill(administrator(code="AAAA-BBBB-CCCC-DDDD"))
    admin.submit()
    admin.sees("安装码不对")
    admin.fill({"code": setup_code().lower().replace("-", " "), "password": PASSWORD})
    admin.submit()
    admin.sees("还差几步就能收第一件")
    stranger = Somebody(browser.new_context(viewport=DESK, locale="zh-CN").new_page(), empty_kesu.url)
    answer = stranger.page.goto(empty_kesu.url + "/setup")
    assert answer is not None
    assert answer.status == 404

    for inside, name, kind in (
        ("青棠集团", "东部公司", "company"),
        ("东部公司", "青棠湾", "project"),
        ("东部公司", "客户服务部", "department"),
    ):
        _choose(admin, inside)
        said = {"name": name, "kind": kind, "is_public": "yes" if kind == "project" else "no"}
        admin.fill(said, form="form[action='/organisation/units']")
        admin.submit()
    passwords = {login: _account(admin, name, login) for name, login in (("周专管", "zhou"), ("林经理", "lin"))}

    # What is missing is said under its clause, and nothing is adopted.
    admin.go("/policies/offers")
    admin.page.click("text=客户投诉处理流程")
    admin.page.click(PROPOSE)
    admin.sees("岗位“项目客服专管员”还没有人")
    admin.sees("§1.1")
    admin.sees("还没有选由谁签“批准”")

    for role in _empty_slots(admin):
        unit = (
            "青棠湾" if role.startswith("项目") else "东部公司" if "公司" in role and "其他" not in role else "青棠集团"
        )
        _choose(admin, unit)
        _appoint(admin, role, "周专管" if role.startswith("项目") else "林经理")
    admin.go("/policies/offers/p10")
    name_signers(admin, {"compiled_by": "周专管", "reviewed_by": "林经理", "approved_by": "陈管理"})
    admin.fill({"periods": "九点到六点"})
    admin.page.click(PROPOSE)
    admin.sees("工作时间写得不对")
    expect(admin.page.locator('[name="signature.compiled_by"]:checked')).to_have_count(1)
    admin.fill({"periods": "00:00-24:00"})
    admin.page.click(PROPOSE)
    admin.sees("已提出，还没有施行")

    # Nothing is in force before each of the three has signed it himself.
    specialist = newcomer(browser, empty_kesu.url, "zhou", passwords["zhou"])
    manager = newcomer(browser, empty_kesu.url, "lin", passwords["lin"])
    for signer in (specialist, manager):
        sign(signer, "客户投诉处理流程")
        signer.sees("轮到下一位签")
    resident = customer(browser, empty_kesu.url)
    resident.go("/submit")
    resident.does_not_see("青棠湾")
    sign(admin, "客户投诉处理流程")
    admin.sees("已在青棠集团施行")

    resident.go("/submit")
    resident.page.click("text=青棠湾")
    resident.fill({"person.name": "苏女士", "person.phone": "13800002016", "title": "外墙渗水", "content": "渗水"})
    resident.submit()
    resident.sees("TS-")

    specialist.go("/work")
    specialist.sees("外墙渗水")
    specialist.sees("§1.2")
    admin.go("/cases?state=")
    admin.does_not_see("外墙渗水")


PASSWORD = "kesu-first-2026"


def administrator(code: str) -> dict[str, str | list[str]]:
    return {
        "code": code,
        "organisation": "青棠集团",
        "name": "陈管理",
        "login": "chen",
        "password": PASSWORD,
    }


def setup_code() -> str:
    from kesu.core.ids import readable_code_of
    from kesu.core.keyring import load

    return readable_code_of(load(key_file()).derive("setup", "first administrator"))


def _choose(admin: Colleague, unit: str) -> None:
    admin.go("/organisation")
    admin.page.locator("table a", has_text=unit).first.click()
    expect(admin.page.locator("#chosen-title")).to_have_text(unit)


def _account(admin: Colleague, name: str, login: str) -> str:
    admin.go("/people")
    admin.fill({"name": name, "login": login})
    admin.submit()
    return admin.page.locator("[role=status] b").inner_text()


def _empty_slots(admin: Colleague) -> list[str]:
    admin.go("/policies/offers/p10")
    rows = admin.page.locator("dl.kv dt").evaluate_all(
        "rows => rows.filter(one => one.nextElementSibling.querySelector('a'))"
        ".map(one => one.firstChild.textContent.trim())"
    )
    return list(map(str, rows))


def _appoint(admin: Colleague, role: str, name: str) -> None:
    form = admin.page.locator("form[action='/organisation/posts']")
    offered = form.locator("select[name=role] option").evaluate_all("all => all.map(one => [one.value, one.label])")
    called = {code: label.rpartition(" · ")[2].split("、") for code, label in offered}
    form.locator("select[name=role]").select_option(next(code for code, names in called.items() if role in names))
    chosen = form.locator("[name=account]")
    if chosen.first.evaluate("e => e.tagName") == "SELECT":
        chosen.select_option(label=name)
    else:
        form.locator("label", has_text=name).last.click()
    form.locator("button[type=submit]").click()
    expect(admin.page.locator("#chosen-title")).to_be_visible()
