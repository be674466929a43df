"""S16: repairs and what they cost. Its own steps: a survey to which four sides come, a budget approved by its amount, a
crew before the contractor, the customer's marks on the sheet, and a bonus measured by the marks of the quarter."""

from __future__ import annotations

from datetime import timedelta

from tests.full import only_in_full
from tests.journeys.packs.houses import Houses, Settled


@only_in_full
def test_a_bonus_is_granted_by_the_marks_of_the_customers(houses: Houses) -> None:
    house = houses.open("s16")
    clerk, service, manager = house.desk("tangruoxi"), house.desk("duanqiuping"), house.desk("mengshuyan")
    captain = house.desk("gexiaotian", phone=True)
    order = clerk.opens(house.unit("xiling_site"), "work_order", title="阳台门掉下来了", person__phone="13800005907")
    service.owes(order, "现场勘察", "3.4.5a")
    there = [_member(house, role) for role in ("customer_service", "repair_captain")]
    survey = {"order_class": "B类", "liable_party": "公司", "trades": "单工种", "estimate": "1200"}
    service.is_refused(order, "survey", "3.4.5a", "工程材料部或物业公司要有一方到场", **survey, attendees=there)
    four = [*there, _member(house, "engineering_dept")]
    service.takes(order, "survey", **survey, attendees=four)
    service.is_not_offered(order, "dispatch")
    manager.signs(order, "sign_budget", "同意")

    # The crew of the house before a contractor; whoever is slow asks before the limit is over.
    leader = _member(house, "repair_captain")
    service.is_refused(order, "dispatch", "3.4.6a", "先交维修队", repairer="施工单位", captain=leader)
    service.takes(order, "dispatch", repairer="维修队", captain=leader)
    captain.finds("阳台门掉下来了")
    captain.owes(order, "完成维修", "3.4.5e")
    later = f"{house.now().date() + timedelta(days=12)}"
    captain.is_refused(order, "extend", "3.4.5g", "特别复杂的才可以申请延长", very_complex="no", new_finish_on=later)
    captain.takes(order, "complete")
    clerk.owes(order, "电话回访", "3.5.4")
    wanting = "工程材料部或物业公司要有一方参加验收"
    service.is_refused(order, "check", "3.4.6b", wanting, checkers=there, check_passed="yes")
    service.takes(order, "check", checkers=four, check_passed="yes")
    service.takes(order, "sign_off", quality_score="差", attitude_score="好", customer_opinion="关得上，漆没有补")
    clerk.takes(order, "call_back", satisfied="yes")
    clerk.reads(order, "差")

    # Three months later the program has measured what the customers said, and puts it before whoever lists the names.
    quarter = house.next_quarter()
    bonus = service.finds_soon(f"服务激励奖金 {quarter}")
    service.owes(bonus, "提出奖金名单", "3.5.10b")
    listed = {"workers": "瓦工二人", "worker_total": "800", "managers": "队长", "manager_total": "500"}
    service.is_refused(bonus, "list_people", "3.5.10a", "有评价为差的工单，写明怎样处理", **listed)
    service.takes(bonus, "list_people", **listed, poor_note="漆已补，扣当月一成")
    service.is_not_offered(bonus, "sign_grant")
    manager.signs(bonus, "sign_grant", "同意")
    manager.reads(bonus, "已核定")
    house.desk("maolinyuan").waits(bonus, "奖金名单送财务")


def _member(house: Settled, role: str) -> str:
    people = {
        "customer_service": "duanqiuping",
        "repair_captain": "gexiaotian",
        "engineering_dept": "yinlaishan",
    }
    return house.member(role, people[role])
