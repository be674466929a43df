"""What a company has set under one version of a policy, as far as a new version still lets it be set so."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Final

from django.db.models.functions import Length

from kesu.casefile.books import above, pack_of
from kesu.policy.model.facts import Value
from kesu.policy.model.pack import Pack, Parameter
from kesu.store.models import Adoption, OverlayAdoption, Unit

BETWEEN: Final = "、"
"""Between the entries of a list, as a form writes them."""
_CHOSEN: Final = {"choice", "moment"}


def in_force(pack: Pack, unit: Unit, at: datetime) -> Pack | None:
    """The version of the same policy that serves at `unit` at `at`: adopted nearest to it, and last. One or two
    queries."""
    rows = OverlayAdoption.objects if pack.charter.is_overlay else Adoption.objects
    held = rows.filter(unit__path__in=above(unit.path), policy_version__pack=pack.code, effective_from__lte=at)
    found = held.order_by(Length("unit__path"), "effective_from", "id").last()
    return pack_of(found.policy_version_id) if found is not None else None


def kept(old: Pack, new: Pack) -> dict[str, str]:
    """Code → what was set, as written, where the new version has that parameter, still lets it be set so, and says
    something else itself."""
    return {code: as_written(one.value) for code, one in _differing(old, new) if _fits(one, new.parameters[code])}


def lost(old: Pack, new: Pack) -> dict[str, str]:
    """Code → what was set, as people read it, where the new version has that parameter and does not let it be set so
    any more."""
    return {code: as_written(one.shown) for code, one in _differing(old, new) if not _fits(one, new.parameters[code])}


def as_written(value: Value | None) -> str:
    if isinstance(value, tuple):
        return BETWEEN.join(value)
    return "" if value is None else str(value)


def _differing(old: Pack, new: Pack) -> list[tuple[str, Parameter]]:
    both = ((code, one) for code, one in old.parameters.items() if code in new.parameters)
    return [(code, one) for code, one in both if one.value is not None and one.value != new.parameters[code].value]


def _fits(old: Parameter, new: Parameter) -> bool:
    value = old.value
    if old.type != new.type:
        return False
    if new.type in _CHOSEN:
        return value in new.values
    if isinstance(value, tuple):
        needed = new.at_least if isinstance(new.at_least, tuple) else ()
        return set(needed) <= set(old.held) and (not new.values or set(value) <= set(new.values))
    if isinstance(value, int | Decimal):
        return _within(value, new.at_least, new.at_most)
    return True


def _within(value: int | Decimal, least: Value | None, most: Value | None) -> bool:
    above_least = not isinstance(least, int | Decimal) or value >= least
    return above_least and (not isinstance(most, int | Decimal) or value <= most)
