"""P06: a developer that judges whether a complaint is reasonable. Its own steps: a talk before the findings, the
customer's consent, what is found afterwards is reported and mended, and malice that only the legal counsel confirms."""

from __future__ import annotations

from tests.full import only_in_full
from tests.journeys.packs.earlier import brought_to
from tests.journeys.packs.houses import Houses


@only_in_full
def test_a_fault_found_afterwards_is_reported_and_mended(houses: Houses) -> None:
    house = houses.open("p06")
    desk, manager, department = house.desk("ningyiwei"), house.desk("chushuying"), house.desk("fuxubai")
    resident = house.resident()
    resident.sends(
        "岚谷花园",
        "投诉",
        "您的投诉已收到",
        title="卫生间渗到楼下",
        content="楼下天花板已经起皮。",
        person__name="鲍先生",
        person__phone="13800005106",
    )
    case = desk.finds("卫生间渗到楼下")
    desk.is_refused(case, "register", "5a", "机密内容须单独写", confidential="yes")
    desk.takes(case, "register", confidential="yes", confidential_content="楼下住户的病情")
    desk.owes(case, "转交", "3.2a")
    desk.takes(case, "assign", responsible_dept=house.unit("langu_engineering"))
    department.takes(case, "investigate")
    department.may_not(case, "record_findings", "3.2c", "须先与投诉人沟通")
    department.takes(case, "interview", demand="修好并赔吊顶", expectation="月底前")
    department.takes(case, "record_findings")
    department.owes(case, "提供解决方案", "3.3c")
    department.takes(case, "judge", reasonableness="合理")
    department.takes(case, "submit_plan", plan_text="重做防水，赔吊顶")
    resident.does_not_read("重做防水")
    department.takes(case, "send_plan", reply_text="重做防水并赔吊顶")
    resident.reads("重做防水并赔吊顶")

    # He agrees himself; then the work begins, and what is found afterwards is reported before it is mended.
    resident.takes("agree", agreed="yes", agreement_note="同意")
    department.owes(case, "开始落实", "3.3e")
    department.takes(case, "start_work")
    department.takes(case, "report_done")
    desk.owes(case, "跟进落实情况", "3.4a")
    desk.takes(case, "verify", verified="yes", deeper_problem="yes")
    department.may_not(case, "report_done", "3.4b", "须先向相关部门汇报")
    desk.owes(case, "向相关部门汇报", "3.4b")
    desk.takes(case, "report_defect", defect_note="整栋同一批防水料")
    department.takes(case, "report_done")
    desk.takes(case, "verify", verified="yes", deeper_problem="no")
    desk.takes(case, "call_back", satisfied="yes")
    manager.takes(case, "close")
    house.desk("fuyanqiu").does_not_find(case)  # it is confidential
    desk.takes(case, "archive")
    desk.reads(case, "归档")
    resident.reads("已办结")


@only_in_full
def test_malice_is_settled_only_when_the_counsel_has_confirmed_it(houses: Houses) -> None:
    house = houses.open("p06")
    desk, manager, department = house.desk("ningyiwei"), house.desk("chushuying"), house.desk("fuxubai")
    case = desk.opens(house.unit("langu_site"), "complaint", title="第九次说电梯异响", person__phone="13800005107")
    desk.owes(case, "向投诉人确认收到", "3.1d")
    house.workday(3, "18:05")
    manager.waits(case, "向投诉人确认收到超时")
    desk.takes(case, "confirm_receipt")
    desk.takes(case, "register")
    desk.takes(case, "assign", responsible_dept=house.unit("langu_engineering"))
    department.takes(case, "investigate")
    department.takes(case, "interview")
    department.takes(case, "record_findings")
    manager.may_not(case, "settle_malice", "5b", "须先提请认定恶意投诉")
    department.takes(case, "allege_malice", malice_ground="录音里说是为了不交物业费")
    manager.may_not(case, "settle_malice", "5b", "恶意投诉须经法律顾问确认")
    house.desk("kewenqu").signs(case, "sign_malice", "同意", opinion="证据充分")
    manager.takes(case, "settle_malice")
    manager.reads(case, "恶意")
    house.desk("fuyanqiu").takes(case, "supervise", supervision_note="录音要存档")


@only_in_full
def test_the_supervision_goes_through_what_was_drawn_of_the_quarter(houses: Houses) -> None:
    house = houses.open("p06")
    supervision, manager = house.desk("fuyanqiu"), house.desk("chushuying", phone=True)
    for number in range(11):
        brought_to(house, "p06", "closed", "langu_site", token=f"closed-{number}")
    quarter = house.next_quarter()

    # One in ten, and a part of one counts as one; who draws is the program, and nobody else may look.
    review = supervision.finds_soon(f"投诉处理检查评估 {quarter}")
    supervision.reads(review, "抽查办结的投诉", "里抽签抽出")
    supervision.owes(review, "按期完成", "4c")
    manager.is_not_offered(review, "look_at")
    supervision.may_not(review, "complete", "4c", "抽中的都查过，才能写评估")
    supervision.takes(review, "pass_over", passed_reason="客户要求不再联系")
    supervision.takes(review, "look_at", at_fault="yes", check_note="跟进晚了三天")
    supervision.may_not(review, "complete", "4c", "抽中的都查过，才能写评估")
    while not supervision.page.get_by_text("还有 0 件没有查").count():
        supervision.takes(review, "look_at", at_fault="no", check_note="各步都做了")
    supervision.takes(review, "complete", summary="抽查的有一件跟进晚了", improvement="跟进的日期写进日历")
    supervision.reads(review, "已完成")
    manager.waits(review, "改进意见送达")
    manager.sees("跟进的日期写进日历")
