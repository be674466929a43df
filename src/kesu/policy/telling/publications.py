"""What is published in one sentence, and aspect by aspect."""

from __future__ import annotations

from typing import Final

from kesu.policy.model.conditions import FactRef
from kesu.policy.model.publications import Audience, Publication
from kesu.policy.telling.words import Words

AUDIENCES: Final = {Audience.PUBLIC: "公众", Audience.RESIDENTS: "这里和下级各处的客户", Audience.STAFF: "员工"}


def tell_publication(words: Words, code: str) -> str:
    rule = words.kind.publishes[code]
    starts = words.moments(rule.starts)
    title = f"，标题写{words.facts(rule.title)}" if rule.title else ""
    return (
        f"公示“{rule.name}”：{starts}时公示{words.facts(rule.says)}{title}，给{AUDIENCES[rule.seen_by]}看，"
        f"{_until(words, rule)}；公示期间再次{starts}的，为更正；{words.moments(rule.taken_back)}时撤下。"
    )


def _until(words: Words, rule: Publication) -> str:
    if rule.until is None:
        return "直到撤下"
    return f"到{words.fact(rule.until.code)}为止" if isinstance(rule.until, FactRef) else f"公示 {rule.until}"


def publication_aspects(words: Words, code: str) -> dict[str, str | tuple[str, ...]]:
    rule = words.kind.publishes[code]
    return {
        "名称": rule.name,
        "何时公示": tuple(map(words.moment, rule.starts)),
        "公示什么": tuple(map(words.fact, rule.says)),
        "标题": tuple(map(words.fact, rule.title)),
        "给谁看": AUDIENCES[rule.seen_by],
        "公示多久": _until(words, rule),
        "何时撤下": tuple(map(words.moment, rule.taken_back)),
    }
