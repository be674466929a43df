"""A policy of our own that keeps some complaints confidential, adopted where the tests look."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from kesu.policy.model.pack import Pack
from tests.own_packs import changed
from tests.world import MONDAY, calendar

if TYPE_CHECKING:
    from tests.world import World

SIGNED = {"compiled_by": "周以宁", "reviewed_by": "林声", "approved_by": "顾岚"}
SAYS = "牵涉公司里的人，只有经办的人能看"
RULE = (
    "secrecy: {when: {legal_support: 是}, opened_to: [cs_manager, {role: dept_head, of: responsible_dept}, "
    f"{{group: team}}], hidden_from: accused, says: {SAYS}, clause: D1c}}"
)
_LINES = (
    ("\nguards:\n", f"\n{RULE}\n\nguards:\n"),
    ("\nfacts:\n", "\nfacts:\n  accused: {name: 被投诉的人, type: group, clause: D1c}\n"),
    ("other_company_help, category, staff_fault", "other_company_help, category, accused, staff_fault"),
    (", photos, promised_feedback_at]", ", photos, promised_feedback_at, legal_support]"),
)
LATER = MONDAY + timedelta(hours=1)


def policy(*also: tuple[str, str]) -> Pack:
    return changed("p10", "complaint.yaml", *_LINES, *also)


def adopt(world: World, unit: str = "qingtang", at: datetime = MONDAY, also: Sequence[tuple[str, str]] = ()) -> None:
    from kesu.commands.policies.adopt_pack import adopt_pack

    place = {"unit_id": world.units[unit]}
    adopt_pack(actor=None, at=at, **place, pack=policy(*also), calendar=calendar(), signatures=SIGNED)
