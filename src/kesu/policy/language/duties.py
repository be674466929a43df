"""Section `duties`: who must do what, from when, within how long, and what happens before and after the end."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from kesu.policy.calendar import Duration
from kesu.policy.language.conditions import read_condition
from kesu.policy.language.extensions import read_extension, read_pauses, read_slower
from kesu.policy.language.lengths import read_duration, read_limits
from kesu.policy.language.moments import read_moments
from kesu.policy.language.nodes import Map
from kesu.policy.language.people import read_people, read_who
from kesu.policy.language.reading import Fields, Place, Scope, one_of
from kesu.policy.language.sections import COMMON
from kesu.policy.language.tables import table_of
from kesu.policy.model.conditions import Condition, MomentNoun, Table
from kesu.policy.model.limits import Limit, Reminder
from kesu.policy.model.rules import SYSTEM, Duty, Escalation, Severity, Step, Who

_KEYS: Final = (
    *COMMON, "starts", "when", "while", "owner", "within", "met_by", "severity", "remind", "overdue", "pauses",
    "slower",    "extension", "cap", "per", "restarts", "survives", "outer", "step", "urgent",
)  # fmt: skip
_PERCENT = re.compile(r"([1-9][0-9]?)%")


def read_duty(place: Place, scope: Scope) -> Duty:
    fields = Fields(place, scope, _KEYS)
    owner: Table[Who] | None = fields.need("owner", table_of(read_who), None)
    within: Table[tuple[Limit, ...]] | None = fields.need("within", table_of(read_limits), None)
    when: Condition | None = fields.read("when", read_condition, None)
    whilst: Condition | None = fields.read("while", read_condition, None)
    per, per_met = fields.read("per", _read_per, (None, None))
    return Duty(
        code=place.key,
        name=fields.need_text("name"),
        clauses=fields.clauses(),
        starts=fields.need("starts", read_moments, ()),
        owner=owner or Table(()),
        within=within or Table(()),
        met_by=fields.need("met_by", read_moments, ()),
        when=when,
        whilst=whilst,
        severity=Severity(fields.read("severity", one_of(tuple(Severity)), Severity.HARD.value)),
        remind=fields.read("remind", read_reminders, ()),
        overdue=fields.read("overdue", read_escalations, ()),
        pauses=(*fields.read("pauses", read_pauses, ()), *fields.read("slower", read_slower, ())),
        extension=fields.read("extension", read_extension, None),
        cap=fields.read("cap", read_duration, None),
        per=per,
        per_met=per_met,
        restarts=fields.flag("restarts"),
        urgent=fields.flag("urgent"),
        survives=fields.flag("survives"),
        outer=fields.flag("outer"),
        step=fields.named("step", "step"),
        unclear=fields.maybe_text("unclear"),
        reading=fields.maybe_text("reading"),
    )


def _read_per(place: Place, scope: Scope) -> tuple[str | None, str | None]:
    """`per: task_dept`, or `{fact: task_depts, met_by: task_dept}` where the end says of which by another fact."""
    if not isinstance(place.node, Map):
        return scope.named("fact", place), None
    fields = Fields(place, scope, ("fact", "met_by"))
    fact: str = fields.need("fact", lambda at, on: on.named("fact", at), "")
    return fact or None, fields.named("fact", "met_by")


def read_reminders(place: Place, scope: Scope) -> tuple[Reminder, ...]:
    return tuple(scope.attempt(_read_reminder, item, Reminder()) for item in place.items())


def _read_reminder(place: Place, scope: Scope) -> Reminder:
    if isinstance(place.node, Map):
        fields = Fields(place, scope, ("before",))
        return Reminder(before=fields.need("before", read_duration, None))
    match = _PERCENT.fullmatch(place.text())
    if match is None:
        raise place.flaw(f'看不懂"{place.text()}"。', expected="提醒写成 50% 或 {before: 2小时}。")
    return Reminder(percent=int(match[1]))


def read_escalations(place: Place, scope: Scope) -> tuple[Escalation, ...]:
    found = []
    for item in place.items():
        fields = Fields(item, scope, ("after", "tell", "hand_over", "step"))
        after: Duration | None = fields.need("after", read_duration, None)
        if not (fields.has("tell") or fields.has("step")):
            scope.note(item.flaw("逾期后要做什么？", expected="请写 tell（告知谁）或 step（由程序走哪一步）。"))
        step = fields.read("step", _read_system_step, None)
        if after is not None:
            found.append(Escalation(after, fields.read("tell", read_people, ()), fields.flag("hand_over"), step))
    return tuple(found)


def _read_system_step(place: Place, scope: Scope) -> str:
    return scope.named("step", place)


def with_steps(duties: Mapping[str, Duty], steps: Mapping[str, Step]) -> dict[str, Duty]:
    """Each duty with the step by which a person meets it, where the pack names none itself."""
    return {code: replace(duty, step=duty.step or _meeting_step(duty, steps)) for code, duty in duties.items()}


def _meeting_step(duty: Duty, steps: Mapping[str, Step]) -> str | None:
    for moment in duty.met_by:
        if moment.noun is not MomentNoun.EVENT:
            continue
        for step in steps.values():
            by_system_only = all(who.role == SYSTEM for row in step.by.rows for who in row.use)
            if step.event == moment.subject and not by_system_only and step.signs is None:
                return step.code
    return None
