"""A world as of this very moment, and the people in front of its pages: web tests cannot hand the views a time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.test import Client

from kesu.core import clock
from tests import world

if TYPE_CHECKING:
    from kesu.access.actor import Actor
    from tests.world import World

BACKEND = "kesu.access.accounts.Accounts"
_A_MONTH_AGO = clock.now() - timedelta(days=30)
PROMISED = "2030-01-02 10:00"
"""When the customer hears from us: asked of whoever hears a complaint outside working hours, whenever tests run."""


def opened() -> tuple[World, datetime]:
    """Organisation and policies have stood for a month; the second value is now."""
    return world.build(_A_MONTH_AGO), clock.now()


def world_again() -> tuple[World, datetime]:
    """The world that `opened` made in this test, read back, and now."""
    from kesu.store.models import Account, Unit

    units = dict(Unit.objects.values_list("code", "pk"))
    people = dict(Account.objects.values_list("login", "pk"))
    return world.World(units, people, clock.now().date()), clock.now()


def actor(login: str) -> Actor:
    """Somebody with the posts that he holds today."""
    from kesu.access.actor import actor_of
    from kesu.store.models import Account

    return actor_of(Account.objects.get(login=login), clock.now().date())


def client_of(login: str) -> Client:
    """Somebody who has signed in."""
    from kesu.store.models import Account

    client = Client()
    client.force_login(Account.objects.get(login=login), backend=BACKEND)
    return confirmed(client)


def confirmed(client: Client, at: datetime | None = None) -> Client:
    """He has shown who he is just now, or at this instant."""
    session = client.session
    session["kesu_confirmed"] = (at or clock.now()).isoformat()
    session.save()
    return client


TO_PLAN: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("register", "zhouyining", {"customer_type": "业主", "demand": "修好并说明原因"}),
    ("classify", "zhouyining", {"talk_note": "已电话沟通", "track": "质量类", "category": "工程质量"}),
    ("assign", "zhouyining", {"responsible_dept": "@east_engineering", "task_via": "邮件"}),
    ("form_team", "zhouyining", {"team": "@cs_specialist:zhouyining|@project_dept:sunyan"}),
    ("investigate", "zhouyining", {}),
    ("record_findings", "zhouyining", {"site_confirmation": "东墙竖缝渗水", "cause_analysis": "密封胶老化"}),
    ("give_opinion", "chenmuzhi", {"opinion_text": "重新打胶"}),
    ("submit_plan", "zhouyining", {"plan_text": "三日内重新打胶并复查"}),
)
"""From a customer's complaint to the plan that is due to him. ``@code``: a unit; ``@slot:login``: a group's member."""


def take(case_id: UUID, step: str, login: str, **given: str) -> None:
    """Takes a step on the case as it stands, now."""
    from kesu.commands.cases.take_step import take_step
    from kesu.store.models import Case

    version = Case.objects.values_list("version", flat=True).get(pk=case_id)
    texts = {code: "|".join(_named(part) for part in text.split("|")) for code, text in given.items()}
    take_step(
        actor=actor(login), at=clock.now(), case_id=case_id, step=step, seen_version=version, given=world.said(**texts)
    )


def _named(text: str) -> str:
    from kesu.store.models import Account, Unit

    if not text.startswith("@"):
        return text
    slot, _, login = text[1:].partition(":")
    return f"{slot}:{Account.objects.get(login=login).pk.hex}" if login else Unit.objects.get(code=slot).pk.hex
