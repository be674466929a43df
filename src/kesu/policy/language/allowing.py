"""`allows` of an approval: what may be done to it beside signing, and the steps by which that is done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from kesu.policy import events
from kesu.policy.calendar import Duration, Unit
from kesu.policy.language.lengths import read_duration
from kesu.policy.language.names import ACT_NAMES, GENERATED_OPINION
from kesu.policy.language.nodes import Map, Seq
from kesu.policy.language.reading import Fields, Flaw, Place, Scope, one_of, read_flag
from kesu.policy.model.approving import ActsOn, Allowed, SignAct
from kesu.policy.model.conditions import MomentNoun, Table
from kesu.policy.model.facts import Fact, FactType
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import GENERIC, HOLDER, Approval, Step, Who

_EVENTS: Final[Mapping[SignAct, str]] = {
    SignAct.PASS_ON: events.APPROVAL_PASSED_ON,
    SignAct.ADD_BEFORE: events.APPROVAL_ADDED_BEFORE,
    SignAct.ADD_AFTER: events.APPROVAL_ADDED_AFTER,
    SignAct.ASK: events.APPROVAL_ASKED,
    SignAct.ADVISE: events.APPROVAL_ADVISED,
    SignAct.SEND_BACK: events.APPROVAL_SENT_BACK,
    SignAct.TAKE_BACK: events.APPROVAL_TAKEN_BACK,
    SignAct.URGE: events.APPROVAL_URGED,
}

_CUSTOMS: Final[Mapping[str, Allowed]] = {
    SignAct.ASK.value: Allowed(SignAct.ASK, generic=True),
    SignAct.TAKE_BACK.value: Allowed(SignAct.TAKE_BACK, generic=True),
    SignAct.URGE.value: Allowed(SignAct.URGE, every=Duration(4, Unit.WORK_HOUR), generic=True),
}


def read_allowed(place: Place, scope: Scope) -> tuple[Allowed, ...]:
    """`{pass_on: {to: [chief]}, add_before: 是, send_back: {stages: [planning]}, urge: {every: 4小时}}`; `是` allows an
    act as it is. `[ask, take_back, urge]`: the customs of the house, under no clause."""
    if isinstance(place.node, Seq):
        return tuple(one for item in place.items() if (one := scope.attempt(_read_custom, item, None)) is not None)
    fields = Fields(
        place, scope, ("pass_on", "add_before", "add_after", "ask", "send_back", "take_back", "urge")
    )  # fmt: skip
    found = (
        fields.read("pass_on", _read_naming, None),
        fields.read("add_before", _read_naming, None),
        fields.read("add_after", _read_naming, None),
        fields.read("ask", _read_naming, None),
        fields.read("send_back", _read_sending_back, None),
        fields.read("take_back", _read_taking_back, None),
        fields.read("urge", _read_urging, None),
    )
    return tuple(one for one in found if one is not None)


def _read_custom(place: Place, scope: Scope) -> Allowed | None:
    """An act after which the same people sign as before: no clause has to allow it."""
    word: str = one_of(tuple(_CUSTOMS))(place, scope)
    return _CUSTOMS[word]


def _read_naming(place: Place, scope: Scope) -> Allowed | None:
    act = SignAct(place.key)
    if not isinstance(place.node, Map):
        return Allowed(act) if read_flag(place, scope) else None
    fields = Fields(place, scope, ("to",))
    return Allowed(act, fields.each("role", "to"))


def _read_sending_back(place: Place, scope: Scope) -> Allowed | None:
    if not isinstance(place.node, Map):
        return Allowed(SignAct.SEND_BACK) if read_flag(place, scope) else None
    fields = Fields(place, scope, ("stages",))
    return Allowed(SignAct.SEND_BACK, stages=_with_names(fields.each("stage", "stages"), scope))


def _read_taking_back(place: Place, scope: Scope) -> Allowed | None:
    if not isinstance(place.node, Map):
        return Allowed(SignAct.TAKE_BACK) if read_flag(place, scope) else None
    fields = Fields(place, scope, ("stage",))
    stage = fields.named("stage", "stage")
    return Allowed(SignAct.TAKE_BACK, stages=_with_names((stage,) if stage else (), scope))


def _read_urging(place: Place, scope: Scope) -> Allowed:
    if not isinstance(place.node, Map):
        raise place.flaw("催办要写明至少隔多久才能再催。", expected="请写 urge: {every: 4工作小时}。")
    fields = Fields(place, scope, ("every",))
    return Allowed(SignAct.URGE, every=fields.need("every", read_duration, None))


def _with_names(codes: tuple[str, ...], scope: Scope) -> tuple[tuple[str, str], ...]:
    return tuple((scope.names.of["stage"][code] or code, code) for code in codes)


def acts_of(approval: Approval) -> tuple[SignAct, ...]:
    """The acts that have a step: who is asked may answer."""
    found = [one.act for one in approval.allows]
    return (*found, SignAct.ADVISE) if SignAct.ASK in found else tuple(found)


def acting_steps(approval: Approval, signers: Sequence[Who]) -> Iterator[Step]:
    """The generated steps of an approval beside its signature."""
    customs = {one.act for one in approval.allows if one.generic}
    customs |= {SignAct.ADVISE} if SignAct.ASK in customs else set()
    for act in acts_of(approval):
        asks = (events.NAMED_SIGNER,) if act.names_somebody else ()
        if act is SignAct.SEND_BACK:
            asks = (f"{events.RETURN_TO}{approval.code}",)
        says = act in {SignAct.SEND_BACK, SignAct.ADVISE, SignAct.ASK}
        yield Step(
            code=f"{act.value}_{approval.code}",
            name=f"{ACT_NAMES[act]}：{approval.name}",
            by=Table.of((Who(HOLDER),) if act is SignAct.URGE else tuple(signers)),
            event=_EVENTS[act],
            clauses=(GENERIC,) if act in customs else approval.clauses,
            asks=(*asks, GENERATED_OPINION) if says else asks,
            may_state=() if says or act in {SignAct.TAKE_BACK, SignAct.URGE} else (GENERATED_OPINION,),
            acts_on=ActsOn(approval.code, act),
        )


def acting_facts(approvals: Mapping[str, Approval]) -> Iterator[Fact]:
    """The facts that these steps ask for."""
    if any(act.names_somebody for approval in approvals.values() for act in acts_of(approval)):
        yield Fact(events.NAMED_SIGNER, "哪一位", FactType.GROUP, (GENERIC,))
    for approval in approvals.values():
        back = next((one for one in approval.allows if one.act is SignAct.SEND_BACK), None)
        if back is not None:
            links = tuple(f"第 {number} 环" for number in range(1, len(approval.chain)))
            words = (*links, *(word for word, _ in back.stages))
            yield Fact(f"{events.RETURN_TO}{approval.code}", "退回到哪里", FactType.CHOICE, (GENERIC,), words)


def check_taken_back(kind: Kind, tree: Map) -> Iterator[Flaw]:
    """What is taken back goes to the stage before it was laid before the signers; there must be one to which it can."""
    opening = {step.event for step in kind.steps.values() if step.starts_case}
    for code, approval in kind.approvals.items():
        back = next((one for one in approval.allows if one.act is SignAct.TAKE_BACK), None)
        follows = any(one.noun is MomentNoun.APPROVAL or one.subject in opening for one in approval.of)
        if back is not None and not back.stages and follows:
            place = Place(tree, "").child("approvals").child(code, is_code=True).child("allows")
            yield place.flaw(
                f"“{approval.name}”撤回以后没有可回的阶段：它在案件开立时或另一审批通过时开始。",
                expected="请写 take_back: {stage: 阶段}。",
            )
