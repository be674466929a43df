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
