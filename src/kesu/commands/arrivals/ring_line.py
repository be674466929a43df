"""The telephone system tells that a call rings on somebody's line, or that it is over."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.calls import KEPT, seal_number
from kesu.access.house import held_on
from kesu.casefile import arrivals
from kesu.casefile.statement import is_phone_number, normal_phone
from kesu.core.errors import Unacceptable, Unproven
from kesu.store.models import Account, InboundSource, PostHolding, RingingCall

_LONGEST = {"call": 100, "line": 24, "caller": 40}


@transaction.atomic
def ring_line(
    *, at: datetime, source_id: UUID, key: str, digest: str, call: str, line: str, caller: str, is_over: bool
) -> None:
    """For a source that has proved itself; the same delivery again does nothing. `caller` is empty where the number is
    withheld. Raises `Unacceptable` for a line that is nobody's within the place of the source, for a number that is
    none and a key that stood for something else; `Unproven` for a source that was shut meanwhile."""
    source = InboundSource.objects.select_related("unit").filter(pk=source_id, is_open=True).first()
    if source is None:
        raise Unproven("not_signed")
    _check(call=call, line=line, caller=caller, is_over=is_over)
    before = arrivals.take(source, key, digest, None, at)
    if before is not None:
        if before.digest != digest:
            raise Unacceptable("key_used_before")
        return
    RingingCall.objects.filter(at__lte=at - KEPT).delete()
    if is_over:
        RingingCall.objects.filter(source=source, call=call, over_at=None).update(over_at=at)
        return
    ringing = RingingCall(source=source, call=call, account_id=_account(source, line, at), line=line, at=at)
    seal_number(ringing, normal_phone(caller) if caller else "")
    RingingCall.objects.bulk_create([ringing], ignore_conflicts=True)


def _check(*, call: str, line: str, caller: str, is_over: bool) -> None:
    said = {"call": call, **({} if is_over else {"line": line})}
    wrong = {name: "text_missing" for name, text in said.items() if not text}
    texts = {"call": call, "line": line, "caller": caller}
    wrong |= {name: f"≤ {_LONGEST[name]}" for name, text in texts.items() if len(text) > _LONGEST[name]}
    if caller and "caller" not in wrong and not is_phone_number(caller):
        wrong["caller"] = "not_a_phone"
    if wrong:
        raise _refused(wrong)


def _account(source: InboundSource, line: str, at: datetime) -> UUID:
    """Whose line it is; a telephone system rings nobody of another company."""
    account = Account.objects.filter(line=line, is_active=True).first()
    held = PostHolding.objects.filter(held_on(at.date()), account=account)
    holds = held.filter(post__unit__path__startswith=source.unit.path)
    if account is None or not holds.exists():
        raise _refused({"line": "line_unknown"})
    return account.pk


def _refused(fields: dict[str, str]) -> Unacceptable:
    return Unacceptable("body_unread", data={"fields": fields, "refusals": ()})
