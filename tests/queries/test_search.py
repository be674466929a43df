"""What a search finds, for whom: compared with Python's own `in` over what pages show, and by data class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from kesu.access.actor import Actor, Held
from kesu.access.permissions import Permission
from kesu.casefile.library import Library, read_library
from kesu.commands.cases.add_note import add_note
from kesu.commands.cases.add_words import add_words
from kesu.commands.cases.submit_case import submit_case
from kesu.commands.cases.unmask_person import unmask_person
from kesu.commands.clock.wake_one import wake_one
from kesu.commands.policies.adopt_pack import adopt_pack
from kesu.core.searching import fold
from kesu.queries.cases.case_list import CaseList, ListFilter, case_list
from kesu.store.models import Case, CaseCard, CaseSearch, Unit
from tests.access import sample
from tests.world import MONDAY, World, calendar, said

AT = MONDAY + timedelta(hours=2)
TODAY = (MONDAY.replace(hour=0, minute=0), MONDAY.replace(hour=16, minute=0))
SIGNED = {"compiled_by": "甲", "reviewed_by": "乙", "approved_by": "丙"}
NUMBER = "13800002016"


def searched(actor: Actor, text: str) -> CaseList:
    chosen = ListFilter(state="", text=text, sort="-received")
    return case_list(actor=actor, at=AT, today=TODAY, chosen=chosen)


def found(actor: Actor, text: str) -> list[UUID]:
    return [row.id for row in searched(actor, text).rows]


def reader(world: World, reads: Sequence[str], persons: Sequence[str]) -> Actor:
    """Somebody who reads cases of some units, and persons of some of them."""
    rights = {unit: {Permission.CASE_READ.value} for unit in reads}
    for unit in persons:
        rights.setdefault(unit, set()).add(Permission.PERSONAL_READ.value)
    paths = dict(Unit.objects.values_list("code", "path"))
    posts = tuple(
        Held("r", frozenset({"r"}), "r", world.units[unit], unit, paths[unit], frozenset(given))
        for unit, given in rights.items()
    )
    return replace(world.actor("admin"), posts=posts)


TEXTS = (
    ("单元门禁失灵", "三幢一单元门禁刷卡没有反应，APP 也开不了门"),
    ("外墙渗水", "客厅东墙发霉，下雨就渗；100%_确定是外墙"),
    ("电梯停运", "２号梯停在 17 楼，\\'困人'\\ 二十分钟"),
)
WORDS = (
    *(
        "门",
        "渗",
        "梯",
        "没",
        "门禁",
        "禁门",
        "单元门",
        "元单",
        "外墙渗水",
        "墙外",
        "app",
        "APP",
        "ap",
        "2号梯",
        "２号",
    ),
    *(
        "100%_",
        "%",
        "_",
        "%%",
        "\\'困",
        "'",
        "\\",
        "门禁 刷卡",
        "门禁 外墙",
        "渗水 东墙 雨就",
        "17",
        "１７",
        "，",
        "分钟",
    ),
)


@pytest.mark.parametrize("word", WORDS)
def test_it_finds_what_stands_there_and_nothing_else(world: World, word: str) -> None:
    texts: dict[UUID, str] = {}
    for i, (title, content) in enumerate(TEXTS):
        case_id = world.register(at=MONDAY + timedelta(minutes=i), title=title, content=content)
        number = Case.objects.get(pk=case_id).number
        texts[case_id] = fold("\n".join([number, title, content, "苏女士", "3-1-1702", "2016", "电话", "清棠"]))
    wanted = [case_id for case_id, text in reversed(texts.items()) if all(one in text for one in fold(word).split())]

    assert found(world.actor("zhouyining"), word) == wanted


def test_it_finds_a_case_by_its_number_or_a_part_of_it(world: World) -> None:
    case_id = world.register()
    number = Case.objects.get(pk=case_id).number

    assert found(world.actor("zhouyining"), number) == [case_id]
    assert found(world.actor("zhouyining"), number[-4:].lower()) == [case_id]
    assert found(world.actor("zhouyining"), case_id.hex) == []


@pytest.mark.parametrize("typed", [NUMBER, "+8613800002016", "138 0000 2016", "138-0000-2016", "2016", "苏女士 1702"])
def test_it_finds_persons_by_name_room_and_number(world: World, typed: str) -> None:
    case_id = world.register()

    assert found(world.actor("zhouyining"), typed) == [case_id]


@pytest.mark.parametrize("typed", ["1380000", "0000201", "13800002017", "380000"])
def test_it_does_not_tell_the_figures_that_a_mask_hides(world: World, typed: str) -> None:
    world.register(content=f"联系 {NUMBER[:3]}", room=f"3-1-1702\n物业留的电话 {NUMBER}")

    assert found(world.actor("zhouyining"), typed) == []


def test_it_finds_a_whole_number_within_a_personal_text(world: World) -> None:
    case_id = world.register(person__phone="13900000000", room=f"3-1-1702\n家人电话 {NUMBER}")

    assert found(world.actor("zhouyining"), NUMBER) == [case_id]


@pytest.mark.parametrize("secret", ["苏女士", "苏", "1702", NUMBER, "外墙 苏女士"])
def test_it_answers_who_may_not_see_persons_as_if_there_were_none(world: World, secret: str) -> None:
    world.register(at=MONDAY)
    world.register(at=MONDAY + timedelta(minutes=1), title="外墙渗水二")
    blind = reader(world, ["qingtang"], [])

    assert len(found(world.actor("zhouyining"), secret)) == 2
    assert searched(blind, secret).rows == ()
    assert replace(searched(blind, secret), marked=()) == replace(searched(blind, "外墙 无此人"), marked=())
    assert len(found(blind, "外墙")) == 2


def test_it_asks_for_the_right_on_each_path_by_itself(world: World) -> None:
    here = world.register(person__name="钱明远")
    there = world.register("zhaolang", unit="wangting", person__name="钱明远")
    half = reader(world, ["qingtang", "wangting"], ["wangting"])

    assert found(half, "钱明远") == [there]
    assert sorted(found(half, "外墙渗水")) == sorted([here, there])
    assert found(half, "外墙渗水 钱明远") == [there]
    assert found(half, NUMBER) == [there]


def test_it_shows_a_party_of_the_case_no_more_than_its_page(world: World) -> None:
    case_id = world.register("wutong")

    assert found(world.actor("wutong"), "发霉") == [case_id]
    assert found(world.actor("wutong"), "苏女士") == []


def restricted_suggestions() -> Library:
    texts = {code: dict(files) for code, files in read_library().texts.items()}
    line = "content: {name: 建议内容, type: text, "
    before = texts["suggestion"]["suggestion.yaml"]
    texts["suggestion"]["suggestion.yaml"] = before.replace(line, f"{line}data: restricted, ")
    assert texts["suggestion"]["suggestion.yaml"] != before
    return Library(texts)


def test_it_keeps_restricted_texts_in_a_column_of_their_own(world: World) -> None:
    own = restricted_suggestions().load("suggestion")
    place = world.units["qingtang"]
    adopt_pack(actor=None, at=MONDAY, unit_id=place, pack=own, calendar=calendar(), signatures=SIGNED)
    answers = {"topic": "加装路灯", "content": f"东门夜里看不清，问 {NUMBER}", "person__name": "苏女士"}
    case_id = submit_case(
        at=AT,
        unit_id=place,
        kind="suggestion",
        given=said(**answers, person__phone="13900001111"),
        uploads=(),
        token="t",
    ).case_id

    row = CaseSearch.objects.get(pk=case_id)
    assert "看不清" in row.restricted
    assert "看不清" not in row.internal + row.notes + row.personal
    assert found(world.actor("zhouyining"), "看不清") == [case_id]
    assert found(world.actor("zhouyining"), NUMBER) == []
    assert found(reader(world, ["qingtang"], []), "看不清") == []
    assert found(reader(world, ["qingtang"], []), "路灯") == [case_id]


def test_it_follows_the_case(world: World) -> None:
    case_id = world.triaged()
    clerk = world.actor("zhouyining")
    assert found(clerk, "已回电") == []

    world.take(case_id, "take_note", "zhouyining", AT, note="已回电，约周三看现场")
    add_note(actor=clerk, at=AT, case_id=case_id, text="业主情绪激动", visibility="internal")
    add_note(actor=clerk, at=AT, case_id=case_id, text="工程师周三上门", visibility="sent")
    world.take(case_id, "join", "zhouyining", AT, person__name="欧阳朔", person__phone="13700007788")

    for text in ("已回电", "情绪激动", "工程师", "欧阳朔", "7788", "已回电 激动 欧阳", "工程质量"):
        assert found(clerk, text) == [case_id], text


def test_it_finds_the_customers_words_and_ours_to_him(world: World) -> None:
    sent = world.submit()
    add_words(at=AT, secret=sent.secret, text="周末又渗了一次")

    assert found(world.actor("zhouyining"), "周末又渗") == [sent.case_id]
    assert found(world.actor("zhouyining"), f"{sent.number} 已经收到") == [sent.case_id]


def test_it_does_not_find_by_who_looked_at_a_number(world: World) -> None:
    case_id = world.register()
    unmask_person(actor=world.actor("zhouyining"), at=AT, case_id=case_id, fact="person", seq=1)

    assert found(world.actor("zhouyining"), "person") == []


def test_it_says_where_it_found_what_no_column_shows(world: World) -> None:
    case_id = world.register()
    clerk = world.actor("zhouyining")
    add_note(actor=clerk, at=AT, case_id=case_id, text="业主情绪激动", visibility="internal")

    def excerpt(actor: Actor, text: str) -> tuple[str, str, str] | None:
        (row,) = searched(actor, text).rows
        return (row.excerpt.source, row.excerpt.name, row.excerpt.text) if row.excerpt else None

    assert excerpt(clerk, "外墙") is None
    assert excerpt(clerk, "苏女士 1702") is None
    assert excerpt(clerk, "外墙 发霉") == ("fact", "内容", "客厅东墙发霉，下雨就渗")
    assert excerpt(clerk, "激动") == ("internal", "", "业主情绪激动")
    assert excerpt(clerk, NUMBER) == ("fact", "投诉人", "苏女士 138****2016")
    assert excerpt(reader(world, ["qingtang"], []), "发霉") == ("fact", "内容", "客厅东墙发霉，下雨就渗")


def test_it_cuts_a_long_text_around_the_word(world: World) -> None:
    world.register(content="前" * 400 + "燃气味" + "后" * 400)

    (row,) = searched(world.actor("zhouyining"), "燃气").rows

    assert row.excerpt is not None
    assert row.excerpt.text == "…" + "前" * 8 + "燃气味" + "后" * 45 + "…"


def test_it_counts_no_further_than_it_says(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = few_are(2, world, monkeypatch)
    clerk = world.actor("zhouyining")

    shown = searched(clerk, "渗水")

    assert (shown.total, shown.most) == (3, 2)
    assert [row.id for row in shown.rows] == ids
    narrow = ListFilter(state="open", text="渗水", sort="-received")
    assert case_list(actor=clerk, at=AT, today=TODAY, chosen=narrow).total == 3


@pytest.mark.parametrize("text", ["渗水", "外墙渗水", "渗", "外墙 渗水", "苏女士", "苏女士 1702", NUMBER])
def test_it_finds_frequent_words_as_it_finds_rare_ones(
    world: World, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    ids = few_are(2, world, monkeypatch)
    world.register(title="电梯停运", content="无人受困", person__name="钱先生", person__phone="13900000000", room="1-1")

    assert found(world.actor("zhouyining"), text) == ids
    assert found(world.actor("zhouyining"), f"{text} 受困") == []


def few_are(few: int, world: World, monkeypatch: pytest.MonkeyPatch) -> list[UUID]:
    """More cases than that, alike but for the time; the newest first."""
    monkeypatch.setattr("kesu.access.finding.FEW", few)
    monkeypatch.setattr("kesu.queries.cases.case_list.MOST_FOUND", few)
    return [world.register(at=MONDAY + timedelta(minutes=i)) for i in range(few + 2)][::-1]


def test_it_writes_the_row_anew_from_the_log(world: World) -> None:
    case_id = world.triaged()
    clerk = world.actor("zhouyining")
    add_note(actor=clerk, at=AT, case_id=case_id, text="业主情绪激动", visibility="internal")
    before = CaseSearch.objects.values().get(pk=case_id)
    CaseSearch.objects.all().delete()
    assert found(clerk, "激动") == []

    CaseCard.objects.update(wake_at=AT)
    assert wake_one(at=AT)

    assert CaseSearch.objects.values().get(pk=case_id) == before


def test_it_leaves_the_row_alone_when_no_text_has_changed(world: World) -> None:
    case_id = world.register()
    place = CaseSearch.objects.extra(select={"place": "ctid::text"}).values_list("place", flat=True)
    before = place.get(pk=case_id)

    CaseCard.objects.update(wake_at=AT)
    assert wake_one(at=AT)

    assert place.get(pk=case_id) == before


@pytest.mark.django_db
def test_it_keeps_no_row_of_a_sealed_case() -> None:
    built = sample.build()
    before = set(CaseSearch.objects.values_list("pk", flat=True))

    sample.report(built)

    assert set(CaseSearch.objects.values_list("pk", flat=True)) == before
