"""From what a step asks to what a page draws (`kesu.web.fields.Field`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from django.utils.translation import gettext as _

from kesu.core.pinyin import pinyin_of
from kesu.policy.asking import FieldView, asked_now, following
from kesu.policy.model.facts import DataClass, FactType
from kesu.web.fields import READ_AT_ONCE, Choice, Field, FieldKind
from kesu.web.forms.reading import FLAG_WORDS, Given, spoken_flags
from kesu.web.marks import ClauseRef

Refs = Callable[[Sequence[str]], tuple[ClauseRef, ...]]
"""Turns clause ids into the tags of one policy version."""

_KINDS: Final = {
    FactType.TEXT: FieldKind.TEXT,
    FactType.NUMBER: FieldKind.NUMBER,
    FactType.MONEY: FieldKind.MONEY,
    FactType.DATE: FieldKind.DATE,
    FactType.TIME: FieldKind.DATETIME,
    FactType.CHOICE: FieldKind.CHOICE,
    FactType.CHOICES: FieldKind.CHOICES,
    FactType.FLAG: FieldKind.FLAG,
    FactType.UNIT: FieldKind.CHOICE,
    FactType.UNITS: FieldKind.CHOICES,
    FactType.GROUP: FieldKind.GROUP,
    FactType.CASE: FieldKind.CHOICE,
    FactType.FILE: FieldKind.FILE,
}
_WIDE: Final = {
    FieldKind.TEXTAREA,
    FieldKind.CHOICE,
    FieldKind.CHOICES,
    FieldKind.GROUP,
    FieldKind.FILE,
    FieldKind.SIGNATURE,
}
_FLAG_VALUES: Final = {word: value for value, word in FLAG_WORDS.items()} | {value: value for value in FLAG_WORDS}


def no_refs(_clauses: Sequence[str]) -> tuple[ClauseRef, ...]:
    """Public pages show no clause numbers at their fields."""
    return ()


def draw(
    fields: Iterable[FieldView],
    typed: Given,
    errors: Mapping[str, str],
    refs: Refs = no_refs,
    notes: Mapping[str, str] | None = None,
) -> tuple[Field, ...]:
    """`typed`: what stands in the fields; `errors`: a sentence by fact code; `notes`: what is known already."""
    known = notes or {}
    return tuple(drawn for one in fields for drawn in _draw(one, typed, errors, refs, known.get(one.code, "")))


PART: Final = "part"
FIELDS: Final = "fields"
"""What a form sends to have only the fields drawn again that depend on a choice."""


@dataclass(frozen=True, slots=True)
class Redrawn:
    """A form that asks more or less by what is chosen in it. `fields` and `rest` are asked always, `depending` stands
    between them and is asked now; `chosen` names the inputs whose change draws it again, empty where nothing depends
    on any."""

    fields: tuple[Field, ...]
    depending: tuple[Field, ...]
    rest: tuple[Field, ...]
    chosen: tuple[str, ...]

    @property
    def context(self) -> Mapping[str, object]:
        """As `cases/_depending.html` names them."""
        return {"fields": self.fields, "depending": self.depending, "rest": self.rest, "redraws": self.chosen}


def redrawn(
    fields: Iterable[FieldView],
    typed: Given,
    errors: Mapping[str, str],
    refs: Refs = no_refs,
    notes: Mapping[str, str] | None = None,
) -> Redrawn:
    """As `draw`, with what depends on a choice set apart."""
    own = tuple(fields)
    always = [one for one in own if not _depends(one)]
    chosen = tuple(dict.fromkeys(code for one in own for code in _chosen_by(one)))
    last = max((number for number, one in enumerate(always, start=1) if one.code in chosen), default=len(always))
    now = [following(one, typed) for one in asked_now(filter(_depends, own), spoken_flags(typed))]
    return Redrawn(
        draw(always[:last], typed, errors, refs, notes),
        draw(now, typed, errors, refs, notes),
        draw(always[last:], typed, errors, refs, notes),
        chosen,
    )


def _depends(one: FieldView) -> bool:
    return one.asked is not None or bool(one.follows)


def _chosen_by(one: FieldView) -> tuple[str, ...]:
    """The fields by which it is decided whether this one is asked, and what it offers."""
    return (*(one.asked.types if one.asked else ()), *((one.follows,) if one.follows else ()))


def draw_for_outsider(fields: Iterable[FieldView], typed: Given, errors: Mapping[str, str]) -> tuple[Field, ...]:
    """The same for a public page: whoever fills it in is asked about himself, and no clause stands at a field."""
    return tuple(drawn for one in fields for drawn in _draw_own(one, typed, errors))


def _draw_own(one: FieldView, typed: Given, errors: Mapping[str, str]) -> Iterator[Field]:
    drawn = _draw(one, typed, errors, no_refs, "")
    if one.type is not FactType.PERSON or not one.is_counted:
        yield from drawn
        return
    name, phone = drawn
    yield replace(name, label=_("您的姓名"), error=name.error.replace(one.name, _("您的姓名")))
    yield replace(phone, label=_("您的电话"), help=_("办理人打这个号码与您联系"))


def _draw(one: FieldView, typed: Given, errors: Mapping[str, str], refs: Refs, note: str) -> Iterator[Field]:
    error = errors.get(one.code, "")
    if one.type is FactType.PERSON:
        yield from _person(one, typed, error, refs)
    elif one.type is FactType.CASE:
        yield from _case(one, typed, error, refs)
    else:
        yield _plain(one, typed, error, refs, note)


def _plain(one: FieldView, typed: Given, error: str, refs: Refs, note: str) -> Field:
    kind = FieldKind.TEXTAREA if one.type is FactType.TEXT and one.multiline else _KINDS[one.type]
    if one.by_hand:
        kind = FieldKind.SIGNATURE
    if one.type is FactType.GROUP and one.most == 1:
        kind = FieldKind.CHOICE
    # What was signed over another text is not carried over to this one.
    is_anew = one.by_hand and "".join(typed.get(f"{one.code}.read", ())[-1:]) != one.read
    values = () if is_anew else typed.get(one.code, ())
    return Field(
        name=one.code,
        label=one.name,
        kind=kind,
        value=_value(one, values),
        choices=_choices(one, values, refs),
        is_required=one.is_required,
        help="　".join(text for text in (one.help, _length(one), note) if text),
        error=error,
        clauses=refs(one.clauses),
        is_wide=kind in _WIDE,
        is_tree=one.is_tree,
        read=one.read,
        typed_name="".join(typed.get(f"{one.code}.name", ())[-1:]) if one.by_hand and not is_anew else "",
    )


def _length(one: FieldView) -> str:
    if one.most > 1:
        return _("最多 %(count)s 位") % {"count": one.most}
    return _("至少 %(count)s 字") % {"count": one.at_least} if one.at_least else ""


def _value(one: FieldView, values: tuple[str, ...]) -> str:
    last = values[-1] if values else ""
    return _FLAG_VALUES.get(last, "") if one.type is FactType.FLAG else last


def _choices(one: FieldView, values: tuple[str, ...], refs: Refs) -> tuple[Choice, ...]:
    is_long = len(one.options) > READ_AT_ONCE  # then it is narrowed by typing, in signs or in sounds
    return tuple(
        Choice(
            value=option.value,
            label=option.label,
            is_chosen=option.value in values,
            group=option.group,
            clauses=refs(option.clauses),
            sought=pinyin_of(option.label) if is_long else "",
        )
        for option in one.options
    )


def _person(one: FieldView, typed: Given, error: str, refs: Refs) -> Iterator[Field]:
    name, phone = f"{one.code}.name", f"{one.code}.phone"
    yield Field(
        name=name,
        label=_("%(who)s姓名") % {"who": one.name},
        kind=FieldKind.TEXT,
        value=_value(one, typed.get(name, ())),
        is_required=one.is_required,
        help=one.help,
        error=error,
        clauses=refs(one.clauses),
    )
    yield Field(
        name=phone,
        label=_("%(who)s电话") % {"who": one.name},
        kind=FieldKind.TEXT,
        value=_value(one, typed.get(phone, ())),
        help="" if one.data is DataClass.SEALED else _("用电话认人，同一号码只算一人"),
    )


def _case(one: FieldView, typed: Given, error: str, refs: Refs) -> Iterator[Field]:
    if one.options:
        yield _plain(one, typed, "", refs, "")
    number = f"{one.code}.number"
    yield Field(
        name=number,
        label=_("%(what)s的编号") % {"what": one.name},
        kind=FieldKind.TEXT,
        value=_value(one, typed.get(number, ())),
        is_required=one.is_required and not one.options,
        help="　".join(
            text for text in (_("不在上面时，填诉件编号") if one.options else one.help, _of_kinds(one)) if text
        ),
        error=error,
        clauses=() if one.options else refs(one.clauses),
    )


def _of_kinds(one: FieldView) -> str:
    """Which cases are meant, where they are not of the kind that the form is about."""
    names = [kind.name for kind in one.kinds if not kind.is_served]
    if not names or len(names) < len(one.kinds):
        return ""
    return _("填%(kinds)s的编号") % {"kinds": " / ".join(names)}
