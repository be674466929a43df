"""Whether those who work blind could see the cases on which they work."""

from __future__ import annotations

from datetime import datetime

from kesu.access.permissions import Permission
from kesu.casefile.adoption import standing_adoptions
from kesu.casefile.books import kind_of
from kesu.config.checking.finding import Finding, fine, said, warning
from kesu.policy.coded import coded_slots
from kesu.store.models import RoleGrant, SlotRole


def blind_roles_see_nothing(at: datetime) -> Finding:
    """A house that adopted an earlier version of such a policy gave these roles the right to see cases. Nobody takes a
    right away from a house: whoever keeps its rights has to."""
    name = "rights.blind"
    slots: dict[str, str] = {}
    for row in standing_adoptions(at):
        kind = kind_of(row.policy_version_id, row.kind)
        slots |= {slot: kind.roles[slot].name for slot in coded_slots(kind)}
    filled = {slot: {*SlotRole.objects.filter(slot=slot).values_list("role", flat=True)} or {slot} for slot in slots}
    seeing = {*RoleGrant.objects.filter(permission=Permission.CASE_READ).values_list("role", flat=True)}
    wrong = [label for slot, label in slots.items() if filled[slot] & seeing]
    if not wrong:
        return fine(name, said("只看编号办事的岗位都看不到诉件"))
    return warning(
        name,
        said(
            "%(roles)s只看编号办事，却有看诉件的权限，所以办不了自己的步骤；请在 组织 → 权限 里去掉这些岗位的“看诉件”",
            roles="、".join(sorted(wrong)),
        ),
    )
