"""Worked examples of the mission that are about windows of time, on the running program: the hours after a night, the
days in which one may object or appeal, the people of thirty days, and the weeks of a year after delivery."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kesu.casefile.library import read_library
from kesu.commands.policies.adopt_pack import adopt_pack
from kesu.core import clock
from kesu.policy.loader import load_pack
from tests.full import only_in_full
from tests.journeys.packs.worked import LIKE_2026, at, days_like_2026, due, shown_level

if TYPE_CHECKING:
    from tests.journeys.packs.desks import Desk
    from tests.journeys.packs.houses import Houses, Settled
    from tests.journeys.packs.public import Resident


@only_in_full
def test_the_example_of_the_night_stands_on_the_pages(examples: Houses) -> None:
    """Handled on a Sunday at three: by five the desk and who heard it first, by eleven verified, a call on Tuesday."""
    house = examples.open("p12", at("07-04 22:10"))
    front, head, leader = house.desk("baizhiyu"), house.desk("fangwanqing"), house.desk("jingzhizhou")
    handler, developer = house.desk("qiaoyuanshan"), house.desk("ninghuaiyuan")
    engineering = house.unit("songyue_engineering")
    case = front.opens(
        house.unit("songyue_site"), "complaint", channel="电话", title="地下室水管爆了", is_emergency="yes",
        is_major="yes", person__phone="13800005205",
    )  # fmt: skip
    front.takes(case, "alert", responsible_dept=engineering)
    head.takes(case, "tell_leader")
    leader.takes(case, "tell_board")
    front.takes(case, "register")
    front.takes(case, "classify", verdict="合理")
    front.takes(case, "dispatch", responsible_dept=engineering, handle_by=f"{LIKE_2026}-07-05T06:00")
    handler.takes(case, "accept")
    house.until(at("07-05 03:00"))
    handler.takes(case, "report_done", rectification="换了一段管，水抽干了")
    assert due(handler, case, "反馈客户中心") == "07-05 05:00"
    assert due(developer, case, "会同验证") == "07-05 11:00"
    assert due(developer, case, "回访顾客") == "07-07 18:00"
    handler.takes(case, "report_back")
    assert due(front, case, "告知首问人") == "07-05 05:00"


@only_in_full
def test_the_examples_of_objections_and_appeals_stand_on_the_pages(examples: Houses) -> None:
    station, market = examples.open("l01", at("07-02 09:30")), examples.open("w02", at("07-02 09:30"))
    office, quality = station.desk("wengtingyu"), station.desk("quhuaizhou")
    calm, hasty, last, late = (_objects(station, one) for one in ("不急", "很急", "最后一天", "过了一天"))
    reports = market.desk("leizhiqiu")
    content, appealing, too_late = (_reports(market, one) for one in ("甲", "乙", "丙"))

    station.until(at("07-06 10:00"))
    for one in (calm, hasty):
        _states(one)
        office.takes(_case(office, one), "accept")
    assert due(office, _case(office, calm), "书面告知申诉结果") == "07-21 24:00"
    quality.takes(_case(office, hasty), "confirm_urgent", urgent="yes")
    assert due(quality, _case(office, hasty), "书面告知申诉结果") == "07-09 18:00"

    market.until(at("07-10 11:00"))
    for one in (content, appealing, too_late):
        case = _case(reports, one)
        reports.takes(case, "accept")
        reports.takes(case, "start_preliminary", investigators=market.member("investigator", "wanqishan"))
        for step in ("notify_findings", "propose_solution", "notify_solution"):
            reports.takes(case, step)

    station.until(at("07-11 23:50"))  # the tenth day after the report
    _states(last)
    station.until(at("07-12 00:01"))
    late.may_not_any_more("fill_statement")

    market.until(at("07-25 23:50"))  # the fifteenth day after the solution
    appealing.takes("appeal", appeal_reason="损失没有算")
    market.until(at("07-26 00:01"))
    too_late.may_not_any_more("appeal")
    case = _case(reports, appealing)
    again, other = (market.member("investigator", one) for one in ("wanqishan", "guanxinghe"))
    reports.is_refused(case, "reinvestigate", "4.3c", "原来的调查人员不再调查", appeal_investigators=again)
    reports.takes(case, "reinvestigate", appeal_investigators=other)


def _objects(house: Settled, title: str) -> Resident:
    """Somebody who had his report on the first of July."""
    customer = house.resident()
    customer.sends(
        "衡砚一站", "检测申诉和投诉", "", title=title, content="与另一家差一倍。", person__name="车先生",
        person__phone="13800005702", report_received_on=f"{LIKE_2026}-07-01",
    )  # fmt: skip
    return customer


def _states(customer: Resident) -> None:
    reasons = {"objection_reasons": "与另一家差一倍", "objection_grounds": "另一家的报告", "report_no": "HY-2026-0815"}
    customer.takes("fill_statement", **reasons)


def _reports(house: Settled, title: str) -> Resident:
    consumer = house.resident()
    promised = {"truthful": "yes", "cooperates": "yes", "civil": "yes"}
    consumer.sends(
        "栖梧小镇", "投诉举报", "", title=f"广告不实 {title}", content="没有这个计划。", person__name="燕女士",
        person__phone="13800005803", **promised,
    )  # fmt: skip
    return consumer


def _case(desk: Desk, somebody: Resident) -> str:
    return desk.finds(somebody.title)


@only_in_full
def test_the_example_of_three_people_stands_on_the_pages(examples: Houses) -> None:
    """Three people with one issue: within thirty days they make it hot; by calendar months they do not. Twice the same
    person counts once."""
    house = examples.open("p08", at("07-20 10:00"))
    desk = house.desk("taojingzhe")
    first = _complains(house, desk, "甲")
    house.until(at("08-01 10:00"))
    for who in ("乙", "乙"):
        desk.joins(_complains(house, desk, who), desk.number(first))
    assert "热点" not in shown_level(desk, first)
    house.until(at("08-10 10:00"))
    assert "热点" not in shown_level(desk, first)
    desk.joins(_complains(house, desk, "丙"), desk.number(first))
    assert "热点" in shown_level(desk, first)

    _counts_by_months(house)
    house.until(at("09-20 10:00"))
    first = _complains(house, desk, "甲")
    house.until(at("10-08 10:00"))
    desk.joins(_complains(house, desk, "乙"), desk.number(first))
    house.until(at("10-10 10:00"))
    desk.joins(_complains(house, desk, "丙"), desk.number(first))
    assert "热点" not in shown_level(desk, first)
    desk.joins(_complains(house, desk, "丁"), desk.number(first))
    assert "热点" in shown_level(desk, first)


def _complains(house: Settled, desk: Desk, who: str) -> str:
    phone = f"138000054{'甲乙丙丁'.index(who):02}"
    person = {"person__name": f"{who}女士", "person__phone": phone}
    return desk.opens(house.unit("xiting_site"), "complaint", title=f"会所没有开放，{who}", **person)


def _counts_by_months(house: Settled) -> None:
    """The company adopts its policy anew, with the other window."""
    texts = {name: dict(of) for name, of in read_library().texts.items()}
    rules = texts["p08"]["complaint.yaml"]
    texts["p08"]["complaint.yaml"] = rules.replace("window: {rolling: 30天}", "window: {calendar: 月}")
    assert texts["p08"]["complaint.yaml"] != rules
    for name in ("pack.yaml", "texts/en.yaml", "texts/zh-Hant.yaml"):
        texts["p08"][name] = texts["p08"][name].replace('version: "1.0"', 'version: "1.1"')
    house.until(at("08-11 10:00"))
    signed = {"compiled_by": "怀竹月", "reviewed_by": "燕泊闻", "approved_by": "乌海樵"}
    unit, policy = house.stage.units["lanxi"], load_pack(texts, "p08")
    adopt_pack(actor=None, at=clock.now(), unit_id=unit, pack=policy, calendar=days_like_2026(), signatures=signed)


@only_in_full
@pytest.mark.parametrize("examples", ["03-09 09:00"], indirect=True)
def test_the_example_of_the_meetings_stands_on_the_pages(examples: Houses) -> None:
    """Delivered on the tenth of March, a meeting every week until the tenth of March."""
    house = examples.open("s16", at("03-09 10:00"))
    house.grants("records_clerk", "estate:room:read", "estate:room:edit")
    clerk, post = house.desk("tangruoxi"), house.desk("ruanzhiyao")
    clerk.opens(house.unit("xiling_site"), "work_order", title="门锁打不开", person__phone="13800005907")
    house.until(at("03-10 09:30"))
    clerk.go("/rooms/new")
    room = {"project": house.unit("xiling_site"), "building": "1栋", "number": "101"}
    clerk.fill({**room, "delivered_on": f"{LIKE_2026}-03-10"})
    clerk.submit()
    house.until(at("03-10 11:05"))
    first = post.finds_soon(f"投诉协调例会 {LIKE_2026} 年第 11 周")
    assert due(post, first, "开投诉协调例会") == "03-15 24:00"

    # Called with an agenda that the program has counted; all four come, and hear what was decided.
    four = [house.member(slot, login) for slot, login in _FOUR.items()]
    called = {"meeting_at": f"{LIKE_2026}-03-11T14:00", "place": "南苑门厅", "agenda": "门锁打不开"}
    post.is_refused(first, "convene", "3.10.1b", "都要请到", invited=four[:3], **called)
    post.takes(first, "convene", invited=four, **called)
    sales = house.desk("shangguanmu", phone=True)
    sales.reads(first, "南苑门厅")
    sales.go("/notices")
    sales.sees(f"{LIKE_2026}-03-11 14:00 开会。本周新登记报修 1 件，没有修好的 1 件")
    post.is_refused(first, "record", "3.10.1b", "都要有人到会", attended=four[1:], decisions="换锁")
    post.takes(first, "record", attended=four, decisions="物业公司周五前换锁")
    post.reads(first, "已开会")
    sales.go("/notices")
    sales.sees("已开会，议定的事请看本件")
    sales.reads(first, "物业公司周五前换锁")

    house.until(at("03-16 00:05"))
    second = post.finds_soon(f"投诉协调例会 {LIKE_2026} 年第 12 周")
    assert due(post, second, "开投诉协调例会") == "03-22 24:00"
    house.until(at("+03-08 00:05"))
    final = post.finds_soon(f"投诉协调例会 {LIKE_2026 + 1} 年第 10 周")
    assert due(post, final, "开投诉协调例会") == "03-10 24:00"
    house.until(at("+04-01 00:05"))  # no more weeks, but months
    monthly = post.finds_soon(f"投诉协调例会 {LIKE_2026 + 1} 年 4 月")
    assert due(post, monthly, "开投诉协调例会") == "04-30 24:00"
    post.go(f"/cases?q=投诉协调例会 {LIKE_2026 + 1} 年第")
    post.does_not_see(f"{LIKE_2026 + 1} 年第 11 周")


_FOUR = {
    "customer_service": "duanqiuping", "property_company": "fuyunzhou", "sales_dept": "shangguanmu",
    "engineering_dept": "yinlaishan",
}  # fmt: skip
