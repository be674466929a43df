"""Sections `stages`, `roles` and `events`: where a case may stand, who takes part, what the program states."""

from __future__ import annotations

from typing import Final

from kesu.policy.coded import CODED
from kesu.policy.language.reading import Fields, Place, Scope, each_of, one_of
from kesu.policy.language.sections import COMMON
from kesu.policy.model.rules import ROLE_ACTS, Role, Stage, WorldEvent

_SCOPES: Final = ("project", "company", "region", "group")
_SIGHTS: Final = ("case", "masked", CODED, "none")


def read_stage(place: Place, scope: Scope) -> Stage:
    fields = Fields(place, scope, (*COMMON, "final", "public", "aside"))
    return Stage(
        code=place.key,
        name=fields.need_text("name"),
        clauses=fields.clauses(),
        final=fields.flag("final"),
        public=fields.maybe_text("public"),
        aside=fields.flag("aside"),
    )


def read_role(place: Place, scope: Scope) -> Role:
    fields = Fields(place, scope, (*COMMON, "scope", "duty", "sees", "shows", "acts", "outside"))
    outside = fields.flag("outside")
    return Role(
        code=place.key,
        name=fields.need_text("name"),
        clauses=fields.clauses(),
        scope=fields.read("scope", one_of(_SCOPES), _SCOPES[0]),
        duty=fields.maybe_text("duty"),
        sees=fields.read("sees", one_of(_SIGHTS), _SIGHTS[0]),
        shows=fields.each("fact", "shows"),
        acts=fields.read("acts", each_of(ROLE_ACTS), ROLE_ACTS),
        outside=outside,
        limited=outside and fields.has("shows"),
    )


def read_event(place: Place, scope: Scope) -> WorldEvent:
    fields = Fields(place, scope, (*COMMON, "by", "facts"))
    fields.read("by", one_of(["world"]), "world")
    return WorldEvent(place.key, fields.need_text("name"), fields.each("fact", "facts"), fields.clauses())
