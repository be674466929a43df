"""The main job as its users do it: one complaint from the customer's phone to the archive, in whatever house."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from playwright.sync_api import Browser, expect

from tests.journeys.people import Colleague, customer, photo


@dataclass(frozen=True, slots=True)
class House:
    """Where it happens: units by code, people by login, how each signs in; `project` as customers know it."""

    url: str
    units: Mapping[str, UUID]
    people: Mapping[str, UUID]
    at_desk: Callable[[str], Colleague]
    project: str

    def member(self, role: str, login: str) -> str:
        return f"{role}:{self.people[login].hex}"


def go_through(house: House, browser: Browser, folder: Path) -> None:
    """From the phone page to the archive, every step by the one whose step it is."""
    at_desk = house.at_desk
    # The customer, on the phone.
    resident = customer(browser, house.url)
    resident.go("/submit")
    resident.page.click(f"text={house.project}")
    kinds = resident.page.locator("main a:has-text('投诉')")
    if kinds.count():  # where one kind alone is open to customers, nobody is asked
        kinds.first.click()
    resident.fill(
        {
            "person.name": "苏女士",
            "person.phone": "13800002016",
            "title": "客厅外墙渗水",
            "content": "下雨后东墙渗水，墙纸鼓起来了。",
            "room": "3 栋 1 单元 1702",
            "photos": photo(folder),
        }
    )
    resident.submit()
    resident.sees("TS-")
    resident.sees("客服专管员最迟")
    number = re.search(r"TS-\d\d-\d{4}", resident.page.content())
    assert number
    follow = resident.page.locator('a[href*="/follow/"]').first.get_attribute("href")
    assert follow

    # The specialist finds it on his workbench, with the hour and its clause.
    specialist = at_desk("zhouyining")
    specialist.sees("知会客服专管员")
    specialist.sees("§1.2")
    specialist.page.click("text=客厅外墙渗水")
    specialist.page.wait_for_url("**/cases/*")
    case = re.sub(r"^https?://[^/]+|[?#].*$", "", specialist.page.url)
    case = re.match(r"/cases/[0-9a-f-]{36}", case)[0]  # type: ignore[index]
    specialist.go(case)
    expect(specialist.page.locator(f'img[src*="{case}/files/"]').first).to_be_visible()
    specialist.step(case, "inform")
    specialist.step(case, "register", customer_type="业主", demand="修好，并说明原因")
    specialist.step(case, "classify", talk_note="已电话沟通", track="质量类", category="工程质量")

    # The third complainant raises the level at that moment, and the screen says why.
    specialist.step(case, "join", person__name="贺先生", person__phone="13800003187")
    specialist.does_not_see("3 人以上集体投诉，")
    specialist.step(case, "join", person__name="康女士", person__phone="13800008150")
    specialist.sees("热点")
    specialist.sees("3 人以上集体投诉")
    specialist.sees("§3.4.2")
    specialist.step(case, "assign", responsible_dept=house.units["east_engineering"].hex, task_via="工作联系单")

    # From here on the department leads: the level decides who forms the team.
    department = at_desk("heqing")
    team = [
        house.member(role, login)
        for role, login in (
            ("cs_dept", "heqing"),
            ("regional_dept", "chenmuzhi"),
            ("project_dept", "sunyan"),
            ("cs_specialist", "zhouyining"),
        )
    ]
    department.step(case, "tell_leadership")
    department.step(case, "form_team", team=team)
    specialist.step(case, "investigate")
    engineer = at_desk("chenmuzhi")
    engineer.step(case, "give_opinion", opinion_text="外墙拼缝老化，需吊篮作业重做密封")
    specialist.step(case, "record_findings", site_confirmation="已到户确认", cause_analysis="外墙拼缝密封胶老化")
    specialist.step(case, "submit_plan", plan_text="重做拼缝密封并淋水试验")

    # The reply is locked until both have signed, and the page says under which clause.
    specialist.go(case)
    specialist.sees("须先经联合审核和领导批准，才能答复方案")
    specialist.sees("§5.2")
    resident.go(follow)
    resident.does_not_see("重做拼缝密封")
    engineer.step(case, "sign_joint_review", verdict="同意", opinion="做法可行")
    leader = at_desk("gulan")
    leader.go("/approvals")
    leader.sees("客厅外墙渗水")
    leader.step(case, "sign_leadership", verdict="同意", opinion="同意")
    specialist.step(case, "send_plan", reply_text="我们将重做拼缝密封，两周内完成")
    resident.go(follow)
    resident.sees("我们将重做拼缝密封，两周内完成")

    # Agreed, done, verified, asked, closed, archived.
    specialist.step(case, "agree", agreed="yes", agreement_note="客户同意")
    at_desk("sunyan").step(case, "report_done", rectification="密封重做，淋水试验合格")
    department.step(case, "verify", verified="yes", verification_note="复看合格")
    department.step(case, "call_back", satisfied="yes", callback_note="客户满意")
    at_desk("linsheng").step(case, "close", close_note="办结")
    specialist.step(case, "archive")
    specialist.sees("归档")
    resident.go(follow)
    resident.sees("已办结")
