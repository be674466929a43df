"""P05: an authority that hears complaints about the market. Its own steps: the conditions of acceptance, whose they are
to hear, proof of identity, credentials of the investigators, and a conclusion that another looks over."""

from __future__ import annotations

from datetime import timedelta

from kesu.casefile.library import read_library
from kesu.commands.policies.adopt_pack import adopt_pack
from kesu.core import clock
from tests.full import only_in_full
from tests.journeys.packs.houses import WEEK, Houses, Settled
from tests.journeys.packs.public import picture


@only_in_full
def test_a_complaint_that_meets_the_conditions_is_heard_to_the_end(houses: Houses) -> None:
    house = houses.open("p05")
    desk, head = house.desk("peiyushi"), house.desk("liguiyuan")
    investigator = house.desk("jianjibei", phone=True)
    resident = house.resident()
    resident.sends(
        "临渚市投诉受理中心",
        "投诉",
        "决定是否受理并告诉您",
        title="实测面积少了三平方米",
        content="合同写一百一十二平方米，实测一百零九，要求退差价被拒。",
        person__name="葛先生",
        person__phone="13800005401",
        respondent_name="临渚某开发企业",
        fact_basis="合同和实测报告",
        truthful="yes",
    )

    # Taken into a file, and looked at condition by condition.
    case = desk.finds("实测面积少了三平方米")
    desk.owes(case, "建立案卷", "15")
    desk.owes(case, "决定是否受理", "12a")
    desk.takes(case, "register")
    desk.is_refused(case, "review", "11b", "须写明核验了哪一种", identity_genuine="yes")
    desk.takes(case, "review", identity_genuine="no", review_note="身份证明看不清")
    desk.may_not(case, "accept", "11b", "没有真实的身份证明，不能受理")
    resident.takes("supplement", supplement_note="补交身份证明原件", identity_document=picture())
    desk.takes(case, "review", identity_genuine="yes", identity_checked="居民身份证", jurisdiction_level="市")
    desk.may_not(case, "refuse", "13", "受理条件都符合的，不能不予受理")
    desk.takes(case, "accept")
    resident.reads("已受理，将指派持有效证件的人员调查")

    # Nobody investigates without a credential that is valid on the day.
    head.owes(case, "开始调查", "15")
    head.takes(case, "form_team", investigators=house.member("investigator", "jianjibei"))
    investigator.finds("实测面积少了三平方米")
    investigator.may_not(case, "investigate", "16a", "有效的执法证件")
    today = house.now().date()
    investigator.takes(case, "show_credential", credential_until=f"{today - timedelta(days=1)}")
    investigator.may_not(case, "investigate", "16a", "有效的执法证件")
    investigator.takes(case, "show_credential", credential_until=f"{today + timedelta(days=10)}")
    investigator.takes(case, "investigate")
    desk.owes(case, "通报调查进展", "18a")
    house.workday(2)
    investigator.takes(case, "hear_respondent", respondent_statement="以测绘机构的数据为准")
    investigator.takes(case, "report_progress", progress_text="已到现场复测")
    resident.reads("调查进展：已到现场复测")
    investigator.is_refused(case, "record_findings", "17", "须先搜集证据")
    investigator.takes(case, "add_evidence")
    investigator.takes(case, "record_findings", finding_outcome="属实", cause_analysis="复测少三平方米")

    # The conclusion is told when somebody else has looked it over, not before.
    resident.does_not_read("结论：属实")
    head.signs(case, "sign_findings_review", "同意", opinion="证据充分")
    resident.reads("结论：属实")
    finish = house.now().date() + timedelta(days=10)
    desk.takes(case, "submit_plan", plan_text="责令按合同退还差价", finish_on=f"{finish}")
    desk.owes(case, "按处理意见的日期落实", "3a")
    desk.go(f"{case}/documents/investigation_record")
    desk.sees("复测少三平方米")

    # What follows has no rule in the text; the common steps lead to the archive.
    desk.takes(case, "report_done", rectification="差价已退还")
    head.takes(case, "verify", verified="yes")
    desk.takes(case, "call_back", satisfied="yes")
    head.takes(case, "close")
    desk.takes(case, "archive")
    desk.reads(case, "归档")
    resident.reads("已办结")


def test_one_that_does_not_is_refused_in_writing_with_the_reason(houses: Houses) -> None:
    house = houses.open("p05")
    desk, head = house.desk("peiyushi"), house.desk("liguiyuan")
    case = desk.opens(house.unit("linzhu_desk_site"), "complaint", title="早已判决的差价", person__phone="13800005403")
    desk.takes(case, "register")

    # The limit of the decision passes; the head is told.
    house.workday(5, "18:05")
    head.waits(case, "决定是否受理超时")
    desk.takes(case, "review", lawful="no", identity_checked="居民身份证")
    desk.may_not(case, "accept", "11c", "不符合法律规范的，不能受理")
    desk.takes(case, "refuse", refuse_reason="所投诉的事项已由法院判决")
    desk.reads(case, "不予受理")
    desk.go(f"{case}/documents/refusal_notice")
    desk.sees("不予受理通知书")
    desk.sees("所投诉的事项已由法院判决")


@only_in_full
def test_what_another_authority_has_to_hear_is_handed_over_to_it(houses: Houses) -> None:
    house = houses.open("p05")
    desk, head = house.desk("peiyushi"), house.desk("liguiyuan", phone=True)
    district, district_head = house.desk("wenshuyu"), house.desk("gaomingche")
    resident = house.resident()
    resident.sends(
        "临渚市东浦区投诉受理中心",
        "投诉",
        "决定是否受理并告诉您",
        title="两个区的楼盘捆绑卖车位",
        content="不买车位不让签合同。",
        person__name="纪女士",
        person__phone="13800005404",
        respondent_name="临渚某开发企业",
        fact_basis="认购书和录音",
        truthful="yes",
    )
    case = district.finds("两个区的楼盘捆绑卖车位")
    district.owes(case, "决定是否受理", "12a", "温疏雨")
    district.takes(case, "register")
    district.takes(case, "review", identity_genuine="yes", identity_checked="居民身份证", jurisdiction_level="县区")

    # Whose it is to hear is for the head to say. It keeps its number and what was due; it is the district's no longer.
    district.is_not_offered(case, "transfer")
    district_head.takes(
        case,
        "transfer",
        jurisdiction_level="市",
        receiving_authority=house.unit("linzhu_desk_site"),
        transfer_reason="项目跨两个区",
    )
    resident.reads("移送市级主管部门处理")
    district.is_not_offered(case, "accept")
    district.reads(case, "项目跨两个区", "临渚市投诉受理中心")
    house.desk("yuanlinchuan").reads(case, "两个区的楼盘捆绑卖车位")
    desk.finds("两个区的楼盘捆绑卖车位")
    desk.owes(case, "决定是否受理", "12a", "裴雨时")
    house.workday(5, "18:05")
    head.waits(case, "决定是否受理超时")
    desk.takes(case, "accept")
    resident.reads("已受理，将指派持有效证件的人员调查")
    district_head.is_not_offered(case, "form_team")
    head.owes(case, "开始调查", "15")
    head.takes(case, "form_team", investigators=house.member("investigator", "jianjibei"))
    house.desk("jianjibei", phone=True).finds("两个区的楼盘捆绑卖车位")


@only_in_full
def test_it_is_not_handed_where_another_policy_rules_and_is_taken_down_there_anew(houses: Houses) -> None:
    house = houses.open("p05")
    district, head = house.desk("wenshuyu"), house.desk("gaomingche")
    _west_opens(house)
    told = {"title": "西浦的中介扣押金", "person__phone": "13800005405", "channel": "电话"}
    case = district.opens(house.unit("linzhu_east"), "complaint", **told)
    number = district.number(case)
    district.takes(case, "register")
    district.takes(case, "review", identity_genuine="yes", identity_checked="居民身份证", jurisdiction_level="县区")

    # While the form stands open before the head, the other place takes a policy of its own: nobody there could go by
    # the rules of this case. He is told so, and what he wrote is not lost.
    where, why = house.unit("linzhu_west"), "中介在西浦，租的房也在西浦"
    head.go(f"{case}/steps/transfer")
    form = f'form[action="{case}/steps/transfer"]'
    head.fill({"jurisdiction_level": "县区", "receiving_authority": where, "transfer_reason": why}, form)
    _west_goes_by(house, "p08")
    head.submit()
    head.sees("选的这一项现在不能选了，请另选")
    assert head.page.locator('#work [name="transfer_reason"]').input_value() == why
    head.go(f"{case}/steps/transfer")
    offered = head.page.locator("#work").inner_html()
    assert house.unit("linzhu_desk_site") in offered
    assert where not in offered

    # It is taken down there under the rules of that place, and both cases say of each other.
    again = district.opens(where, "complaint", **told, content=f"东浦区 {number} 转来登记")
    district.takes(again, "register")
    district.owes(case, "决定是否受理", "12a")
    district.reads(again, "已登记", number)
    district.takes(case, "withdraw", withdraw_reason=f"已在西浦登记为 {district.number(again)}")
    district.reads(case, "撤回", "已在西浦登记为")


def _west_opens(house: Settled) -> None:
    """A third place under the same authority, in which the same people work."""
    house.opens_place("linzhu_west", "linzhu", "company", "临渚市西浦区投诉受理中心")
    house.gives_post("linzhu_west", "cs_specialist", "wenshuyu")
    house.gives_post("linzhu_west", "cs_manager", "gaomingche")
    house.gives_post("linzhu", "group_cs_center", "liguiyuan")
    house.gives_post("linzhu", "group_leaders", "yuanlinchuan")


def _west_goes_by(house: Settled, pack: str) -> None:
    signed = {"compiled_by": "温疏雨", "reviewed_by": "黎归远", "approved_by": "高明澈"}
    adopted = read_library().load(pack)
    place = house.stage.units["linzhu_west"]
    adopt_pack(actor=None, at=clock.now(), unit_id=place, pack=adopted, calendar=WEEK, signatures=signed)
