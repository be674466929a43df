"""A policy of our own in which somebody works blind: of a sample he knows the code and what to measure."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from tests.confidential import SIGNED
from tests.own_packs import changed
from tests.world import calendar

if TYPE_CHECKING:
    from kesu.policy.model.pack import Pack
    from tests.world import World

_ADDED = {
    "facts": """
  lot: {name: 样品编号, type: text, drawn: 8位, seen_by: cs_dept, clause: D1c}
  lot_items: {name: 测什么, type: text, clause: D1c}
  gaugers: {name: 测量人员, type: group, clause: D1c}
  gauged: {name: 测得, type: text, clause: D1c}
""",
    "roles": """
  gauger: {name: 测量员, scope: company, sees: coded, shows: [lot_items], acts: [], clause: D1c}
""",
    "steps": """
  code_lot: {name: 编号, by: cs_specialist, event: lot.coded, asks: [lot, lot_items, gaugers], clause: D1c}
  gauge: {name: 填测量结果, by: {group: gaugers}, event: lot.gauged, asks: [gauged], clause: D1c}
""",
    "guards": """
  two: {steps: [code_lot], needs: {people: {gaugers: {at_least: 2, role: gauger}}}, says: 须两名测量员, clause: D1c}
""",
    "notices": """
  lot_ready: {name: 样品待测, starts: lot.coded, to: {group: gaugers}, text: "{case} 待测", clause: D1c}
""",
}
LINES = tuple((f"\n{section}:\n", f"\n{section}:{lines}") for section, lines in _ADDED.items())
PEOPLE = ("xiaowei", "qiaoan")
"""Who hold no other post."""


def policy() -> Pack:
    return changed("p10", "complaint.yaml", *LINES)


def adopt(world: World, at: datetime, unit: str = "qingtang") -> dict[str, UUID]:
    """The policy rules there, and two people are in the post of those who work blind; their accounts."""
    from kesu.commands.policies.adopt_pack import adopt_pack
    from kesu.store.models import Account, Post, PostHolding

    place = world.units[unit]
    post = Post.objects.create(unit_id=place, role="gauger", name="测量员")
    found = {}
    for login in PEOPLE:
        account = Account.objects.create(login=login, name=f"{login}先生", email=f"{login}@example.invalid")
        PostHolding.objects.create(post=post, account=account, from_on=world.began)
        found[login] = account.pk
    adopt_pack(actor=None, at=at, unit_id=place, pack=policy(), calendar=calendar(), signatures=SIGNED)
    return found


def coded(world: World, case_id: UUID, at: datetime, gaugers: dict[str, UUID], items: str = "防水层厚度") -> str:
    """The case is coded for the two; the code."""
    from kesu.store.models import CodedSample

    members = "|".join(f"gauger:{one.hex}" for one in gaugers.values())
    world.take(case_id, "code_lot", "zhouyining", at, lot_items=items, gaugers=members)
    return CodedSample.objects.filter(case_id=case_id).values_list("code", flat=True)[0]
