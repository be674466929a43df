"""Houses of the demonstration that publish: a developer to everybody, a property company to its residents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from uuid import UUID

from kesu.access.actor import Actor, actor_of
from kesu.access.cases import desk_link
from kesu.casefile.books import kind_of
from kesu.commands.cases.register_case import register_case
from kesu.commands.cases.take_step import take_step
from kesu.commands.occurrences.open_occurrences import open_occurrences
from kesu.commands.policies.adopt_pack import adopt_pack
from kesu.config.demonstration.houses import House, settle
from kesu.config.demonstration.stories import Stage
from kesu.config.organisation_file import read
from kesu.policy.calendar.official import build as build_calendar
from kesu.policy.model.pack import Pack
from kesu.store.models import Account, Case, Publication

MONDAY = datetime(2026, 6, 8, 1, 30, tzinfo=UTC)
ALWAYS = build_calendar("全天候", (), periods=("00:00-24:00",), workdays=range(1, 8))
DEPARTMENT, INVESTIGATOR, REVIEWER, KEEPER = "leizhiqiu", "wanqishan", "yanshuchen", "miaoyunting"
MANAGER, PROPERTY_REVIEWER, CLERK = "xichanggeng", "zhuocaiwei", "wenyunqi"
NOTICE = {
    "anonymised": "是",
    "public_title": "宣传册与合同不一致的投诉",
    "public_process": "收到投诉后核查资料，两次调查",
    "public_result": "退还定金并补偿",
}


@dataclass
class Publishing:
    """What happens there happens ten minutes after the other."""

    stage: Stage
    at: datetime

    def actor(self, login: str) -> Actor:
        return actor_of(Account.objects.get(login=login), self.at.date())

    def open(self, kind: str, login: str, unit: str, given: Mapping[str, str]) -> UUID:
        self.at += timedelta(minutes=10)
        return register_case(
            actor=self.actor(login),
            at=self.at,
            happened_at=self.at,
            unit_id=self.stage.units[unit],
            kind=kind,
            given=said(given),
            uploads=(),
            token=f"{kind}-{self.at.isoformat()}",
        )

    def take(self, case_id: UUID, step: str, login: str = "leizhiqiu", **given: str) -> None:
        self.at += timedelta(minutes=10)
        version = Case.objects.values_list("version", flat=True).get(pk=case_id)
        take_step(
            actor=self.actor(login), at=self.at, case_id=case_id, step=step, seen_version=version, given=said(given)
        )

    def reported(self) -> UUID:
        """A consumer's report whose result he has been told."""
        asked = {"channel": "电话", "title": "连廊没有写进合同", "content": "签约时说一定会有", "truthful": "是"}
        asked |= {"cooperates": "是", "civil": "是", "person__name": "花女士", "person__phone": "13800005801"}
        case_id = self.open("consumer_report", DEPARTMENT, "qihu_site", asked)
        team = f"investigator:{self.stage.people[INVESTIGATOR].hex}"
        self.take(case_id, "accept")
        self.take(case_id, "start_preliminary", investigators=team)
        self.take(case_id, "notify_findings", findings_text="宣传册确有该项承诺")
        self.take(case_id, "propose_solution", solution_text="退还定金")
        self.take(case_id, "notify_solution")
        self.take(case_id, "notify_result", result_text="已退还定金")
        return case_id

    def reviewed(self, case_id: UUID, **notice: str) -> None:
        """A notice that somebody else has read: what is left is to publish it."""
        self.take(case_id, "draft_notice", **NOTICE | notice)
        self.take(case_id, "sign_publication_review", REVIEWER, verdict="同意")

    def post(self, case_id: UUID) -> None:
        self.take(case_id, "publish", publish_channel="企业网站")

    def published(self, **notice: str) -> UUID:
        case_id = self.reported()
        self.reviewed(case_id, **notice)
        self.post(case_id)
        return case_id

    def bulletin(self) -> UUID:
        """A report of the property company to its residents."""
        open_occurrences(at=self.at)
        case_id: UUID = Case.objects.filter(kind="complaint_bulletin").latest("received_at").pk
        text = {"public_progress": "本月收到四十件", "public_results": "主要是电梯和停车", "anonymised": "是"}
        self.take(case_id, "draft", MANAGER, **text)
        self.take(case_id, "sign_bulletin_review", PROPERTY_REVIEWER, verdict="同意")
        self.take(case_id, "complete", MANAGER, publish_channel="公告栏")
        return case_id

    def adopt(self, pack: Pack, unit: str = "qihu_one") -> None:
        """In place of the policy that is in force there."""
        signatures = {"compiled_by": "雷知秋", "reviewed_by": "万栖山", "approved_by": "晏书尘"}
        place = {"unit_id": self.stage.units[unit]}
        adopt_pack(actor=None, at=self.at, **place, pack=pack, calendar=ALWAYS, signatures=signatures)


def developer(at: datetime = MONDAY) -> Publishing:
    return _settled("southern", "w02", at)


def property_company(at: datetime = MONDAY) -> Publishing:
    return _settled("property", "p11", at)


def _settled(name: str, pack: str, at: datetime) -> Publishing:
    """The house with this policy alone, in force for as long as a round of its standing duties takes."""
    text = (files("kesu.config.demonstration") / "neighbours" / f"{name}.yaml").read_text(encoding="utf-8")
    file = read(text, lambda: None)
    alone = tuple(one for one in file.adoptions if one.pack == pack)
    return Publishing(settle(House(replace(file, adoptions=alone), ()), at - timedelta(days=70), at, ALWAYS), at)


def row_of(case_id: UUID) -> Publication:
    return Publication.objects.get(case_id=case_id)


def link_of(case_id: UUID) -> str:
    """The secret of the customer's link."""
    case = Case.objects.select_related("unit").get(pk=case_id)
    return desk_link(case, kind_of(case.policy_version_id, case.kind))


def said(given: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    return {name.replace("__", "."): tuple(text.split("|")) for name, text in given.items()}
