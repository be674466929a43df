"""`pauses`, `slower` and `extension` of a duty: what holds its clock up, what makes its limit longer, who decides."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from kesu.policy.calendar import Duration
from kesu.policy.language.conditions import read_condition
from kesu.policy.language.labels import labelled
from kesu.policy.language.lengths import read_date_fact, read_duration
from kesu.policy.language.nodes import Map
from kesu.policy.language.reading import Fields, Flaw, Place, Scope, read_count
from kesu.policy.model.approving import ApprovalConflict
from kesu.policy.model.conditions import Condition, FactRef, Moment, MomentNoun
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import Approval, Duty
from kesu.policy.model.stretching import Extension, Pause

_FACTOR: Final = re.compile(r"[1-9][0-9]?(\.[0-9]{1,2})?")


def read_pauses(place: Place, scope: Scope) -> tuple[Pause, ...]:
    """`[{name: 等业主补材料, while: {waiting: 是}, limit: 10天, approval: standstill}]`."""
    found = []
    for item in place.items():
        fields = Fields(item, scope, ("name", "while", "limit", "approval", "clause"))
        when: Condition | None = fields.need("while", read_condition, None)
        limit: Duration | None = fields.read("limit", read_duration, None)
        name, granted = fields.maybe_text("name") or "", _granted(fields.named("approval", "approval"))
        if when is not None:
            found.append(Pause(when, limit, fields.clauses(), name, granted))
    return tuple(found)


def read_slower(place: Place, scope: Scope) -> tuple[Pause, ...]:
    """`[{name: 台风红色预警期间, while: {alert: 是}, factor: 2}]`."""
    found = []
    for item in place.items():
        fields = Fields(item, scope, ("name", "while", "factor", "limit", "approval", "clause"))
        when: Condition | None = fields.need("while", read_condition, None)
        factor: Fraction | None = fields.need("factor", _read_factor, None)
        limit: Duration | None = fields.read("limit", read_duration, None)
        name, granted = fields.maybe_text("name") or "", _granted(fields.named("approval", "approval"))
        if when is not None and factor is not None:
            found.append(Pause(when, limit, fields.clauses(), name, granted, factor))
    return tuple(found)


def _granted(approval: str | None) -> Moment | None:
    return Moment(MomentNoun.APPROVAL, approval, "granted") if approval is not None else None


def _read_factor(place: Place, _: Scope) -> Fraction:
    word = place.text()
    if _FACTOR.fullmatch(word) is None or Fraction(word) <= 1:
        raise place.flaw(f'"{word}"不能放慢。', expected="写大于 1 的数：2 是慢一半，1.5 是三分之二的速度。")
    return Fraction(word)


def read_extension(place: Place, scope: Scope) -> Extension | None:
    """`{event: longer.asked, approval: longer, length: 5个工作日, times: 1}`; without `approval` the event decides."""
    fields = Fields(place, scope, ("event", "approval", "length", "times", "clause"))
    event = fields.need("event", lambda at, on: on.named("event", at), "")
    approval = fields.named("approval", "approval")
    length: FactRef | Duration | None = fields.need("length", _read_length, None)
    if length is None:
        return None
    return Extension(event, length, fields.read("times", read_count, None), fields.clauses(), approval)


def _read_length(place: Place, scope: Scope) -> FactRef | Duration:
    if isinstance(place.node, Map) and "fact" in place.node.entries:
        return read_date_fact(place.child("fact"), scope)
    return read_duration(place, scope)


def check_extensions(kind: Kind, tree: Map) -> Iterator[Flaw]:
    """An approval that decides about an extension is opened by the asking; nobody gives himself more time."""
    for code, duty in kind.duties.items():
        place = Place(tree, "").child("duties").child(code, is_code=True)
        rule = duty.extension
        approval = kind.approvals.get(rule.approval or "") if rule is not None else None
        if rule is not None and approval is not None:
            yield from _undecided(place.child("extension").child("approval"), duty, rule, approval)
        for pause in duty.pauses:
            granted = kind.approvals.get(pause.granted.subject) if pause.granted is not None else None
            if granted is not None and granted.conflict is not ApprovalConflict.BLOCK:
                key = "slower" if pause.factor is not None else "pauses"
                yield _by_himself(place.child(key), granted, "停表要由别人定。")


def _undecided(place: Place, duty: Duty, rule: Extension, approval: Approval) -> Iterator[Flaw]:
    asked = {moment.subject for moment in approval.of if moment.noun is MomentNoun.EVENT}
    if rule.event not in asked:
        yield place.flaw(
            f"审批 {approval.code}（{approval.name}）不从申请延期的事件 {rule.event} 开始，“{duty.name}”永远延不了。",
            expected=f"请在这个审批的 of 里写 {rule.event}，或者换一个审批。",
        )
    if approval.conflict is not ApprovalConflict.BLOCK:
        yield _by_himself(place, approval, "延期要由别人定。")


def _by_himself(place: Place, approval: Approval, why: str) -> Flaw:
    return place.flaw(
        f"审批 {approval.code}（{approval.name}）让申请的人自己也能批，{why}",
        expected=f"请把这个审批的 {labelled('conflict')}写成 block，或者不写。",
    )
