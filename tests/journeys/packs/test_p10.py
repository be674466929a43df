"""P10: a developer of levels. Its own steps beside those of tests/journeys/test_one_complaint.py: a grievance that is
talked over first and becomes more when the talk was not enough, and a team, a reply and a report that grow with it."""

from __future__ import annotations

from tests.full import only_in_full
from tests.journeys.packs.houses import Houses


@only_in_full
def test_a_grievance_that_a_talk_does_not_settle_ends_with_the_vice_president_in_the_team(houses: Houses) -> None:
    house = houses.open("p10")
    desk, department, manager = house.desk("zhouyining"), house.desk("heqing"), house.desk("linsheng")
    engineer, project = house.desk("chenmuzhi"), house.desk("sunyan", phone=True)
    engineering = house.unit("east_engineering")
    resident = house.resident()
    resident.sends(
        "青棠湾一期",
        "投诉",
        "客服专管员最迟",
        title="外立面色差说了三次",
        content="每次都说下周。",
        person__name="苏女士",
        person__phone="13800002017",
    )
    case = desk.finds("外立面色差说了三次")
    desk.owes(case, "知会客服专管员", "1.2")
    desk.takes(case, "inform")
    desk.takes(case, "register", customer_type="业主", demand="给个准话")
    wrong = {"track": "质量类", "category": "外部环境"}
    desk.is_refused(case, "classify", "2.1a", "质量类限于 3.3 所列五类", **wrong)
    desk.takes(case, "classify", track="抱怨类", category="客户服务")

    # Talked over and handed out before anybody says how it ended; she does not accept it.
    desk.may_not(case, "explain", "3.1a", "先与投诉人沟通并记录")
    desk.takes(case, "log_talk", talk_note="说明了调色要等样板")
    desk.may_not(case, "explain", "3.1b", "把任务发给责任部门")
    desk.takes(case, "assign", responsible_dept=engineering, task_via="工作联系单")
    desk.takes(case, "explain", accepted_by_customer="no")
    engineer.owes(case, "出具专业意见", "4.4")

    # Ordinary, it has a team of two; under suit it takes the company, the group and the vice president.
    project_team = [house.member("cs_specialist", "zhouyining"), house.member("project_dept", "sunyan")]
    desk.is_refused(case, "form_team", "4.1", "小组须有客服专管员和项目部", team=project_team[0])
    desk.takes(case, "form_team", team=project_team)
    project.finds("外立面色差说了三次")
    desk.takes(case, "state_facts", litigation_started="yes")
    desk.reads(case, "重大", "已打官司")
    department.owes(case, "上报领导", "D1e")
    desk.may_not(case, "investigate", "4.3", "重大投诉的小组须有集团客户服务中心和主管副总裁")
    desk.is_not_offered(case, "change_team")
    company_team = [*project_team, house.member("cs_dept", "heqing"), house.member("regional_dept", "chenmuzhi")]
    group_team = [house.member("group_cs_center", "yeting"), house.member("vp_in_charge", "songwei")]
    department.is_refused(case, "change_team", "4.3", "主管副总裁", team=company_team)
    department.takes(case, "change_team", team=[*company_team, *group_team])
    department.takes(case, "tell_leadership")
    house.desk("yeting", phone=True).takes(case, "advise", advice="先出样板，请她来看")
    desk.takes(case, "investigate")
    engineer.takes(case, "give_opinion", opinion_text="两批涂料，要整面重喷")
    desk.takes(case, "record_findings", site_confirmation="东、西立面色差明显")
    desk.takes(case, "submit_plan", plan_text="整面重喷")

    # Those who answer for it look the plan over, the lawyer too; sent back, it is made anew; then the leadership.
    desk.may_not(case, "send_plan", "5.2b", "须先经联合审核和领导批准")
    engineer.signs(case, "sign_joint_review", "同意", opinion="做法可行")
    lawyer, leader = house.desk("zhengyiran"), house.desk("gulan", phone=True)
    lawyer.signs(case, "sign_joint_review", "退回", opinion="写明不影响诉讼")
    desk.takes(case, "submit_plan", plan_text="整面重喷，不影响双方在诉讼中的主张")
    engineer.signs(case, "sign_joint_review", "同意", opinion="做法可行")
    lawyer.signs(case, "sign_joint_review", "同意", opinion="同意")
    leader.signs(case, "sign_leadership", "同意", opinion="同意")
    desk.owes(case, "把方案答复投诉人", "5.1c")
    resident.does_not_read("整面重喷")
    desk.takes(case, "send_plan", reply_text="下月整面重喷，先请您看样板")
    resident.reads("下月整面重喷，先请您看样板")
    desk.takes(case, "agree", agreed="yes", agreement_note="看了样板，同意")
    project.takes(case, "report_done", rectification="重喷完毕")
    department.owes(case, "回访验证", "D1c")
    department.takes(case, "verify", verified="yes")
    manager.may_not(case, "close", "D1c", "须先回访验证")
    department.takes(case, "call_back", satisfied="yes")
    manager.takes(case, "close")
    desk.takes(case, "archive")
    desk.reads(case, "归档")
    resident.reads("已办结")
