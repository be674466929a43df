"""What stands in the way of a policy, in sentences: the same when it is proposed, signed and put in force."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy

from kesu.core.errors import Unacceptable
from kesu.web.marks import ClauseRef
from kesu.web.policies.reading import slot_name

_WORDS: Final = {
    "slot_empty": gettext_lazy("岗位“%(name)s”还没有人"),
    "figure_unset": gettext_lazy("“%(name)s”还没有定"),
    "signature_missing": gettext_lazy("还没有选由谁签“%(name)s”"),
    "signed_twice": gettext_lazy("一个人只能签一处：%(name)s"),
    "signer_unknown": gettext_lazy("%(name)s的账号已停用，不能签，请另选一人"),
    "signer_away": gettext_lazy("%(name)s今天请假，代理人不能代签制度，请另选一人"),
    "unit_closed": gettext_lazy("“%(name)s”已停用"),
    "day_passed": gettext_lazy("定在 %(name)s 施行，这一天已经到了。请提出的人撤回，另定日子再提"),
    "policy_draft": gettext_lazy("《%(name)s》还是草案，只能试办；请用定稿的一版"),
    "policy_superseded": gettext_lazy("《%(name)s》已经废止；请用现行的一版"),
    "too_early": gettext_lazy("制度自己写明 %(name)s 起施行，请把施行日定在那天或以后"),
    "too_late": gettext_lazy("制度自己写明到 %(name)s 为止，请用新的一版"),
    "overlay_on_nothing": gettext_lazy("%(name)s用的是上级单位的制度，叠加要在采用主制度的那一级施行"),
    "rules_apart": gettext_lazy("和在那里施行的别的制度合不到一起：%(name)s"),
    "proposer_may_not": gettext_lazy("提出的人%(name)s现在没有让制度生效的权限。请有权限的人撤回，重新提出"),
}


@dataclass(frozen=True, slots=True)
class Lack:
    """What stands in the way, and under which clauses."""

    text: str
    clauses: tuple[ClauseRef, ...]


def lacks(refused: Unacceptable, clauses: Mapping[str, tuple[ClauseRef, ...]]) -> Iterator[Lack]:
    """`clauses`: by the name of what they ask for."""
    for what, name, _ids in refused.data.get("problems", ()):
        shown = slot_name(name) if what == "signature_missing" else name
        yield Lack(str(_WORDS[what]) % {"name": shown}, clauses.get(name, ()))
