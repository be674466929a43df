"""What a fact of one policy means in the words that all policies share, so that lists and numbers compare them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from kesu.policy.model.facts import Fact, Meaning, Value

if TYPE_CHECKING:
    from kesu.policy.model.pack import Kind  # which holds facts


WORDS: Final[Mapping[Meaning, tuple[str, ...]]] = {
    Meaning.VERDICT: ("合理", "部分合理", "不合理"),
    Meaning.RESPONSIBILITY: ("设计", "施工", "供货", "销售", "物业", "客户", "第三方"),
}
"""The words themselves, in the order in which people read them."""
PREFIX: Final = "is."
"""Before a meaning, where it stands among the columns of a card: no code of a fact has a dot."""


def meant(kind: Kind, facts: Mapping[str, Value]) -> dict[Meaning, tuple[str, ...]]:
    """What is stated of a case, in shared words; of each meaning what the kind has a fact for, nothing while it is
    unstated or says none of them."""
    return {fact.meaning: _said(fact, facts.get(fact.code)) for fact in kind.facts.values() if fact.meaning is not None}


def _said(fact: Fact, value: Value | None) -> tuple[str, ...]:
    if value is None:
        return ()
    texts = {("是" if value else "否") if isinstance(value, bool) else str(value)}
    if isinstance(value, tuple):
        texts = set(value)
    assert fact.meaning is not None
    return tuple(word for word in WORDS[fact.meaning] if texts & set(fact.means.get(word, ())))
