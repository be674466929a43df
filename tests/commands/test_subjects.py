"""Which of several policies rules a case: the one for its subject, then the nearest, then the latest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from importlib.resources import files

import pytest
import yaml
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kesu.casefile.books import adoption_for, subjects_for
from kesu.casefile.library import read_library
from kesu.commands.cases.register_case import register_case
from kesu.commands.cases.submit_case import submit_case
from kesu.commands.policies.adopt_pack import adopt_pack
from kesu.commands.policies.renew_calendars import renew_calendars
from kesu.config.organisation_file import bring_in, read
from kesu.core.errors import Forbidden, Unacceptable
from kesu.policy.calendar import Source, Year
from kesu.policy.events import SUBJECT
from kesu.store.models import Adoption, Case, CaseCard, CaseEvent, HouseChange, PolicyVersion, Unit
from tests.world import COMPLAINT, MONDAY, World, calendar, pack, said

SIGNED = {"compiled_by": "周以宁", "reviewed_by": "林声", "approved_by": "顾岚"}
QUALITY, SALES = "工程质量", "销售服务"
LATER = MONDAY + timedelta(hours=1)
DEPTHS = {"group": 0, "east_co": 1, "qingtang": 2}


def adopt(
    world: World, subject: str, mark: str, *, unit: str = "group", at: datetime = MONDAY, login: str | None = None
) -> str:
    """`mark` tells the policies apart: they say the same under different digests."""
    own = replace(pack("p10"), hash=(mark * 64)[:64], kinds={"complaint": pack("p10").kinds["complaint"]})
    return adopt_pack(
        actor=world.actor(login) if login else None,
        at=at,
        unit_id=world.units[unit],
        pack=own,
        calendar=calendar(),
        signatures=SIGNED,
        subject=subject,
    )


def register(world: World, subject: str | None, at: datetime = LATER, happened_at: datetime | None = None) -> Case:
    case_id = register_case(
        actor=world.actor("zhouyining"),
        at=at,
        happened_at=happened_at or at,
        unit_id=world.units["qingtang"],
        kind="complaint",
        given=said(**COMPLAINT),
        uploads=(),
        token=f"{subject}-{at.isoformat()}",
        subject=subject,
    )
    return Case.objects.get(pk=case_id)


def text_of(mark: str, like: PolicyVersion) -> PolicyVersion:
    texts = PolicyVersion.objects
    return texts.get_or_create(hash=mark * 64, defaults={"pack": like.pack, "adopted_at": MONDAY})[0]


def ruling(world: World, subject: str | None, at: datetime = LATER, unit: str = "qingtang") -> str:
    found = adoption_for(Unit.objects.get(pk=world.units[unit]), "complaint", at, subject)
    assert found is not None
    return found.policy_version_id[:1]


def test_the_policy_for_the_subject_comes_before_the_general_one_however_near_that_is(world: World) -> None:
    adopt(world, QUALITY, "a", unit="group")
    adopt(world, "", "b", unit="qingtang")
    assert ruling(world, QUALITY) == "a"
    assert ruling(world, "") == "b"
    assert ruling(world, QUALITY, unit="wangting") == "a"


def test_of_those_for_the_subject_the_nearest_rules_and_of_these_the_latest(world: World) -> None:
    adopt(world, QUALITY, "a", unit="east_co")
    adopt(world, QUALITY, "b", unit="group", at=MONDAY + timedelta(minutes=1))
    assert ruling(world, QUALITY) == "a"
    adopt(world, QUALITY, "c", unit="east_co", at=MONDAY + timedelta(minutes=2))
    assert ruling(world, QUALITY) == "c"


def test_a_policy_for_a_subject_rules_from_its_first_moment_and_not_before(world: World) -> None:
    adopt(world, QUALITY, "a", at=LATER)
    moment = timedelta(microseconds=1)
    place = Unit.objects.get(pk=world.units["qingtang"])
    assert list(subjects_for(place, "complaint", LATER - moment)) == [""]
    assert list(subjects_for(place, "complaint", LATER)) == [QUALITY, ""]
    with pytest.raises(Unacceptable):
        adoption_for(place, "complaint", LATER - moment, QUALITY)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.tuples(st.sampled_from(["", QUALITY, SALES]), st.sampled_from(list(DEPTHS)), st.integers(0, 5)),
        max_size=6,
        unique=True,
    ),
    hour=st.integers(0, 6),
)
def test_whatever_was_adopted_the_subject_counts_before_the_place_and_the_place_before_the_day(
    world: World, rows: list[tuple[str, str, int]], hour: int
) -> None:
    Adoption.objects.filter(effective_from__gte=MONDAY).delete()
    before = Adoption.objects.get(kind="complaint")
    for number, (subject, unit, begins) in enumerate(rows):
        Adoption.objects.create(
            unit_id=world.units[unit],
            kind="complaint",
            subject=subject,
            policy_version=text_of(str(number), before.policy_version),
            calendar_version=before.calendar_version,
            effective_from=MONDAY + timedelta(hours=begins),
        )
    begun = [
        (DEPTHS[unit], begins, number, subject) for number, (subject, unit, begins) in enumerate(rows) if begins <= hour
    ]
    place, at = Unit.objects.get(pk=world.units["qingtang"]), MONDAY + timedelta(hours=hour)
    assert set(subjects_for(place, "complaint", at)) == {"", *(one[3] for one in begun)}
    for subject in {one[3] for one in begun}:
        wanted = max(one for one in begun if one[3] == subject)
        assert ruling(world, subject, at) == str(wanted[2])


def test_the_case_says_its_subject_in_its_first_event_and_on_its_card(world: World) -> None:
    adopt(world, QUALITY, "a")
    case = register(world, QUALITY)
    assert case.policy_version_id.startswith("a")
    assert CaseEvent.objects.get(case=case, seq=1).facts[SUBJECT] == QUALITY
    assert CaseCard.objects.get(case=case).subject == QUALITY
    general = register(world, "")
    assert SUBJECT not in CaseEvent.objects.get(case=general, seq=1).facts
    assert CaseCard.objects.get(case=general).subject == ""


def test_a_later_adoption_changes_neither_subject_nor_policy_of_a_case(world: World) -> None:
    adopt(world, QUALITY, "a")
    case = register(world, QUALITY)
    adopt(world, QUALITY, "b", at=LATER)
    world.take(case.pk, "register", "zhouyining", LATER + timedelta(minutes=5), customer_type="业主", demand="修好")
    case.refresh_from_db()
    assert case.policy_version_id.startswith("a")
    assert CaseCard.objects.get(case=case).subject == QUALITY


@pytest.mark.parametrize("subject", [None, SALES, "没有的事项"])
def test_where_there_is_a_choice_one_of_those_served_must_be_said(world: World, subject: str | None) -> None:
    adopt(world, QUALITY, "a")
    adopt(world, SALES, "b", unit="west_co")
    with pytest.raises(Unacceptable) as refused:
        register(world, subject)
    assert set(refused.value.data["fields"]) == {SUBJECT}
    with pytest.raises(Unacceptable):
        submit_case(
            at=LATER,
            unit_id=world.units["qingtang"],
            kind="complaint",
            given=said(**COMPLAINT),
            uploads=(),
            token="public",
            subject=subject,
        )
    assert not Case.objects.exists()


def test_where_only_one_subject_is_served_it_is_the_one_of_every_case(world: World) -> None:
    Adoption.objects.filter(kind="complaint").delete()
    adopt(world, QUALITY, "a")
    assert CaseCard.objects.get(case=register(world, None)).subject == QUALITY


def test_what_was_heard_before_its_policy_began_is_ruled_by_the_general_one(world: World) -> None:
    adopt(world, QUALITY, "a", at=LATER)
    case = register(world, QUALITY, at=LATER + timedelta(hours=1), happened_at=LATER - timedelta(hours=1))
    assert not case.policy_version_id.startswith("a")
    assert CaseCard.objects.get(case=case).subject == QUALITY


def test_it_asks_the_database_no_more_often_than_without_subjects(world: World) -> None:
    def asked(act: Callable[[], object]) -> int:
        with CaptureQueriesContext(connection) as caught:
            act()
        return len(caught)

    register(world, None, MONDAY)
    without = asked(lambda: register(world, None, MONDAY + timedelta(minutes=1)))
    adopt(world, QUALITY, "a", at=MONDAY + timedelta(minutes=2))
    register(world, QUALITY)
    assert asked(lambda: register(world, QUALITY, LATER + timedelta(minutes=1))) == without


def test_a_renewed_calendar_keeps_each_adoption_to_its_subject(world: World) -> None:
    adopt(world, QUALITY, "a")
    on = MONDAY + timedelta(days=1)
    assert renew_calendars(actor=None, at=on, plan=[Year(2026, Source.OFFICIAL, ())])
    assert ruling(world, QUALITY, on) == "a"
    assert ruling(world, "", on) != "a"


def test_adopting_for_a_subject_is_written_down_and_is_the_same_right(world: World) -> None:
    with pytest.raises(Forbidden):
        adopt(world, QUALITY, "a", login="zhouyining")
    adopt(world, f"  {QUALITY} ", "a")
    change = HouseChange.objects.latest("seq")
    assert change.after["limited_to"] == QUALITY
    assert Adoption.objects.filter(subject=QUALITY).exists()


@pytest.mark.parametrize("subject", ["-", "——", "工程" * 11, "工程\u202e质量"])
def test_a_subject_is_called_by_a_word_that_pages_can_show(world: World, subject: str) -> None:
    with pytest.raises(Unacceptable) as refused:
        adopt(world, subject, "a")
    assert refused.value.data["fields"] == {"subject": "subject_unreadable"}


def test_an_organisation_file_limits_an_adoption_to_a_subject(db: None) -> None:
    text = (files("kesu.config.demonstration") / "organisation.yaml").read_text(encoding="utf-8")
    raw = yaml.safe_load(text)
    raw["adoptions"].append({**raw["adoptions"][0], "subject": QUALITY})
    file = read(yaml.safe_dump(raw, allow_unicode=True), lambda: None)
    load = read_library().load
    bring_in(file, load=load, calendar=calendar(), on=MONDAY.date(), at=MONDAY, is_demonstration=False)
    place = Unit.objects.get(code="qingtang")
    assert list(subjects_for(place, "complaint", MONDAY)) == [QUALITY, ""]
