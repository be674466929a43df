"""From the lines of a query to the parts that the components print: clocks, sentences, clause tags, addresses."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kesu.access.sight.before import BeforeLine
from kesu.access.sight.lines import (
    ClauseLine,
    KeptLine,
    LevelLine,
    LevelMove,
    MissingLine,
    ObligationLine,
    RaiseLine,
    RefusalLine,
)
from kesu.access.sight.locks import LockLine
from kesu.access.sight.texts import TextLine
from kesu.policy.capitals import written_out
from kesu.policy.model.rules import GENERIC
from kesu.policy.standing.results import MissingKind, ObligationState, Refusal
from kesu.web import approving, marks, parts, sentences, when
from kesu.web.cases.receipts import clause_refs, promised_before, receipt_part
from kesu.web.forms.drawing import Refs
from kesu.web.joining import listed, strung
from kesu.web.lacking import lack_in_words
from kesu.web.words import say

_HUNDRED: Final = 100

refs: Final = clause_refs


def is_generic(clauses: Sequence[ClauseLine]) -> bool:
    """Whether no clause of the document stands behind a rule: the base pack fills a gap."""
    return bool(clauses) and not any(one.id for one in clauses)


def shut_words(lines: Iterable[LockLine]) -> str:
    """Why nothing may be written any more, and what to do instead."""
    said = _("%(says)s（%(clauses)s）")
    cited = ((one.says, listed(f"§{clause.printed}" for clause in one.clauses)) for one in lines)
    return strung(said % {"says": says, "clauses": clauses} for says, clauses in cited)


def refs_by_id(policy: str, printed: Mapping[str, str]) -> Refs:
    """Turns clause ids into tags, for the fields of a form."""

    def of(ids: Sequence[str]) -> tuple[marks.ClauseRef, ...]:
        return refs(policy, [ClauseLine(one, printed[one]) for one in ids if one in printed])

    return of


def text_of(line: TextLine) -> str:
    if line.files:
        return _("%(count)d 件") % {"count": line.files}
    return line.text or sentences.value(line.value)


def amount_of(amount: Decimal) -> str:
    """In figures, and in Chinese in capitals behind them, as what is signed states it."""
    return written_out(amount) if (get_language() or "").startswith("zh") else marks.yuan(amount)


def text_to_sign(line: TextLine) -> str:
    """As it stands before signers and on paper: amounts also in capitals."""
    return amount_of(line.value) if isinstance(line.value, Decimal) else text_of(line)


def reason_of(move: LevelMove) -> str:
    if move.by_hand and move.who:
        return _by_hand(move.who, move.why, is_rise=move.is_rise)
    return sentences.level_reason(move.rule, [(v.name, v.value) for v in move.values], by_hand=move.by_hand)


def _by_hand(who: str, why: str, *, is_rise: bool) -> str:
    """由魏静秋调高，理由：媒体来电核实."""
    said = _("由%(who)s调高") if is_rise else _("由%(who)s调低")
    return (said + (_("，理由：%(why)s") % {"why": why} if why else "")) % {"who": who}


def level_part(
    policy: str,
    level: LevelLine,
    moves: Sequence[LevelMove],
    raises: Sequence[RaiseLine],
    now: datetime,
    title: str = "",
) -> parts.LevelPart:
    """The level card: the last change that led to the present level, and what would raise it next."""
    last = moves[-1] if moves else None
    reasons: tuple[parts.LevelReason, ...] = ()
    if last is not None:
        sentence = last.clauses[0].text if last.clauses else ""
        reasons = (parts.LevelReason(reason_of(last), refs(policy, last.clauses), sentence),)
    return parts.LevelPart(
        title=title or _("等级"),
        name=level.name,
        index=level.index,
        of=level.of,
        note=when.when(last.at, now) if last is not None else "",
        reasons=reasons,
        next=tuple(_next(policy, one, now) for one in raises),
    )


def _next(policy: str, one: RaiseLine, now: datetime) -> parts.NextLevel:
    text = one.rule or one.fact or one.level.name
    if one.at is not None:
        return parts.NextLevel(text, 0, _("%(day)s 起") % {"day": when.due_day(one.at, now)}, refs(policy, one.clauses))
    progress = f"{sentences.value(one.have) or '0'} / {sentences.value(one.want)}"
    return parts.NextLevel(text, _share(one.have, one.want), progress, refs(policy, one.clauses))


def _share(have: object, want: object) -> int:
    if isinstance(have, bool) or isinstance(want, bool):
        return 0
    try:
        share = float(str(have)) / float(str(want))
    except (ValueError, ZeroDivisionError):
        return 0
    return max(0, min(_HUNDRED, int(share * _HUNDRED)))


def obligation_part(
    policy: str, line: ObligationLine, now: datetime, calendar: marks.WorkingCalendar, source: str, index: int
) -> parts.ObligationPart:
    """`source` names the document on the receipt; `index` makes the element's id."""
    timing = marks.Timing(
        due_at=line.due_at,
        met_at=line.met_at,
        starts_at=line.starts_at,
        paused_since=line.paused_since,
        provisional=bool(line.receipt and line.receipt.provisional),
    )
    return parts.ObligationPart(
        id=str(index),
        name=line.name,
        clock=marks.clock(timing, now, calendar) if _is_live(line) else _ended(line),
        due_line=sentences.due_line(line.due_at, now, is_open=line.is_open, provisional=timing.provisional),
        clauses=refs(policy, line.clauses) or _generic(line.clauses),
        owner=line.owner,
        nobody=approving.unmanned(line.staffing, line.owner) if line.is_open else "",
        receipt=receipt_part(policy, line, now, source) if line.receipt else None,
        promised_before=promised_before(line.history, now) if line.is_open else "",
        is_outer=line.is_outer,
        kept=kept_words(line.kept) if line.kept is not None else "",
        kept_clauses=refs(policy, line.kept.clauses) if line.kept is not None else (),
    )


def kept_words(kept: KeptLine) -> str:
    """闻云起不能办：被提名的人不颁发自己的奖励。请管理员在“组织”里给客服部经理另派一个人."""
    says = say(kept.says)
    told = _("您不能办：%(says)s。") if kept.is_reader else _("%(who)s不能办：%(says)s。")
    said = told % {"who": kept.who, "says": says}
    if not kept.is_nobody:
        return said
    return said + _("现在没有别人能办，请管理员在“组织”里另派一个人任%(slot)s。") % {"slot": say(kept.slot)}


def _generic(clauses: Sequence[ClauseLine]) -> tuple[marks.ClauseRef, ...]:
    return (marks.ClauseRef("", GENERIC, sentences.printed(GENERIC)),) if is_generic(clauses) else ()


def _is_live(line: ObligationLine) -> bool:
    return line.state in {ObligationState.OPEN, ObligationState.PAUSED, ObligationState.MET}


def _ended(line: ObligationLine) -> marks.Clock:
    words = {ObligationState.WITHDRAWN.value: _("已撤销"), ObligationState.RENEWED.value: _("已重新起算")}
    return marks.Clock("idle", "circle-minus", words.get(line.state, _("不再需要")))


def refused_part(
    policy: str, name: str, refusals: Iterable[RefusalLine], address: Callable[[MissingLine], str]
) -> parts.RefusedStep:
    """A step that cannot be taken now: the policy's sentence, and what is missing, linked to where it is supplied."""
    held = list(refusals)
    says = strung(dict.fromkeys(sentences.refusal(one.code, one.says) for one in held))
    clauses = {clause.id: clause for one in held for clause in one.clauses}
    return parts.RefusedStep(name, refs(policy, clauses.values()), says, missing_parts(held, address))


def missing_parts(
    refusals: Iterable[RefusalLine], address: Callable[[MissingLine], str]
) -> tuple[parts.MissingLine, ...]:
    held = list(refusals)
    stages = [lack for one in held if one.code == "stage" for lack in one.missing]
    lines = {(lack.kind, lack.name, lack.short): lack for one in held for lack in one.missing}
    if len(stages) < 2:
        return tuple(parts.MissingLine(lack_in_words(lack), address(lack)) for lack in lines.values())
    # One of the stages is enough: they are no list of things to do.
    names = listed(dict.fromkeys(say(lack.name) for lack in stages))
    others = (lack for lack in lines.values() if lack not in stages)
    return (
        parts.MissingLine(_("要在其中一个阶段才能做：%(names)s") % {"names": names}),
        *(parts.MissingLine(lack_in_words(lack), address(lack)) for lack in others),
    )


def first_part(policy: str, first: BeforeLine, case_id: object) -> parts.MissingLine:
    """What comes before a step of a later stage, linked to its form."""
    url = reverse("case-step", args=[case_id, first.step]) if first.step else ""
    return parts.MissingLine(
        sentences.comes_first(first.name, is_his=bool(first.step)), url, refs(policy, first.clauses)
    )


def lacking(found: Iterable[Refusal], at_fields: Collection[str] = ()) -> tuple[parts.MissingLine, ...]:
    """What a refused form still wants, each once. `at_fields`: fact codes that say it themselves."""
    wanted = (lack for one in found for lack in one.missing if lack.code not in at_fields)
    return tuple(dict.fromkeys(parts.MissingLine(lack_in_words(one)) for one in wanted))


def reasons(found: Iterable[Refusal], by_id: Refs) -> tuple[tuple[str, tuple[marks.ClauseRef, ...]], ...]:
    """Why a step was not taken: each sentence once, with its clauses. Where only values lack, their list says all."""
    told: dict[str, tuple[str, ...]] = {}
    for one in found:
        if one.code != "value" or not one.missing:
            says = sentences.refusal(one.code, one.says)
            told[says] = (*told.get(says, ()), *one.clauses)
    return tuple((says, by_id(clauses)) for says, clauses in told.items())


def step_address(case_id: object) -> Callable[[MissingLine], str]:
    """Where a missing thing of this case is supplied: the form of a step, at the field in question."""

    def of(lack: MissingLine) -> str:
        if not lack.step:
            return ""
        at = f"#f-{lack.fact}" if lack.fact and lack.kind is MissingKind.FACT else ""
        return reverse("case-step", args=[case_id, lack.step]) + at

    return of


def field_address(lack: MissingLine) -> str:
    """Inside a form, what is missing is the field below it."""
    return f"#f-{lack.fact}" if lack.fact else ""
