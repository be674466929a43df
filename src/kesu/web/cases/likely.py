"""Values that cases in like words have, put beside the field that asks for one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from kesu.access.likeness import LikelyValue
from kesu.web.fields import Field, Proposal
from kesu.web.forms import Redrawn
from kesu.web.joining import listed
from kesu.web.links import case_url

Likely = Mapping[str, Sequence[LikelyValue]]


def with_proposals(fields: Iterable[Field], likely: Likely) -> tuple[Field, ...]:
    """The fields of a form; those for which something is put forward carry it."""
    return tuple(replace(field, proposals=tuple(_proposals(field, likely.get(field.name, ())))) for field in fields)


def with_proposals_in(drawn: Redrawn, likely: Likely) -> Redrawn:
    """The same of a form of which some fields depend on a choice."""
    return replace(
        drawn,
        fields=with_proposals(drawn.fields, likely),
        depending=with_proposals(drawn.depending, likely),
        rest=with_proposals(drawn.rest, likely),
    )


def _proposals(field: Field, values: Sequence[LikelyValue]) -> Iterator[Proposal]:
    order = [choice.value for choice in field.choices]
    for one in values:
        if one.value in order:
            chooses = field.id if field.control == "select" else f"{field.id}-{order.index(one.value) + 1}"
            yield Proposal(one.value, one.label, _says(one), case_url(one.case_id), chooses)


def _says(one: LikelyValue) -> str:
    values = {"number": one.number, "count": one.count, "words": listed(one.words)}
    if one.count == 1:
        return _("与 %(number)s 措辞相近：%(words)s") % values
    return _("与 %(number)s 等 %(count)d 件措辞相近：%(words)s") % values
