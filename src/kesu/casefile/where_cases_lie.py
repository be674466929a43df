"""Where cases of a kind lie: at any place, or at units of the kinds that it names itself."""

from __future__ import annotations

from django.db.models.functions import Length

from kesu.casefile.books import above
from kesu.policy.model.pack import Kind
from kesu.store.models import Unit


def may_lie(unit: Unit, rules: Kind) -> bool:
    """Whether a case of this kind may be opened at the unit, or come to lie there."""
    return not rules.lies_in or unit.kind in rules.lies_in


def nearest(unit: Unit, rules: Kind) -> Unit | None:
    """The unit itself, or the nearest above it where a case of this kind may lie; None where there is none. One query
    where it is not the unit itself."""
    if may_lie(unit, rules):
        return unit
    rows = Unit.objects.filter(path__in=above(unit.path), kind__in=rules.lies_in, closed_on=None)
    return rows.order_by(Length("path").desc()).first()
