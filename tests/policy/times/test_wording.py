"""Words that must, and must not, stand in what is written: in fields of steps, and in free messages to the customer."""

from __future__ import annotations

from kesu.policy.wording import remarks, remarks_on_message
from tests.policy.times.desk import mistakes, told, wish

FACTS = 'words: {name: 答复, type: text, clause: "2"}'
STEPS = 'reply: {name: 回复, by: clerk, event: wish.replied, asks: [words], clause: "2"}'
BOTH = 'polite: {facts: [words], messages: 是, has: [您], lacks: [没办法], says: 用敬语，不推责, clause: "2"}'
FREE = 'polite: {messages: 是, lacks: [没办法], says: 不推责, clause: "2"}'
FIELD = 'polite: {facts: [words], has: [您], says: 用敬语, clause: "2"}'


def test_a_free_message_is_looked_at_where_the_policy_says_so() -> None:
    kind = wish(facts=FACTS, steps=STEPS, wording=BOTH)
    (found,) = remarks_on_message(kind, "这事没办法")
    assert (found.says, found.clauses, found.lacking, found.found) == ("用敬语，不推责", ("2",), ("您",), ("没办法",))
    assert list(remarks_on_message(kind, "请您稍候")) == []
    assert list(remarks_on_message(kind, "  ")) == []
    assert [one.fact for one in remarks(kind, {"words": "没办法"})] == ["words"]


def test_a_rule_may_look_at_messages_only_or_at_fields_only() -> None:
    free, field = (wish(facts=FACTS, steps=STEPS, wording=rule) for rule in (FREE, FIELD))
    assert [one.fact for one in remarks_on_message(free, "没办法")] == [""]
    assert list(remarks(free, {"words": "没办法"})) == []
    assert list(remarks_on_message(field, "没办法")) == []


def test_a_rule_that_looks_nowhere_is_told() -> None:
    said = mistakes(facts=FACTS, steps=STEPS, wording='polite: {has: [您], says: 用敬语, clause: "2"}')
    assert "用语规则没有写看哪里。" in said
    assert "messages: 是（给客户的消息）" in said


def test_it_is_told_back() -> None:
    assert told("wording.polite", facts=FACTS, steps=STEPS, wording=BOTH) == (
        "写答复、给客户的消息时看用语：要有您，不要有没办法（用敬语，不推责），只提醒。"
    )
