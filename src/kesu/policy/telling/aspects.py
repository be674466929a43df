"""What a rule consists of, aspect by aspect, in the words of its policy: what two versions of it are compared by."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from kesu.policy.model.conditions import Condition, Table
from kesu.policy.model.pack import Kind
from kesu.policy.model.printing import Letter
from kesu.policy.model.rules import GuardMode, Severity, Who
from kesu.policy.model.separations import Part
from kesu.policy.model.writing import WRITING_NAMES
from kesu.policy.ruleset import Rule
from kesu.policy.telling import rules as told
from kesu.policy.telling.deriving import tell_working_out
from kesu.policy.telling.facts import MAIL, TYPES, tell_chosen, tell_kinds, tell_meaning
from kesu.policy.telling.ledgers import ledger_aspects
from kesu.policy.telling.measures import measure_aspects, sample_aspects
from kesu.policy.telling.opens import linked_case_aspects
from kesu.policy.telling.publications import publication_aspects
from kesu.policy.telling.signers import tell_signers
from kesu.policy.telling.stepping import tell_answer, tell_issue, tell_undo
from kesu.policy.telling.unasked import PLACES
from kesu.policy.telling.words import WAYS, Words

Said = str | tuple[str, ...]
"""One thing, or several that come and go one by one."""
Aspects = Mapping[str, Said]
"""Name of the aspect → what is said of it; an aspect that says nothing is an empty text or tuple."""

_SEVERITIES: Final = {Severity.HARD: "严格", Severity.SOFT: "一般", Severity.PROMPT: "提示"}
_MODES: Final = {GuardMode.BLOCK: "不能办", GuardMode.REASON: "须写理由", GuardMode.WARN: "只提醒"}


def aspects_of(kind: Kind, rule: Rule) -> Aspects:
    """Of a rule that `kesu.policy.ruleset` lists for this kind."""
    section, _, code = rule.address.partition(".")
    return _SECTIONS.get(section, _nothing)(Words(kind), code)


def _nothing(_words: Words, _code: str) -> Aspects:
    return {}


def _condition(words: Words, condition: Condition | None) -> str:
    return "" if condition is None else words.condition(condition)


def _each(say: Callable[[str], str], codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(map(say, codes))


def _people(words: Words, table: Table[tuple[Who, ...]]) -> Said:
    """One by one where it is the same people in every case."""
    if len(table.rows) == 1:
        return tuple(map(words.who, table.rows[0].use))
    return words.table(table, lambda people: words.people(people) if people else "无人")


def _stage(words: Words, code: str) -> Aspects:
    stage = words.kind.stages[code]
    return {
        "名称": stage.name,
        "对客户的说法": stage.public or "",
        "是否终结": "终结" if stage.final else "不终结",
        "在哪条路上": "旁支" if stage.aside else "一般的路",
    }


def _fact(words: Words, code: str) -> Aspects:
    code, _, part = code.partition(".")
    fact = words.kind.facts[code]
    if part.startswith("adds["):
        addition = fact.adds[int(part.removeprefix("adds[").removesuffix("]")) - 1]
        return {"条件": words.condition(addition.when), "加入的人": words.role(addition.role)}
    if part:
        return {}
    return {
        "名称": fact.name,
        "类型": TYPES[fact.type],
        "可选的值": tuple(map(words.value, fact.values)),
        "哪种诉件": tell_kinds(fact),
        "填写人": _each(words.role, fact.by),
        "不填时的值": "" if fact.default is None else words.value(fact.default),
        "算法": tell_working_out(words, fact),
        "可以选谁": tell_chosen(words, fact),
        "分开记": words.fact(fact.per) if fact.per is not None else "",
        "取自邮件": MAIL.get(fact.mail, "") if fact.mail else "",
        "何时才填": _condition(words, fact.asked_when),
        "作废": words.moments(fact.lapses),
        "抽取": f"{fact.drawn} 位" if fact.drawn else "",
        "手写签名": "是" if fact.by_hand else "",
        "算作投诉人": "" if fact.is_counted else "否",
        "一起告知": "是" if fact.hears else "",
        "共用的含义": tell_meaning(fact),
        "推荐": "按相近的诉件" if fact.proposed else "",
        "看得到的岗位": _each(words.role, fact.seen_by),
    }


_SIGHTS: Final = {"case": "诉件", "masked": "遮住姓名电话的诉件", "coded": "只有编号件", "none": "看不到"}


def _role(words: Words, code: str) -> Aspects:
    role = words.kind.roles[code]
    return {
        "名称": role.name,
        "层级": PLACES[role.scope],
        "职责": role.duty or "",
        "看得到什么": _SIGHTS[role.sees],
        "编号件上看得到": () if role.limited else _each(words.fact, role.shows),
        "外部的人看得到": ("编号和项目", *_each(words.fact, role.shows)) if role.limited else (),
        "担任者": "可以是单位以外的人" if role.outside else "单位里的人",
    }


def _level(words: Words, code: str) -> Aspects:
    assert words.kind.levels is not None
    rule = words.kind.levels.rules[int(code.removeprefix("rules[").removesuffix("]")) - 1]
    return {"级别": words.level(rule.level), "条件": words.condition(rule.when)}


def _step(words: Words, code: str) -> Aspects:
    step = words.kind.steps[code]
    forms = (f"《{words.kind.documents[form].name}》" for form in step.forms)
    return {
        "名称": step.name,
        "办理人": _people(words, step.by),
        "开立在哪一级": told.tell_where(words).removeprefix("在") if step.starts_case else "",
        "可以办的阶段": _each(words.stage, step.from_stages),
        "须填": (*_each(words.fact, step.asks), *forms),
        "可填": _each(words.fact, step.may_state),
        "移交": told.tell_handover(words, step).removeprefix("，办后"),
        "办后": told.tell_target(words, step).removeprefix("，办后"),
        "出具": tell_issue(words, step).removeprefix("，"),
        "证件": step.credential.kind if step.credential else "",
        "并案": told.tell_merging(words, step).removeprefix("，"),
        "受理时间": told.tell_opening(words, step.opening).removeprefix("；"),
        "程序自己办": tell_answer(words, step).removeprefix("；"),
        "撤销": tell_undo(words, step).removeprefix("；"),
    }


def _guard(words: Words, code: str) -> Aspects:
    guard = words.kind.guards[code]
    return {
        "管的步骤": _each(lambda one: f"“{words.kind.steps[one].name}”", guard.steps),
        "管的告知": _each(lambda one: f"“{words.kind.notices[one].name}”", guard.notices),
        "管的话": tuple(WRITING_NAMES[one] for one in guard.writes),
        "适用条件": _condition(words, guard.when),
        "要求": tuple(told.tell_need(words, one) for one in guard.needs),
        "须满足": _condition(words, guard.unless),
        "不满足时": _MODES[guard.mode],
        "说法": guard.says,
    }


def _separation(words: Words, code: str) -> Aspects:
    one = words.kind.separations[code]
    kept = {Part.OPENER: "开立", Part.TAKER: "办步骤", Part.HOLDER: "承办", Part.SIGNERS: "审批"}
    return {
        "涉及的人": _each(words.fact, one.of),
        "不能做的": tuple(kept[part] for part in one.apart),
        "管的步骤": _each(lambda code: f"“{words.kind.steps[code].name}”", one.steps),
        "说法": one.says,
    }


def _approval(words: Words, code: str) -> Aspects:
    approval = words.kind.approvals[code]
    return {
        "名称": approval.name,
        "开始": words.moments(approval.of),
        "适用条件": _condition(words, approval.when),
        "审批人": "，再由".join(words.table(link, lambda one: told.tell_link(words, one)) for link in approval.chain),
        "每人的期限": "" if approval.each_within is None else str(approval.each_within),
        "批准后": words.stage(approval.granted_to) if approval.granted_to else "",
        "退回后": words.stage(approval.refused_to) if approval.refused_to else "",
        "审本人所写": told.CONFLICTS[approval.conflict],
        "签的人": tuple(one for one in tell_signers(words, approval) if one),
        "催办": tuple(told.tell_chases(words, approval.remind, approval.overdue)),
    }


def _duty(words: Words, code: str) -> Aspects:
    duty = words.kind.duties[code]
    return {
        "名称": duty.name,
        "期限": _length(words.table(duty.within, words.limits)),
        "责任人": words.table(duty.owner, words.who),
        "起算": words.moments(duty.starts),
        "以什么为办完": words.moments(duty.met_by),
        "适用条件": _condition(words, duty.when),
        "期间": _condition(words, duty.whilst),
        "要求程度": _SEVERITIES[duty.severity],
        "停表和延期": tuple(told.tell_stretch(words, duty)),
        "催办": tuple(told.tell_chases(words, duty.remind, duty.overdue)),
        "谁定的时限": "外部" if duty.outer else "",
        "再次发生": "重新起算" if duty.restarts else "不重新起算",
        "先后": "紧急，先办" if duty.urgent else "",
        "结案后": "仍有效" if duty.survives else "不再有效",
    }


def _length(said: str) -> str:
    """The bare length where nothing else is said of it, as people speak of a limit."""
    bare = said.removeprefix("在 ").removesuffix("内")
    return bare if said == f"在 {bare}内" and "，" not in bare and "；" not in bare else said


def _notice(words: Words, code: str) -> Aspects:
    notice = words.kind.notices[code]
    return {
        "名称": notice.name,
        "收件人": _people(words, notice.to),
        "发出": words.moments(notice.starts),
        "适用条件": _condition(words, notice.when),
        "写明": _each(words.fact, notice.says),
        "正文": notice.text,
        "送达途径": _each(lambda one: WAYS[one], notice.ways),
        "须书面": "是" if notice.written else "",
        "是否立即": "立即" if notice.urgent else "不立即",
    }


def _document(words: Words, code: str) -> Aspects:
    document = words.kind.documents[code]
    fields, signed = _each(words.fact, document.fields), _each(words.role, document.signatures)
    return {"名称": document.name, "写明": fields, "签名": signed, **_letter(words, document.letter)}


def _letter(words: Words, letter: Letter | None) -> Aspects:
    if letter is None:
        return {}
    return {
        "事由": letter.subject,
        "称呼": letter.dear,
        "正文": letter.text,
        "结尾": letter.closing,
        "还可写到": _each(words.fact, letter.says),
        "批准以前": "只说进度，可以交给客户" if letter.interim else "不能交给客户",
    }


def _event(words: Words, code: str) -> Aspects:
    event = words.kind.events[code]
    return {"名称": event.name, "写明": _each(words.fact, event.facts)}


def _wording(words: Words, code: str) -> Aspects:
    rule = words.kind.wording[code]
    return {
        "说法": rule.says,
        "看的文字": (*_each(words.fact, rule.facts), *(("给客户的消息",) if rule.messages else ())),
        "要有的词": _each(str, rule.has),
        "不能有的词": _each(str, rule.lacks),
    }


def _guidance(words: Words, code: str) -> Aspects:
    guidance = words.kind.guidance[code]
    steps = _each(lambda one: f"“{words.kind.steps[one].name}”", guidance.at)
    return {"说法": guidance.text, "提示的步骤": steps, "适用条件": _condition(words, guidance.when)}


def _promise(words: Words, code: str) -> Aspects:
    promise = words.kind.promises[code]
    return {"说法": promise.text, "适用条件": _condition(words, promise.when)}


def _secrecy(words: Words, _code: str) -> Aspects:
    secrecy = words.kind.secrecy
    assert secrecy is not None
    return {
        "何时保密": "一直密封" if secrecy.when is None else words.condition(secrecy.when),
        "开启给": _people(words, secrecy.opened_to),
        "除外的人": words.fact(secrecy.hidden_from) if secrecy.hidden_from else "",
        "说法": secrecy.says,
        "告诉举报人": tuple(map(words.fact, secrecy.told)),
    }


_SECTIONS: Final[dict[str, Callable[[Words, str], Aspects]]] = {
    "stages": _stage, "facts": _fact, "roles": _role, "levels": _level, "steps": _step, "guards": _guard,
    "separations": _separation, "wording": _wording,
    "approvals": _approval, "duties": _duty, "notices": _notice, "opens": linked_case_aspects,
    "events": _event, "documents": _document, "guidance": _guidance, "promises": _promise, "ledgers": ledger_aspects,
    "measures": measure_aspects, "samples": sample_aspects, "publishes": publication_aspects, "secrecy": _secrecy,
}  # fmt: skip
