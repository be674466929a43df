"""What is said of who signs an approval, beside its chain."""

from __future__ import annotations

from typing import Final

from kesu.policy.language.names import ACT_NAMES, COPIED_BY, COPY_NOTICE
from kesu.policy.model.approving import Allowed, SamePersonTwice, SignAct, VacancyMode
from kesu.policy.model.rules import Approval
from kesu.policy.telling.words import Words, listed

VACANCIES: Final = {
    VacancyMode.WAIT: "",
    VacancyMode.NEXT: "没有人可签的一环由下一环签", VacancyMode.SKIP: "没有人可签的一环略过",
}  # fmt: skip

_TWICE: Final = {
    SamePersonTwice.SKIP: "同一个人签过的后面不再签",
    SamePersonTwice.SKIP_TOGETHER: "同一个人签过的后面不再签，几个部门会签的也只签一次",
}


def tell_signers(words: Words, approval: Approval) -> list[str]:
    """Who else counts as author, what happens when nobody can sign, and whether one person signs twice."""
    vacancy = approval.nobody
    instead = f"没有人可签的一环由{words.role(vacancy.role)}签" if vacancy.role is not None else ""
    return [
        f"{listed(words.fact(code) for code in approval.authors)}中的人也算本人" if approval.authors else "",
        VACANCIES.get(vacancy.mode, instead),
        _TWICE.get(approval.same_person, ""),
        "逐件签，不能一次签几件" if approval.alone else "",
        _copied(words, approval),
        f"可以{listed(_act(words, one) for one in approval.allows)}" if approval.allows else "",
    ]


def _copied(words: Words, approval: Approval) -> str:
    notice = words.kind.notices.get(f"{COPY_NOTICE}{approval.code}")
    named = [who for row in notice.to.rows for who in row.use] if notice else []
    people = [who for who in named if who.group != f"{COPIED_BY}{approval.code}"]
    to = f"结束后抄送{words.people(tuple(people))}" if people else ""
    chosen = "送审和签的人可以另选抄送的人" if approval.copying else ""
    return "，".join(filter(None, (to, chosen)))


def _act(words: Words, one: Allowed) -> str:
    to = f"给{listed(words.role(role) for role in one.to)}" if one.to else ""
    stages = f"或{listed(word for word, _ in one.stages)}阶段" if one.act is SignAct.SEND_BACK and one.stages else ""
    back = f"到{one.stages[0][0]}阶段" if one.act is SignAct.TAKE_BACK and one.stages else ""
    return f"{ACT_NAMES[one.act]}{to}{stages}{back}{f'（隔 {one.every}）' if one.every is not None else ''}"
