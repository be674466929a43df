"""The forms of customers as fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from django.http import HttpRequest
from django.utils.translation import gettext as _

from kesu.core.masking import dialled_phone
from kesu.web.customers.labels import CHANNELS, FIELDS, KINDS, LANGUAGES, NEEDS, PERSON, SERVICE, SEXES
from kesu.web.fields import Choice, Field, FieldKind

Typed = Mapping[str, str]
Errors = Mapping[str, str]
_CHOICES: Final[Mapping[str, Mapping[str, Any]]] = {
    "kind": KINDS,
    "sex": SEXES,
    "channels": CHANNELS,
    "language": LANGUAGES,
}
STATED: Final = (*PERSON, *NEEDS, *SERVICE)


def typed_person(request: HttpRequest) -> dict[str, str]:
    return {name: "，".join(request.POST.getlist(name)) for name in (*STATED, "project")}


def caught_up(typed: Typed, moved: Mapping[str, Sequence[Any]]) -> dict[str, str]:
    """With what others changed meanwhile (`moved`: field to what it was and what it became) in the fields that stand
    as they were before."""
    newer = {
        name: _as_typed(name, new) for name, (old, new) in moved.items() if typed.get(name) == _as_typed(name, old)
    }
    return {**typed, **newer}


def _as_typed(name: str, stated: Any) -> str:
    """A recorded value as the form has it."""
    if isinstance(stated, list):
        return "，".join(map(dialled_phone, stated) if name == "phones" else stated)
    return stated or ""


def choices(known: Mapping[str, Any], asked: str) -> tuple[Choice, ...]:
    chosen = asked.split("，")
    return tuple(Choice(code, str(label), code in chosen) for code, label in known.items())


def person_fields(names: Sequence[str], typed: Typed, errors: Errors) -> Iterator[Field]:
    """Of `STATED`."""
    helps = {
        "phones": _("几个号码用逗号分开"),
        "groups": _("几个组用逗号分开，例如：老人，独居"),
        "quiet_from": _("例如 21:00"),
        "quiet_until": _("例如 09:00"),
    }
    for name in names:
        asked = typed.get(name, "")
        kind = FieldKind.TEXTAREA if name == "note" else FieldKind.TEXT
        if name in _CHOICES:
            kind = FieldKind.CHOICES if name == "channels" else FieldKind.CHOICE
        yield Field(
            name,
            str(FIELDS[name]),
            kind,
            asked,
            choices=choices(_CHOICES.get(name, {}), asked),
            is_required=name in {"name", "kind"},
            help=helps.get(name, ""),
            error=errors.get(name, ""),
        )


def project_field(offered: Sequence[tuple[str, str]], asked: str, errors: Errors, help_text: str = "") -> Field:
    chosen = asked or (offered[0][0] if len(offered) == 1 else "")
    listed = tuple(Choice(value, label, value == chosen) for value, label in offered)
    wrong = errors.get("project", "")
    return Field("project", _("项目"), FieldKind.CHOICE, choices=listed, is_required=True, help=help_text, error=wrong)


def room_fields(offered: Sequence[tuple[str, str]], asked: str, typed: Typed, errors: Errors) -> Iterator[Field]:
    """`asked`: the project that stands there at first."""
    yield project_field(offered, typed.get("project") or asked, errors)
    help_text, wrong = _("例如：3-1-1702"), errors.get("room", "")
    yield Field("room", _("房号"), FieldKind.TEXT, typed.get("room", ""), is_required=True, help=help_text, error=wrong)
    kind = typed.get("relation") or "owner"
    listed = choices(KINDS, kind)
    yield Field("relation", _("与房产的关系"), FieldKind.CHOICE, choices=listed, error=errors.get("kind", ""))


def purchase_fields(typed: Typed, errors: Errors) -> Iterator[Field]:
    kinds = {"bought_on": FieldKind.DATE, "amount": FieldKind.MONEY}
    for name in ("bought_on", "place", "amount", "contract"):
        kind, wrong = kinds.get(name, FieldKind.TEXT), errors.get(name, "")
        label = str(FIELDS[name])
        yield Field(name, label, kind, typed.get(name, ""), is_required=name == "bought_on", error=wrong)


def consent_fields(typed: Typed, errors: Errors) -> Iterator[Field]:
    helps = {"purpose": _("把什么给谁、做什么用"), "how": _("例如：书面、电话录音")}
    for name in ("purpose", "how", "given_on"):
        kind = FieldKind.DATE if name == "given_on" else FieldKind.TEXT
        wrong, help_text = errors.get(name, ""), helps.get(name, "")
        text = typed.get(name, "")
        yield Field(name, str(FIELDS[name]), kind, text, is_required=True, help=help_text, error=wrong)
