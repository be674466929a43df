"""试办: a policy is tried on an imagined case before anybody signs it. All of its state travels in the form."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from kesu.access.sight.lines import ClauseLine, LevelLine, ObligationLine, RefusalLine, StepLine
from kesu.core import clock
from kesu.policy.calendar import Calendar
from kesu.queries.policies.trial import MOST_ACTS, HeldLine, Trial, TrialAct, trial
from kesu.web import sentences, when
from kesu.web.fields import Field, FieldKind
from kesu.web.forms.drawing import draw
from kesu.web.joining import listed, strung
from kesu.web.lacking import lack_in_words
from kesu.web.marks import ClauseRef
from kesu.web.session import actor, frame, signed_in
from kesu.web.words import spoken

_STATES: Final = {
    "open": gettext_lazy("待办"),
    "paused": gettext_lazy("暂停"),
    "met": gettext_lazy("已办"),
    "met_late": gettext_lazy("迟办"),
    "overdue": gettext_lazy("已逾期"),
    "ended": gettext_lazy("不再需要"),
}
_HOUR, _FEW = timedelta(hours=1), timedelta(minutes=10)
_LONGEST: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class DutyPart:
    line: ObligationLine
    owner: str
    due: str
    state: str
    is_late: bool
    clauses: tuple[ClauseRef, ...]


@dataclass(frozen=True, slots=True)
class StepPart:
    line: StepLine
    why: str
    clauses: tuple[ClauseRef, ...]


@dataclass(frozen=True, slots=True)
class MovePart:
    at: str
    before: LevelLine
    after: LevelLine
    clauses: tuple[ClauseRef, ...]


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def try_out(request: HttpRequest, code: str) -> HttpResponse:
    sent = request.POST
    now = _moment(sent.get("now", "")) or clock.now().replace(second=0, microsecond=0)
    kind, is_new = sent.get("kind", ""), sent.get("do") == "restart" or sent.get("known") != sent.get("kind")
    acts = [] if is_new else _acts(sent.get("acts", ""))
    do, _colon, step = sent.get("do", "").partition(":")
    held = {name.removeprefix(_HELD): sent[name].strip() for name in sent if name.startswith(_HELD)}

    def told(at: datetime, step: str = "") -> Trial:
        return trial(actor=actor(request), at=at, pack_code=code, kind=kind, acts=acts, step=step, held=held)

    if do == "take" and len(acts) < MOST_ACTS:
        acts.append(TrialAct(now, step, {name: tuple(sent.getlist(name)) for name in sent if _is_answer(name)}))
    found = told(now, step if do == "open" else "")
    if len(found.acts) < len(acts):  # refused: the form stays open with what was typed
        found = told(now, step)
    elif do == "take":
        now += _FEW
    later = _later(do, now, found)
    if later != now:
        now, found = later, told(later)
    return render(request, "policies/trial.html", _context(request, spoken(found), now, acts))


_OWN: Final = frozenset({"csrfmiddlewaretoken", "acts", "now", "kind", "known", "do"})
_HELD: Final = "held."
"""Begins the name of a field that says what the accounts of a ledger hold before."""


def _is_answer(name: str) -> bool:
    return name not in _OWN and not name.startswith(_HELD)


def _later(do: str, now: datetime, found: Trial) -> datetime:
    if do == "hour":
        return now + _HOUR
    if do == "workday":
        return _next_morning(found.calendar, now)
    if do == "due":
        limits = [line.due_at for line in found.duties if line.is_open and line.due_at and line.due_at > now]
        ahead = [*limits, *([found.next_at] if found.next_at and found.next_at > now else [])]
        return min(ahead) if ahead else now
    return now


def _next_morning(calendar: Calendar, now: datetime) -> datetime:
    """The next time work begins on another day; after two weeks of holidays the search ends."""
    at = now
    for _hour in range(14 * 24):
        at = (at + _HOUR).replace(minute=0)
        if calendar.local(at).date() > calendar.local(now).date() and calendar.is_working(at):
            return at
    return now + timedelta(days=1)


def _context(request: HttpRequest, found: Trial, now: datetime, sent: Sequence[TrialAct]) -> Mapping[str, Any]:
    typed = sent[-1].given if len(found.acts) < len(sent) else (found.form.typed if found.form else {})
    missing = [m for refusal in found.refusals for m in refusal.missing]
    errors = {m.fact: sentences.missing(m.kind, m.name) for m in missing if m.fact}
    return {
        "frame": frame(request, "/policies"),
        "found": found,
        "now": when.for_field(now),
        "now_text": when.stamp(now),
        "acts": json.dumps([_written(act) for act in found.acts]),
        "taken": tuple((when.stamp(line.at), line.name) for line in found.taken),
        "duties": tuple(_duties(found, now)),
        "moves": tuple(MovePart(when.stamp(m.at), m.before, m.after, _refs(m.clauses)) for m in found.moves),
        "steps": tuple(_steps(found)),
        "fields": _fields(found, typed, errors),
        "held": tuple(_held(one) for one in found.held),
        "refusals": tuple((_why(one), _refs(one.clauses)) for one in found.refusals),
    }


def _fields(found: Trial, typed: Mapping[str, tuple[str, ...]], errors: Mapping[str, str]) -> tuple[Field, ...]:
    if found.form is None:
        return ()
    return draw(found.form.fields, typed, errors, lambda codes: _named(found, codes))


def _held(one: HeldLine) -> Field:
    error = sentences.why(_("金额，如 5000元")) if one.is_unreadable else ""
    return Field(f"{_HELD}{one.ledger}", one.name, FieldKind.MONEY, one.text, error=error)


def _named(found: Trial, codes: Sequence[str]) -> tuple[ClauseRef, ...]:
    return tuple(ClauseRef("", code, sentences.printed(found.clause_names.get(code, code))) for code in codes)


def _refs(clauses: Sequence[ClauseLine]) -> tuple[ClauseRef, ...]:
    """Not in the books yet: a number without a sentence to unfold."""
    return tuple(ClauseRef("", one.printed, sentences.printed(one.printed)) for one in clauses)


def _duties(found: Trial, now: datetime) -> Iterator[DutyPart]:
    for line in found.duties:
        is_late = line.is_open and line.due_at is not None and line.due_at < now
        state = "overdue" if is_late else line.state
        due = when.stamp(line.due_at) if line.due_at else _("无时限")
        owner = line.owner or _("首问人或经办人")
        yield DutyPart(line, owner, due, str(_STATES.get(state, state)), is_late, _refs(line.clauses))


def _steps(found: Trial) -> Iterator[StepPart]:
    for line in found.steps:
        blocking = [refusal for refusal in line.refusals if refusal.mode.value == "block"]
        why = strung(_why(one) for one in blocking)
        yield StepPart(line, why, _refs([clause for one in blocking for clause in one.clauses] or line.clauses))


def _why(one: RefusalLine) -> str:
    lacking = listed(lack_in_words(m) for m in one.missing)
    said = sentences.refusal(one.code, one.says)
    return f"{said}：{lacking}" if lacking else said


def _written(act: TrialAct) -> dict[str, Any]:
    return {
        "at": act.at.isoformat(),
        "step": act.step,
        "given": {name: list(texts) for name, texts in act.given.items()},
    }


def _acts(text: str) -> list[TrialAct]:
    """What the page itself wrote into its form; anything else begins anew."""
    try:
        rows = json.loads(text) if len(text) <= _LONGEST else []
        return [
            TrialAct(
                datetime.fromisoformat(row["at"]),
                str(row["step"]),
                {str(name): tuple(map(str, texts)) for name, texts in row["given"].items()},
            )
            for row in rows[:MOST_ACTS]
            if datetime.fromisoformat(row["at"]).tzinfo is not None
        ]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return []


def _moment(text: str) -> datetime | None:
    """Of this calendar's years: others have no holidays to count with."""
    try:
        at = datetime.fromisoformat(text).replace(tzinfo=when.SHANGHAI)
    except ValueError:
        return None
    return at if abs(at.year - clock.now().year) <= 1 else None
