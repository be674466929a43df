"""What a policy publishes, as it is written: what is told about what must not or could not be shown, and how it is
told, mutated and compared."""

from __future__ import annotations

import pytest

from kesu.policy.calendar import Duration, Unit
from kesu.policy.errors import PackInvalid
from kesu.policy.model.conditions import FactRef
from kesu.policy.model.publications import Audience
from kesu.policy.mutants import mutants
from kesu.policy.telling.changes import changes
from kesu.policy.telling.rules import told_rules
from tests.own_packs import changed

PUBLIC = "disclosure.yaml"
SAYS = "says: [public_methods, public_procedure, public_results, correction_note]"
STARTS = "    starts: occurrence.completed\n    title"
FACTS = "\nfacts:\n"
DRAFTED = "asks: [anonymised], forms: [disclosure_paper]"


def problems(*lines: tuple[str, str], file: str = PUBLIC, code: str = "p03") -> str:
    with pytest.raises(PackInvalid) as caught:
        changed(code, file, *lines)
    return "\n".join(str(problem) for problem in caught.value.problems)


@pytest.mark.parametrize(
    ("old", "new", "said", "helped"),
    [
        (SAYS, "says: [public_method]", "没有事实 public_method", "是不是 public_methods（受理方式）？"),
        (SAYS, "says: [public_methods, public_methods]", "同一个事实写了两次", ""),
        (SAYS, "says: [material]", "material（公开的文本）是 file 类型，不能公示", "可以公示文字、数字、金额"),
        ("seen_by: public", "seen_by: everybody", '没有"everybody"这个写法', "可用：public、residents、staff"),
        ("    seen_by: public\n", "", "缺少 seen_by（给谁看）", ""),
        ("until: {param: disclosure_shown}", "until: 很久", '看不懂"很久"', ""),
        ("until: {param: disclosure_shown}", "until: 当天", '"当天"不是公示的时间', "如 30天、3个月"),
        ("until: {param: disclosure_shown}", "until: {fact: anonymised}", "不是日期或时间", ""),
        (STARTS, "    starts: stage.done\n    title", "公示和撤下都是一个步骤的事件", "如 notice.posted"),
        (STARTS, "    starts: duty.complete.met\n    title", "公示和撤下都是一个步骤的事件", ""),
        (STARTS, "    starts: notice.sent\n    title", "notice.sent 不是步骤的事件", ""),
        (
            STARTS,
            "    starts: disclosure.taken_back\n    title",
            "又公示又撤下，等于没有公示",
            "请用 where（筛选）分开",
        ),
        ("    title: subject", "    heading: subject", "没有 heading 这个键", ""),
        ("    taken_back: disclosure.taken_back\n", "", "缺少 taken_back（何时撤下）", ""),
    ],
)
def test_a_mistake_is_told_with_what_to_write(old: str, new: str, said: str, helped: str) -> None:
    told = problems((old, new))
    assert said in told
    assert helped in told


@pytest.mark.parametrize(
    ("fact", "said"),
    [
        ("{name: 业主, type: person, clause: '2.4'}", "spare（业主）是人，不能公示"),
        ("{name: 参加的人, type: group, clause: '2.4'}", "spare（参加的人）是人，不能公示"),
        ("{name: 房号, type: text, data: personal, clause: '2.4'}", "spare（房号）的数据级别是 personal，不能公示"),
        ("{name: 内情, type: text, data: restricted, clause: '2.4'}", "spare（内情）的数据级别是 restricted，不能公示"),
    ],
)
@pytest.mark.parametrize("key", ["says", "title"])
def test_nothing_that_says_who_somebody_is_can_be_published(fact: str, said: str, key: str) -> None:
    lines = [(FACTS, f"{FACTS}  spare: {fact}\n"), (DRAFTED, DRAFTED.replace("anonymised", "anonymised, spare"))]
    lines.append((SAYS, "says: [public_methods, spare]") if key == "says" else ("title: subject", "title: [spare]"))
    told = problems(*lines)
    assert said in told
    assert "由本单位的人写隐去个人信息的内容" in told


def test_a_figure_of_persons_may_be_published_and_what_follows_from_a_kept_choice_may_not() -> None:
    kept = "{name: 涉及的户型, type: choice, values: [大, 小], data: restricted, clause: '2.4'}"
    drafted = (DRAFTED, DRAFTED.replace("anonymised", "anonymised, kept"))
    counted = "{name: 几种, type: number, derive: {distinct: kept, of: disclosure.drafted}, clause: '2.4'}"
    shown = (SAYS, "says: [public_methods, spare]")
    pack = changed("p03", PUBLIC, (FACTS, f"{FACTS}  kept: {kept}\n  spare: {counted}\n"), drafted, shown)
    assert pack.kinds["disclosure"].publishes["disclosure"].says == ("public_methods", "spare")
    last = (
        "{name: 最近一次, type: choice, values: [大, 小], derive: {last: kept, of: disclosure.drafted}, clause: '2.4'}"
    )
    told = problems((FACTS, f"{FACTS}  kept: {kept}\n  spare: {last}\n"), drafted, shown)
    assert "spare（最近一次）由 kept（涉及的户型）推算，它的数据级别是 restricted，不能公示" in told
    assert "可以公示次数、不同个数、合计" in told


def test_what_a_customer_writes_or_does_himself_is_not_published() -> None:
    report = "consumer_report.yaml"
    told = problems(("    title: public_title\n", "    title: title\n"), file=report, code="w02")
    assert "title（主题）由本单位以外的人写，里面可能有个人信息，不能公示" in told
    declined = ("    starts: publication.posted\n    title", "    starts: further.requested\n    title")
    told = problems(declined, file=report, code="w02")
    assert "步骤 request_further（申请进一步调查）本单位以外的人也能办，公示须由本单位的人办" in told


def test_what_nobody_states_is_told() -> None:
    spare = (FACTS, f"{FACTS}  spare: {{name: 公开到哪天, type: date, clause: '2.4'}}\n")
    told = problems(spare, ("until: {param: disclosure_shown}", "until: {fact: spare}"))
    assert "没有步骤填写 spare（公开到哪天），永远公示不出" in told
    stated = (DRAFTED, DRAFTED.replace("anonymised", "anonymised, spare"))
    pack = changed("p03", PUBLIC, spare, stated, ("until: {param: disclosure_shown}", "until: {fact: spare}"))
    rule = pack.kinds["disclosure"].publishes["disclosure"]
    assert rule.until == FactRef("spare")
    assert "到公开到哪天为止" in told_rules(pack.kinds["disclosure"])["publishes.disclosure"]


def test_sealed_cases_and_those_that_may_become_confidential_publish_nothing() -> None:
    rule = "name: 查实的情况, starts: leader.informed, says: leader_clear, seen_by: staff, taken_back: accused.named"
    sealed = f"\npublishes:\n  found: {{{rule}, clause: 3a}}\n"
    told = problems(("\nguards:\n", f"{sealed}\nguards:\n"), file="whistle_report.yaml", code="w01")
    assert "密封的案件不能公示" in told
    secret = '\nsecrecy: {when: {anonymised: 否}, opened_to: [supervision], says: 还没有隐去, clause: "2.4"}\n'
    told = problems(("\nguards:\n", f"{secret}\nguards:\n"))
    assert "会保密的案件不能公示" in told
    assert "opens（关联立案）" in told


def test_it_is_told_compared_and_mutated() -> None:
    pack = changed("p03", PUBLIC)
    kind = pack.kinds["disclosure"]
    rule = kind.publishes["disclosure"]
    assert (rule.seen_by, rule.until, rule.title) == (Audience.PUBLIC, Duration(1, Unit.YEAR), ("subject",))
    assert told_rules(kind)["publishes.disclosure"] == (
        "公示“投诉信息公开”：公开时公示受理方式、处理程序、处理结果、更正说明，标题写事项，给公众看，公示 1年；"
        "公示期间再次公开的，为更正；撤下时撤下。"
    )
    other = changed("p03", PUBLIC, ("seen_by: public", "seen_by: residents"), (", correction_note]", "]"))
    said = [str(one) for one in changes(pack, other) if one.part == "publishes"]
    assert said == [
        "公示“投诉信息公开”的公示什么去掉更正说明（二、4）。",
        "公示“投诉信息公开”的给谁看由公众改为这里和下级各处的客户（二、4）。",
    ]
    moves = {mutant.move for mutant in mutants(kind) if mutant.address.startswith("publishes.disclosure")}
    wanted = {
        "public→residents",
        "不再写 public_results",
        "没有期限",
        "1年→2年",
        "disclosure.taken_back 时不再撤下",
        "去掉",
    }
    assert wanted <= moves
