"""期限凭条 on the screen: the arithmetic line by line, what held the clock up, and what was promised before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from fractions import Fraction
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kesu.access.sight.held_up import EarlierLine, HistoryLine, LongerLine, StopLine
from kesu.access.sight.lines import ClauseLine, ObligationLine
from kesu.policy.calendar import Receipt
from kesu.policy.standing.grounds import Moved
from kesu.web import parts, sentences, when
from kesu.web.marks import ClauseRef
from kesu.web.rungs import rung_line
from kesu.web.words import say

_WHY: Final = {
    Moved.PAUSE: gettext_lazy("因暂停而改"),
    Moved.SLOWER: gettext_lazy("因放慢而改"),
    Moved.EXTENSION: gettext_lazy("因延长而改"),
    Moved.LIMIT: gettext_lazy("因适用的时限变了而改"),
    Moved.STATED: gettext_lazy("因约定的日期变了而改"),
    Moved.CALENDAR: gettext_lazy("因日历更新而改"),
    Moved.OWNER: gettext_lazy("因改由工作时间不同的岗位办而改"),
    Moved.POLICY: gettext_lazy("因改按新版制度而改"),
}


def clause_refs(policy: str, clauses: Iterable[ClauseLine]) -> tuple[ClauseRef, ...]:
    """The tags of some clauses, each printed number once. Generic rules have no sentence to unfold and no tag."""
    tags: dict[str, ClauseRef] = {}
    for one in clauses:
        if one.id:
            tags.setdefault(one.printed, ClauseRef(policy, one.id, one.printed))
    return tuple(tags.values())


def receipt_part(policy: str, line: ObligationLine, now: datetime, source: str) -> parts.ReceiptPart:
    receipt = line.receipt
    assert isinstance(receipt, Receipt)  # asked only where there is one
    clause = next((one for one in line.clauses if one.text), None)
    return parts.ReceiptPart(
        source=f"{source} §{clause.printed}" if clause else source,
        sentence=clause.text if clause else "",
        lines=tuple(
            parts.ReceiptLinePart(
                one.code.value,
                sentences.receipt_when(one, now),
                sentences.receipt_text(one, now),
                sentences.receipt_count(one, now),
                clause_refs(policy, (clause for clause in line.clauses if clause.id in one.clauses)),
            )
            for one in receipt.lines
        ),
        history=tuple(_history(policy, line.history, now)) if line.history is not None else (),
        told_next=tuple(rung_line(one, now) for one in line.told_next),
        is_provisional=receipt.provisional,
        foot=(
            *filter(None, (sentences.receipt_rule(receipt),)),
            *([_("总期限 %(length)s") % {"length": sentences.length(line.cap)}] if line.cap else ()),
            _calendar(line, receipt.calendar_version[:8]),
        ),
    )


def _calendar(line: ObligationLine, version: str) -> str:
    if line.hours:
        return _("日历 %(version)s：%(name)s") % {"version": version, "name": line.hours}
    return _("日历 %(version)s") % {"version": version}


def promised_before(history: HistoryLine | None, now: datetime) -> str:
    """What was promised before the present due instant: it stays in sight, unfolded or not."""
    if history is None or not history.earlier:
        return ""
    return _("原期限 %(due)s") % {"due": when.due(history.earlier[-1].due_at, now)}


def _history(policy: str, history: HistoryLine, now: datetime) -> Iterator[parts.ReceiptLinePart]:
    for stop in history.stops:
        yield parts.ReceiptLinePart("held", *_stop(stop, now), clauses=clause_refs(policy, stop.clauses))
    for longer in history.longer:
        yield parts.ReceiptLinePart("held", *_longer(longer, now), clauses=clause_refs(policy, longer.clauses))
    for was in history.earlier:
        yield parts.ReceiptLinePart("held", *_earlier(was, now))


def _stop(stop: StopLine, now: datetime) -> tuple[str, str]:
    if stop.factor is None:
        said = _("暂停：%(why)s") % {"why": say(stop.name)}
    else:
        said = _("放慢到 %(rate)s：%(why)s") % {"rate": 1 / Fraction(stop.factor), "why": say(stop.name)}
    if stop.ends_at is not None:
        said += _("，到 %(at)s 为止") % {"at": when.when(stop.ends_at, now)}
    elif stop.at_latest is not None:
        said += _("，还在继续，最迟到 %(at)s") % {"at": when.due(stop.at_latest, now)}
    else:
        said += _("，还在继续")
    return when.when(stop.starts_at, now), said + _by(stop.who, stop.granted_by)


def _longer(longer: LongerLine, now: datetime) -> tuple[str, str]:
    if longer.until is not None:
        said = _("延到 %(at)s") % {"at": when.due(longer.until, now)}
    else:
        said = _("延长 %(label)s") % {"label": sentences.length(longer.length)}
    return when.when(longer.at, now), said + _by(longer.who, longer.granted_by)


def _by(who: str, granted_by: str) -> str:
    said = _("，%(who)s经办") % {"who": who} if who else ""
    return said + (_("，%(who)s批准") % {"who": granted_by} if granted_by else "")


def _earlier(was: EarlierLine, now: datetime) -> tuple[str, str]:
    said = _("原期限 %(due)s，%(why)s") % {"due": when.due(was.due_at, now), "why": _WHY[was.why]}
    return when.when(was.until, now), said
