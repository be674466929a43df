"""The head of a pack beside its figures: overlays, precedence, trial, days of effect, revisions, what it demands."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Final

from kesu.policy.language.lengths import read_duration
from kesu.policy.language.precedence import ALL
from kesu.policy.language.reading import Fields, Place, Scope, read_texts
from kesu.policy.model.charter import (
    Alternative,
    Change,
    Charter,
    Effective,
    LaidOver,
    Precedence,
    Requirement,
    Revision,
    Trial,
)

CHARTER_KEYS: Final = (
    "over", "overlays", "changes", "yields_to", "prevails_over", "trial", "effective", "revisions", "requires",
    "requires_of",
)  # fmt: skip
RULE_SECTIONS: Final = (
    "stages", "facts", "roles", "levels", "steps", "guards", "wording", "approvals", "duties", "notices", "documents",
    "guidance", "promises", "schedule", "secrecy", "parameters",
)  # fmt: skip
DEMAND: Final = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")
"""A demand of another policy, where a clause may stand: ``<pack>.<requirement>``. Clauses begin otherwise."""
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_POSTS: Final = ("modified_by", "reviewed_by", "approved_by")


def read_charter(fields: Fields) -> Charter:
    """`fields`: those of `pack.yaml`."""
    lost = fields.get("lost")
    revisions = fields.read("revisions", _read_revisions, ())
    _check_revisions(fields, revisions)
    return Charter(
        over=fields.maybe_text("over"),
        changes=fields.read("changes", _read_changes, ()),
        overlays=fields.read("overlays", _read_overlays, ()),
        yields_to=fields.read("yields_to", _read_precedence, None),
        prevails_over=fields.read("prevails_over", _read_precedence, None),
        trial=fields.read("trial", _read_trial, None),
        effective=fields.read("effective", _read_effective, Effective()),
        revisions=revisions,
        requires=fields.read("requires", _read_requires, {}),
        requires_of=fields.read("requires_of", read_texts, ()),
        silent={} if lost is None else {one.key: one.text() for one in lost.codes() if DEMAND.fullmatch(one.key)},
    )


def _read_changes(place: Place, scope: Scope) -> tuple[Change, ...]:
    found = []
    for entry in place.codes():
        fields = Fields(entry, scope, ("says", "clause"))
        says, clauses = fields.need_text("says"), fields.need("clause", lambda at, on: on.each("clause", at), ())
        found.append(Change(entry.key, says, clauses))
    return tuple(found)


def _read_overlays(place: Place, scope: Scope) -> tuple[LaidOver, ...]:
    """Written by the composition, not by hand."""
    found = []
    for item in place.items():
        fields = Fields(item, scope, ("pack", "title", "version", "number", "changes", "left_out"))
        found.append(
            LaidOver(
                code=fields.need_text("pack"),
                title=fields.need_text("title"),
                version=fields.need_text("version"),
                document_number=fields.text("number"),
                changes=fields.read("changes", _read_changes, ()),
                left_out=fields.read("left_out", read_texts, ()),
            )
        )
    return tuple(found)


def _read_precedence(place: Place, scope: Scope) -> Precedence:
    fields = Fields(place, scope, ("packs", "clause", "note"))
    packs = fields.need("packs", read_texts, ())
    clauses = fields.need("clause", lambda at, on: on.each("clause", at), ())
    return Precedence(() if ALL in packs else packs, clauses)


def _read_trial(place: Place, scope: Scope) -> Trial:
    fields = Fields(place, scope, ("review_after", "clause", "unclear", "note"))
    review_after = fields.get("review_after")
    if review_after is None:
        raise place.flaw("缺少 review_after（多久后评估）。")
    return Trial(
        review_after=read_duration(review_after, scope),
        clauses=fields.need("clause", lambda at, on: on.each("clause", at), ()),
        unclear=fields.maybe_text("unclear"),
    )


def _read_effective(place: Place, scope: Scope) -> Effective:
    fields = Fields(place, scope, ("from", "until", "clause", "note"))
    since: date | None = fields.read("from", _read_day, None)
    until: date | None = fields.read("until", _read_day, None)
    if since is not None and until is not None and until < since:
        scope.note(place.child("until").flaw("失效日早于施行日。"))
    return Effective(since, until, fields.need("clause", lambda at, on: on.each("clause", at), ()))


def _read_day(place: Place, _: Scope) -> date:
    text = place.text()
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise place.flaw(f'看不懂"{text}"。', expected="日期写成 2026-07-02。")


def _read_revisions(place: Place, scope: Scope) -> tuple[Revision, ...]:
    found = []
    for item in place.items():
        fields = Fields(item, scope, ("version", "on", "change", *_POSTS))
        found.append(
            Revision(
                version=fields.need_text("version"),
                on=fields.need("on", _read_day, date.min),
                change=fields.need_text("change"),
                modified_by=fields.need_text("modified_by"),
                reviewed_by=fields.need_text("reviewed_by"),
                approved_by=fields.need_text("approved_by"),
            )
        )
    return tuple(found)


def _check_revisions(fields: Fields, revisions: tuple[Revision, ...]) -> None:
    """Oldest first, each version once, the last one the version of the document."""
    if not revisions:
        return
    scope, places = fields.scope, fields.place.child("revisions").items()
    seen: set[str] = set()
    for number, one in enumerate(revisions):
        if one.version in seen:
            scope.note(places[number].flaw(f"{one.version} 版写了两次。"))
        seen.add(one.version)
        if number and one.on < revisions[number - 1].on:
            scope.note(places[number].flaw("修订记录要从早到晚写。"))
    version = fields.text("version")
    if revisions[-1].version != version:
        said = f"修订记录的最后一版是 {revisions[-1].version}，制度是 {version} 版。"
        scope.note(places[-1].flaw(said, expected="每改一版都补一行修订记录。"))


def _read_requires(place: Place, scope: Scope) -> Mapping[str, Requirement]:
    found = {}
    for entry in place.codes():
        fields = Fields(entry, scope, ("name", "clause", "met_by", "unclear", "reading", "note"))
        found[entry.key] = Requirement(
            code=entry.key,
            name=fields.need_text("name"),
            clauses=fields.need("clause", lambda at, on: on.each("clause", at), ()),
            met_by=fields.need("met_by", _read_alternatives, ()),
        )
    return found


def _read_alternatives(place: Place, scope: Scope) -> tuple[Alternative, ...]:
    found = []
    for item in place.items():
        fields = Fields(item, scope, ("section", "codes", "clause_kind", "opening"))
        section = fields.need_text("section")
        if section not in RULE_SECTIONS:
            scope.note(item.flaw(f"没有 {section} 这一类规则。", expected=f"可用：{'、'.join(RULE_SECTIONS)}"))
        found.append(
            Alternative(
                section=section,
                codes=fields.read("codes", read_texts, ()),
                clause_kinds=fields.read("clause_kind", read_texts, ()),
                opening=fields.flag("opening"),
            )
        )
    return tuple(found)
