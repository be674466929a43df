"""P09: a developer that hears lawyers before it answers. Its own steps: legal advice first, nobody of those complained
of in the team, tasks that are all reported back, a third party, and a lesson before the end."""

from __future__ import annotations

from tests.full import only_in_full
from tests.journeys.packs.houses import Houses


@only_in_full
def test_a_dispute_is_answered_with_the_lawyers_advice(houses: Houses) -> None:
    house = houses.open("p09")
    desk, manager, member = house.desk("zhunanqiao"), house.desk("wenruomu"), house.desk("mojianshan", phone=True)
    resident = house.resident()
    resident.sends(
        "榆荫坊",
        "投诉",
        "回应您",
        title="外墙漆大片脱落",
        content="漆块砸到了自行车。",
        person__name="阎先生",
        person__phone="13800005108",
    )
    case = desk.finds("外墙漆大片脱落")
    desk.owes(case, "首次回应客户", "2.2")
    desk.takes(case, "respond")
    desk.takes(case, "register")
    desk.owes(case, "核实真伪和具体情况", "3.1b")
    desk.is_refused(case, "classify", "3.1c", "须写明理由", truth="属实", legal_dispute="yes", sensitive="no")
    desk.takes(case, "classify", legal_reason="说要起诉")
    lawyers = house.desk("ruanwangshu")
    lawyers.owes(case, "出具法务意见", "3.1c")
    specialist = house.member("cs_specialist", "zhunanqiao")
    representative = house.member("dept_representative", "mojianshan")
    manager.is_refused(case, "form_team", "3.2a", "须有相关部门的代表", team=specialist)
    manager.takes(case, "form_team", team=[specialist, representative])
    member.takes(case, "investigate")
    member.takes(case, "record_findings")
    member.may_not(case, "submit_plan", "3.1c", "须先有法务意见")
    lawyers.takes(case, "give_legal_advice", legal_advice="责任在我方，宜补偿")
    member.takes(case, "submit_plan", plan_text="铲除重做", compensated="yes", compensation="赔自行车")
    resident.does_not_read("铲除重做")

    # A third party is heard where the customer asks for one.
    manager.takes(case, "invite_third_party", mediator_name="街道调解室", invite_reason="住户要求")
    manager.takes(case, "mediate", mediation_opinion="双方同意补偿八百元")

    # What other departments were asked is reported back by them, and then it is done.
    member.takes(case, "assign_task", task_depts=house.unit("yuyin_engineering"), task_text="三天内搭架")
    helper = house.desk("yuyuan", phone=True)
    helper.owes(case, "配合处理小组", "3.3b")
    helper.takes(case, "finish_task", task_dept=house.unit("yuyin_engineering"), task_result="架子搭好了")
    member.takes(case, "report_done")
    member.takes(case, "verify", verified="yes")
    desk.owes(case, "反馈处理结果", "3.3c")
    desk.takes(case, "give_result", reply_text="外墙已重做，自行车照赔")
    resident.reads("补偿措施：赔自行车")
    desk.takes(case, "call_back", satisfied="yes")
    manager.takes(case, "close", lesson="验收要做拉拔试验")
    desk.takes(case, "archive")
    resident.reads("已办结")


@only_in_full
def test_what_is_not_true_is_explained(houses: Houses) -> None:
    house = houses.open("p09")
    desk, manager = house.desk("zhunanqiao"), house.desk("wenruomu")
    case = desk.opens(house.unit("yuyin_site"), "complaint", title="说物业多收一个月", person__phone="13800005118")
    house.workday(3, "18:05")
    manager.waits(case, "首次回应客户超时")
    desk.takes(case, "respond")
    desk.takes(case, "register")
    desk.takes(case, "classify", truth="不属实", legal_dispute="no", sensitive="no")
    desk.owes(case, "反馈处理结果", "2.2")
    desk.takes(case, "give_result", reply_text="核对了收据，没有多收")
    desk.takes(case, "call_back", satisfied="yes")
    manager.takes(case, "close", lesson="收据要写明月份")
    desk.owes(case, "归档", "3.4a")
    desk.takes(case, "archive")
    desk.reads(case, "归档")


@only_in_full
def test_each_of_several_departments_reports_back_before_the_team_confirms(houses: Houses) -> None:
    house = houses.open("p09")
    desk, manager, member = house.desk("zhunanqiao"), house.desk("wenruomu"), house.desk("mojianshan")
    engineering, office = house.desk("yuyuan", phone=True), house.desk("keyizhou", phone=True)
    case = desk.opens(house.unit("yuyin_site"), "complaint", title="车库入口又窄又暗", person__phone="13800005119")
    desk.takes(case, "respond")
    desk.takes(case, "register")
    desk.takes(case, "classify", truth="属实", legal_dispute="no", sensitive="no")
    team = [house.member("cs_specialist", "zhunanqiao"), house.member("dept_representative", "mojianshan")]
    manager.takes(case, "form_team", team=team)
    member.takes(case, "investigate")
    member.takes(case, "ask_customer", unclear_points="哪个入口", verification_result="北入口")
    member.takes(case, "record_findings")
    engineering.is_not_offered(case, "finish_task")
    member.takes(case, "submit_plan", plan_text="加灯并磨去路缘", compensated="no")

    # Both are asked at once; each has a limit of his own, and each answers for himself.
    both = [house.unit("yuyin_engineering"), house.unit("yuyin_office")]
    member.takes(case, "assign_task", task_depts=both, task_text="三天内加灯、磨路缘")
    engineering.owes(case, "配合处理小组", "3.3b", "虞予安")
    office.owes(case, "配合处理小组", "3.3b", "柯亦舟")
    engineering.takes(case, "finish_task", task_dept=both[0], task_result="路缘磨好了")
    member.takes(case, "report_done")
    member.may_not(case, "verify", "3.3b", "交给各部门的任务都反馈后")
    house.workday(3, "18:05")
    manager.waits(case, "配合处理小组超时")
    office.takes(case, "finish_task", task_dept=both[1], task_result="加了八盏灯")

    # Verified by the team; what is not done goes back to the departments.
    member.takes(case, "verify", verified="no", verification_note="有两盏不亮")
    member.reads(case, "各部门解决问题")
    member.takes(case, "assign_task", task_depts=both[1], task_text="换两盏灯")
    member.takes(case, "report_done")
    member.may_not(case, "verify", "3.3b", "交给各部门的任务都反馈后")
    office.takes(case, "finish_task", task_dept=both[1], task_result="换好了")
    member.takes(case, "verify", verified="yes", verification_note="都亮了")
    desk.owes(case, "反馈处理结果", "3.3c")
    desk.takes(case, "give_result", reply_text="灯已加好，路缘已磨去")
    desk.takes(case, "call_back", satisfied="yes")
    manager.takes(case, "close", lesson="验收要开车走一遍")
    manager.go(f"{case}/documents/closing_sheet")
    for result in ("路缘磨好了", "加了八盏灯", "换好了"):
        manager.sees(result)


@only_in_full
def test_cases_are_reviewed_in_a_meeting_to_which_departments_come(houses: Houses) -> None:
    house = houses.open("p09")
    manager, member = house.desk("wenruomu"), house.desk("mojianshan", phone=True)
    house.next_quarter()
    meeting = manager.finds_soon("投诉案例评审会")
    manager.owes(meeting, "开案例评审会", "3.4b")
    member.is_not_offered(meeting, "complete")
    told = {"reviewed_cases": "车库入口", "summary": "验收没有开车走", "improvement": "验收要开车走一遍，工程部，下月"}
    himself = house.member("cs_manager", "wenruomu")
    manager.is_refused(meeting, "complete", "3.4b", "评审会须有部门代表参加", attendees=himself, **told)
    there = [himself, house.member("dept_representative", "mojianshan")]
    manager.takes(meeting, "complete", attendees=there, **told)
    manager.reads(meeting, "已完成")
    member.waits(meeting, "评审会的改进")
