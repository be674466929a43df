"""P01: a developer whose customers are told how complex their matter is. Its own steps: a level by its complexity, the
expected end with each progress, approval of every plan, and a result with its reasons and basis."""

from __future__ import annotations

from datetime import timedelta

from tests.full import only_in_full
from tests.journeys.packs.houses import Houses
from tests.journeys.packs.public import picture


@only_in_full
def test_a_result_is_explained_with_reasons_after_the_leaders_agree(houses: Houses) -> None:
    house = houses.open("p01")
    desk, manager, leader = house.desk("xijibei"), house.desk("lingwanzhao"), house.desk("yuanmuchuan")
    resident = house.resident()
    resident.sends(
        "澄原小筑",
        "投诉",
        "受理，并告诉您处理流程和大致时间",
        title="入户门锁打不开",
        content="第三次了，孩子被关在门外。",
        person__name="费先生",
        person__phone="13800005102",
    )
    case = desk.finds("入户门锁打不开")
    desk.owes(case, "受理", "3.1-1a")
    end = house.now().date() + timedelta(days=4)
    desk.takes(case, "accept", estimated_finish_on=f"{end}")
    resident.reads("预计", f"{end:%m-%d}", "请补充照片、合同等证据")
    desk.owes(case, "反馈处理结果", "4.1-1")

    # Complex, by a sign of it: seven workdays in the place of three.
    desk.is_refused(case, "classify", "4.1-2", "须写明理由", complexity_signs="其他情形")
    desk.takes(case, "classify", complexity_signs="其他情形", complexity_note="锁厂已停产")
    desk.reads(case, "较复杂")
    desk.owes(case, "反馈处理结果", "4.1-2")
    desk.is_refused(case, "investigate", "3.1-2", "客户须提供照片、合同等证据")
    resident.takes("add_evidence", evidence=picture())
    desk.takes(case, "investigate")
    desk.takes(case, "record_inquiry", inquiry_note="三次报修都是锁芯卡死")
    house.workday(1)
    later = end + timedelta(days=3)
    desk.takes(case, "tell_progress", progress_text="正在找同型号的锁", estimated_finish_on=f"{later}")
    resident.reads("正在找同型号的锁", f"{later:%m-%d}")
    desk.takes(case, "record_findings")
    desk.takes(case, "submit_plan", plan_text="整套换锁")

    # Every plan goes to the leaders; until then nobody tells it.
    desk.may_not(case, "explain_result", "3.3-3b", "须经公司领导层批准，才能反馈结果")
    resident.does_not_read("整套换锁")
    leader.signs(case, "sign_leadership", "退回", opinion="写明费用由谁出")
    desk.takes(case, "submit_plan", plan_text="整套换锁，费用由公司出")
    leader.signs(case, "sign_leadership", "同意", opinion="同意")
    desk.takes(
        case,
        "explain_result",
        reply_text="整套换锁，不收费",
        result_reasons="锁芯有缺陷",
        decision_basis="质量保证书",
        needs_work="yes",
        finish_on=f"{later}",
    )
    resident.reads("整套换锁，不收费", "原因：锁芯有缺陷", "依据：质量保证书")
    desk.takes(case, "report_done")
    manager.takes(case, "verify", verified="yes")
    desk.takes(case, "call_back", satisfied="yes")
    manager.takes(case, "close")
    desk.may_not(case, "archive", "5.1-1b", "归档前须评估结果")
    desk.owes(case, "评估总结", "5.1-1a")
    desk.takes(case, "evaluate", root_cause="采购没有查停产")
    desk.takes(case, "archive")
    desk.reads(case, "归档")
    resident.reads("已办结")
