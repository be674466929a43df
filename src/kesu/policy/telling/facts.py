"""Facts in words: for the printed policy, and part by part for what two policies differ in."""

from __future__ import annotations

from typing import Final

from kesu.policy.model.facts import Fact, FactType, MailPart, Meaning
from kesu.policy.model.trees import leaves, told
from kesu.policy.telling.deriving import tell_working_out
from kesu.policy.telling.words import Words, listed

TYPES: Final = {
    FactType.TEXT: "文字", FactType.NUMBER: "数字", FactType.MONEY: "金额", FactType.DATE: "日期",
    FactType.TIME: "日期和时间", FactType.CHOICE: "单选", FactType.CHOICES: "多选", FactType.FLAG: "是或否",
    FactType.PERSON: "人", FactType.UNIT: "单位", FactType.UNITS: "几个单位", FactType.GROUP: "一组人",
    FactType.FILE: "文件", FactType.CASE: "另一件诉件",
}  # fmt: skip


MAIL: Final = {
    MailPart.ORIGINAL: "邮件原件", MailPart.ATTACHMENTS: "邮件的附件", MailPart.SENT_AT: "邮件发出的时间",
}  # fmt: skip


def tell_fact(words: Words, code: str) -> str:
    """The fact, one of its values or one who joins it by himself, by the address in the section."""
    code, _, part = code.partition(".")
    fact = words.kind.facts[code]
    if part.startswith("adds["):
        addition = fact.adds[int(part.removeprefix("adds[").removesuffix("]")) - 1]
        return f"{words.condition(addition.when)}时，{words.kind.roles[addition.role].name}自动加入{fact.name}。"
    if part:
        return f"{fact.name}可以是“{part.removeprefix('values.')}”。"
    if fact.is_worked_out:
        return f"{fact.name}由系统算出：{tell_working_out(words, fact)}。"
    only = f"{words.condition(fact.asked_when)}时，" if fact.asked_when is not None else ""
    apart = f"，每个{words.fact(fact.per)}各记各的" if fact.per is not None else ""
    return f"{only}记录{fact.name}（{_typed(words, fact)}{apart}）{_stated_by(words, fact)}。"


def _typed(words: Words, fact: Fact) -> str:
    if fact.at_least:
        return f"{TYPES[fact.type]}，至少 {fact.at_least} 字"
    if fact.by_hand:
        return "手写签名"
    if not fact.is_counted:
        return f"{TYPES[fact.type]}，不算作投诉人"
    if fact.among is not None or fact.most:
        return listed((TYPES[fact.type], *tell_chosen(words, fact)))
    if fact.mail is not None:
        return f"{TYPES[fact.type]}，{MAIL[fact.mail]}"
    if fact.kinds:
        return f"另一件诉件：{listed(tell_kinds(fact))}"
    if fact.is_tree:
        is_inner = len(leaves(fact.values)) < len(fact.values)
        return f"{TYPES[fact.type]}，分级：{told(fact.values)}{'；中间的一级也可选' if is_inner else ''}"
    order = "，由低到高" if fact.ordered else ""
    return f"{TYPES[fact.type]}：{words.value(fact.values)}{order}" if fact.values else TYPES[fact.type]


def tell_chosen(words: Words, fact: Fact) -> tuple[str, ...]:
    """Who may be named in a group, how many, and what follows for them."""
    among = fact.among
    roles = f"的{listed(map(words.role, among.roles))}" if among is not None and among.roles else "的人"
    return tuple(
        filter(
            None,
            (
                f"从{words.fact(among.of)}{roles}里选" if among is not None else "",
                f"最多 {fact.most} 位" if fact.most else "",
                "由其承办" if fact.in_charge else "",
            ),
        )
    )


MEANINGS: Final = {Meaning.VERDICT: "是否合理", Meaning.RESPONSIBILITY: "责任方"}


def tell_meaning(fact: Fact) -> str:
    """是否合理（合理：属实；不合理：不属实）."""
    if fact.meaning is None:
        return ""
    pairs = [f"{word}：{'、'.join(own)}" for word, own in fact.means.items() if own != (word,)]
    return f"{MEANINGS[fact.meaning]}（{said}）" if (said := "；".join(pairs)) else MEANINGS[fact.meaning]


def tell_kinds(fact: Fact) -> tuple[str, ...]:
    """Of which kinds a case may be named."""
    return tuple(f"{one.name or one.code}{'（当地施行的制度的）' if one.is_served else ''}" for one in fact.kinds)


def _stated_by(words: Words, fact: Fact) -> str:
    by = "，按相近的诉件推荐" if fact.proposed else ""
    by += f"，统计和查找时算作{tell_meaning(fact)}" if fact.meaning is not None else ""
    by += f"，由{listed(map(words.role, fact.by))}填" if fact.by else ""
    by += "，告知投诉人的，由他自己的链接一起看到" if fact.hears else ""
    by += f"，由程序随机抽取 {fact.drawn} 位" if fact.drawn else ""
    by += f"，只有{listed(map(words.role, fact.seen_by))}看得到" if fact.seen_by else ""
    default = f"，不填时为{words.value(fact.default)}" if fact.default is not None else ""
    lapses = f"；{words.moments(fact.lapses)}时作废" if fact.lapses else ""
    return f"{by}{default}{'，须写理由' if fact.reason_required else ''}{lapses}"
