"""What stands in the way in words; of a ledger with what the account holds."""

from __future__ import annotations

from decimal import Decimal
from typing import Protocol

from django.utils.translation import gettext as _

from kesu.policy.standing.results import MissingKind
from kesu.web import sentences
from kesu.web.marks import yuan
from kesu.web.words import say


class Lack(Protocol):
    """One thing that stands in the way, of the engine or of a query."""

    @property
    def kind(self) -> MissingKind: ...
    @property
    def name(self) -> str: ...
    @property
    def have(self) -> Decimal | None: ...
    @property
    def short(self) -> Decimal | None: ...


def lack_in_words(lack: Lack) -> str:
    """As `sentences.missing`; of a ledger with what the account holds and by how much that is not right."""
    if lack.have is None or lack.short is None:
        return sentences.missing(lack.kind, lack.name)
    said = {"name": say(lack.name), "held": yuan(lack.have), "short": yuan(lack.short)}
    if lack.kind is MissingKind.BALANCE:
        return _("“%(name)s”余额 %(held)s，还差 %(short)s") % said
    return _("“%(name)s”现有 %(held)s，会超过上限 %(short)s") % said
