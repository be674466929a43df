"""Messages that somebody must look after, as far as the reader answers for them."""

from __future__ import annotations

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.transaction import TransactionManagementError

from kesu.access.actor import Actor
from kesu.access.cases import cards_for
from kesu.access.permissions import Permission
from kesu.access.scope import patterns
from kesu.casefile.outgoing import UNTOLD
from kesu.core.errors import NotFound
from kesu.store.models import UNDELIVERED, OutboxMessage, PostHolding


def undelivered_to(actor: Actor) -> QuerySet[OutboxMessage]:
    """Those on cases that he holds, or from which he may write to customers; beside these, messages to people whose
    accounts he looks after. Of what only the one may know whom it is for, nobody is told."""
    answers = Q(holder_id=actor.account_id)
    for pattern in patterns(actor, Permission.CASE_REPLY):
        answers |= Q(unit_path__like=pattern)
    mine = Q(case__in=cards_for(actor).filter(answers).values("pk"))
    for pattern in patterns(actor, Permission.PEOPLE_EDIT):
        near = PostHolding.objects.filter(post__unit__path__like=pattern).values("account")
        mine |= Q(case=None, account__in=near)
    return OutboxMessage.objects.filter(UNDELIVERED).filter(mine).exclude(template__in=UNTOLD)


def undelivered_for(actor: Actor, message_id: int) -> OutboxMessage:
    """One of them, its row taken for the rest of the transaction. Raises `NotFound`, also where somebody else has
    settled it."""
    if not connection.in_atomic_block:
        raise TransactionManagementError("a row is held inside a transaction only")
    related = ("case__card", "case__unit", "account", "guest", "place", "note")
    rows = undelivered_to(actor).select_related(*related).select_for_update(of=("self",))
    found = rows.filter(pk=message_id).first()
    if found is None:
        raise NotFound
    return found
