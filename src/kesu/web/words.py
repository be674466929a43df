"""The words of policies in the reader's language: the one place where they are put into it.

Queries answer in the words of the policy, which are Chinese and binding. `spoken` takes such an answer and gives it
back with those words in the language of the page; `_WORDS` says which fields of which answers hold them. What people
wrote is never touched. A word without a text stays as it is, as a `SourceWord`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, TypeVar, cast
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kesu.access import (
    charter_reading,
    house,
    ledgers,
    likeness,
    list_choices,
    moves,
    openings,
    policy_reading,
    publications,
    readings,
    redating,
)
from kesu.access.listed import ListedCase
from kesu.access.sight import (
    archive,
    before,
    contents,
    departments,
    excerpt,
    gone_on,
    item,
    lines,
    locks,
    merged,
    outside,
    paper,
    precedents,
    promise,
    samples,
    signatures,
    sums,
    texts,
    told_next,
    wording,
)
from kesu.access.sight import publications as shown
from kesu.core.engine_words import OF_THE_ENGINE
from kesu.core.policy_words import PolicyWords, SourceWord
from kesu.notify.letters import named_due
from kesu.policy import asking
from kesu.policy.model.facts import FactType
from kesu.policy.model.trees import BELOW
from kesu.policy.standing import results
from kesu.queries.arrivals import known_numbers
from kesu.queries.cases import (
    archive_list,
    case_list,
    case_page,
    clause,
    evidence,
    guest_list,
    letter_drafts,
    merge_pair,
    preview,
    side_by_side,
    step_form,
    take_back_form,
)
from kesu.queries.ledgers import account_list
from kesu.queries.matters import matter_page
from kesu.queries.numbers import ahead, duty_list, measured, numbers_page
from kesu.queries.organisation import rights, roles, slots, tree
from kesu.queries.people import feed, granters, person_page
from kesu.queries.policies import (
    adoption_table,
    changes,
    coverage_list,
    coverage_page,
    offers,
    policy_list,
    policy_page,
    proposal_list,
    proposal_page,
    trial,
)
from kesu.queries.policies.words import Words, offered_words, policy_words, slot_words
from kesu.queries.public import follow_page, guest_page, opening_form, places, submitted
from kesu.queries.sealed import report_status, sealed_list, sealed_page
from kesu.queries.work import copied, frame, news, own_approvals, signed, workbench

T = TypeVar("T")

_WORDS: Final[Mapping[type, tuple[str, ...]]] = {
    asking.FieldView: ("name", "help"),
    asking.Option: ("label", "group"),
    results.Refusal: ("says",),
    results.Missing: ("name",),
    lines.ClauseLine: ("printed", "text"),
    lines.LevelLine: ("name",),
    lines.ValueLine: ("name", "value"),
    lines.LevelMove: ("rule",),
    lines.RaiseLine: ("rule", "fact", "have", "want"),
    lines.ObligationLine: ("name", "owner"),
    feed.FeedLine: ("name",),
    lines.MissingLine: ("name",),
    lines.RefusalLine: ("says",),
    lines.StepLine: ("name", "who"),
    before.BeforeLine: ("name",),
    texts.TextLine: ("name", "value"),
    item.Item: ("name", "role", "stage", "instead"),
    promise.PromiseLine: ("text",),
    signatures.Signed: ("who",),
    excerpt.Excerpt: ("name",),
    paper.DocumentLine: ("name",),
    paper.Entry: ("role",),
    paper.PaperCell: ("name",),
    paper.PaperApproval: ("name",),
    paper.PaperSection: ("title",),
    paper.SignatureLine: ("label",),
    paper.Paper: ("name", "policy_title", "says"),
    case_list.CaseList: ("measure",),
    case_list.Row: ("kind", "stage", "level_name", "duty", "owner", "columns"),
    list_choices.FactFilter: ("name",),
    list_choices.Named: ("label",),
    ledgers.EntryLine: ("what",),
    ledgers.AccountLine: ("name", "per"),
    ledgers.MoveLine: ("name", "per"),
    moves.MoveLine: ("duty",),
    publications.PublicationLine: ("name",),
    publications.PublicationPage: ("name", "policy_title"),
    shown.PublishedLine: ("name",),
    shown.ToPublish: ("name",),
    account_list.AccountRow: ("ledger", "per"),
    account_list.LedgerName: ("label",),
    account_list.EntryRow: ("what",),
    case_page.StageLine: ("name",),
    contents.PersonLine: ("name",),
    contents.FileLine: ("fact",),
    evidence.EvidenceLine: ("fact",),
    case_page.MatterLine: ("stage",),
    likeness.AlikeCase: ("stage",),
    known_numbers.KnownNumber: ("stage",),
    likeness.LikelyValue: ("label",),
    matter_page.MemberLine: ("stage", "level"),
    locks.LockLine: ("says",),
    merged.EarlierLine: ("name",),
    merge_pair.MergeSide: ("stage", "level"),
    merge_pair.MergePair: ("ends_in",),
    take_back_form.TakeBackForm: ("name", "sent"),
    sums.SumView: ("name",),
    sums.SumLine: ("words",),
    precedents.UsualLine: ("name",),
    archive.PaperLine: ("name",),
    archive.ApprovalLine: ("name",),
    archive.FilesLine: ("name",),
    archive_list.ArchiveList: ("stage", "policy_title"),
    side_by_side.Table: ("name",),
    side_by_side.Time: ("step",),
    side_by_side.Row: ("name",),
    case_page.SecrecyLine: ("says", "open_to"),
    samples.SampleLine: ("name",),
    samples.DrawnLine: ("stage",),
    measured.MeasuredNumber: ("name",),
    case_page.ChangeLine: ("what",),
    case_page.CasePage: ("kind", "policy_title", "stage"),
    clause.Reading: ("rule", "unclear", "reading"),
    clause.ClauseView: ("printed", "text", "document"),
    openings.GuidanceLine: ("text",),
    openings.OpeningForm: ("kind_name", "step_name", "policy_title", "clause_names"),
    preview.Preview: ("stage", "approvals"),
    wording.WordingLine: ("says",),
    letter_drafts.LetterDraft: ("name",),
    step_form.ToSign: ("name", "acts"),
    step_form.GuidanceLine: ("text",),
    step_form.StepForm: ("name", "help", "clause_names", "who"),
    ahead.Coming: ("name", "owner"),
    told_next.ToldNext: ("slots", "instead"),
    redating.Touched: ("kind",),
    redating.WouldMove: ("duty",),
    duty_list.DutyRow: ("level_name", "name", "owner"),
    numbers_page.Line: ("label", "slot_name"),
    numbers_page.Breakdown: ("name",),
    numbers_page.Section: ("name", "policy"),
    readings.Reading: ("what",),
    adoption_table.AdoptionLine: ("kind", "title", "overlays"),
    trial.TakenLine: ("name",),
    trial.OpenForm: ("name",),
    trial.HeldLine: ("name",),
    trial.Trial: ("title", "kinds", "stage", "links", "clause_names"),
    rights.RoleRights: ("name",),
    rights.RoleHolder: ("post",),
    rights.RolePage: ("fills",),
    roles.RoleLine: ("name", "of"),
    slots.SlotLine: ("name", "named"),
    tree.PostLine: ("name",),
    house.HeldPost: ("name",),
    granters.Granter: ("post",),
    person_page.PostLine: ("name",),
    person_page.StepsLine: ("kind", "steps"),
    offers.OfferLine: ("title", "kinds"),
    offers.FigureLine: ("name", "unclear", "clauses"),
    offers.OptionLine: ("label",),
    offers.SlotLine: ("name", "clauses"),
    offers.OfferPage: ("title",),
    charter_reading.ChangeLine: ("says",),
    charter_reading.OverlayLine: ("title",),
    charter_reading.DemandLine: ("title", "name", "printed", "reason"),
    charter_reading.RevisionLine: ("change", "modified_by", "reviewed_by", "approved_by"),
    charter_reading.CharterPart: ("trial_unclear",),
    coverage_list.CoverageLine: ("title",),
    coverage_page.CoveredRule: ("kind", "name"),
    coverage_page.CoveredClause: ("text", "reason"),
    coverage_page.CoveragePage: ("title",),
    changes.Comparison: ("title",),
    changes.ChangesPage: ("title",),
    policy_list.Serving: ("kind",),
    policy_list.PolicyLine: ("title", "overlays"),
    policy_reading.RuleLine: ("name",),
    policy_reading.ClauseLine: ("text", "reason"),
    policy_reading.ParameterLine: ("name", "unclear"),
    policy_reading.SlotLine: ("name", "duty"),
    policy_page.ServingLine: ("kind", "overlays"),
    policy_page.PolicyPage: ("title",),
    policy_reading.PolicyReading: ("scope",),
    proposal_list.ProposalLine: ("title",),
    proposal_page.ProposalPage: ("title",),
    gone_on.GoesOnThere: ("stage",),
    follow_page.Promised: ("text",),
    follow_page.PublicStage: ("name",),
    outside.OutsideStep: ("name", "help"),
    outside.BlindStep: ("says",),
    outside.ShownFact: ("name", "value"),
    outside.Shut: ("says",),
    guest_page.GuestPage: ("kind", "stage", "slot"),
    guest_list.SlotChoice: ("name",),
    guest_list.GuestLine: ("slot",),
    follow_page.FollowPage: ("kind", "stage"),
    opening_form.OpeningForm: ("name", "step", "help", "handled_by"),
    places.OpenKind: ("name",),
    submitted.Promised: ("text",),
    submitted.SubmittedPage: ("kind",),
    report_status.ReportStep: ("name",),
    report_status.ReportStatus: ("kind", "stage", "stages", "moves"),
    sealed_list.SealedRow: ("kind", "stage", "duty"),
    departments.DepartmentLine: ("task", "answered_by"),
    sealed_page.SealedFact: ("name", "value"),
    sealed_page.SealedEventLine: ("name", "who"),
    **dict.fromkeys((sealed_page.SealedStep, sealed_page.SealedObligation), ("name",)),
    sealed_page.SealedPage: ("kind", "stage", "stages"),
    sealed_page.SealedStepForm: ("name", "help", "clause_names"),
    frame.FrameFacts: ("post",),
    news.LevelName: ("name",),
    news.Move: ("rule",),
    news.Soon: ("name", "to"),
    workbench.Before: ("name",),
    workbench.Owed: ("name", "step_name", "level_name"),
    **dict.fromkeys((signed.SignedLine, copied.CopiedLine, own_approvals.OwnLine), ("name",)),
    ListedCase: ("stage", "level_name"),
}
"""Fields that hold words of a policy, alone, joined by 、 or ：, or in tuples and mappings."""

_OFFERED: Final = (
    offers.OfferLine,
    offers.OfferPage,
    proposal_list.ProposalLine,
    proposal_page.ProposalPage,
    trial.Trial,
    coverage_list.CoverageLine,
    coverage_page.CoveragePage,
    changes.ChangesPage,
)
"""Answers about a pack of the library (`code`), whose words may not be those of any adopted policy."""

_TALK: Final = {follow_page.EntryKind.SENT, follow_page.EntryKind.OWN_WORDS}
_CHOSEN: Final = {FactType.CHOICE, FactType.CHOICES, FactType.FLAG}
_BETWEEN: Final = "、"
_OF: Final = "："


def spoken(answer: T, policy: str = "") -> T:
    """The answer of a query with the policy's words in the language of the page. `policy`: the version that it speaks
    of, where it does not say so itself (`policy_hash`); without one, the words on which all policies agree, and names
    of slots as the first of them says them."""
    language = get_language() or settings.LANGUAGE_CODE
    if language == settings.LANGUAGE_CODE:
        return answer
    return cast("T", _Speaker(language, policy).answer(answer))


def say(word: str) -> str:
    """One word or sentence of some policy in the language of the page."""
    language = get_language() or settings.LANGUAGE_CODE
    if language == settings.LANGUAGE_CODE or not word:
        return word
    return _Speaker(language, "").word(word)


class _Speaker:
    """One language and one policy. A lookup a word; the database is asked once a process."""

    def __init__(self, language: str, policy: str, offered: str = "") -> None:
        """`offered`: the code of a pack of the library, in place of an adopted policy."""
        self._language = language
        self._policy = policy
        self._words: Words = policy_words(language=language, policy=policy)
        self._own: Mapping[str, str] = (
            offered_words(language=language, pack_code=offered) if offered else self._words.by_policy.get(policy, {})
        )
        self._is_of_none = not policy and not offered

    def word(self, word: str) -> str:
        found = self._own.get(word) or self._words.common.get(word) or self._slot(word)
        if found:
            return found
        if word in OF_THE_ENGINE:
            return _(word)
        if _BETWEEN in word:
            return _("、").join(self.word(part) for part in word.split(_BETWEEN))
        known = (self._own, self._words.common, OF_THE_ENGINE)
        if BELOW in word and all(any(part in words for words in known) for part in word.split(BELOW)):
            return f" {BELOW} ".join(self.word(part) for part in word.split(BELOW))
        first, colon, rest = word.partition(_OF)
        if colon and all(any(part in words for words in known) for part in (first, rest)):
            return _("%(name)s：%(what)s") % {"name": self.word(first), "what": self.word(rest)}
        return word if word.isascii() else SourceWord(word)

    def _slot(self, word: str) -> str | None:
        """Asked last: the first time, the policies of the library are read."""
        return slot_words(language=self._language).get(word) if self._is_of_none else None

    def _due(self, at: str | None) -> str:
        return named_due(datetime.fromisoformat(at) if at else None, self._language, ZoneInfo(settings.TIME_ZONE))

    def value(self, value: Any) -> Any:
        """What stands in a field of words."""
        if isinstance(value, str):
            return self.word(value) if value else value
        if isinstance(value, tuple):
            return tuple(self.value(one) for one in value)
        if isinstance(value, Mapping):
            return {key: self.value(one) for key, one in value.items()}
        return value

    def answer(self, answer: Any) -> Any:
        """The same, of what may hold fields of words."""
        if isinstance(answer, PolicyWords):
            return answer.sentence.said(self.word).filled({}, self._due, lambda word: word)
        if isinstance(answer, tuple | list):
            return type(answer)(self.answer(one) for one in answer)
        if isinstance(answer, Mapping):
            return {key: self.answer(one) for key, one in answer.items()}
        if isinstance(answer, Iterator):
            return (self.answer(one) for one in answer)
        if not is_dataclass(answer) or isinstance(answer, type) or not _is_walked(type(answer)):
            return answer
        if isinstance(answer, _OFFERED):
            return _Speaker(self._language, self._policy, answer.code).fields(answer)
        policy = getattr(answer, "policy_hash", "")
        speaker = _Speaker(self._language, policy) if policy and policy != self._policy else self
        return speaker.fields(answer)

    def fields(self, answer: Any) -> Any:
        """An answer with each of its fields put into the language."""
        words, others = _plan(answer.__class__)
        if isinstance(answer, gone_on.GoneOnLine):
            return answer if answer.said else replace(answer, text=self.value(answer.text))
        if isinstance(answer, follow_page.Entry):
            text = self.answer(answer.text)
            return replace(answer, text=text) if answer.kind in _TALK else replace(answer, text=self.value(answer.text))
        if isinstance(answer, asking.FieldView) and answer.type not in _CHOSEN:
            # Units, people and cases are offered by their own names; only their groups are words of the policy.
            others = ()
            options = tuple(replace(one, group=self.value(one.group)) for one in answer.options)
            answer = replace(answer, options=options)
        changed = {name: self.value(getattr(answer, name)) for name in words}
        changed |= {name: self.answer(getattr(answer, name)) for name in others}
        return replace(answer, **changed) if changed else answer


@lru_cache(maxsize=256)
def _plan(of: Any) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The fields that hold words, and the others that may hold answers with words."""
    words = _WORDS.get(of, ())
    return words, tuple(one.name for one in fields(of) if one.name not in words)


def _is_walked(of: type) -> bool:
    return of in _WORDS or of.__module__.startswith(("kesu.queries.", "kesu.access."))
