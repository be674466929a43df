"""`answers` of a step: the event of the world on which the program takes it by itself."""

from __future__ import annotations

from collections.abc import Iterator

from kesu.policy.language.labels import labelled
from kesu.policy.language.nodes import Map
from kesu.policy.language.reading import Flaw, Place
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import SYSTEM, Step


def check_answering(kind: Kind, tree: Map) -> Iterator[Flaw]:
    """The program hears the event, may take the step, and knows all that it asks for."""
    for code, step in kind.steps.items():
        if step.answers is None:
            continue
        place = Place(tree, "").child("steps").child(code, is_code=True).child("answers")
        if step.answers not in kind.events:
            yield place.flaw(
                f"{step.answers} 不是外部事件，程序不会听到。",
                expected=f"请写 events（外部事件）里的一个：{'、'.join(kind.events) or '现在一个也没有'}。",
            )
            continue
        why = _why_not(kind, step)
        if why:
            yield place.flaw(f"这一步不能由程序自己办：{why}", at_key=True)


def _why_not(kind: Kind, step: Step) -> str:
    if step.starts_case:
        return "案件由它开立。"
    if SYSTEM not in {who.role for row in step.by.rows for who in row.use}:
        return f"{labelled('by')}里没有 system。"
    asked = [code for code in kind.asked(step) if code not in kind.events[step.answers or ""].facts]
    if asked or step.forms:
        what = f"它要填 {asked[0]}（{kind.facts[asked[0]].name}）" if asked else f"它要填文书 {step.forms[0]}"
        return f"{what}，{step.answers} 没有带来，程序填不了。"
    return ""
