"""Linked cases in words: for the printed policy, and part by part for what two policies differ in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from kesu.policy.model.opens import STAGE_WORD, LinkedCase
from kesu.policy.telling.words import Words, listed

_STAGE: Final = "结束时的阶段"


def tell_linked_case(words: Words, code: str) -> str:
    link = words.kind.opens[code]
    when = f"，{words.condition(link.when)}的" if link.when is not None else ""
    where = f"在{words.fact(link.place)}" if link.place is not None else ""
    served = "，按当地施行的制度办" if link.is_served else ""
    carried = f"，带去{words.facts(dict.fromkeys(link.carries.values()))}" if link.carries else ""
    stated = f"，代填{listed(_stated(words, link))}" if link.states else ""
    brought = f"；那一件结束时，带回{listed(_brought(words, link))}" if link.brings else ""
    moved = f"；都结束后，{words.table(link.closed_to, lambda to: _entered(words, to))}" if link.closed_to else ""
    opened = f"由系统{where}开立一件“{link.kind_name or link.kind}”{served}"
    return f"“{link.name}”：{words.moments(link.starts)}后{when}，{opened}{carried}{stated}{brought}{moved}。"


def linked_case_aspects(words: Words, code: str) -> Mapping[str, str | tuple[str, ...]]:
    link = words.kind.opens[code]
    return {
        "名称": link.name,
        "开立": words.moments(link.starts),
        "适用条件": words.condition(link.when) if link.when is not None else "",
        "开立哪一种": link.kind_name or link.kind,
        "按哪部制度办": "当地施行的" if link.is_served else "本制度",
        "开立在哪里": words.fact(link.place) if link.place else "本件所在的单位",
        "带去": tuple(f"{words.fact(own)}（{theirs}）" for theirs, own in link.carries.items()),
        "代填": tuple(_stated(words, link)),
        "带回": tuple(_brought(words, link)),
        "都结束后": words.table(link.closed_to, lambda to: _entered(words, to)) if link.closed_to else "",
    }


def _entered(words: Words, to: str | None) -> str:
    return f"进入{words.stage(to)}阶段" if to else "阶段不变"


def _stated(words: Words, link: LinkedCase) -> list[str]:
    return [f"{_theirs(words, link, code)}“{text}”" for code, text in link.states.items()]


def _brought(words: Words, link: LinkedCase) -> list[str]:
    names = {
        own: _STAGE if theirs == STAGE_WORD else _theirs(words, link, theirs) for own, theirs in link.brings.items()
    }
    return [f"{words.fact(own)}（{name}）" for own, name in names.items()]


def _theirs(words: Words, link: LinkedCase, code: str) -> str:
    """A fact of the other case: by its name where that is of this very kind."""
    return words.fact(code) if link.kind == words.kind.code and not link.is_served else code
