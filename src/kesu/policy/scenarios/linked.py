"""Linked cases in scenarios: opened as the program opens them, and ended as a scenario says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from kesu.policy.calendar import Calendar
from kesu.policy.events import Event
from kesu.policy.model.facts import STATED, FactType, Value
from kesu.policy.model.opens import STAGE_WORD
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import SYSTEM
from kesu.policy.scenarios.script import Act, Impossible, Stated, refusal_words
from kesu.policy.standing import Effect, Standing, StepRefused, Taker, attempt, next_seq
from kesu.policy.standing.links import Linked, linked_in
from kesu.policy.standing.named import heard_of_named, named_in
from kesu.policy.values import parse

PROGRAM: Final = Taker(by=None, roles=frozenset({SYSTEM}))


def open_as_asked(kind: Kind, kinds: Mapping[str, Kind], effect: Effect, current: Standing, calendar: Calendar) -> None:
    """Raises `Impossible` where the other policy refuses what is carried over. Of a kind that another pack serves
    nothing is known here."""
    link = kind.opens[effect.code]
    other = None if link.is_served else kinds.get(link.kind)
    step = other.opening if other is not None else None
    if other is None or step is None:
        return
    stated: dict[str, Value] = {
        code: STATED if other.facts[code].type is FactType.TEXT else parse(other.facts[code], text)
        for code, text in link.states.items()
    }
    carried = {code: current.facts.get(own) for code, own in link.carries.items()}
    stated |= {code: value for code, value in carried.items() if value is not None}
    try:
        attempt(other, (), step.code, PROGRAM, stated, effect.at, effect.at, calendar)
    except StepRefused as refused:
        raise Impossible(f"开不了关联的{other.name}（{link.code}）：{refusal_words(refused.refusals)}") from refused


def linked_now(log: Sequence[Event], act: Act) -> Linked:
    """The linked case that the act is about, as it stands afterwards: the first that has not ended (or, of those taken
    up again, that has). Raises `Impossible`."""
    code, has_ended = act.ends or act.reopens, act.ends is not None
    for one in linked_in(log):
        if one.code == code and one.has_ended is not has_ended:
            return replace(one, has_ended=has_ended)
    raise Impossible(f"没有{'还没结束' if has_ended else '已经结束'}的关联案件 {code}")


def named_now(kind: Kind, log: Sequence[Event], act: Act) -> Event | None:
    """What the program hears of a case that was named in the fact that the act is about: of the first that has not
    ended (or, of those that have, that is taken up again). None where no guard waits for such. Raises `Impossible`."""
    code, has_ended = act.ends or act.reopens or "", act.ends is not None
    if code not in kind.waits_for_named:
        return None
    book = named_in({code}, log)
    found = book.open_of(code) if has_ended else tuple(case for case in book.cases if case in book.ended)
    if not found:
        raise Impossible(f"没有{'还没结束' if has_ended else '已经结束'}的件在 {code} 里点名")
    return heard_of_named(next_seq(log), found[0], act.at, act.at, has_ended=has_ended)


def brought(kind: Kind, kinds: Mapping[str, Kind], act: Act) -> dict[str, Stated]:
    """Own fact → what the linked case brings back of the facts that it ended with. Raises `Impossible`."""
    link = kind.opens[act.ends or ""]
    other = None if link.is_served else kinds.get(link.kind)
    if other is not None:
        stage = other.stages.get(act.stage or "")
        if stage is None or not stage.final:
            ends = "、".join(code for code, one in other.stages.items() if one.final)
            raise Impossible(f"要用 stage 写明{other.name}在哪个阶段结束：{ends}")
        unknown = [code for code in act.facts if code not in other.facts]
        if unknown:
            raise Impossible(f"{other.name}没有事实 {'、'.join(unknown)}")
    ended_in = other.stages[act.stage or ""].name if other is not None else act.stage
    known: dict[str, Stated] = {**act.facts, **({STAGE_WORD: ended_in} if ended_in else {})}
    return {own: known[theirs] for own, theirs in link.brings.items() if theirs in known}
