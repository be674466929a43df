"""P08: a developer's levels. Its own steps: heads that are counted, delays that are judged, and a level that rises by
itself after a month and after a week more."""

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
