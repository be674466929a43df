"""Sections `notices`, `promises` and `guidance`: words for people, with the clause that asks for them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Final

from kesu.policy.coded import CODED
from kesu.policy.errors import nearest
from kesu.policy.language.conditions import read_condition
from kesu.policy.language.moments import read_moments
from kesu.policy.language.nodes import Map
from kesu.policy.language.people import read_people
from kesu.policy.language.reading import Fields, Flaw, Place, Scope, each_of, one_of
from kesu.policy.language.sections import COMMON
from kesu.policy.language.tables import table_of
from kesu.policy.language.ways import WAYS
from kesu.policy.model.conditions import Condition, Table
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import COMPLAINANT, SYSTEM, Duty, Guidance, Notice, Promise, Who

_NOTICE_KEYS: Final = (*COMMON, "starts", "when", "to", "by", "urgent", "says", "text", "ways", "written")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_DUE: Final = "due:"
NOTICE_WORDS: Final = ("case", "title", "stage", "level", "due", "owner")
OUTSIDE_WORDS: Final = ("case", "title", "stage")
"""To the customer: no level, no owner, no deadline of the house's own. What he is promised, `promises` say."""
PROMISE_WORDS: Final = ("due",)


def read_notice(place: Place, scope: Scope) -> Notice:
    fields = Fields(place, scope, _NOTICE_KEYS)
    when: Condition | None = fields.read("when", read_condition, None)
    says = fields.each("fact", "says")
    by = fields.read("by", one_of([SYSTEM]), SYSTEM)
    to: Table[tuple[Who, ...]] = fields.need("to", table_of(read_people), Table.of(()))
    is_outside = any(who.role == COMPLAINANT for row in to.rows for who in row.use)
    words = OUTSIDE_WORDS if is_outside else NOTICE_WORDS
    return Notice(
        code=place.key,
        name=fields.need_text("name"),
        clauses=fields.clauses(),
        starts=fields.need("starts", read_moments, ()),
        to=to,
        when=when,
        by_system=by == SYSTEM,
        urgent=fields.flag("urgent"),
        says=says,
        text=_text_with(fields, (*words, *says), names_duties=True),
        ways=fields.read("ways", each_of(WAYS), ()),
        written=fields.flag("written"),
    )


def read_promise(place: Place, scope: Scope) -> Promise:
    fields = Fields(place, scope, ("text", "duty", "when", "clause", "note"))
    when: Condition | None = fields.read("when", read_condition, None)
    text = _text_with(fields, PROMISE_WORDS)
    duty = fields.named("duty", "duty")
    if "{due}" in text and not fields.has("duty"):
        scope.note(place.flaw("文字里写了 {due}，却没有写是哪个 duty（义务）的期限。"))
    return Promise(place.key, text, duty, fields.clauses(), when)


def read_guidance(place: Place, scope: Scope) -> Guidance:
    fields = Fields(place, scope, (*COMMON, "at", "when", "text"))
    when: Condition | None = fields.read("when", read_condition, None)
    at = fields.need("at", lambda item, on: on.each("step", item), ())
    return Guidance(place.key, at, _text_with(fields, ()), fields.clauses(), when)


def _text_with(fields: Fields, words: Collection[str], *, names_duties: bool = False) -> str:
    return fields.need("text", lambda at, on: read_worded(at, on, words, names_duties=names_duties), "")


def read_worded(place: Place, scope: Scope, words: Collection[str], *, names_duties: bool = False) -> str:
    """A text for people, in which only `words` may stand as {placeholders}, and ``{due:reply}`` if it may name the
    limits of duties."""
    text = scope.worded(place)
    for word in _PLACEHOLDER.findall(text):
        if names_duties and word.startswith(_DUE):
            scope.named("duty", place, word.removeprefix(_DUE))
        elif word not in words:
            raise _unknown(place, word, (*words, f"{_DUE}义务代码") if names_duties else words)
    if "{" in _PLACEHOLDER.sub("", text) or "}" in _PLACEHOLDER.sub("", text):
        raise place.flaw("文字里的大括号不成对。")
    return text


def _unknown(place: Place, word: str, words: Collection[str]) -> Flaw:
    listed = " ".join(f"{{{each}}}" for each in words)
    near = nearest(word, words)
    return place.flaw(
        f"文字里的 {{{word}}} 不认得。", near=f"{{{near}}}" if near else "",
        expected=f"可用：{listed} 和参数；事实要先写进 says（说明）。",
    )  # fmt: skip


def check_told_dues(kind: Kind, tree: Map) -> Iterator[Flaw]:
    """Nobody is told the limit of a duty that he may not see."""
    promised = {promise.duty for promise in kind.promises.values()}
    for code, notice in kind.notices.items():
        for duty in notice.dues:
            for who in (who for row in notice.to.rows for who in row.use):
                if duty in kind.duties and not _may_know(kind, who, kind.duties[duty], promised):
                    place = Place(tree, "").child("notices").child(code, is_code=True).child("text")
                    reader = kind.roles[who.role].name if who.role in kind.roles else "客户"
                    yield place.flaw(
                        f"{reader}看不到“{kind.duties[duty].name}”的期限。",
                        expected="客户只看得到 promises（承诺）里写了的；看不到诉件的角色只看得到自己办的。",
                    )


def _may_know(kind: Kind, who: Who, duty: Duty, promised: Collection[str | None]) -> bool:
    if who.role == COMPLAINANT:
        return duty.code in promised
    role = kind.roles.get(who.role)
    is_apart = role is not None and (role.outside or role.sees in {CODED, "none"})
    return not is_apart or any(row.use.role == who.role for row in duty.owner.rows)
