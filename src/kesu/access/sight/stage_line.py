"""The line of stages: those a case went through, where it is, and the ordinary way before it to the end."""

from __future__ import annotations

from kesu.policy.model.pack import Kind
from kesu.policy.standing import Standing

DONE, CURRENT, AHEAD = "done", "current", ""
Line = tuple[tuple[str, str], ...]


def stage_line(kind: Kind, current: Standing) -> Line:
    """Codes with their states, in the order of the policy. Other ends (withdrawn, filed away), stages that the case
    passed by and those beside the ordinary way stand there only when it is or was in them."""
    been = _been(kind, current)
    order = list(kind.stages)
    here = order.index(current.stage)
    found: list[tuple[str, str]] = []
    has_ended = current.is_final
    for place, (code, stage) in enumerate(kind.stages.items()):
        if place == here:
            found.append((code, CURRENT))
        elif place < here and code in been:
            found.append((code, DONE))
        elif place > here and not stage.aside and not (stage.final and has_ended):
            found.append((code, AHEAD))
            has_ended = has_ended or stage.final
    return tuple(found)


def public_words(kind: Kind) -> dict[str, str]:
    """The plain word of every stage; a stage without one keeps that of the stage before it."""
    words: dict[str, str] = {}
    word = ""
    for code, stage in kind.stages.items():
        word = words[code] = stage.public or word or stage.name
    return words


def public_line(kind: Kind, current: Standing) -> Line:
    """The different plain words, in the same way: of several stages with one word, one."""
    words, been = public_words(kind), _been(kind, current)
    here = words[current.stage]
    codes = list(kind.stages)
    before = set(codes[: codes.index(current.stage)])
    ordinary = [code for code, stage in kind.stages.items() if not stage.aside]
    shown = {code for code in ordinary if not kind.stages[code].final} | (been & before) | {current.stage}
    if not current.is_final:
        shown |= set([code for code in ordinary if kind.stages[code].final][:1])
    order = list(dict.fromkeys(words[code] for code in kind.stages if code in shown))
    seen = {words[code] for code in been}
    at = order.index(here)
    states = (DONE if place < at else CURRENT if place == at else AHEAD for place in range(len(order)))
    pairs = zip(order, states, strict=True)
    return tuple((word, state) for word, state in pairs if state != DONE or word in seen)


def _been(kind: Kind, current: Standing) -> frozenset[str]:
    return frozenset({change.before for change in current.stage_changes} | {kind.start_stage})
