"""P12: property companies with a chain of minutes. Its own steps: three, five and ten minutes up to the board and the
papers after it, twelve hours to dispatch, two to answer, and whoever heard it first hears how it went."""

from __future__ import annotations

from datetime import timedelta

from tests.full import only_in_full
from tests.journeys.packs.houses import Houses


@only_in_full
def test_an_emergency_climbs_by_the_minute(houses: Houses) -> None:
    house = houses.open("p12")
    desk, head = house.desk("baizhiyu"), house.desk("fangwanqing", phone=True)
    leader, board = house.desk("jingzhizhou", phone=True), house.desk("guchenxi", phone=True)
    case = desk.opens(
        house.unit("songyue_site"),
        "complaint",
        title="地下室水管爆了",
        content="水往配电间方向流。",
        is_emergency="yes",
        is_major="yes",
        person__phone="13800005205",
    )
    desk.owes(case, "应急知会部门", "6a")
    house.after(minutes=3)
    desk.waits(case, "应急知会部门超时")
    desk.takes(case, "alert", responsible_dept=house.unit("songyue_engineering"))
    head.owes(case, "上报公司主管领导", "6b")
    head.owes(case, "书面报告", "6c")
    head.takes(case, "head_answers", head_can_solve="no")
    house.after(minutes=5)
    leader.waits(case, "上报公司主管领导超时")
    head.takes(case, "tell_leader")
    leader.owes(case, "电话上报董事领导", "7a")
    leader.takes(case, "leader_answers", leader_can_coordinate="no")
    house.after(minutes=10)
    board.waits(case, "电话上报董事领导超时")
    leader.takes(case, "tell_board")
    board.takes(case, "board_decides", decision_text="调集团抢修队，住户先安置")
    head.takes(case, "submit_leader_report")
    leader.owes(case, "向董事领导交书面报告", "7b")
    leader.takes(case, "submit_board_report")
    leader.go(f"{case}/documents/board_report")
    leader.sees("地下室水管爆了")


@only_in_full
def test_an_ordinary_complaint_comes_back_to_who_heard_it_first(houses: Houses) -> None:
    house = houses.open("p12")
    desk, handler = house.desk("baizhiyu"), house.desk("qiaoyuanshan", phone=True)
    case = desk.opens(
        house.unit("songyue_site"), "complaint", channel="电话", title="楼道灯坏了一周", person__phone="13800005203"
    )
    desk.owes(case, "报客户中心前台", "1c")
    desk.takes(case, "inform")
    desk.owes(case, "派到部门", "2c")
    desk.may_not(case, "dispatch", "2a", "先汇总登记、核实分析，才能派到部门")
    desk.takes(case, "register")
    desk.takes(case, "classify", verdict="合理")
    by = f"{house.now() + timedelta(hours=30):%Y-%m-%dT%H:%M}"
    desk.takes(case, "dispatch", responsible_dept=house.unit("songyue_engineering"), handle_by=by)

    # Two hours to answer; whoever cannot keep the date says so before it, and the customer is told.
    handler.finds("楼道灯坏了一周")
    handler.owes(case, "接单或回应不能按时完成", "4b")
    house.after(hours=2)
    desk.waits(case, "接单或回应不能按时完成超时")
    handler.takes(case, "accept")
    handler.takes(case, "delay_notice", delay_reason="灯具缺货")
    desk.owes(case, "把延误回复顾客", "4c")
    desk.takes(case, "reply_customer", reply_text="灯具后天到货，到货当天装好")
    house.after(hours=40)
    handler.may_not(case, "delay_notice", "4b", "期限已经过了，不能再回应延误")
    house.workday(1)
    handler.takes(case, "report_done", rectification="换好三盏灯")
    handler.owes(case, "反馈客户中心", "5a")
    handler.takes(case, "report_back")
    desk.owes(case, "告知首问人", "8b")
    desk.takes(case, "tell_first_contact")
    desk.takes(case, "verify", verified="yes")
    desk.owes(case, "回访顾客", "5b")
    house.workday(2, "18:05")
    desk.waits(case, "回访顾客超时")
    house.desk("shensongluo").may_not(case, "close", "5b", "须先回访顾客，才能结案")
    desk.takes(case, "call_back", satisfied="yes")
    house.desk("shensongluo").takes(case, "close")
    desk.takes(case, "archive")
    desk.reads(case, "归档")


@only_in_full
def test_what_the_board_heard_of_is_verified_together_with_the_developer(houses: Houses) -> None:
    house = houses.open("p12")
    desk, handler = house.desk("baizhiyu"), house.desk("qiaoyuanshan", phone=True)
    head, leader = house.desk("fangwanqing", phone=True), house.desk("jingzhizhou")
    developer = house.desk("ninghuaiyuan", phone=True)
    engineering = house.unit("songyue_engineering")
    case = desk.opens(
        house.unit("songyue_site"),
        "complaint",
        channel="电话",
        title="二号楼电梯坠了一层",
        content="没有人受伤。",
        is_emergency="yes",
        is_major="yes",
        person__phone="13800005206",
    )
    desk.takes(case, "alert", responsible_dept=engineering)
    head.takes(case, "head_answers", head_can_solve="no")
    head.takes(case, "tell_leader")
    leader.takes(case, "leader_answers", leader_can_coordinate="no")
    leader.takes(case, "tell_board")
    house.desk("guchenxi").takes(case, "board_decides", decision_text="停用，请开发商和电梯厂一起查")
    desk.takes(case, "register")
    desk.takes(case, "classify", verdict="合理")
    by = f"{house.now() + timedelta(hours=6):%Y-%m-%dT%H:%M}"
    desk.takes(case, "dispatch", responsible_dept=engineering, handle_by=by)
    handler.takes(case, "accept")
    handler.takes(case, "report_done", rectification="换了抱闸，空载跑了两小时")
    handler.takes(case, "report_back")

    # Not the desk's to verify: within eight hours the developer does, and somebody of the property company with him.
    desk.is_not_offered(case, "verify")
    developer.finds("二号楼电梯坠了一层")
    developer.owes(case, "会同验证", "7c", "8 小时")
    alone = house.member("developer_cs", "ninghuaiyuan")
    both = [alone, house.member("property_company", "jingzhizhou")]
    developer.is_refused(case, "verify", "7c", "须由开发商客户服务部会同物业公司验证", verified="yes", verifiers=alone)
    house.after(hours=8)
    leader.waits(case, "会同验证超时")
    developer.takes(case, "verify", verified="no", verification_note="平层差两厘米", verifiers=both)
    handler.takes(case, "report_done", rectification="平层调好了")
    developer.takes(case, "verify", verified="yes", verification_note="载重试过", verifiers=both)
    developer.owes(case, "回访顾客", "7d")
    manager = house.desk("shensongluo")
    manager.may_not(case, "close", "7d", "须先回访顾客，才能结案")
    developer.takes(case, "call_back", satisfied="yes")
    manager.takes(case, "close")
    desk.takes(case, "archive")
    desk.reads(case, "归档", "宁怀远")


@only_in_full
def test_who_is_not_convinced_hears_the_head_of_the_department(houses: Houses) -> None:
    house = houses.open("p12")
    desk, manager = house.desk("baizhiyu"), house.desk("shensongluo")
    head, engineering = house.desk("tanmuyun", phone=True), house.unit("songyue_engineering")
    case = desk.opens(house.unit("songyue_site"), "complaint", title="要求免三年物业费", person__phone="13800005207")
    desk.takes(case, "inform")
    desk.takes(case, "register")
    desk.takes(case, "classify", verdict="不合理")
    desk.reads(case, "耐心解释")
    desk.takes(case, "explain", accepted_by_customer="no", responsible_dept=engineering)
    manager.may_not(case, "close", "3b", "须部门负责人出面并写明结案说明")
    head.owes(case, "部门负责人出面", "3b")
    house.workday(1, "18:05")
    manager.waits(case, "部门负责人出面超时")
    head.takes(case, "head_talks", accepted_by_customer="no")

    # Not convinced by him either: it ends with what was said to him, or with nothing at all.
    manager.is_refused(case, "close", "3b", "写明结案说明")
    manager.takes(case, "close", close_note="收费的依据和三年的账都给他看过")
    desk.takes(case, "archive")
    desk.reads(case, "归档")
