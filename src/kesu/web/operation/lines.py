"""The vital signs in sentences: what keeps up, what lags, what an operator should do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from kesu.queries.operation.vital_signs import VitalSigns

FINE: Final = "fine"
WARNING: Final = "warning"
FAILURE: Final = "failure"

_SILENT: Final = 60.0
"""Seconds after which a worker that says nothing has ended: it speaks every quarter of a minute."""
_GONE: Final = 600.0
_LAG: Final = 60.0
_MAIL_LAG: Final = 300.0


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
        said = _("%(count)d 封暂存着：没有设邮件服务器，或收件人没有邮箱") % {"count": signs.held}
        yield HealthLine(part, WARNING, said)
    if signs.failed:
        said = _("%(count)d 封试了多次没有发出，已放弃") % {"count": signs.failed}
        yield HealthLine(part, FAILURE, said)
    if oldest <= _MAIL_LAG and not signs.held and not signs.failed:
        yield HealthLine(part, FINE, _("没有积压"))
