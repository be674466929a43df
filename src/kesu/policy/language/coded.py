"""What roles are shown that do not see a case: of a sample nothing may lead to its case (`sees: coded`), and somebody
outside sees what everybody may know."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kesu.policy.coded import CODED, is_blind
from kesu.policy.language.labels import labelled
from kesu.policy.language.nodes import Map
from kesu.policy.language.reading import Flaw, Place
from kesu.policy.model.facts import DataClass, FactType
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import Role

_LEADS_BACK: Final = frozenset(
    {FactType.PERSON, FactType.FILE, FactType.CASE, FactType.GROUP, FactType.UNIT, FactType.UNITS}
)


def check_coded(kind: Kind, tree: Map) -> Iterator[Flaw]:
    for role in kind.roles.values():
        place = Place(tree, "").child("roles").child(role.code, is_code=True)
        if role.sees == CODED:
            yield from _without_a_sample(kind, role, place)
            for code in role.shows:
                yield from _leads_back(kind, code, place.child("shows"))
        elif role.limited:
            for code in role.shows:
                yield from _tells_more(kind, code, place.child("shows"))
        elif role.shows:
            says = f"只有 {labelled('sees')} 写 coded、{labelled('outside')} 写 是 的角色才写 {labelled('shows')}。"
            yield place.child("shows").flaw(says, at_key=True)


def _without_a_sample(kind: Kind, role: Role, place: Place) -> Iterator[Flaw]:
    drawn = [fact.code for fact in kind.facts.values() if fact.drawn]
    at = place.child("sees")
    if len(drawn) != 1:
        yield at.flaw(
            f"{role.name}只看编号件，这一类里却有 {len(drawn)} 个抽取的编号。",
            expected="请让恰好一个事实写 drawn（抽取）。",
        )
    if kind.secrecy is not None:
        yield at.flaw("密封或保密的案件没有编号件。", expected="请改用 none，或去掉 secrecy（保密）。")
    if role.code == kind.holder:
        yield at.flaw(f"{role.name}承办这一类，不能看不到诉件。")
    if role.acts:
        yield at.flaw(f"{role.name}看不到诉件，除了步骤什么也不能办。", expected="请写 acts: []。")
    if not any(is_blind(kind, step) for step in kind.steps.values()):
        yield at.flaw(f"没有只由{role.name}办的步骤，给他看编号件没有用。")


def _leads_back(kind: Kind, code: str, place: Place) -> Iterator[Flaw]:
    fact = kind.facts[code]
    name = f"{code}（{fact.name}）"
    if fact.type in _LEADS_BACK:
        yield place.flaw(f"{name}会说出是哪一件、谁的，不能露在编号件上。")
    elif fact.drawn:
        yield place.flaw(f"{name}就是编号，不用写。")
    elif fact.data is not DataClass.INTERNAL:
        yield place.flaw(f"{name}不是人人看得到的，不能露在编号件上。")
    elif code in {kind.title_fact, kind.place_fact}:
        yield place.flaw(f"{name}是标题或地点，不能露在编号件上。")


def _tells_more(kind: Kind, code: str, place: Place) -> Iterator[Flaw]:
    """What somebody outside is shown is what everybody may know who sees the case, and names no row of the house."""
    fact = kind.facts[code]
    if fact.type in _LEADS_BACK or fact.data is not DataClass.INTERNAL:
        says = f"{code}（{fact.name}）说的是人、文件、别的诉件或部门，或者不是人人看得到的，不能给外部的人看。"
        yield place.flaw(says)


def check_blind_steps(kind: Kind, tree: Map) -> Iterator[Flaw]:
    """The form of a step that is taken blind offers no rows of the house, and names nobody."""
    for step in kind.steps.values():
        if not is_blind(kind, step):
            continue
        place = Place(tree, "").child("steps").child(step.code, is_code=True)
        if step.moves_to is not None or step.merges or step.starts_case or step.signs is not None:
            yield place.flaw("这一步只看编号办，不能立案、移交、并案或签批。")
        for code in kind.asked(step):
            if kind.facts[code].type in _LEADS_BACK - {FactType.FILE} or kind.facts[code].drawn:
                yield place.flaw(f"这一步只看编号办，不能填 {code}（{kind.facts[code].name}）。")
