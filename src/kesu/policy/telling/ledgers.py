"""A ledger in one sentence, and aspect by aspect."""

from __future__ import annotations

from typing import Final

from kesu.policy.model.ledgers import UNIT_OF_CASE, Beyond
from kesu.policy.telling.words import Words

_TAILS: Final = {Beyond.REFUSE: "不能办", Beyond.WARN: "只提醒"}
THE_UNIT: Final = "案件所属的单位"


def tell_ledger(words: Words, code: str) -> str:
    ledger = words.kind.ledgers[code]
    per = f"，每个{'、每个'.join(tell_per(words, code))}一户" if ledger.per else "，只有一户"
    moves = [f"{words.moments(ledger.plus)}时收入"] if ledger.plus else []
    moves += [f"{words.moments(ledger.minus)}时支出"] if ledger.minus else []
    bounds = [f"余额不够的{_TAILS[ledger.below_zero]}"]
    if ledger.limit is not None:
        bounds.append(f"超过 {words.value(ledger.limit)}的{_TAILS[ledger.above_limit]}")
    return f"台账“{ledger.name}”{per}：{'，'.join(moves)}{words.fact(ledger.amount)}；{'，'.join(bounds)}。"


def tell_per(words: Words, code: str) -> tuple[str, ...]:
    facts = words.kind.facts
    return tuple(
        THE_UNIT if one == UNIT_OF_CASE and one not in facts else facts[one].name
        for one in words.kind.ledgers[code].per
    )


def ledger_aspects(words: Words, code: str) -> dict[str, str | tuple[str, ...]]:
    ledger = words.kind.ledgers[code]
    return {
        "名称": ledger.name,
        "分户": tell_per(words, code),
        "收入": tuple(map(words.moment, ledger.plus)),
        "支出": tuple(map(words.moment, ledger.minus)),
        "金额": words.fact(ledger.amount),
        "上限": "" if ledger.limit is None else words.value(ledger.limit),
        "余额不够时": _TAILS[ledger.below_zero],
        "超过上限时": "" if ledger.limit is None else _TAILS[ledger.above_limit],
    }
