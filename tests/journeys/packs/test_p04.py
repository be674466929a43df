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


@only_in_full
def test_what_needs_an_agent_goes_to_the_customer_service_department(houses: Houses) -> None:
    house = houses.open("p04")
    desk, department, manager = house.desk("cenguiyuan"), house.desk("mohuaijin"), house.desk("shutinglan")
    contracts = house.desk("yupoyuan", phone=True)
    case = desk.opens(
        house.unit("hechuan_site"), "complaint", channel="电话", title="委托卖房的佣金算错", person__phone="13800005106"
    )
    desk.takes(case, "classify", agency_needed="yes", deep_inquiry="yes")

    # Both are wanted: it is the department's to handle, as this company has set it, and the others' to inquire.
    desk.reads(case, "客户服务部门")
    desk.is_not_offered(case, "take_on")
    contracts.is_not_offered(case, "take_on")
    desk.owes(case, "首次反馈客户", "4a")
    department.owes(case, "解决简单问题", "5a")
    department.takes(case, "take_on")
    department.is_not_offered(case, "record_findings")
    contracts.finds("委托卖房的佣金算错")
    contracts.takes(case, "record_findings", cause_analysis="合同写的是成交价的百分之一")
    department.owes(case, "反馈办理进展", "5d")
    contracts.is_not_offered(case, "report_done")
    house.workday(3, "18:05")
    manager.waits(case, "解决简单问题超时")
    department.takes(case, "log_progress", progress_text="已查到合同的约定")
    department.takes(case, "report_done", plan_text="退还多收的佣金", rectification="已退三千元")

    # What the manager sends back is the department's once more; so is what the customer is not content with.
    manager.signs(case, "sign_solution_review", "退回", opinion="写明退给谁")
    desk.is_not_offered(case, "report_done")
    department.takes(case, "report_done", plan_text="退还委托人多收的佣金", rectification="已退委托人三千元")
    manager.signs(case, "sign_solution_review", "同意", opinion="同意")
    desk.owes(case, "请客户确认结果", "4b")
    department.is_refused(case, "confirm", "4b", "没有解决的，请写明还有什么问题", confirmed="no")
    department.takes(case, "confirm", confirmed="yes")
    manager.takes(case, "close", solution_summary="佣金按合同算", applies_to="委托代理的佣金")
    manager.go(f"{case}/documents/solution_card")
    manager.sees("佣金按合同算")
    desk.takes(case, "archive")
    desk.reads(case, "归档")

    # What was learned is found again by whoever has the like of it next.
    contracts.finds("委托卖房的佣金算错", among="/cases?state=closed&q=佣金按合同算")
    contracts.sees("委托代理的佣金")
