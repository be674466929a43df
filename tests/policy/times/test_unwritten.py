"""Rules by which a company fills what its document lacks: marked as generic, and proved like its own."""

from __future__ import annotations

from kesu.policy.calendar import sample_calendar
from kesu.policy.coverage import coverage
from kesu.policy.mutants import mutants
from kesu.policy.operators import Operator
from kesu.policy.scenarios.proving import loose_figures, prove
from kesu.policy.telling.document import pack_lines
from tests.policy.times.desk import desk, mistakes

THANK = "thank: {name: 致谢, starts: wish.answered, owner: clerk, within: 3天, met_by: wish.closed, clause: generic"
OWN = f"{THANK}, unclear: 原文到第三条中断}}"
DUE = """defaults: {topic: 加一盏灯}
scenarios:
  - scenario: 致谢
    given: [{at: 2026-07-01 10:00, step: hear}, {at: 2026-07-01 11:00, step: answer}]
    expect:
      - {at: 2026-07-04 23:59, obligation: thank, is: open}
      - {at: 2026-07-05 00:01, obligation: thank, is: overdue}
"""


def test_it_says_where_the_document_breaks_off() -> None:
    assert "规则要写明出自哪一条" in mistakes(duties=f"{THANK}}}")
    both = OWN.replace("clause: generic", 'clause: [generic, "1"]')
    assert "规则要写明出自哪一条" in mistakes(duties=both)


def test_it_is_printed_among_what_the_document_does_not_say() -> None:
    lines = "\n".join(pack_lines(desk(duties=OWN)))
    assert "“致谢”" in lines.partition("## 通用做法（原文没有写到的）")[2]


def test_it_is_proved_like_a_rule_of_its_own() -> None:
    pack = desk(duties=OWN)
    assert coverage(pack, {}).untried == ("wish/duties.thank",)
    proofs = prove(pack, {"a.yaml": DUE}, sample_calendar())
    assert coverage(pack, proofs).untried == ()
    tried = {str(one) for one in mutants(pack.kinds["wish"]) if one.address.startswith("duties.thank")}
    assert "wish/duties.thank 去掉" in tried
    loose = {str(one) for one in loose_figures(pack, {}, sample_calendar()) if one.operator is Operator.FIGURE}
    assert {one for one in loose if "duties.thank" in one} != set()
