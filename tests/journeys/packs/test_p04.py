"""P04: a developer that passes each matter to whose it is by a table. Its own steps: the routing table, help of others,
a solution looked over before the customer reads it, a consent that is presumed, and a card of solutions."""

from __future__ import annotations

from tests.full import only_in_full
from tests.journeys.packs.houses import Houses


@only_in_full
def test_a_contract_matter_ends_by_a_presumed_consent(houses: Houses) -> None:
    house = houses.open("p04")
    desk, contracts, manager = house.desk("cenguiyuan"), house.desk("yupoyuan"), house.desk("shutinglan")
    resident = house.resident()
    resident.sends(
        "禾川里",
        "投诉",
        "告诉您办理情况",
        title="送的露台合同里没有写",
        content="说好送的露台面积合同里没有写。",
        person__name="康先生",
        person__phone="13800005104",
    )
    case = desk.finds("送的露台合同里没有写")
    desk.owes(case, "首次反馈客户", "4a")
    desk.is_refused(case, "classify", "5b", "须写明理由", category="其他", is_difficult="yes", deep_inquiry="yes")
    desk.takes(case, "classify", difficult_reason="要查三年前的记录")

    # By the table it is the contract department's, and the desk's no longer.
    desk.is_not_offered(case, "take_on")
    contracts.takes(case, "take_on")
    resident.reads("已有人接办，正在积极处理")
    contracts.owes(case, "反馈办理进展", "5d")
    contracts.takes(case, "ask_help", helping_depts=house.unit("hechuan_engineering"), help_wanted="露台实测")
    house.desk("peihanzhang", phone=True).takes(case, "give_help", help_given="实测十二平方米")
    contracts.takes(case, "log_progress", progress_text="已查到当时的承诺书")
    resident.reads("已查到当时的承诺书")
    contracts.takes(case, "record_findings")
    contracts.takes(case, "report_done", plan_text="补签附件", rectification="附件已备好")
    resident.does_not_read("补签附件")
    manager.signs(case, "sign_solution_review", "同意", opinion="同意")
    desk.owes(case, "请客户确认结果", "4b")

    # The first time he says no, and why; the second time he says nothing, and that counts.
    resident.takes("confirm", confirmed="no", confirm_note="没有写面积")
    contracts.takes(case, "report_done", plan_text="附件写明十二平方米", rectification="已重写")
    manager.signs(case, "sign_solution_review", "同意", opinion="同意")
    house.after(days=30)
    desk.waits(case, "视为确认")
    resident.reads("先按您已确认办理")
    manager.takes(case, "close")
    desk.takes(case, "archive")
    desk.reads(case, "归档")
