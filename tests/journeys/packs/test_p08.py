"""P08: a developer's levels. Its own steps: heads that are counted, delays that are judged, and a level that rises by
itself after a month and after a week more; neighbours who are counted, and a trial that is looked over."""

from __future__ import annotations

from tests.full import only_in_full
from tests.journeys.packs.houses import Houses


@only_in_full
def test_a_level_rises_by_heads_and_by_age(houses: Houses) -> None:
    house = houses.open("p08")
    desk, manager = house.desk("taojingzhe"), house.desk("yanbowen")
    resident = house.resident()
    resident.sends(
        "汐亭湾",
        "投诉",
        "",
        title="会所一直没有开放",
        content="交房一年了。",
        person__name="常先生",
        person__phone="13800005301",
    )
    case = desk.finds("会所一直没有开放")
    desk.takes(case, "register")
    desk.takes(case, "classify")
    desk.reads(case, "一般")
    manager.is_refused(case, "state_facts", "3f", "须写明理由", serious_consequence="yes")

    # A month on our side makes it hot, a week more major: by itself, and each time the page says why.
    manager.takes(case, "judge_delay", delay_cause="我方")
    house.after(days=32)
    desk.waits(case, "一般满一个月因我方原因未解决")
    desk.reads(case, "热点")
    house.after(days=8)
    desk.waits(case, "热点满一周因我方原因未解决")
    desk.reads(case, "重大")
    manager.takes(case, "lower_level", to_level="general", lowering_reason="会所已开放")

    # No rule holds any more, and she raises it by hand; the page says who and why.
    manager.takes(case, "raise_level", raised_to="important", raising_reason="有人约记者来看")
    desk.reads(case, "调高，理由：有人约记者来看")

    # Three people raise it at that moment.
    for number in (2, 3):
        desk.takes(case, "join", person__name=f"邻居{number}", person__phone=f"1380000530{number}")
    desk.reads(case, "3 人以上集体投诉")
    for number in range(4, 9):
        desk.takes(case, "join", person__name=f"邻居{number}", person__phone=f"1380000530{number}")
    desk.reads(case, "8 人以上集体投诉")

    # Month by month the group hears of what was registered, from those who answer for it.
    centre = house.desk("huaizhuyue")
    report = centre.finds_soon("投诉登记月报")
    desk.does_not_find(report)
    centre.owes(report, "按期完成", "13a")
    centre.takes(report, "complete", summary="登记一件，重大")
    house.desk("wuhaiqiao", phone=True).waits(report, "月度情况呈报")


@only_in_full
def test_neighbours_are_counted_and_who_comes_again_is_heard_at_once(houses: Houses) -> None:
    house = houses.open("p08")
    desk, manager = house.desk("taojingzhe"), house.desk("yanbowen")
    resident = house.resident()
    resident.sends(
        "汐亭湾",
        "投诉",
        "",
        title="北门的灯整夜不亮",
        content="晚上看不见台阶。",
        person__name="白先生",
        person__phone="13800005321",
    )
    case = desk.finds("北门的灯整夜不亮")
    desk.takes(case, "register")
    desk.takes(case, "classify")
    desk.reads(case, "一般")

    # Each neighbour has a case of his own; it is the third different person within a month who makes them all hot.
    number = desk.number(case)
    place = house.unit("xiting_site")
    others = [
        desk.opens(place, "complaint", title=f"北门太黑{phone[-1]}", person__phone=phone)
        for phone in ("13800005322", "13800005323")
    ]
    desk.takes(others[0], "withdraw", withdraw_reason="并到邻居那一件里说")
    desk.joins(others[0], number)
    desk.reads(case, "一般")
    desk.joins(others[1], number)
    desk.waits(case, "一个月内 3 人以上为同一件事投诉")
    desk.reads(others[1], "热点")

    # What follows is common to all policies, and leads to the archive; whether he is content is asked.
    desk.takes(case, "form_team")
    desk.takes(case, "investigate")
    desk.takes(case, "record_findings")
    desk.takes(case, "submit_plan", plan_text="换十二盏灯")
    resident.does_not_read("换十二盏灯")
    desk.takes(case, "send_plan", reply_text="本周换好十二盏灯")
    resident.reads("本周换好十二盏灯")
    desk.takes(case, "agree", agreed="yes")
    desk.takes(case, "report_done")
    manager.takes(case, "verify", verified="yes")
    desk.takes(case, "call_back", satisfied="yes")
    manager.takes(case, "close")
    desk.takes(case, "archive")
    desk.reads(case, "归档")
    resident.reads("已办结")

    # Who comes again after the end is at least important, and the page names the case to which he comes back.
    again = desk.opens(place, "complaint", title="北门的灯又不亮了", person__phone="13800005321")
    desk.takes(again, "register", repeat_of__number=number)
    desk.reads(again, "重要", "办完后二次投诉", number)


@only_in_full
def test_a_policy_on_trial_is_looked_over_by_the_group(houses: Houses) -> None:
    house = houses.open("p08")
    centre, desk = house.desk("huaizhuyue"), house.desk("taojingzhe")
    house.next_half_year()
    review = centre.finds_soon("集团投诉规定复审")
    desk.does_not_find(review)
    centre.owes(review, "复审试行规定", "0")
    centre.takes(review, "complete", summary="级别规则合用，建议转为正式")
    centre.reads(review, "已完成", "建议转为正式")
