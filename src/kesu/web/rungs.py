"""Who is told next, in words: on the board of what falls due, and on the receipt of a deadline."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from kesu.access.sight.told_next import ToldNext
from kesu.web import when


@dataclass(frozen=True, slots=True)
class NextRung:
    """`at_text` says when, `who` who is told then, `why` in whose place."""

    at_text: str
    who: str
    why: str


def rung_part(told: ToldNext, now: datetime) -> NextRung:
    slots, names = ("、".join(name for name in some if name) for some in (told.slots, told.names))
    at_text = when.due(told.at, now)
    if not names:
        return NextRung(at_text, slots, _("没有人，后面也没有人可知会"))
    if told.instead:
        return NextRung(at_text, names, _("%(slot)s没有人，改由%(next)s") % {"slot": slots, "next": told.instead})
    return NextRung(at_text, names, slots)


def rung_line(told: ToldNext, now: datetime) -> tuple[str, str]:
    """When, and in one sentence who is reminded or hears that it was not done."""
    part = rung_part(told, now)
    who = part.who or part.why
    if part.who and part.why:
        who = _("%(who)s（%(why)s）") % {"who": part.who, "why": part.why}
    said = _("到期前提醒%(who)s") if told.is_reminder else _("还没办就上报%(who)s")
    return part.at_text, said % {"who": who}
