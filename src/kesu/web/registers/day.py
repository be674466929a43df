"""The day of a register as PDF."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _

from kesu.commands.registers.print_day import MOST, DayList
from kesu.web import when
from kesu.web.paper.pdf import typeset
from kesu.web.paper.sheet import plain


def day_pdf(found: DayList, *, register: str, mark: str, day: date, sender: str, by: str, at: datetime) -> bytes:
    """Raises as `pdf`."""
    cut = _("只列了前 %(most)s 份。") % {"most": MOST} if found.is_cut else ""
    said = _("共 %(count)s 份，%(by)s 打印于 %(at)s") % {"count": len(found.lines), "by": by, "at": when.stamp(at)}
    data = {
        "title": _("%(what)s交寄清单") % {"what": plain(mark or register)},
        "sender": _("交寄单位：%(name)s") % {"name": plain(sender)},
        "when": _("日期：%(day)s") % {"day": day.isoformat()},
        "heads": [_("序号"), _("单号或签收人"), _("收件人"), _("寄往"), _("诉件")],
        "rows": [
            [str(nth), plain(one.number), plain(one.person), plain(one.place), one.case_number]
            for nth, one in enumerate(found.lines, start=1)
        ],
        "note": f"{said}{'。' if cut else ''}{cut}",
        "signs": [_("交寄人"), _("收寄人")],
        "stamp": _("收寄日戳"),
    }
    return typeset("day.typ", data, at)
