"""A sealed case opens a sealed one: kept from the same people, and leaving no trace for anybody off the lists."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import transaction

from kesu.access.sealed import sealed_cases_for
from kesu.casefile.library import read_library
from kesu.commands.clock.wake_one import wake_one
from kesu.commands.policies.adopt_pack import adopt_pack
from kesu.commands.sealed.submit_report import submit_report
from kesu.commands.sealed.take_sealed_step import take_sealed_step
from kesu.core.errors import NotFound
from kesu.policy.errors import PackInvalid
from kesu.policy.loader import load_pack
from kesu.policy.model.pack import Pack
from kesu.queries.sealed.sealed_page import sealed_page
from kesu.store.models import CaseCard, CaseEvent, SealedCase, SealedEvent
from kesu.store.sealed_reader import SYSTEM, read_as
from tests.commands.test_sealed import REPORT
from tests.world import MONDAY, World, calendar, said

SIGNED = {"compiled_by": "唐述", "reviewed_by": "邱白", "approved_by": "宋未"}
LATER = MONDAY + timedelta(hours=1)
INQUIRY = """
kind: inquiry
name: 专项核查
numbering: {prefix: HC, random: 是}
holder: audit_supervision
title: summary
start: opened
stages: {opened: {name: 待核查, clause: 7a}, done: {name: 已核查, final: 是, clause: 7a}}
secrecy: {sealed: 是, opened_to: [audit_supervision, discipline], hidden_from: accused, clause: 3a}
facts:
  summary: {name: 核查什么, type: text, data: sealed, clause: 7a}
  accused: {name: 被举报人, type: group, data: sealed, clause: 3a}
roles:
  discipline: {name: 纪检监察部门, scope: group, clause: 7a}
  audit_supervision: {name: 审计监察部门, scope: group, clause: 3b}
steps:
  open:
    {name: 开立, by: system, from: [start], to: opened, event: inquiry.opened, asks: [summary], may: [accused],
     clause: 7a}
  finish: {name: 核查完, by: [audit_supervision, discipline], from: [opened], to: done, event: inquiry.done, clause: 7a}
"""
OPENS = """
opens:
  inquiry:
    {name: 重要的另行核查, clause: 7a, starts: report.routed, when: {important: 是}, kind: inquiry,
     carries: [summary, accused]}

guards:
  inquired: {steps: [conclude], needs: {links_closed: inquiry}, says: 核查完才能作结论, clause: 7a}
"""


def policy(opens: str = OPENS, inquiry: str = INQUIRY) -> Pack:
    texts = {name: dict(of) for name, of in read_library().texts.items()}
    own = texts["whistle"]
    own["whistle_report.yaml"] = own["whistle_report.yaml"].replace("\nguards:\n", opens, 1)
    own["inquiry.yaml"] = inquiry
    own["pack.yaml"] = own["pack.yaml"].replace("kinds: [whistle_report]", "kinds: [whistle_report, inquiry]")
    return load_pack(texts, "whistle")


def routed(
    world: World, *, accused: str = "", then: str = "", important: str = "是", inquiry: str = INQUIRY
) -> SealedCase:
    """A report that the discipline office has passed on. `then`: whom it named beside those who are accused in it."""
    group = world.units["group"]
    adopt_pack(
        actor=None, at=MONDAY, unit_id=group, pack=policy(inquiry=inquiry), calendar=calendar(), signatures=SIGNED
    )
    given = {code: (text,) for code, text in REPORT.items()} | ({"accused": (accused,)} if accused else {})
    place = world.units["qingtang"]
    submit_report(at=LATER, unit_id=place, kind="whistle_report", given=given, token="a report that leads on")
    (case,) = sealed_cases_for(world.actor("qiubai"))
    if then:
        take(world, case, "supplement", LATER + timedelta(minutes=3), circumstances="另有一人", accused=then)
    take(world, case, "route", LATER + timedelta(minutes=5), screening_note="材料可疑", important=important)
    work(LATER + timedelta(minutes=6))
    return case


def take(world: World, case: SealedCase, step: str, at: datetime, **given: str) -> None:
    read_as(SYSTEM)
    seen = SealedCase.objects.get(pk=case.pk).version
    actor = world.actor("qiubai")
    take_sealed_step(actor=actor, at=at, case_id=case.pk, step=step, seen_version=seen, given=said(**given))


def work(until: datetime) -> None:
    while wake_one(at=until):
        pass


def inquiries() -> list[SealedCase]:
    read_as(SYSTEM)
    return list(SealedCase.objects.filter(kind="inquiry"))


def seen_by(world: World, login: str) -> set[UUID]:
    return {case.pk for case in sealed_cases_for(world.actor(login))}


pytestmark = pytest.mark.django_db


def test_it_is_opened_sealed_and_each_side_shows_the_other(world: World) -> None:
    case = routed(world)
    (inquiry,) = inquiries()
    with transaction.atomic():
        page = sealed_page(actor=world.actor("qiubai"), at=LATER + timedelta(hours=1), case_id=case.pk)
    assert [(link.way, link.number) for link in page.links] == [("opened", inquiry.code)]
    page = sealed_page(actor=world.actor("qiubai"), at=LATER + timedelta(hours=1), case_id=inquiry.pk)
    assert [(link.way, link.number) for link in page.links] == [("origin", case.code)]
    assert not CaseCard.objects.filter(kind="inquiry").exists()
    assert not CaseEvent.objects.filter(facts__has_key="link.parent").exists()


def test_whoever_is_let_in_on_one_only_sees_nothing_of_the_other(world: World) -> None:
    case = routed(world)
    (inquiry,) = inquiries()
    assert seen_by(world, "tangshu") == {inquiry.pk}  # the other office is let in on the inquiry alone
    page = sealed_page(actor=world.actor("tangshu"), at=LATER + timedelta(hours=1), case_id=inquiry.pk)
    assert page.links == ()
    with pytest.raises(NotFound):
        sealed_page(actor=world.actor("tangshu"), at=LATER + timedelta(hours=1), case_id=case.pk)


def test_whoever_is_let_in_on_the_report_only_reads_nothing_there_of_what_it_opened(world: World) -> None:
    own = INQUIRY.replace("[audit_supervision, discipline], hidden", "[audit_supervision], hidden")
    case = routed(world, inquiry=own)
    (inquiry,) = inquiries()
    assert (seen_by(world, "qiubai"), seen_by(world, "tangshu")) == ({case.pk}, {inquiry.pk})
    page = sealed_page(actor=world.actor("qiubai"), at=LATER + timedelta(hours=1), case_id=case.pk)
    assert "重要的另行核查" not in {event.name for event in page.events}
    assert page.links == ()


def test_from_whom_the_report_is_kept_the_inquiry_is_kept_too(world: World) -> None:
    routed(world, accused=world.member("audit_supervision", "tangshu"))
    (inquiry,) = inquiries()
    assert seen_by(world, "tangshu") == set()
    assert inquiry.pk in seen_by(world, "qiubai")


def test_whom_the_report_named_first_is_kept_away_too(world: World) -> None:
    routed(world, accused=world.member("audit_supervision", "tangshu"), then="discipline:")
    (inquiry,) = inquiries()
    assert seen_by(world, "tangshu") == set()
    assert inquiry.pk in seen_by(world, "qiubai")


def test_whom_the_report_names_later_loses_sight_of_the_inquiry_at_once_and_for_good(world: World) -> None:
    case = routed(world)
    (inquiry,) = inquiries()
    assert seen_by(world, "tangshu") == {inquiry.pk}
    named = {"circumstances": "就是他", "accused": world.member("audit_supervision", "tangshu")}
    take(world, case, "supplement", LATER + timedelta(minutes=10), **named)
    assert seen_by(world, "tangshu") == set()
    work(LATER + timedelta(days=2))
    take(world, inquiry, "finish", LATER + timedelta(days=2))
    assert seen_by(world, "tangshu") == set()


def test_the_report_waits_and_hears_when_the_inquiry_has_ended(world: World) -> None:
    case = routed(world)
    (inquiry,) = inquiries()
    take(world, inquiry, "finish", LATER + timedelta(minutes=10))
    work(LATER + timedelta(minutes=11))
    read_as(SYSTEM)
    assert SealedEvent.objects.filter(case=case, kind="link.closed").count() == 1
    take(world, case, "conclude", LATER + timedelta(minutes=12), outcome="属实", conclusion_text="查实")


def test_nothing_is_opened_where_the_condition_does_not_hold(world: World) -> None:
    routed(world, important="否")
    assert inquiries() == []


def test_a_policy_that_would_show_it_to_the_accused_is_refused() -> None:
    with pytest.raises(PackInvalid, match="他们却看得到"):
        policy(OPENS.replace("carries: [summary, accused]", "carries: [summary]"))
    with pytest.raises(PackInvalid, match="hidden_from"):
        policy(OPENS.replace("[summary, accused]", "[summary]"), INQUIRY.replace(", hidden_from: accused", ""))
