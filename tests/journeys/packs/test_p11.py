"""P11: a property company where one named person answers for each complaint. Its own steps: who is responsible, the
management steps in where it is serious, departments that help, and the customer's satisfaction before the end."""

from __future__ import annotations

from tests.full import only_in_full
from tests.journeys.packs.houses import Houses


@only_in_full
def test_a_serious_complaint_waits_for_the_management(houses: Houses) -> None:
    house = houses.open("p11")
    desk, team, management = house.desk("wenyunqi"), house.desk("yinshuying"), house.desk("lingxingye")
    responsible = house.desk("luoqingyue", phone=True)
    resident = house.resident()
    resident.sends(
        "云麓苑",
        "投诉",
        "与您联系",
        title="地下车库积水",
        content="三区车位全泡着。",
        person__name="岳先生",
        person__phone="13800005202",
        room="3 栋 1 单元 1702",
    )
    case = desk.finds("地下车库积水")
    desk.owes(case, "首次回应客户", "4")
    desk.takes(case, "respond", response_note="已电话，今天派人抽水")
    desk.takes(case, "register")
    desk.is_refused(case, "classify", "0c", "须写明理由", severity="重大")
    desk.takes(case, "classify", assessment_note="四十个车位", complex="no")
    desk.reads(case, "评估为重大")
    management.owes(case, "管理层介入", "10.4")

    # Somebody by name answers for it; a department lends a hand.
    desk.is_not_offered(case, "assign")
    team.takes(case, "assign", responsible_person=house.member("dept_handler", "luoqingyue"))
    team.takes(case, "coordinate", helping_dept=house.unit("yunlu_engineering"), help_wanted="两台水泵")
    responsible.finds("地下车库积水")
    responsible.takes(case, "investigate")
    responsible.takes(case, "record_findings")
    responsible.takes(case, "follow_up", follow_note="水已抽干")
    responsible.may_not(case, "submit_plan", "10.4", "须先由管理层介入")
    management.takes(case, "step_in", management_view="排水泵全部换新")
    responsible.takes(case, "submit_plan", plan_text="更换三台排水泵")
    desk.takes(case, "send_plan", reply_text="一周内换好三台泵", needs_talk="no")
    resident.reads("一周内换好三台泵")
    responsible.takes(case, "report_done")
    house.desk("xichanggeng").takes(case, "verify", verified="yes")

    # It ends when somebody has asked whether he is content, and was heard.
    house.desk("xichanggeng").may_not(case, "close", "7", "先收集客户满意度")
    desk.owes(case, "收集满意度", "7")
    desk.takes(case, "call_back", satisfied="yes")
    house.desk("xichanggeng").takes(case, "close")
    desk.takes(case, "archive")
    desk.reads(case, "归档")
    resident.reads("已办结")


@only_in_full
def test_a_plan_of_improvement_counts_as_met_only_when_the_number_is(houses: Houses) -> None:
    house = houses.open("p11")
    team, management = house.desk("yinshuying"), house.desk("lingxingye", phone=True)
    number = {"metric": "每月电梯投诉件数", "metric_better": "越低越好", "metric_before": "12"}
    plan = team.opens(house.unit("yunlu"), "improvement_plan", title="少坏电梯", **number, metric_target="8")
    team.is_not_offered(plan, "follow")
    management.signs(plan, "sign_plan_approval", "退回", opinion="目标太松")
    team.takes(plan, "revise", metric_target="4", improvement="每周保养，换三台变频器")
    management.signs(plan, "sign_plan_approval", "同意", opinion="同意")

    # It is followed before it is judged, and judged by the number.
    team.owes(plan, "跟踪成效", "10.6b")
    management.may_not(plan, "conclude", "10.6b", "先跟踪记录成效，才能评定")
    team.takes(plan, "follow", metric_now="6", follow_note="换了两台")
    met = {"effect": "达到目标", "effect_note": "少了一半"}
    management.is_refused(plan, "conclude", "10.6b", "现在的数还没有到要达到的数", **met)
    team.takes(plan, "follow", metric_now="3", follow_note="换了三台")
    management.takes(plan, "conclude", **met)
    team.reads(plan, "已评定成效", "每月电梯投诉件数")
