"""The house of the demonstration that keeps ledgers, with people who take its steps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from uuid import UUID

from kesu.access.actor import Actor, actor_of
from kesu.casefile.library import read_library
from kesu.commands.cases.register_case import register_case
from kesu.commands.cases.take_step import take_step
from kesu.config.demonstration.houses import House, settle
from kesu.config.demonstration.stories import Stage
from kesu.config.organisation_file import read
from kesu.policy.calendar.official import build as build_calendar
from kesu.store.models import Account, Case

MONDAY = datetime(2026, 6, 8, 1, 30, tzinfo=UTC)
ALWAYS = build_calendar("全天候", (), periods=("00:00-24:00",), workdays=range(1, 8))
FINANCE, CAPTAIN, SERVICE, AUDIT = "maolinyuan", "gexiaotian", "duanqiuping", "kangjianwei"
PROPERTY, MANAGER, ENGINEER = "fuyunzhou", "mengshuyan", "shidongting"


@dataclass
class Ledgered:
    stage: Stage
    at: datetime

    def actor(self, login: str) -> Actor:
        return actor_of(Account.objects.get(login=login), self.at.date())

    def open(self, kind: str, login: str = FINANCE, unit: str = "xiling_site", **given: str) -> UUID:
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

    def take(self, case_id: UUID, step: str, login: str = FINANCE, **given: str) -> None:
        self.at += timedelta(minutes=10)
        version = Case.objects.values_list("version", flat=True).get(pk=case_id)
        take_step(
            actor=self.actor(login), at=self.at, case_id=case_id, step=step, seen_version=version, given=said(given)
        )

    def kept_back(self, amount: str, contractor: str = "甲施工单位", unit: str = "xiling_site") -> UUID:
        return self.open("retention", title="总包合同的质量保证金", contractor=contractor, amount=amount, unit=unit)

    def fund(self, amount: str) -> UUID:
        return self.open("fund", unit="xiling_one", title="维修队的工程周转金", fund="工程周转金", amount=amount)

    def member(self, slot: str, login: str) -> str:
        return f"{slot}:{self.stage.people[login].hex}"

    def paid(self, total: str = "1800元", contractor: str = "甲施工单位") -> UUID:
        """A repair under warranty that waits for its deduction."""
        asked = {"person__name": "温女士", "person__phone": "13800005903", "room": "5-2-903"}
        case_id = self.open("work_order", SERVICE, title="窗台渗水", content="下雨就渗", **asked)
        crew = "|".join(
            self.member(slot, login)
            for slot, login in (
                ("customer_service", SERVICE),
                ("repair_captain", CAPTAIN),
                ("property_company", PROPERTY),
            )
        )
        survey = {"attendees": crew, "liable_party": "施工单位", "order_class": "A类", "trades": "单工种"}
        self.take(case_id, "survey", SERVICE, contractor=contractor, estimate="2000元", **survey)
        self.take(case_id, "sign_budget", MANAGER, verdict="同意")
        captain = self.member("repair_captain", CAPTAIN)
        self.take(case_id, "dispatch", SERVICE, repairer="维修队", captain=captain)
        self.take(case_id, "complete", CAPTAIN)
        self.take(case_id, "check", SERVICE, checkers=crew, check_passed="是", check_note="不渗")
        scores = {"quality_score": "好", "attitude_score": "好", "customer_opinion": "修好了"}
        self.take(case_id, "sign_off", SERVICE, **scores)
        self.take(case_id, "submit_account", CAPTAIN, final_account=total)
        self.take(case_id, "sign_cost_review", MANAGER, verdict="同意")
        self.take(case_id, "state_settlement", SERVICE, settlement_total=total)
        self.take(case_id, "notify_contractor", AUDIT)
        self.take(case_id, "confirm", AUDIT)
        self.take(case_id, "sign_price", ENGINEER, verdict="同意")
        self.take(case_id, "pay", FINANCE)
        return case_id


def ledgered(at: datetime = MONDAY) -> Ledgered:
    text = (files("kesu.config.demonstration") / "neighbours" / "western.yaml").read_text(encoding="utf-8")
    began = at - timedelta(days=30)
    return Ledgered(settle(House(read(text, lambda: None), ()), began, at, ALWAYS), at)


def said(given: dict[str, str]) -> dict[str, tuple[str, ...]]:
    return {name.replace("__", "."): tuple(text.split("|")) for name, text in given.items()}


def another_version(version: str) -> dict[str, dict[str, str]]:
    """The library with the policy in another version."""
    texts = {name: dict(of) for name, of in read_library().texts.items()}
    for name in ("pack.yaml", "texts/en.yaml", "texts/zh-Hant.yaml"):
        texts["s16"][name] = texts["s16"][name].replace('version: "1.1"', f'version: "{version}"')
    return texts
