"""The worked examples of the mission, each named with the tests that prove it. Those of due instants and of age are
also played on the running program: its clock is moved to a year whose days fall as in 2026, people do what the examples
say through its pages, and the instant is read from the receipts of the case, worked out again by the verifier."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.full import only_in_full
from tests.journeys.packs.worked import LIKE_2026, at, due, shown_level

if TYPE_CHECKING:
    from tests.journeys.packs.houses import Houses

ROOT: Final = Path(__file__).parents[3]

_JOURNEYS: Final = "tests/journeys/packs/"
_HERE: Final = f"{_JOURNEYS}test_worked_examples.py"
_DEADLINES: Final = "tests/policy/calendar/test_deadline_worked_examples.py"
_LEVELS: Final = "tests/policy/standing/test_worked_examples.py"
_FOUND: Final = f"{_DEADLINES}::test_it_finds_the_due_instant_of_the_worked_examples"
_POSTPONED: Final = f"{_DEADLINES}::test_it_postpones_twenty_four_hours_past_days_off"
_HOUR: Final = f"{_LEVELS}::test_it_gives_one_working_hour_to_inform_the_specialist"
_SUMMER: Final = f"{_HERE}::test_the_examples_of_july_stand_on_the_pages"
_AGEING: Final = f"{_HERE}::test_the_examples_of_age_stand_on_the_pages"
_AUTUMN: Final = f"{_HERE}::test_the_examples_of_the_long_holiday_stand_on_the_pages"
_WINDOWS: Final = "tests/journeys/packs/test_worked_windows.py"
_NIGHT: Final = f"{_WINDOWS}::test_the_example_of_the_night_stands_on_the_pages"
_PEOPLE: Final = f"{_WINDOWS}::test_the_example_of_three_people_stands_on_the_pages"
_APPEALS: Final = f"{_WINDOWS}::test_the_examples_of_objections_and_appeals_stand_on_the_pages"
_MEETINGS: Final = f"{_WINDOWS}::test_the_example_of_the_meetings_stands_on_the_pages"
WORKED: Final[dict[str, tuple[str, ...]]] = {
    "1": (_FOUND, "packs/p01/scenarios/limits.yaml::简单的三个工作日，较复杂的七个工作日，从受理起算", _SUMMER),
    "2": (_POSTPONED, "packs/w02/scenarios/acceptance.yaml::周二提交，第二天同一时刻前受理", _SUMMER),
    "3": (_POSTPONED, "packs/w02/scenarios/acceptance.yaml::到期日是周末，顺延到周一下班；前一天提交的不顺延", _SUMMER),
    "4": (_POSTPONED, "packs/w02/scenarios/acceptance.yaml::国庆前一天提交，顺延到节后第一个工作日下班", _AUTUMN),
    "5": (_HOUR, "packs/p10/scenarios/intake.yaml::上班和下班接诉，一小时的知会按工作时间走", _SUMMER),
    "6": (_HOUR, "packs/p10/scenarios/intake.yaml::上班和下班接诉，一小时的知会按工作时间走", _AUTUMN),
    "7": (
        "packs/p12/scenarios/chain.yaml::周六夜里的重大抢修，每一环都在最后一分钟办，期限一环接一环",
        _SUMMER,
        "tests/journeys/packs/test_p12_night.py::test_each_link_is_told_by_name_at_its_instant",
    ),
    "8": (_FOUND, "packs/p12/scenarios/chain.yaml::重大件处理完毕，开发商客服会同物业公司八小时内验证", _NIGHT),
    "9": ("packs/p08/scenarios/ageing.yaml::一般投诉满一月升热点，成为热点再满一周升重大", _AGEING),
    "10": ("packs/p10/scenarios/levels.yaml::满半个月升热点，满一个月升重大", _AGEING),
    "11": (
        f"{_LEVELS}::test_it_does_not_count_five_days_that_the_customer_caused",
        "packs/p08/scenarios/ageing.yaml::客户原因耽误的五天不算，各晚五天",
        "packs/p10/scenarios/levels.yaml::客户原因耽误的五天不算",
        _AGEING,
    ),
    "14": ("packs/p08/scenarios/levels.yaml::三十天里三个不同的人投诉同一件事，升热点；同一个人算一次", _PEOPLE),
    "15": (
        _FOUND,
        "packs/s16/scenarios/repair.yaml::登记报修后第二个工作日下班前勘察",
        "packs/s16/scenarios/repair.yaml::派工后单工种三个工作日、多工种七个工作日完成",
        _SUMMER,
    ),
    "16": (_FOUND, "packs/s16/scenarios/repair.yaml::完工后一个工作日内电话回访", _SUMMER),
    "22": (
        "packs/l01/scenarios/objection.yaml::收到报告十日内可以书面申诉，第十天最后一分钟算按时",
        "packs/l01/scenarios/objection.yaml::受理后十五日内书面告知结果，自然日，第十五天结束",
        "packs/l01/scenarios/objection.yaml::紧急的三个工作日内答复，由质量负责人确认",
        _APPEALS,
    ),
    "23": (
        "packs/w02/scenarios/investigation.yaml::不满意方案，十五天内可以申诉一次",
        "packs/w02/scenarios/investigation.yaml::申诉须另派人调查，有一个人是原来的就不行",
        _APPEALS,
    ),
    "24": (
        "tests/policy/test_occurrences.py::test_it_runs_from_the_day_of_the_place_until_the_length_is_over",
        "packs/s16/scenarios/coordination.yaml::交付后一年内每周一件，从交付那天到满一年那天",
        _MEETINGS,
    ),
}
"""Each number with the tests of the rule, the scenario of the policy, and the pages."""


def test_every_example_names_tests_that_there_are() -> None:
    missing = [
        (number, named) for number, names in WORKED.items() for named in names if not _is_there(*named.split("::"))
    ]
    assert missing == []
    assert set(WORKED) == {str(number) for number in (*range(1, 12), 14, 15, 16, 22, 23, 24)}


def test_every_example_is_said_in_a_policy_and_seen_on_the_running_program() -> None:
    unsaid = [number for number, names in WORKED.items() if not any(one.startswith("packs/") for one in names)]
    unseen = [number for number, names in WORKED.items() if not any(one.startswith(_JOURNEYS) for one in names)]
    assert (unsaid, unseen) == ([], [])


def _is_there(file: str, name: str) -> bool:
    text = (ROOT / file).read_text("utf-8")
    if file.endswith(".yaml"):
        return f"- scenario: {name}\n" in text
    return any(isinstance(node, ast.FunctionDef) and node.name == name for node in ast.walk(ast.parse(text)))


# --- on the running program -------------------------------------------------------------------------------------------


@only_in_full
def test_the_examples_of_july_stand_on_the_pages(examples: Houses) -> None:
    house = examples.open("p01", at("07-02 15:30"))
    desk = house.desk("xijibei")
    case = desk.opens(house.unit("chengyuan_site"), "complaint", title="入户门锁打不开", person__phone="13800005102")
    house.until(at("07-02 16:00"))
    desk.takes(case, "accept")
    assert due(desk, case, "反馈处理结果") == "07-07 18:00"
    desk.takes(case, "classify", complexity_signs="需要现场勘察")
    assert due(desk, case, "反馈处理结果") == "07-13 18:00"

    repairs = examples.open("s16", at("07-02 16:10"))
    clerk, service = repairs.desk("tangruoxi"), repairs.desk("duanqiuping")
    order = clerk.opens(repairs.unit("xiling_site"), "work_order", title="阳台门掉下来了", person__phone="13800005907")
    assert due(clerk, order, "现场勘察") == "07-03 18:00"
    repairs.until(at("07-03 10:00"))
    captain = repairs.member("repair_captain", "gexiaotian")
    four = [
        captain,
        repairs.member("customer_service", "duanqiuping"),
        repairs.member("engineering_dept", "yinlaishan"),
    ]
    survey = {"order_class": "B类", "liable_party": "公司", "trades": "单工种", "estimate": "1200"}
    service.takes(order, "survey", **survey, attendees=four)
    repairs.desk("mengshuyan").signs(order, "sign_budget", "同意")

    chain = examples.open("p12", at("07-04 22:10"))
    front, head = chain.desk("baizhiyu"), chain.desk("fangwanqing")
    leader = chain.desk("jingzhizhou")
    engineering = chain.unit("songyue_engineering")
    pipe = front.opens(
        chain.unit("songyue_site"), "complaint", title="地下室水管爆了", is_emergency="yes", is_major="yes",
        person__phone="13800005205",
    )  # fmt: skip
    assert due(front, pipe, "应急知会部门") == "07-04 22:13"
    chain.until(at("07-04 22:13"))
    front.takes(pipe, "alert", responsible_dept=engineering)
    assert due(head, pipe, "上报公司主管领导") == "07-04 22:18"
    assert due(head, pipe, "向公司主管领导交书面报告") == "07-05 22:13"
    chain.until(at("07-04 22:18"))
    head.takes(pipe, "tell_leader")
    assert due(leader, pipe, "电话上报董事领导") == "07-04 22:28"
    leader.takes(pipe, "tell_board")
    assert due(leader, pipe, "向董事领导交书面报告") == "07-06 22:18"

    repairs.until(at("07-06 09:30"))
    service.takes(order, "dispatch", repairer="维修队", captain=captain)
    assert due(service, order, "完成维修") == "07-09 18:00"

    everyday = examples.open("p10", at("07-06 10:20"))
    received = {"10:20": "07-06 11:20", "17:40": "07-07 09:40", "20:30": "07-07 10:00"}
    for clock, expected in received.items():
        everyday.until(at(f"07-06 {clock}"))
        told = everyday.desk("wutong").opens(
            everyday.unit("qingtang"), "complaint", title=f"{clock} 来电", person__phone="13800002016",
            **({"promised_feedback_at": f"{LIKE_2026}-07-08T10:00"} if clock == "20:30" else {}),
        )  # fmt: skip
        assert due(everyday.desk("wutong"), told, "知会客服专管员") == expected

    reports = examples.open("w02", at("07-07 10:00"))
    office = reports.desk("leizhiqiu")
    promised = {"truthful": "yes", "cooperates": "yes", "civil": "yes"}
    for when, expected in (("07-07 10:00", "07-08 10:00"), ("07-10 15:00", "07-13 18:00")):
        if when > "07-08":
            repairs.until(at("07-08 15:00"))
            repairs.desk("gexiaotian").takes(order, "complete")
            assert due(clerk, order, "电话回访") == "07-09 18:00"
        reports.until(at(when))
        report = office.opens(
            reports.unit("qihu_site"), "consumer_report", title="广告不实", person__phone="13800005803", **promised
        )
        assert due(office, report, "受理投诉举报") == expected


@only_in_full
def test_the_examples_of_age_stand_on_the_pages(examples: Houses) -> None:
    """General complaints received on the third of July: by age alone, and with five days that the customer caused."""
    houses = {pack: examples.open(pack, at("07-03 10:00")) for pack in ("p08", "p10")}
    desks = {"p08": houses["p08"].desk("taojingzhe"), "p10": houses["p10"].desk("zhouyining")}
    judges = {"p08": houses["p08"].desk("yanbowen"), "p10": desks["p10"]}
    places = {"p08": "xiting_site", "p10": "qingtang"}
    cases: dict[tuple[str, bool], str] = {}
    for pack, desk in desks.items():
        for is_delayed in (False, True):
            case = desk.opens(
                houses[pack].unit(places[pack]), "complaint", title=f"会所没有开放 {is_delayed}",
                person__phone=f"1380000{53 + is_delayed}01",
            )  # fmt: skip
            if pack == "p08":
                desk.takes(case, "register")
                desk.takes(case, "classify")
                judges[pack].takes(case, "judge_delay", delay_cause="我方")
            cases[pack, is_delayed] = case
    for day, cause in (("07-10", "客户"), ("07-15", "我方")):
        houses["p08"].until(at(f"{day} 10:00"))
        for pack, judge in judges.items():
            judge.takes(cases[pack, True], "judge_delay", delay_cause=cause)
    rises = {
        "07-18": (("p10", False, "热点"),),
        "07-23": (("p10", True, "热点"),),
        "08-03": (("p10", False, "重大"), ("p08", False, "热点")),
        "08-08": (("p10", True, "重大"), ("p08", True, "热点")),
        "08-10": (("p08", False, "重大"),),
        "08-15": (("p08", True, "重大"),),
    }
    for day, risen in rises.items():
        houses["p08"].until(at(f"{day} 09:50"))
        for pack, is_delayed, level in risen:
            assert level not in shown_level(desks[pack], cases[pack, is_delayed]), (day, pack)
        houses["p08"].until(at(f"{day} 10:10"))
        for pack, is_delayed, level in risen:
            assert level in shown_level(desks[pack], cases[pack, is_delayed]), (day, pack)


@only_in_full
def test_the_examples_of_the_long_holiday_stand_on_the_pages(examples: Houses) -> None:
    reports = examples.open("w02", at("09-30 15:00"))
    promised = {"truthful": "yes", "cooperates": "yes", "civil": "yes"}
    office = reports.desk("leizhiqiu")
    report = office.opens(
        reports.unit("qihu_site"), "consumer_report", title="广告不实", person__phone="13800005803", **promised
    )
    assert due(office, report, "受理投诉举报") == "10-08 18:00"

    everyday = examples.open("p10", at("10-09 21:00"))
    operator = everyday.desk("wutong")
    case = operator.opens(
        everyday.unit("qingtang"), "complaint", title="半夜漏水", person__phone="13800002016",
        promised_feedback_at=f"{LIKE_2026}-10-12T10:00",
    )  # fmt: skip
    assert due(operator, case, "知会客服专管员") == "10-10 10:00"
