"""The vital signs in sentences: what keeps up, what lags, what an operator should do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kesu.queries.operation.vital_signs import VitalSigns
from kesu.queries.proof.nightly_results import NightlyLine
from kesu.web import when

FINE: Final = "fine"
WARNING: Final = "warning"
FAILURE: Final = "failure"

_SILENT: Final = 60.0
"""Seconds after which a worker that says nothing has ended: it speaks every quarter of a minute."""
_GONE: Final = 600.0
_LAG: Final = 60.0
_MAIL_LAG: Final = 300.0
_A_NIGHT: Final = timedelta(hours=36)
"""What is done every night and was last done longer ago than this was missed."""

_NIGHTLY: Final = {
    "sign_heads": gettext_lazy("每夜签名"),
    "copy_heads": gettext_lazy("签名副本"),
    "check_projections": gettext_lazy("每夜核对"),
    "clear_sessions": gettext_lazy("清理过期登录"),
    "clear_arrivals": gettext_lazy("清理来电和送达记录"),
    "clear_hooks": gettext_lazy("清理事件推送记录"),
    "clear_mails": gettext_lazy("清理到期的不相干来信"),
}


@dataclass(frozen=True, slots=True)
class HealthLine:
    """One part and how it is; `grade` is fine, warning or failure."""

    part: str
    grade: str
    sentence: str


def live_lines(signs: VitalSigns) -> Iterator[HealthLine]:
    """Of workers that ended long ago nothing is said while another one is at work."""
    yield _workers(signs)
    yield _waking(signs)
    yield from _messages(signs)
    sentence = _("在办 %(cases)d 件，未了的义务 %(open)d 项，其中超时 %(late)d 项，24 小时内到期 %(soon)d 项") % {
        "cases": signs.open_cases,
        "open": signs.obligations,
        "late": signs.late,
        "soon": signs.soon,
    }
    yield HealthLine(_("义务"), FINE, sentence)


def _workers(signs: VitalSigns) -> HealthLine:
    part = _("后台任务")
    alive = [one for one in signs.processes if one.silent_seconds <= _SILENT]
    if not alive:
        return HealthLine(part, FAILURE, _("没有后台任务在运行：不会提醒、不会上报、不发邮件。请启动 kesu work"))
    failures = sum(one.failures for one in alive)
    if failures:
        said = _("%(count)d 个在运行，启动以来出过 %(failures)d 次错，请看日志")
        return HealthLine(part, WARNING, said % {"count": len(alive), "failures": failures})
    return HealthLine(part, FINE, _("%(count)d 个在运行") % {"count": len(alive)})


def _waking(signs: VitalSigns) -> HealthLine:
    part = _("到点执行")
    if signs.waking_seconds <= _LAG:
        return HealthLine(part, FINE, _("没有积压"))
    said = _("%(count)d 件到点还没有处理，最早的已迟 %(minutes)d 分钟") % {
        "count": signs.waking,
        "minutes": signs.waking_seconds // 60,
    }
    return HealthLine(part, FAILURE if signs.waking_seconds > _GONE else WARNING, said)


def _messages(signs: VitalSigns) -> Iterator[HealthLine]:
    part = _("邮件")
    oldest = max(lane.oldest_seconds for lane in signs.lanes)
    waiting = sum(lane.waiting for lane in signs.lanes)
    if oldest > _MAIL_LAG:
        said = _("%(count)d 封到点还没有发出，最早的已等 %(minutes)d 分钟") % {
            "count": waiting,
            "minutes": oldest // 60,
        }
        yield HealthLine(part, WARNING, said)
    if signs.held:
        said = _("%(count)d 条消息留着：途径还没有设置，没有地址，或者要由人送达") % {"count": signs.held}
        yield HealthLine(part, WARNING, said)
    if signs.failed:
        said = _("%(count)d 条消息没有送达，列在“没有送达”里") % {"count": signs.failed}
        yield HealthLine(part, FAILURE, said)
    if oldest <= _MAIL_LAG and not signs.held and not signs.failed:
        yield HealthLine(part, FINE, _("没有积压"))


def nightly_lines(results: Iterable[NightlyLine], at: datetime) -> Iterator[HealthLine]:
    """How the last night of each task went."""
    found = {one.task: one for one in results}
    for task, name in _NIGHTLY.items():
        one = found.get(task)
        if one is None:
            yield HealthLine(str(name), WARNING, _("还没有做过；后台任务在夜里两点以后做"))
        elif one.state != "done":
            said = _("%(night)s 夜没有做成（%(error)s），会再试")
            yield HealthLine(str(name), FAILURE, said % {"night": one.night, "error": one.error or one.state})
        elif one.details.get("different") or one.details.get("unreadable"):
            count = int(one.details.get("different", 0)) + int(one.details.get("unreadable", 0))
            said = _("%(count)d 件的列表数据与记录不符。请执行 kesu rebuild") % {"count": count}
            yield HealthLine(str(name), FAILURE, said)
        else:
            is_old = one.ended_at is None or at - one.ended_at > _A_NIGHT
            said = _("最近一次 %(night)s 夜，做成") % {"night": one.night}
            yield HealthLine(str(name), WARNING if is_old else FINE, said)


def backup_line(made_at: datetime | None, proved_at: datetime | None, failure: str | None, at: datetime) -> HealthLine:
    """How the last backup went, and when one was last restored to prove it."""
    part = _("备份")
    if failure:
        return HealthLine(part, FAILURE, _("最近一次没有成功：%(why)s") % {"why": failure})
    if made_at is None:
        return HealthLine(part, WARNING, _("还没有备份过。请设每夜备份，见 docs/operations/backup.md"))
    said = _("最近一次 %(made)s，最近一次试着恢复 %(proved)s") % {
        "made": when.stamp(made_at),
        "proved": when.stamp(proved_at) if proved_at else _("没有做过"),
    }
    is_proved = proved_at is not None and at - proved_at <= _A_NIGHT
    return HealthLine(part, FINE if at - made_at <= _A_NIGHT and is_proved else WARNING, said)
