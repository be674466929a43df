"""Every rule of a kind as one Chinese sentence, by its address in the kind's file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from kesu.policy.calendar.duration import Duration
from kesu.policy.coded import CODED
from kesu.policy.model.approving import ApprovalConflict, LinkMode
from kesu.policy.model.conditions import Always, FactRef, Row
from kesu.policy.model.limits import Reminder
from kesu.policy.model.pack import Kind
from kesu.policy.model.parts import parts_of, tells_time
from kesu.policy.model.rules import (
    Approval,
    Document,
    Duty,
    Escalation,
    Guard,
    GuardMode,
    LevelRule,
    Link,
    Need,
    NeedKind,
    Notice,
    Role,
    Severity,
    Step,
)
from kesu.policy.model.separations import Part
from kesu.policy.model.stepping import Opening
from kesu.policy.model.writing import WRITING_NAMES
from kesu.policy.ruleset import row_of, rules_of
from kesu.policy.telling.facts import tell_fact
from kesu.policy.telling.ledgers import tell_ledger
from kesu.policy.telling.measures import tell_measure, tell_sample
from kesu.policy.telling.opens import tell_linked_case
from kesu.policy.telling.publications import tell_publication
from kesu.policy.telling.signers import tell_signers
from kesu.policy.telling.stepping import tell_beside
from kesu.policy.telling.unasked import PLACES, tell_schedule, tell_world_event
from kesu.policy.telling.words import WAYS, Words, listed

CONFLICTS: Final = {
    ApprovalConflict.SKIP: "本人所写的由同岗的别人审，没有别人就由下一环审",
    ApprovalConflict.WARN: "本人所写的本人审时提醒",
    ApprovalConflict.BLOCK: "本人所写的本人不能审", ApprovalConflict.OFF: "",
}  # fmt: skip


def told_rules(kind: Kind) -> dict[str, str]:
    """Address → sentence, of every rule that `kesu.policy.ruleset` lists."""
    words = Words(kind)
    found: dict[str, str] = {}
    for rule in rules_of(kind):
        section, _, code = rule.address.partition(".")
        row = row_of(rule.address)
        found[rule.address] = _row(words, section, *row) if row else _SECTIONS[section](words, code)
    return found


def _row(words: Words, section: str, code: str, field: str, number: int) -> str:
    """One row of a rule's table, where it stands under a clause of its own."""
    rule = getattr(words.kind, section)[code]
    row: Row[Any] = getattr(rule, field).rows[number - 1]
    when = "其余" if isinstance(row.when, Always) else words.condition(row.when)
    return f"“{rule.name}”：{when}的，{_ROWS[field](words, row.use)}。"


def _target(words: Words, stage: str | None) -> str:
    return f"进入{words.stage(stage)}阶段" if stage else "阶段不变"


_ROWS: Final[dict[str, Callable[[Words, Any], str]]] = {
    "within": Words.limits, "owner": lambda words, who: f"由{words.who(who)}办", "by": lambda words, people:
    f"由{words.people(people)}办", "to": lambda words, use: f"告知{words.people(use)}" if isinstance(use, tuple)
    else _target(words, use),
}  # fmt: skip


def _stage(words: Words, code: str) -> str:
    stage = words.kind.stages[code]
    public = f"，对客户说“{stage.public}”" if stage.public else ""
    aside = "，旁支，没有走到的不列" if stage.aside else ""
    return f"阶段{words.stage(code)}{'（到此终结）' if stage.final else ''}{public}{aside}。"


def _role(words: Words, code: str) -> str:
    role: Role = words.kind.roles[code]
    duty = f"：{role.duty}" if role.duty else ""
    outside = "，可以由本单位以外的人担任" if role.outside else ""
    shows = f"，并看得到{words.facts(role.shows)}" if role.shows else ""
    blind = f"只看得到样品的编号{shows}，看不到诉件。" if role.sees == CODED else ""
    beside = f"、{words.facts(role.shows)}" if role.shows else ""
    limited = f"外部的人在链接里只看得到编号、项目{beside}和给他的话。" if role.limited else ""
    return f"{role.name}（{PLACES[role.scope]}一级{outside}）{duty}。{blind}{limited}"


def _level(words: Words, code: str) -> str:
    assert words.kind.levels is not None
    rule: LevelRule = words.kind.levels.rules[int(code.removeprefix("rules[").removesuffix("]")) - 1]
    end = ""
    if any(map(tells_time, parts_of(rule.when))):
        end = "；结案后仍有效" if rule.survives else "；案件了结后不再计时"
    return f"{words.condition(rule.when)}的，为{words.level(rule.level)}{end}。"


def _step(words: Words, code: str) -> str:
    step: Step = words.kind.steps[code]
    stages = f"在{'、'.join(map(words.stage, step.from_stages))}阶段" if step.from_stages else ""
    if step.starts_case:
        stages = f"{tell_where(words)}开立时"
    forms = (f"《{words.kind.documents[form].name}》" for form in step.forms)
    asked = listed([*(words.fact(one) for one in step.asks), *forms])
    asks = f"，须填{asked}" if asked else ""
    may = f"，可填{words.facts(step.may_state)}" if step.may_state else ""
    given = f"，记下把哪份文书交给了客户（{words.fact(step.hands_over)}）" if step.hands_over else ""
    led = f"{tell_handover(words, step)}{tell_target(words, step)}{tell_merging(words, step)}"
    at_once = "，几个人可以同时办" if step.commutes else ""
    rest = f"{asks}{may}{given}{led}{tell_opening(words, step.opening)}{at_once}{tell_beside(words, step)}"
    return f"“{step.name}”{stages}由{tell_takers(words, step)}办{rest}。"


def tell_where(words: Words) -> str:
    """Of which units the cases of the kind are, where it says so."""
    return f"在{'或'.join(PLACES[one] for one in words.kind.lies_in)}" if words.kind.lies_in else ""


def tell_takers(words: Words, step: Step) -> str:
    return words.table(step.by, lambda people: words.people(people) if people else "无人")


def tell_handover(words: Words, step: Step) -> str:
    if step.moves_to is None:
        return ""
    sight = "办过的人还看得到" if step.moves_to.keeps_sight else "原来的人不再看得到"
    return f"，办后移交到{words.fact(step.moves_to.to)}，编号不变，{sight}"


def tell_target(words: Words, step: Step) -> str:
    if step.to is None:
        return ""
    return "，办后" + words.table(step.to, lambda stage: _target(words, stage))


def tell_merging(words: Words, step: Step) -> str:
    return f"，并到“{words.fact(step.merges)}”填的那一件，人数、文件和记录随它看" if step.merges else ""


def tell_opening(words: Words, opening: Opening | None) -> str:
    if opening is None:
        return ""
    times = f"，最多 {opening.times} 次" if opening.times else ""
    since = words.moment(opening.since)
    waits = f"满 {opening.after}才可以办" if opening.after is not None else ""
    if opening.within is None:
        return f"；自{since}起{waits or '才可以办'}{times}"
    late = f"，逾期的由{words.role(opening.late_by)}办" if opening.late_by else "，逾期不受理"
    return f"；自{since}起{waits and f'{waits}，'} {opening.within} 内可以办{times}{late}"


def _guard(words: Words, code: str) -> str:
    guard: Guard = words.kind.guards[code]
    notices = (f"“{words.kind.notices[one].name}”" for one in guard.notices)
    written = (WRITING_NAMES[one] for one in guard.writes)
    done = listed((*([words.steps(guard.steps)] if guard.steps else []), *notices))
    what = "、".join(filter(None, (f"办{done}" if done else "", f"写{listed(written)}" if guard.writes else "")))
    when = f"，{words.condition(guard.when)}的" if guard.when is not None else ""
    needs = [*(tell_need(words, need) for need in guard.needs)]
    if guard.unless is not None:
        needs.append(f"须满足：{words.condition(guard.unless)}")
    tail = {GuardMode.BLOCK: "否则不能办", GuardMode.REASON: "否则须写理由", GuardMode.WARN: "否则只提醒"}[guard.mode]
    return f"{what}{when}，{'，'.join(needs) or '不能办'}，{tail}：{guard.says}。"


def _separation(words: Words, code: str) -> str:
    one = words.kind.separations[code]
    steps = words.steps(one.steps) if one.steps else "任何步骤"
    kept = {Part.OPENER: "不开立写着自己的", Part.TAKER: f"不办{steps}", Part.HOLDER: "不承办", Part.SIGNERS: "不审批"}
    return f"{words.facts(one.of)}{'、'.join(kept[part] for part in one.apart)}：{one.says}。"


def tell_need(words: Words, need: Need) -> str:
    kind = words.kind
    match need.kind:
        case NeedKind.FACTS:
            return f"须填{words.facts(need.codes)}"
        case NeedKind.FORMS:
            return f"须有{listed(f'《{kind.documents[one].name}》' for one in need.codes)}"
        case NeedKind.EVIDENCE:
            of = f"{words.facts(need.codes)}里" if need.codes else ""
            return f"{of}须有至少 {need.count} 份证据"
        case NeedKind.EACH:
            holds = f"，并且{words.condition(need.holds)}" if need.holds is not None else ""
            since = f"自{words.moment(need.since)}以来" if need.since is not None else ""
            return f"{words.fact(need.group or '')}每个人须自己{since}已{words.moments(need.moments)}{holds}"
        case NeedKind.PEOPLE:
            return f"{words.fact(need.group or '')}须有{listed(words.role(one) for one in need.codes)}{_count(need)}"
        case NeedKind.HAPPENED:
            return f"须已{words.moments(need.moments)}"
        case NeedKind.APART:
            return f"{'与'.join(map(words.fact, need.codes))}不能有同一个人"
        case _:
            return _need_of_rules(kind, need)


def _need_of_rules(kind: Kind, need: Need) -> str:
    """What must have become of other rules of the policy."""
    rules: dict[NeedKind, tuple[Mapping[str, Any], str]] = {
        NeedKind.APPROVED: (kind.approvals, "须经{}批准"),
        NeedKind.MET: (kind.duties, "须已完成{}"),
        NeedKind.SENT: (kind.notices, "须已发出{}"),
        NeedKind.HANDED_OVER: (kind.documents, "须已登记把{}交给客户"),
        NeedKind.LINKS_CLOSED: (kind.opens, "须等{}开立的案件都结束"),
        NeedKind.NAMED_CLOSED: (kind.facts, "须等{}里点名的件都结束"),
        NeedKind.SAMPLED: (kind.samples, "须已抽出{}，抽中的都查过"),
    }
    known, said = rules[need.kind]
    return said.format(listed(f"“{known[code].name}”" for code in need.codes))


def _count(need: Need) -> str:
    return f"至少 {need.count} 人" if need.count > 1 else ""


def _wording(words: Words, code: str) -> str:
    rule = words.kind.wording[code]
    parts = [f"要有{words.value(rule.has)}"] if rule.has else []
    parts += [f"不要有{words.value(rule.lacks)}"] if rule.lacks else []
    texts = [words.fact(one) for one in rule.facts] + (["给客户的消息"] if rule.messages else [])
    return f"写{listed(texts)}时看用语：{'，'.join(parts)}（{rule.says}），只提醒。"


def _approval(words: Words, code: str) -> str:
    approval: Approval = words.kind.approvals[code]
    when = f"，{words.condition(approval.when)}的" if approval.when is not None else ""
    chain = "，再由".join(words.table(link, lambda one: tell_link(words, one)) for link in approval.chain)
    each = f"，每人 {approval.each_within}内" if approval.each_within is not None else ""
    led = {"开始时进入": approval.opened_to, "批准后进入": approval.granted_to, "退回后回到": approval.refused_to}
    moves = [f"{what}{words.stage(stage)}阶段" for what, stage in led.items() if stage is not None]
    extra = [
        *moves,
        *filter(None, [CONFLICTS[approval.conflict], *tell_signers(words, approval)]),
        *tell_chases(words, approval.remind, approval.overdue),
    ]
    return f"“{approval.name}”：{words.moments(approval.of)}后{when}，由{chain}审{each}{_and(extra)}。"


def tell_link(words: Words, link: Link | None) -> str:
    if link is None:
        return "（这一环略过）"
    if link.mode in {LinkMode.ALL, LinkMode.SHARE}:
        return _of_several(words, link)
    people = words.people(link.who)
    if link.mode is LinkMode.EACH:
        return listed(f"{words.fact(who.of or '')}中每一个的{words.role(who.role)}" for who in link.who)
    return f"{people}之一" if link.mode is LinkMode.ANY else people


def _of_several(words: Words, link: Link) -> str:
    each = [f"{words.fact(who.group)}每个成员" if who.group is not None else words.people((who,)) for who in link.who]
    share = "" if link.mode is LinkMode.ALL else f"，满 {link.share}% 同意即可"
    return f"{listed(each)}会签{share}"


def _duty(words: Words, code: str) -> str:
    duty: Duty = words.kind.duties[code]
    when = f"，{words.condition(duty.when)}的" if duty.when is not None else ""
    whilst = f"，限于{words.condition(duty.whilst)}期间" if duty.whilst is not None else ""
    soft = {Severity.HARD: "", Severity.SOFT: "（一般要求）", Severity.PROMPT: "（提示）"}[duty.severity]
    extra = [*tell_stretch(words, duty), *tell_chases(words, duty.remind, duty.overdue)]
    if duty.restarts:
        extra.append("再次发生的，重新起算")
    if duty.urgent:
        extra.append("紧急，先于别的诉件")
    if duty.outer:
        extra.append("时限是外部定的")
    if duty.survives:
        extra.append("结案后仍有效")
    return (
        f"“{duty.name}”{soft}：自{words.moments(duty.starts)}起{when}{whilst}，由{words.table(duty.owner, words.who)}"
        f"{words.table(duty.within, words.limits)}完成，以{words.moments(duty.met_by)}为准{_and(extra)}。"
    )


def _and(extra: Iterable[str]) -> str:
    return "".join(f"；{one}" for one in extra)


def tell_stretch(words: Words, duty: Duty) -> Iterator[str]:
    for pause in duty.pauses:
        named = f"{pause.name}：" if pause.name else ""
        granted = f"，经“{words.kind.approvals[pause.granted.subject].name}”批准" if pause.granted is not None else ""
        held = "停表" if pause.factor is None else f"时限放慢，{float(pause.factor):g} 倍的时间算一倍"
        most = f"，最多 {pause.limit}" if pause.limit else ""
        yield f"{named}{words.condition(pause.when)}时{granted}{held}{most}"
    if duty.extension is not None:
        times = f"，最多 {duty.extension.times} 次" if duty.extension.times else ""
        approval = words.kind.approvals.get(duty.extension.approval or "")
        granted = f"经“{approval.name}”批准，" if approval is not None else ""
        yield f"{words.event(duty.extension.event)}以后，{granted}{_longer(words, duty.extension.length)}{times}"
    if duty.cap is not None:
        yield f"总共不超过 {duty.cap}"


def _longer(words: Words, length: FactRef | Duration) -> str:
    return f"按{words.fact(length.code)}延期" if isinstance(length, FactRef) else f"延长 {length}"


def tell_chases(words: Words, remind: Iterable[Reminder], overdue: Iterable[Escalation]) -> Iterator[str]:
    reminders = words.reminders(remind)
    if reminders:
        yield f"{reminders}提醒"
    for one in overdue:
        after = "逾期即" if not one.after.amount else f"逾期 {one.after}"
        told = f"报{words.people(one.tell)}" if one.tell else ""
        step = f"由系统办“{words.kind.steps[one.step].name}”" if one.step else ""
        yield f"{after}{listed(filter(None, (told, step)))}{'并移交' if one.hand_over else ''}"


def _notice(words: Words, code: str) -> str:
    notice: Notice = words.kind.notices[code]
    when = f"，{words.condition(notice.when)}的" if notice.when is not None else ""
    urgent = "立即" if notice.urgent else ""
    told = [words.fact(code) for code in notice.says] + [words.due(code) for code in notice.dues]
    says = f"，写明{listed(told)}" if told else ""
    to = words.table(notice.to, words.people)
    sent = "、".join(WAYS[way] for way in notice.ways)
    ways = f"，{'以书面' if notice.written else ''}经{sent}送达" if sent else ""
    return f"“{notice.name}”：{words.moments(notice.starts)}后{when}，{urgent}告知{to}{says}{ways}。"


def _document(words: Words, code: str) -> str:
    document: Document = words.kind.documents[code]
    signed = f"，由{listed(map(words.role, document.signatures))}签名" if document.signatures else ""
    letter = "，写成函件" + ("（只说进度）" if document.letter.interim else "") if document.letter else ""
    return f"《{document.name}》写明{words.facts(document.fields)}{signed}{letter}。"


def _guidance(words: Words, code: str) -> str:
    guidance = words.kind.guidance[code]
    when = f"，{words.condition(guidance.when)}时" if guidance.when is not None else ""
    return f"办{words.steps(guidance.at)}{when}提示：{guidance.text}。"


def _promise(words: Words, code: str) -> str:
    promise = words.kind.promises[code]
    when = f"{words.condition(promise.when)}的，" if promise.when is not None else ""
    return f"{when}向客户承诺：“{promise.text}”"


def _secrecy(words: Words, _code: str) -> str:
    secrecy = words.kind.secrecy
    assert secrecy is not None
    hidden = f"，{words.fact(secrecy.hidden_from)}除外" if secrecy.hidden_from else ""
    if secrecy.when is None:
        opened = words.table(secrecy.opened_to, lambda people: f"只有{words.people(people)}看得到")
        told = f"；举报人凭回执码读到{listed(map(words.fact, secrecy.told))}" if secrecy.told else ""
        return f"密封：{opened}{hidden}{told}。"
    opened = words.table(secrecy.opened_to, lambda people: f"只有{words.people(people)}和承办人看得到")
    return f"{words.condition(secrecy.when)}时保密：{opened}{hidden}，别人连有这一件也不知道：{secrecy.says}。"


_SECTIONS: Final[dict[str, Callable[[Words, str], str]]] = {
    "stages": _stage, "facts": tell_fact, "roles": _role, "levels": _level, "steps": _step, "guards": _guard,
    "separations": _separation, "wording": _wording, "approvals": _approval, "duties": _duty, "notices": _notice,
    "opens": tell_linked_case, "ledgers": tell_ledger, "measures": tell_measure, "samples": tell_sample,
    "publishes": tell_publication, "documents": _document, "schedule": tell_schedule, "events": tell_world_event,
    "guidance": _guidance, "promises": _promise, "secrecy": _secrecy,
}  # fmt: skip
