"""What every number is called, and what it counts: the same words on the page and in the file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kesu.queries.numbers.numbers_page import Breakdown, Line
from kesu.web.slices import MEANINGS


@dataclass(frozen=True, slots=True)
class Measure:
    """One column. `outcome`: it counts obligations. A share (`of`) is that many per cent of another column. `looks`:
    extra class of its cells; `wide`: left out on phones."""

    code: str
    label: Promise | str
    about: Promise | str
    outcome: bool = False
    of: str = ""
    looks: str = ""
    wide: bool = False


RECEIVED: Final = Measure("received", gettext_lazy("受理"), gettext_lazy("受理时间在这段时间里的诉件。"))
CLOSED: Final = Measure(
    "closed",
    gettext_lazy("办结"),
    gettext_lazy("在这段时间里办结的诉件，不论何时受理。办结后又重开的，按最近一次办结算。"),
    wide=True,
)
CLOSED_IN_TIME: Final = Measure(
    "closed_in_time",
    gettext_lazy("按时办结"),
    gettext_lazy("办结的诉件里，到办结时没有一项义务超过期限的。"),
    wide=True,
)
CLOSED_SHARE: Final = Measure(
    "closed_in_time", gettext_lazy("按时办结率"), gettext_lazy("按时办结除以办结。"), of="closed", wide=True
)
LEFT: Final = Measure(
    "left", gettext_lazy("期末在办"), gettext_lazy("这段时间结束时已受理、还没有办结的诉件。"), wide=True
)
OPEN: Final = Measure("open", gettext_lazy("在办"), gettext_lazy("现在还没有办结的诉件，不论何时受理。"))
OVERDUE: Final = Measure(
    "overdue",
    gettext_lazy("超时"),
    gettext_lazy("在办的诉件里，现在有义务已过期限还没办的。"),
    looks="over",
)
DUE: Final = Measure(
    "due",
    gettext_lazy("到期"),
    gettext_lazy(
        "期限落在这段时间里、并且已经到了的义务，审批环节也算。期限没到就不再需要办的不算，暂停计时的等恢复后再算。"
    ),
    outcome=True,
    wide=True,
)
IN_TIME: Final = Measure(
    "in_time", gettext_lazy("按时"), gettext_lazy("到期的义务里，在期限内办的。"), outcome=True, wide=True
)
LATE: Final = Measure(
    "late", gettext_lazy("迟办"), gettext_lazy("到期的义务里，过了期限才办的。"), outcome=True, wide=True
)
MISSED: Final = Measure(
    "missed",
    gettext_lazy("未办"),
    gettext_lazy("到期的义务里，过了期限一直没有办的；后来不再需要办的也算。"),
    outcome=True,
    looks="over",
    wide=True,
)
SHARE: Final = Measure(
    "in_time", gettext_lazy("按时率"), gettext_lazy("按时除以到期。到期等于按时、迟办、未办之和。"), of="due"
)
PENDING: Final = Measure("pending", gettext_lazy("现在未了"), gettext_lazy("现在还要办的义务。"), outcome=True)
OVERRUN: Final = Measure(
    "overrun",
    gettext_lazy("现在超时"),
    gettext_lazy("现在还要办、已过期限的义务。"),
    outcome=True,
    looks="over",
)


def of_cases(*, is_running: bool) -> tuple[Measure, ...]:
    """The columns about cases; while the period runs, what is left at its end is what is open now."""
    left = () if is_running else (LEFT,)
    return (RECEIVED, CLOSED, CLOSED_IN_TIME, CLOSED_SHARE, *left, OPEN, OVERDUE)


OF_DUTIES: Final = (DUE, IN_TIME, LATE, MISSED, SHARE)
OF_DEPARTMENTS: Final = (PENDING, OVERRUN, *OF_DUTIES)

_SLOTS: Final = {
    "first_contact": gettext_lazy("首问责任人"),
    "starter": gettext_lazy("发起人"),
    "complainant": gettext_lazy("客户"),
    "everyone": gettext_lazy("任何人"),
    "system": gettext_lazy("系统"),
    "world": gettext_lazy("外部"),
}
_TITLES: Final = {
    "level": gettext_lazy("等级"),
    "subject": gettext_lazy("事项"),
    "unit": gettext_lazy("项目"),
    "holder": gettext_lazy("经办人"),
    "department": gettext_lazy("部门"),
}
_UNSET: Final = {
    "level": gettext_lazy("未定级"),
    "subject": gettext_lazy("其他事项"),
    "holder": gettext_lazy("没有经办人"),
    "department": gettext_lazy("不属于部门"),
}


def title(one: Breakdown) -> str:
    return one.name or str(MEANINGS[one.code] if one.by == "meaning" else _TITLES[one.by])


def label(one: Breakdown, line: Line) -> str:
    """东部工程部; 青棠湾一期 · 项目部; 未定级."""
    slot = slot_label(line.slot, line.slot_name)
    name = line.label or ("" if slot else str(_UNSET.get(one.by) or _("未填")))
    return " · ".join(part for part in (name, slot) if part)


def slot_label(slot: str, name: str) -> str:
    return name or str(_SLOTS.get(slot, "" if slot == "-" else slot))


ABOUT: Final = (
    gettext_lazy("只统计您看得到的诉件，举报不在其中。每个数字点开，就是它数的那些诉件或义务。"),
    gettext_lazy("时间按北京时间的自然日；半夜到期的算前一天。"),
    gettext_lazy(
        "部门指该办的岗位所在的部门，项目上的岗位分岗列出；人员调动后，没了的义务跟着岗位走。"
        "经办人一栏只算该由他这个岗位办的义务。"
    ),
    gettext_lazy("等级、类别、经办人按现在的算，不按受理时的算。"),
)
