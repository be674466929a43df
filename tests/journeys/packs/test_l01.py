"""L01: a testing station whose customers object to its figures. Its own steps: in writing within ten days, a sample
under a drawn code, a retest by two others, the report recalled and issued anew, and the customer's own opinion."""

from __future__ import annotations

from datetime import timedelta

from tests.full import only_in_full
from tests.journeys.packs.houses import Houses, Settled


@only_in_full
def test_an_objection_to_data_is_retested_blind_and_the_report_corrected(houses: Houses) -> None:
    house = houses.open("l01")
    office, quality = house.desk("wengtingyu"), house.desk("quhuaizhou")
    tester, other_tester = house.desk("donglinfeng", phone=True), house.desk("wuchenxi", phone=True)
    customer = house.resident()
    customer.sends(
        "衡砚一站",
        "检测申诉和投诉",
        "",
        person__name="车先生",
        person__phone="13800005702",
        title="卧室甲醛结果偏高",
        content="采样那天窗没有关。",
        report_received_on=f"{house.now().date() - timedelta(days=5)}",
    )
    case = office.finds("卧室甲醛结果偏高")
    office.may_not(case, "accept", "1.1c", "先由客户填抱怨申述登记表")
    reasons = {"objection_reasons": "与另一家差一倍", "objection_grounds": "另一家的报告", "report_no": "HY-2026-0815"}
    customer.takes("fill_statement", **reasons, urgent_requested="yes")
    office.takes(case, "accept")
    office.owes(case, "书面告知申诉结果", "2.2.5a")
    quality.takes(case, "confirm_urgent", urgent="yes")
    quality.reads(case, "紧急")
    quality.takes(case, "start_review")

    # Records, instruments, the whole course: each before anything is said about it.
    review = {
        "original_testers": _tester(house, "jiangxuening"),
        "preliminary_opinion": "原样复检",
        "retest_needed": "yes",
        "instruments_checked": "yes",
    }
    office.is_refused(case, "record_review", "2.2.1a", "先查仪器设备", **{**review, "instruments_checked": "no"})
    office.takes(case, "record_review", **review)
    office.reads(case, "初步意见待批")
    quality.signs(case, "sign_preliminary_approval", "同意")

    # The testers know a code and no case; whoever tested first does not test again. Each states what he measured.
    office.is_refused(case, "code_sample", "2.2.3a", "复检用原样", sample_origin="重新采样", retest_items="甲醛")
    office.takes(case, "code_sample", sample_origin="原样", retest_items="甲醛")
    pair = [_tester(house, "donglinfeng"), _tester(house, "wuchenxi")]
    office.is_refused(case, "appoint_testers", "2.2.4", "两名检验人员", testers=pair[0])
    first = [pair[0], _tester(house, "jiangxuening")]
    office.is_refused(case, "appoint_testers", "2.2.4", "原检验人员不能复检", testers=first)
    office.takes(case, "appoint_testers", testers=pair)
    tester.does_not_find(case)
    sample = tester.finds_sample()
    tester.sees("甲醛")
    tester.does_not_see("车先生")
    tester.does_not_see("HY-2026-0815")
    tester.fills_sample(sample, retest_result="0.07 mg/m³")
    office.may_not(case, "finish_retest", "2.2.4", "各自填好结果")
    other_tester.go(sample)
    other_tester.does_not_see("0.07")
    other_tester.fills_sample(sample, retest_result="0.072 mg/m³")
    office.takes(case, "finish_retest")
    tester.does_not_find(sample)
    office.takes(case, "conclude", retest_outcome="更正")

    # Nothing is corrected before the signatory agrees, and nothing issued before the old report is back.
    office.may_not(case, "recall_report", "2.2.5d", "先经授权签字人批准")
    house.desk("hutianxiang").signs(case, "sign_correction", "同意")
    office.may_not(case, "issue_report", "2.2.5e", "先收回原报告并盖作废章")
    office.takes(case, "recall_report")
    office.takes(case, "issue_report", new_report_no="HY-2026-0815G", revision_mark="G")
    office.reads(case, "作废", "HY-2026-0815G")
    office.go("/registers?state=void")
    office.sees("HY-2026-0815G")
    office.may_not(case, "notify_result", "2.2.5g", "处理结果栏")
    office.takes(case, "fill_result", result_column="更正为 0.07，原报告作废")
    office.takes(case, "notify_result", reasonableness="合理", reply_text="复检 0.07，已更正并作废原报告")
    customer.reads("复检 0.07，已更正并作废原报告")

    # Not content, it is looked into once more; content, it may end.
    office.may_not(case, "close", "4", "客户填表表示满意，才能结案")
    customer.takes("record_opinion", satisfied="no", opinion_note="没有说为什么第一次错了")
    office.reads(case, "重新查处")
    quality.takes(case, "start_review")
    office.takes(case, "record_review", **{**review, "retest_needed": "no", "preliminary_opinion": "采样时门窗未关"})
    quality.signs(case, "sign_preliminary_approval", "同意")
    office.takes(case, "conclude", retest_outcome="维持")
    office.takes(case, "fill_result", result_column="说明原因，维持更正后的报告")
    office.takes(case, "notify_result", reasonableness="合理", reply_text="第一次采样时门窗没有关")
    office.takes(case, "agree_compensation", loss_note="误工半天", compensation_note="免复检费")
    customer.takes("record_opinion", satisfied="yes", opinion_note="清楚了")
    office.takes(case, "close")
    house.desk("zangwanqing").takes(case, "archive")
    office.go(f"{case}/documents/grievance_acceptance")
    office.sees("0.07")
    customer.reads("已办结")


@only_in_full
def test_one_that_comes_after_ten_days_is_the_managers_to_take(houses: Houses) -> None:
    house = houses.open("l01")
    office, quality = house.desk("wengtingyu"), house.desk("quhuaizhou")
    received = house.now().date()
    case = office.opens(
        house.unit("hengyan_one"),
        "lab_objection",
        channel="书面",
        category="监测数据",
        title="客厅苯结果偏高",
        report_received_on=f"{received}",
    )
    quality.may_not(case, "decline", "1.1a", "收到报告十日内的申诉不能不受理")
    house.after(days=11)
    office.is_not_offered(case, "fill_statement")
    quality.takes(case, "decline", decline_reason="收到报告后第十一天才填表")
    office.reads(case, "不予受理", "收到报告后第十一天才填表")


def _tester(house: Settled, login: str) -> str:
    return house.member("tester", login)


@only_in_full
def test_what_a_department_cannot_clear_up_is_the_offices_and_the_survey_opens_another(houses: Houses) -> None:
    house = houses.open("l01")
    reception, office = house.desk("wengtingyu"), house.desk("zangwanqing")
    testing, material = house.desk("shaojingshu", phone=True), house.desk("biyunshen")
    place = house.unit("hengyan_one")
    told = {"channel": "其他", "category": "一般事务", "title": "约了两次都没有来", "person__phone": "13800005704"}
    reception.may_not_open(place, "lab_objection", "2.1.1a", "一般事务的投诉须写被投诉部门", **told)
    case = reception.opens(place, "lab_objection", **told, respondent_dept=house.unit("hengyan_testing"))

    # The department of which it is complains that it cannot; the office finds one that can.
    reception.may_not(case, "accept", "2.1.1a", "一般事务不填申述登记表")
    testing.finds("约了两次都没有来")
    testing.takes(case, "pass_to_office", hard_reason="车是材料室派的")
    testing.is_not_offered(case, "handle")
    office.takes(case, "office_assign", responsible_dept=house.unit("hengyan_material"))
    office.takes(case, "form_team")
    testing.is_not_offered(case, "handle")
    material.is_refused(case, "handle", "2.1.3d", "须写明查清的事实真相", measure="另派车")
    material.takes(case, "handle", measure="另派车，当天上门", facts_found="派车单写错了日期")
    material.owes(case, "采取措施后书面通知客户", "3.2")
    material.takes(case, "notify_result", reasonableness="不合理", reply_text="车已另派，今天上门")
    office.may_not(case, "agree_compensation", "6", "合理投诉造成的损失才协商赔偿")
    office.may_not(case, "close", "4", "客户填表表示满意，才能结案")

    # Three times he is not content: it is looked into anew each time, and the third time the office looks it over.
    for again in range(2):
        material.takes(case, "record_opinion", satisfied="no", opinion_note=f"第{again + 1}次还是没有来")
        material.reads(case, "重新查处")
        material.takes(case, "handle", measure="换人上门", facts_found="司机找错了门", cause_analysis="地址抄错了")
        material.takes(case, "notify_result", reasonableness="合理", reply_text="已到场，采样完毕")
    material.takes(case, "record_opinion", satisfied="no", opinion_note="采样的人没有戴手套")
    office.waits(case, "多次不满意，请办公室复核")
    material.takes(case, "handle", measure="重新采样", facts_found="手套用完了", cause_analysis="没有补货")
    material.takes(case, "notify_result", reasonableness="合理", reply_text="已重新采样")
    office.takes(case, "agree_compensation", loss_note="误工一天", compensation_note="免检测费")

    # The survey tells of something else: a case of its own, which the office has to organise.
    material.takes(case, "record_opinion", satisfied="yes", other_matter="前台电话一直没有人接")
    material.reads(case, "满意度调查反映的问题")
    office.takes(case, "close")
    office.owes(case, "移交档案管理员", "7")
    office.takes(case, "archive")
    other = office.finds("满意度调查反映的问题")
    assert other != case
    office.reads(other, "前台电话一直没有人接", "办公室组织处理")
    office.takes(other, "office_assign", responsible_dept=house.unit("hengyan_testing"))
    testing.takes(other, "handle", measure="前台排班", facts_found="中午没有人值班")
    testing.takes(other, "notify_result", reasonableness="合理", reply_text="中午也有人接了")
    testing.takes(other, "record_opinion", satisfied="yes")
    office.takes(other, "close")
    office.go(f"{other}/documents/handling_record")
    office.sees("中午没有人值班")
