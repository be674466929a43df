"""What the program makes of a policy, as its page and the page of a proposal print it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kesu.access.policy_reading import ClauseLine, PolicyReading
from kesu.access.signings import Signing
from kesu.web import sentences, when
from kesu.web.joining import listed
from kesu.web.policies.charter import charter_view

SECTIONS: Final = {
    "stages": gettext_lazy("阶段"),
    "facts": gettext_lazy("事实"),
    "roles": gettext_lazy("角色"),
    "levels": gettext_lazy("级别"),
    "steps": gettext_lazy("步骤"),
    "guards": gettext_lazy("关卡"),
    "separations": gettext_lazy("回避"),
    "ledgers": gettext_lazy("台账"),
    "publishes": gettext_lazy("公示"),
    "wording": gettext_lazy("用语"),
    "approvals": gettext_lazy("审批"),
    "duties": gettext_lazy("义务"),
    "notices": gettext_lazy("告知"),
    "opens": gettext_lazy("关联立案"),
    "measures": gettext_lazy("指标"),
    "samples": gettext_lazy("抽样"),
    "documents": gettext_lazy("文书"),
    "guidance": gettext_lazy("提示"),
    "promises": gettext_lazy("承诺"),
    "secrecy": gettext_lazy("保密"),
    "schedule": gettext_lazy("定期开立"),
    "parameters": gettext_lazy("公司自己定的"),
    "events": gettext_lazy("外部事件"),
    "requires": gettext_lazy("要求各制度写明"),
}
ASKED: Final = {
    "automatic": ("auto", gettext_lazy("自动")),
    "guard": ("guard", gettext_lazy("关卡")),
    "reminder": ("prompt", gettext_lazy("提醒")),
    "record": ("rec", gettext_lazy("记录")),
    "manual-norm": ("man", gettext_lazy("人工")),
}
HONOURED: Final = {
    "enforced": gettext_lazy("由程序执行"),
    "prompted": gettext_lazy("由程序提醒"),
    "recorded": gettext_lazy("由程序记录"),
    "manual": gettext_lazy("由人遵守"),
    "product": gettext_lazy("程序本身的性质"),
    "lost": gettext_lazy("原文缺失"),
    "later": gettext_lazy("以后再做"),
    "unanswered": gettext_lazy("还没有规则"),
}


@dataclass(frozen=True, slots=True)
class ClausePart:
    """A clause as the page prints it: the mark of how it is to be honoured, and what is made of it in words."""

    line: ClauseLine
    look: str
    asked: str
    honoured: str
    reason: str
    rules: tuple[tuple[str, str, str], ...]


def reading_parts(found: PolicyReading) -> dict[str, Any]:
    """What `policies/_clauses.html`, `policies/_charter.html`, `policies/_figures.html` and
    `policies/_slots.html` print."""
    return {
        "clauses": tuple(_clause_part(line) for line in found.clauses),
        "counts": tuple(_counts(found.counts)),
        "generic": tuple((SECTIONS[rule.section], rule.name, _figures(rule.figures)) for rule in found.generic),
        "parameters": tuple((one, sentences.value(one.value)) for one in found.parameters),
        "slots": found.slots,
        "charter": charter_view(found.charter),
    }


def _clause_part(line: ClauseLine) -> ClausePart:
    look, asked = ASKED[line.asked]
    rules = tuple((str(SECTIONS[rule.section]), _said(rule.name), _figures(rule.figures)) for rule in line.rules)
    is_gap = line.honoured == "unanswered"
    # A property of the program is named by the code of the test that proves it: nothing to read on a page.
    reason = "" if line.honoured == "product" else line.reason
    return ClausePart(line, "gap" if is_gap else look, str(asked), str(HONOURED[line.honoured]), reason, rules)


def _figures(figures: Iterable[str]) -> str:
    return listed(sentences.length(one) for one in figures)


def _said(name: str) -> str:
    """The words of a promise with their places for date and number shown as such."""
    return name.replace("{due}", _("（到期时间）")).replace("{case}", _("（编号）"))


def _counts(counts: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    for code, name in HONOURED.items():
        if counts.get(code):
            yield str(name), counts[code]


SIGNATURES: Final = {
    "compiled_by": gettext_lazy("编制"),
    "reviewed_by": gettext_lazy("审核"),
    "approved_by": gettext_lazy("批准"),
}


def slot_name(slot: str) -> str:
    """How a place for a signature is called: by the field's word, or as the policy says it."""
    return str(SIGNATURES.get(slot, slot))


@dataclass(frozen=True, slots=True)
class SignaturePart:
    """`at` is empty for one who did not sign in a session of his own."""

    slot: str
    name: str
    at: str


def signature_parts(signing: Signing) -> tuple[SignaturePart, ...]:
    """Those of the slots, then who proposed it, where somebody did."""
    parts = tuple(
        SignaturePart(slot_name(one.slot), one.name, when.stamp(one.at) if one.at else "") for one in signing.signatures
    )
    if signing.proposed_at is None:
        return parts
    return (*parts, SignaturePart(_("提出"), signing.proposed_by, when.stamp(signing.proposed_at)))
