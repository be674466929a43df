"""P02: a sales centre that judges what is asked for, and thanks. Its own steps: lawful and reasonable, a look on the
spot, a retrospective before the end, praise, and gifts with a ceiling and a signature."""

from __future__ import annotations

from tests.full import only_in_full
from tests.journeys.packs.houses import Houses


@only_in_full
def test_a_founded_demand_ends_with_a_retrospective_and_a_gift(houses: Houses) -> None:
    house = houses.open("p02")
    desk, manager = house.desk("tongxingye"), house.desk("peiqingyue")
    resident = house.resident()
    resident.sends(
        "鹿鸣销售中心",
        "投诉",
        "与您联系",
        title="认购后迟迟不能签约",
        content="交了定金已经二十天。",
        person__name="卓先生",
        person__phone="13800005111",
    )
    case = desk.finds("认购后迟迟不能签约")
    desk.owes(case, "首次回应客户", "3.1a")
    desk.takes(case, "register", next_steps="今天查排队原因，明天答复")
    resident.reads("我们理解您的心情", "今天查排队原因，明天答复")
    desk.is_refused(case, "classify", "2.1b", "须写明理由", is_lawful="yes", is_reasonable="no")
    desk.takes(case, "classify", is_reasonable="yes", site_needed="yes")
    desk.owes(case, "答复客户并给出方案", "3.1a")
    desk.takes(case, "ask_help", helping_dept=house.unit("luming_engineering"), help_wanted="查网签系统")
    house.desk("ruanqinghe", phone=True).takes(case, "give_help", help_given="系统里漏了一笔")
    desk.is_refused(case, "send_plan", "3.1a", "答复时须给出解决方案", reply_text="本周签约")
    desk.takes(case, "send_plan", reply_text="本周签约", plan_text="补录后周五签约")
    resident.reads("本周签约", "补录后周五签约")
    desk.may_not(case, "report_done", "3.2a", "先核查再采取措施")
    desk.takes(case, "check_site")
    desk.takes(case, "report_done")
    desk.takes(case, "call_back", satisfied="yes")

    # Looked back on before it ends; thanked within the ceiling, and with the manager's signature.
    manager.may_not(case, "close", "4.1a", "先反思总结，才能结案")
    desk.owes(case, "反思总结", "4.1a")
    desk.takes(case, "review")
    desk.takes(case, "collect_praise", praise="说小童办得快")
    desk.is_refused(case, "propose_gift", "5.1b", "不超过公司定的价值上限", gift_value="999999")
    desk.takes(case, "propose_gift", gift="一盒茶叶", gift_value="50")
    desk.may_not(case, "give_gift", "5.1b", "礼品须先经销售中心经理批准")
    manager.signs(case, "sign_gift", "同意", opinion="同意")
    desk.takes(case, "give_gift", gift_note="当面送出")
    manager.takes(case, "close")
    desk.takes(case, "archive", file_list="记录、总结、礼品签收")
    desk.reads(case, "归档")
    resident.reads("已办结")
