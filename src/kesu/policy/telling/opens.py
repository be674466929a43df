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
    brought = f"；那一件结束时，带回{listed(_brought(words, link))}" if link.brings else ""
    moved = f"；都结束后，{words.table(link.closed_to, lambda to: _entered(words, to))}" if link.closed_to else ""
    opened = f"由系统{where}开立一件“{link.kind_name or link.kind}”{served}"
    return f"“{link.name}”：{words.moments(link.starts)}后{when}，{opened}{carried}{brought}{moved}。"


def parts_of_linked_case(words: Words, code: str) -> Mapping[str, str | tuple[str, ...]]:
    link = words.kind.opens[code]
    return {
        "名称": link.name,
        "开立": words.moments(link.starts),
        "适用条件": words.condition(link.when) if link.when is not None else "",
        "开立哪一种": link.kind_name or link.kind,
        "按哪部制度办": "当地施行的" if link.is_served else "本制度",
        "开立在哪里": words.fact(link.place) if link.place else "本件所在的单位",
        "带去": tuple(f"{words.fact(own)}（{theirs}）" for theirs, own in link.carries.items()),
        "代填": tuple(f"{theirs} 填“{text}”" for theirs, text in link.states.items()),
        "带回": tuple(_brought(words, link)),
        "都结束后": words.table(link.closed_to, lambda to: _entered(words, to)) if link.closed_to else "",
    }


def _entered(words: Words, to: str | None) -> str:
    return f"进入{words.stage(to)}阶段" if to else "阶段不变"


def _brought(words: Words, link: LinkedCase) -> list[str]:
    return [f"{words.fact(own)}（{_STAGE if theirs == STAGE_WORD else theirs}）" for own, theirs in link.brings.items()]
