"""The words of rooms: their fields, how they are used, what was done with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kesu.web.joining import strung

FIELDS: Final = {
    "project": gettext_lazy("项目"),
    "phase": gettext_lazy("期"),
    "building": gettext_lazy("栋"),
    "entrance": gettext_lazy("单元"),
    "number": gettext_lazy("房号"),
    "delivered_on": gettext_lazy("交付日期"),
    "moved_in_on": gettext_lazy("入住日期"),
    "occupancy": gettext_lazy("使用情况"),
    "warranties": gettext_lazy("保修到期"),
}
OCCUPANCIES: Final = {
    "own": gettext_lazy("自住"),
    "let": gettext_lazy("出租"),
    "empty": gettext_lazy("空置"),
}
ACTS: Final = {
    "room.added": gettext_lazy("新建"),
    "room.changed": gettext_lazy("修改"),
    "room.imported": gettext_lazy("导入"),
}


def value(name: str, stated: Any) -> str:
    """A value of a field as a page shows it."""
    if isinstance(stated, Mapping):
        return strung(f"{work} {until}" for work, until in stated.items()) or _("无")
    text = str(OCCUPANCIES.get(stated, stated)) if name == "occupancy" else str(stated)
    return text or _("无")


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """交付日期：2026-06-01；使用情况：空置 → 自住."""
    for name, label in FIELDS.items():
        if name in before:
            old, new = value(name, before[name]), value(name, after.get(name, ""))
            yield _("%(name)s：%(old)s → %(new)s") % {"name": label, "old": old, "new": new}
        elif name in after:
            yield _("%(name)s：%(what)s") % {"name": label, "what": value(name, after[name])}
