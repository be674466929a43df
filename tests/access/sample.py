"""Every address of the program with arguments that lead somewhere: what the two suites beside this file walk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.urls import URLPattern, URLResolver, get_resolver, reverse
from tests import desk
from tests.world import said

if TYPE_CHECKING:
    from tests.world import World

POSTED = frozenset(
    {
        "sign-out",
        "case-new-preview",
        "case-note",
        "case-message",
        "case-join",
        "case-unmask",
        "case-step-preview",
        "public-words",
        "report-add",
    }
)
"""Addresses that only take what is sent to them; the others are looked at."""

REPORT = {
    "report_category": "舞弊",
    "summary": "材料验收走过场",
    "circumstances": "验收单事后补签",
    "accused_is_executive": "否",
    "own_report": "是",
    "truthful": "是",
    "no_retaliation": "是",
}


@dataclass(frozen=True, slots=True)
class Sample:
    """A world with one case that an operator heard, one that a customer sent, and the arguments of every address."""

    world: World
    now: datetime
    case_id: UUID
    secret: str
    arguments: Mapping[str, Mapping[str, Any]]

    def address(self, name: str) -> str:
        return reverse(name, kwargs=dict(self.arguments.get(name, {})))


def build() -> Sample:
    """Made by commands, as of this moment."""
    from kesu.store.models import PolicyVersion

    world, now = desk.opened()
    heard = now - timedelta(hours=3)
    case_id = world.register("wutong", at=heard, promised_feedback_at=desk.PROMISED)
    world.take(case_id, "inform", "wutong", heard + timedelta(minutes=5))
    sent = world.submit(at=heard, title="电梯停运", person__phone="13800003187")
    policy = PolicyVersion.objects.get(pack="p10").hash
    return Sample(world, now, case_id, sent.secret, _arguments(world, case_id, sent.secret, policy))


def _arguments(world: World, case_id: UUID, secret: str, policy: str) -> dict[str, dict[str, Any]]:
    place = {"unit_id": world.units["qingtang"]}
    of_case = {"case_id": case_id}
    sealed = {"case_id": uuid4()}
    return {
        **{name: of_case for name in ("case-page", "case-panel", "case-timeline", "case-note", "case-message", "case-join")},
        "case-unmask": {**of_case, "seq": 1, "fact": "person"},
        "case-step": {**of_case, "step": "register"},
        "case-step-preview": {**of_case, "step": "register"},
        "case-file": {**of_case, "file_id": uuid4()},
        "case-file-preview": {**of_case, "file_id": uuid4()},
        "policy": {"policy_hash": policy},
        "policy-clause": {"policy_hash": policy, "clause_id": "1.2"},
        "public-form": {**place, "kind": "complaint"},
        "public-submitted": {"secret": secret},
        "public-follow": {"secret": secret},
        "public-words": {"secret": secret},
        "public-step": {"secret": secret, "step": "withdraw"},
        "report-form": {**place, "kind": "whistle_report"},
        "report-add": {"step": "supplement"},
        "sealed-case": sealed,
        "sealed-step": {**sealed, "step": "route"},
    }


def names() -> list[str]:
    """The name of every address, walked from the root."""
    return sorted(str(pattern.name) for pattern in _patterns(get_resolver().url_patterns))


def _patterns(found: list[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    for one in found:
        if isinstance(one, URLResolver):
            yield from _patterns(one.url_patterns)
        else:
            yield one


def report(world: World, at: datetime, **changes: str) -> str:
    """Somebody reports under seal; the receipt code."""
    from kesu.commands.sealed.submit_report import submit_report

    given = said(**REPORT | changes)
    return submit_report(at=at, unit_id=world.units["qingtang"], kind="whistle_report", given=given).code
