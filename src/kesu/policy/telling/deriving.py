"""How a fact is worked out, in words."""

from __future__ import annotations

from typing import Final

from kesu.policy.model.conditions import Aggregate, Derivation, Window
from kesu.policy.model.facts import Fact
from kesu.policy.telling.measures import tell_reckoning
from kesu.policy.telling.words import Words

_CALENDAR: Final = {"week": "本周", "month": "本月", "year": "本年"}


def tell_working_out(words: Words, fact: Fact) -> str:
    """Empty for a fact that people state."""
    if fact.measured is not None:
        return tell_reckoning(words, fact.measured)
    if fact.counted is not None:
        return f"同一事项各件的投诉人合起来，同一个人只算一次{_window(fact.counted.window)}"
    return _derivation(words, fact.derive) if fact.derive is not None else ""


def _derivation(words: Words, derive: Derivation) -> str:
    if derive.table is not None:
        return words.table(derive.table, lambda value: "不填" if value is None else words.value(value))
    fact = words.fact(derive.fact) if derive.fact else ""
    said = {
        Aggregate.COUNT: "次数", Aggregate.DISTINCT: f"不同{fact}的个数", Aggregate.SUM: f"{fact}的合计",
        Aggregate.LAST: f"最近一次的{fact}", Aggregate.EACH: f"每一个{fact}",
    }.get(derive.aggregate, fact)  # fmt: skip
    since = f"，从最近一次{words.moments(derive.since)}以后算起" if derive.since else ""
    return f"{words.moments(derive.of)}的{said}{_window(derive.window)}{since}"


def _window(window: Window | None) -> str:
    if window is None:
        return ""
    return f"，从每一刻往前 {window.rolling}" if window.rolling else f"，只算{_CALENDAR[window.calendar or 'month']}"
