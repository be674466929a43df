"""P07: a sales office that first asks whether it is true. Its own steps: the gate of truth, nobody looks into himself,
talks with the buyer, and the road to the superior where they lead nowhere."""

from __future__ import annotations

from tests.full import only_in_full
from tests.journeys.packs.houses import Houses


@only_in_full
def test_what_cannot_be_settled_goes_to_the_superior(houses: Houses) -> None:
    house = houses.open("p07")
    desk, manager, sales = house.desk("ninglinchuan"), house.desk("tongjingxing"), house.desk("xizhiwei", phone=True)
    resident = house.resident()
    resident.sends(
        "南汀售楼部",
        "投诉",
        "完成记录和初步评估",
        title="说好的幼儿园没有了",
        content="去年买房时销售顾问说明年开学，上周接待的人却说规划调整了。",
        person__name="项女士",
        person__phone="13800005112",
    )
    case = desk.finds("说好的幼儿园没有了")
    desk.owes(case, "记录并初步评估", "2.3a")
    accused = house.member("sales_staff", "xizhiwei")
    desk.takes(case, "classify", truth_verdict="未能确认", accused=accused)
    desk.reads(case, "待核实")
    desk.may_not(case, "register", "2.3b", "确认属实以后才能受理")
    desk.takes(case, "check_truth", truth_verdict="属实")
    desk.owes(case, "受理", "3.2")
    desk.is_refused(case, "register", "2.3.1", "须与投诉人核对信息", details_checked="no")
    desk.takes(case, "register", details_checked="yes")
    resident.reads("已经受理，售楼部正在组织调查")
    manager.owes(case, "组织内部调查", "2.3.2")

    # Nobody looks into what he is accused of.
    manager.is_refused(case, "form_team", "3.1", "被投诉的人不参加调查和处理", team=accused)
    manager.takes(case, "form_team", team=house.member("cs_manager", "tongjingxing"))
    sales.is_not_offered(case, "record_findings")
    manager.takes(case, "record_findings", truth_verdict="属实")
    manager.may_not(case, "end_talks", "2.3.3", "先与投诉人协商")
    manager.takes(case, "agree", agreed="no", plan_text="免一年物业费")
    manager.takes(case, "end_talks", no_deal_reason="要求退房")
    desk.owes(case, "处理并反馈结果", "3.2")
    desk.takes(case, "tell_result", reply_text="协商不成，可以转上级")
    resident.reads("协商不成，可以转上级")
    desk.takes(case, "call_back", satisfied="no")
    resident.reads("可以请我们转上级部门")
    resident.takes("refer", referred_to="上级部门", referral_note="请上级看合同附件")

    # The superior has it heard again, and this time it is settled.
    house.desk("ningjiming").takes(case, "record_referral", referral_outcome="按附件办", handle_again="yes")
    manager.takes(case, "form_team", team=house.member("cs_manager", "tongjingxing"))
    manager.takes(case, "record_findings", truth_verdict="属实")
    manager.takes(case, "agree", agreed="yes", plan_text="减价并写入补充协议")
    manager.takes(case, "report_done")
    manager.takes(case, "verify", verified="yes")
    desk.takes(case, "tell_result", reply_text="补充协议已签")
    desk.takes(case, "call_back", satisfied="yes")
    manager.takes(case, "close")
    desk.takes(case, "archive")
    desk.reads(case, "归档")
    resident.reads("已办结")
