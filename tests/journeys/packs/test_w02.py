"""W02: consumers who may ask for a second investigation and appeal. Its own steps: twenty-four hours that do not end on
a weekend, their words on the plan, other investigators, enquiries, and a result that is published without a name."""

from __future__ import annotations

from tests.full import only_in_full
from tests.journeys.packs.houses import Houses


@only_in_full
def test_a_report_is_investigated_twice_appealed_and_published(houses: Houses) -> None:
    house = houses.open("w02")
    office = house.desk("leizhiqiu")
    consumer = house.resident()
    house.workday(4, "15:00")
    promised = {"truthful": "yes", "cooperates": "yes", "civil": "yes"}
    consumer.sends(
        "栖梧小镇",
        "投诉举报",
        "周一 18:00",  # sent on a Friday afternoon
        person__name="燕女士",
        person__phone="13800005803",
        title="广告里的学校没有落实",
        content="教育部门说没有这个计划。",
        **promised,
    )
    house.workday(1)
    case = office.finds("广告里的学校没有落实")
    office.owes(case, "受理投诉举报", "4.1b", "18:00")
    office.takes(case, "accept")
    consumer.reads("已受理，先作初步调查")
    office.owes(case, "告知调查结果", "4.2b")
    office.takes(case, "start_preliminary", investigators=house.member("investigator", "wanqishan"))

    # The consumer reads how it will be looked into, and says what is missing; an enquiry is answered.
    first = house.desk("wanqishan")
    first.takes(case, "plan_investigation", investigation_plan="核对广告和批文")
    consumer.reads("核对广告和批文")
    consumer.takes("comment_plan", plan_comment="请也问教育部门")
    consumer.takes("enquire", enquiry_text="还要多久")
    office.owes(case, "回复消费者的问询", "5.2")
    office.takes(case, "reply_enquiry", enquiry_reply="本周内告知结果")
    consumer.reads("本周内告知结果")
    office.takes(case, "flag_breach", civility_breach="恶言")  # written down, and no reason to refuse anything
    office.takes(case, "notify_findings", findings_text="广告没有批文作依据")
    consumer.reads("广告没有批文作依据")

    # Not content with the findings: looked into further, once.
    consumer.takes("request_further", further_reason="没有问教育部门")
    office.reads(case, "进一步调查")
    office.takes(case, "notify_findings", findings_text="教育部门确认没有计划")
    office.takes(case, "propose_solution", solution_text="更正广告并道歉")
    office.takes(case, "notify_solution")
    consumer.reads("更正广告并道歉")

    # Not content with the solution: others look into it.
    house.after(days=14)
    consumer.takes("appeal", appeal_reason="损失没有算")
    office.may_not(case, "propose_solution", "4.3c", "先另派人调查，再给出新的方案")
    again = house.member("investigator", "wanqishan")
    office.is_refused(case, "reinvestigate", "4.3c", "原来的调查人员不再调查", appeal_investigators=again)
    others = house.member("investigator", "guanxinghe")
    office.takes(case, "reinvestigate", appeal_investigators=others)
    house.desk("guanxinghe", phone=True).takes(case, "plan_investigation", investigation_plan="另行核算损失")
    office.takes(case, "propose_solution", solution_text="更正广告，补偿两千元")
    office.takes(case, "notify_solution")
    house.after(days=16)
    consumer.may_not_any_more("appeal")
    office.takes(case, "notify_result", result_text="已更正广告并补偿")
    consumer.reads("已更正广告并补偿")

    # Published without a name, after somebody else has read it.
    office.may_not(case, "archive", "4.4b", "先公示过程和结果，再归档")
    draft = {"public_title": "广告与规划不符", "public_process": "两次调查，一次另派人", "public_result": "更正并补偿"}
    office.is_refused(case, "draft_notice", "4.4b", "公示稿须隐去能认出人的内容", anonymised="no", **draft)
    office.takes(case, "draft_notice", anonymised="yes", **draft)
    office.may_not(case, "publish", "4.4b", "公示稿须先经另一人审核")
    house.desk("yanshuchen").signs(case, "sign_publication_review", "同意", opinion="认不出是谁")
    office.takes(case, "publish", publish_channel="企业网站")
    consumer.reads("本项目的公示")
    consumer.page.click("text=本项目的公示")
    consumer.page.get_by_role("link", name="广告与规划不符").first.click()
    consumer.sees("更正并补偿")
    consumer.does_not_see("燕女士")
    office.takes(case, "archive")
    office.reads(case, "归档")
    consumer.reads("已办结")
