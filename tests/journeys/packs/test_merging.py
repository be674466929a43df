"""One roof, two complaints: they are merged, it turns out wrong, it is taken back; then one is named as a part of the
other, which waits for it."""

from __future__ import annotations

from kesu.casefile.library import read_library
from kesu.commands.policies.adopt_pack import adopt_pack
from kesu.core import clock
from tests.full import only_in_full
from tests.journeys.packs.houses import WEEK, Houses, Settled
from tests.journeys.packs.public import Resident


def lay_over(house: Settled) -> None:
    """The house has its policy alone until now."""
    signed = {"compiled_by": "席寄北", "reviewed_by": "凌晚照", "approved_by": "苑沐川"}
    pack, place = read_library().load("merging"), house.stage.units["chengyuan"]
    adopt_pack(actor=None, at=clock.now(), unit_id=place, pack=pack, calendar=WEEK, signatures=signed)


def sends(resident: Resident, title: str, phone: str) -> None:
    said = {"title": title, "content": "下雨就漏，天花板都起皮了。", "person__name": "费先生", "person__phone": phone}
    resident.sends("澄原小筑", "投诉", "受理，并告诉您处理流程和大致时间", **said)


@only_in_full
def test_two_complaints_become_one_and_two_again(houses: Houses) -> None:
    house = houses.open("p01")
    lay_over(house)
    desk, first, second = house.desk("xijibei"), house.resident(), house.resident()
    sends(first, "屋面漏水", "13800005102")
    sends(second, "顶楼天花板漏水", "13800005117")
    roof, ceiling = desk.finds("屋面漏水"), desk.finds("顶楼天花板漏水")
    number, other = desk.number(roof), desk.number(ceiling)

    # The second goes into the first: its customer is told where, and nobody owes anything in it.
    desk.owes(ceiling, "受理", "3.1-1a")
    desk.go(f"{ceiling}/steps/merge")
    desk.fill({"merged_into.number": number, "merge_reason": "同一处屋面"}, 'form[action$="/steps/merge"]')
    desk.page.click('form[action$="/steps/merge"] button[type="submit"]')
    for told in ("核对一下，是不是同一件事", "屋面漏水", "顶楼天花板漏水", "到“已并案”为止，不再另办"):
        desk.sees(told)
    desk.page.click('form[action$="/steps/merge"] button[type="submit"]:has-text("确认并案")')
    desk.reads(ceiling, f"本件已并入 {number}", "没有未了的义务")
    second.reads(f"已并入 {number} 一起办理", f"以后请以 {number} 为准", "那一件现在")
    desk.reads(roof, f"有一件并入本件：{other}", "并入本件的诉件", "费先生")

    # A case that is over takes none in, so that nothing goes round.
    desk.go(f"{roof}/steps/merge")
    desk.fill({"merged_into.number": other, "merge_reason": "同一处"}, 'form[action$="/steps/merge"]')
    desk.page.click('form[action$="/steps/merge"] button[type="submit"]')
    desk.sees("那一件已经结束，不能再并入")

    # It was another roof: taken back, it stands where it stood, and what was sent stays sent.
    desk.go(ceiling)
    desk.page.locator('#timeline a[href*="/back"]').last.click()
    desk.sees("已经发出的不收回：告诉客户已并案")
    desk.fill({"reason": "查明是隔壁的露台"}, "#undo-form")
    desk.page.click('#undo-form button[type="submit"]')
    desk.sees("已撤销，案件回到办这一步以前")
    desk.reads(ceiling, "撤销了“并案”", "查明是隔壁的露台")
    desk.owes(ceiling, "受理", "3.1-1a")

    # Handled apart, and named: the first does not close before the second has ended.
    desk.takes(roof, "name_part", part_case__number=other)
    desk.reads(ceiling, "它指到本件：子件")
    for step in ("accept", "classify"):
        desk.takes(roof, step)
    desk.go(f"{ceiling}/steps/name_part")
    desk.fill({"part_case.number": number}, 'form[action$="/steps/name_part"]')
    desk.page.click('form[action$="/steps/name_part"] button[type="submit"]')
    desk.sees("再点名它就互相等待了")
    desk.takes(ceiling, "withdraw", withdraw_reason="已由露台的住户修好")
    desk.waits(roof, f"点名的诉件已经结束：{other}")
