"""P11, what comes round: figures that are analysed, people who are trained, customers who are met, a report that
everybody in the houses may read; and whoever did well is rewarded, though not by himself."""

from __future__ import annotations

from datetime import timedelta

from tests.full import only_in_full
from tests.journeys.packs.earlier import brought_to
from tests.journeys.packs.houses import Houses
from tests.journeys.packs.public import Resident


@only_in_full
def test_figures_are_analysed_people_trained_and_customers_met(houses: Houses) -> None:
    house = houses.open("p11")
    desk, manager, team = house.desk("wenyunqi"), house.desk("xichanggeng"), house.desk("yinshuying", phone=True)
    brought_to(house, "p11", "closed", "yunlu_site", token="closed-before-the-analysis")
    house.next_quarter()

    # What the figures of the month were the program has found; what they mean is for the manager to say.
    analysis = manager.finds_soon("投诉数据分析")
    manager.owes(analysis, "按期完成", "8")
    manager.reads(analysis, "这一期收到的件数", "客户满意的占百分之几")
    team.is_not_offered(analysis, "complete")
    weak = "困人以后没有人先打电话"
    manager.takes(analysis, "complete", summary="一件，满意", weak_points=weak, improvement="五分钟内先打电话")
    house.desk("lingxingye", phone=True).waits(analysis, "分析送阅")
    team.waits(analysis, weak)

    # A training that leaves one of both out is none.
    training = manager.finds_soon("客服人员培训")
    manager.owes(training, "培训客服人员", "10.2")
    both = ["沟通能力", "解决问题的能力"]
    manager.is_refused(training, "complete", "10.2", "沟通能力和解决问题的能力都要讲到", training_topics=both[0])
    manager.takes(training, "complete", training_topics=both, summary="四人参加")
    manager.reads(training, "已完成")

    # Nor is a meeting one to which nobody came, or one that is still to be held.
    meeting = manager.finds_soon("客户交流会")
    manager.owes(meeting, "开客户交流会", "10.7b")
    today = house.now().date()
    held, tomorrow = f"{today}", f"{today + timedelta(days=1)}"
    manager.is_refused(meeting, "complete", "10.7b", "没有客户到会的，不算开过", held_on=held, customers_came="0")
    manager.is_refused(meeting, "complete", "10.7b", "开过以后才记录", held_on=tomorrow, customers_came="9")
    manager.takes(meeting, "complete", held_on=held, customers_came="9", summary="都说电梯等得久")
    team.waits(meeting, "都说电梯等得久")
    desk.does_not_find(meeting)


@only_in_full
def test_a_report_is_public_when_another_has_read_it_until_it_is_taken_back(houses: Houses) -> None:
    house = houses.open("p11")
    manager, reviewer = house.desk("xichanggeng"), house.desk("zhuocaiwei", phone=True)
    resident = house.resident()
    resident.sends(
        "云麓苑",
        "投诉",
        "与您联系",
        title="电梯又停了",
        content="三号楼两部都停。",
        person__name="岳女士",
        person__phone="13800005212",
        room="3 栋 2 单元 901",
    )
    house.next_quarter()
    report = manager.finds_soon("投诉公开报告")
    manager.owes(report, "按期完成", "10.5")
    told = {"public_progress": "收到一件，正在修", "public_results": "三号楼电梯换了门机"}
    manager.is_refused(report, "draft", "10.5", "报告须隐去能认出人的内容", anonymised="no", **told)
    manager.takes(report, "draft", anonymised="yes", **told)
    manager.may_not(report, "complete", "10.5", "报告须先经另一人审核")
    reviewer.signs(report, "sign_bulletin_review", "退回", opinion="“三号楼”认得出是哪一家")
    told["public_results"] = "电梯换了门机"
    manager.takes(report, "draft", anonymised="yes", **told)
    manager.may_not(report, "take_back", "10.5", "还没有发布，不用撤下")
    reviewer.signs(report, "sign_bulletin_review", "同意", opinion="认不出是谁")
    resident.reads("电梯又停了")
    resident.does_not_see("本项目的公示")
    manager.takes(report, "complete", publish_channel="公告栏")
    _reads_in_public(resident, "电梯换了门机")

    # Corrected, it is looked over again; the residents read what was until then, and afterwards why it was wrong.
    manager.takes(report, "revise", correction_note="漏了一部电梯")
    manager.may_not(report, "call_off", "10.5", "本期已经发布，不再公开的请撤下")
    manager.takes(report, "draft", anonymised="yes", **{**told, "public_results": "两部电梯换了门机"})
    resident.page.reload()
    resident.does_not_see("两部电梯")
    reviewer.signs(report, "sign_bulletin_review", "同意", opinion="认不出是谁")
    manager.takes(report, "complete", publish_channel="公告栏")
    _reads_in_public(resident, "两部电梯换了门机")
    resident.sees("漏了一部电梯")
    manager.takes(report, "take_back", taking_back_reason="还有一家认得出")
    resident.page.reload()
    resident.does_not_see("门机")


@only_in_full
def test_a_reward_is_for_others_to_grant_and_to_hand_over(houses: Houses) -> None:
    house = houses.open("p11")
    team, manager, management = house.desk("yinshuying"), house.desk("xichanggeng"), house.desk("lingxingye")
    rewarded = house.desk("luoqingyue", phone=True)
    told = {"title": "停电夜逐户上门", "merit": "每户都说明了几点来电", "reward_form": "表扬"}
    reward = team.opens(
        house.unit("yunlu"), "staff_reward", nominees=house.member("dept_handler", "luoqingyue"), **told
    )
    manager.is_not_offered(reward, "award")
    management.signs(reward, "sign_reward_approval", "同意", opinion="同意")
    manager.owes(reward, "颁发奖励", "10.8")
    manager.takes(reward, "award", award_note="月会上颁发")
    manager.reads(reward, "已奖励")
    rewarded.waits(reward, "奖励告知")

    # Whoever is named himself neither grants it nor hands it over.
    own = team.opens(house.unit("yunlu"), "staff_reward", nominees=house.member("cs_manager", "xichanggeng"), **told)
    management.signs(own, "sign_reward_approval", "同意", opinion="同意")
    manager.is_not_offered(own, "award")
    declined = team.opens(
        house.unit("yunlu"), "staff_reward", nominees=house.member("dept_handler", "luoqingyue"), **told
    )
    management.signs(declined, "sign_reward_approval", "退回", opinion="事情还没有核实")
    team.reads(declined, "不予奖励")


def _reads_in_public(resident: Resident, words: str) -> None:
    """By way of the page on which he follows what he sent."""
    resident.reads("本项目的公示")
    resident.page.click("text=本项目的公示")
    resident.page.get_by_role("link", name="投诉公开报告").first.click()
    resident.sees(words)
