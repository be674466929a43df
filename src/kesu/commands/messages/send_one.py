"""Takes messages from the outbox one at a time, hands each to a sender, and notes what became of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final, Protocol
from uuid import UUID

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Q, QuerySet

from kesu.access.actor import actor_of
from kesu.access.cases import desk_link, sees
from kesu.casefile.addresses import SMS
from kesu.casefile.books import calendar_of, kind_of
from kesu.casefile.log import data_key
from kesu.casefile.outgoing import DIGEST, NORMAL, REMINDER, URGENT, Kept, is_for_robot, keep, letter_of, masked
from kesu.casefile.passing_on import pass_on
from kesu.casefile.routing import ROBOTS, SCREEN, Go, Stop, Wait, channels_after, goes_together, route
from kesu.casefile.spreading import spread
from kesu.core.letter import Letter
from kesu.store.fixed import Fixed, FixedRows
from kesu.store.models import OutboxMessage, Recipient

MAX_ATTEMPTS: Final = 8
"""Within about an hour. Then it goes on by the next of his channels; what is urgent and has none waits for somebody."""
LAST_ATTEMPT: Final = MAX_ATTEMPTS + 23
"""What is not urgent and has no other way is tried once an hour for a day: a mail server may be away for a night."""
_FIRST_WAIT: Final = timedelta(seconds=30)
_USUAL_WAIT: Final = timedelta(hours=1)
_LONGEST_WAIT: Final = timedelta(days=1)
_FIRST_ASKED: Final = timedelta(minutes=1)
"""After so long a gateway of short messages is asked whether the device had it."""
_TOGETHER: Final = 50
"""As many leave as one message; what is left over leaves as the next one."""
_TURN: Final = "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))"


class MessageState(StrEnum):
    DUE = "due"
    SENT = "sent"
    HELD = "held"
    FAILED = "failed"
    REPLACED = "replaced"
    DROPPED = "dropped"


class NotDelivered(Exception):
    """The sender could not hand the message over. `is_final`: trying again is useless; `wait`: how long the other side
    asked to be left alone; `key`: of the one letter that is at fault, where it is not the way of all of them."""

    def __init__(self, reason: str, *, is_final: bool = False, wait: timedelta | None = None, key: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.is_final = is_final
        self.wait = wait
        self.key = key


class SendFailed(Exception):
    """One message could not even be read; nothing was written, and nothing left. `try_later` keeps it from stopping all
    others. `is_told`: whether a log may say by what it failed."""

    def __init__(self, message: OutboxMessage) -> None:
        super().__init__(str(message.pk))
        self.message_id = message.pk
        self.is_told = message.case_id is not None


@dataclass(frozen=True, slots=True)
class Delivered:
    """`called`: what the other side calls it; `said`: subject and text of each letter, in their order."""

    called: str
    said: tuple[tuple[str, str], ...]


class Sender(Protocol):
    """Whoever words letters and hands them to carriers. `channels`: those that are set up. Several letters leave as
    one message. `robot`: address and secret of a place in a work chat. Raises `NotDelivered`."""

    @property
    def channels(self) -> frozenset[str]: ...

    def send(self, letters: Sequence[Letter], *, channel: str, to: str, robot: dict[str, str]) -> Delivered: ...


@transaction.atomic
def send_one(*, at: datetime, sender: Sender | None) -> bool:
    """Sends the next message that is due, urgent ones first; False when none is. The rows stay locked while the
    sender works: another worker passes them over, and a worker that is killed leaves them due. Where no channel is
    set up for it (or there is no `sender` at all) a message is held, and said to be. Raises `SendFailed`."""
    message = _next(at)
    if message is None:
        return False
    with _or_failed(message):
        _move(message, at, sender)
    return True


def _move(message: OutboxMessage, at: datetime, sender: Sender | None) -> None:
    if message.attempts == 0:  # whatever becomes of it: others hear of its reason too
        spread(message, at)
    carried = sender.channels if sender is not None else frozenset()
    way = route(message, carried, at)
    if isinstance(way, Stop):
        _note(message, MessageState(way.state), way.error, channel=way.channel or message.channel)
    elif not _may_know(message, at):
        _note(message, MessageState.FAILED, "not_let_in")
    elif isinstance(way, Wait):
        message.try_at, message.lane = way.until, way.lane
        message.save(update_fields=["try_at", "lane"])
    else:
        _send([message, *_with(message, at)], way, at, sender, carried)


@contextmanager
def _or_failed(message: OutboxMessage) -> Iterator[None]:
    try:
        yield
    except (OperationalError, InterfaceError, SendFailed):
        raise  # the database's fault, or that of another message
    except Exception as error:
        raise SendFailed(message) from error


@transaction.atomic
def try_later(failed: SendFailed, *, at: datetime) -> None:
    """Until it has been tried often enough: then somebody has to look after it."""
    rows = OutboxMessage.objects.select_for_update().filter(pk=failed.message_id, state=MessageState.DUE)
    message = rows.first()
    if message is not None:
        _try_again(message, NotDelivered(type(failed.__cause__).__name__), at, ())


def _due(at: Any) -> QuerySet[OutboxMessage]:
    """Rows that nobody else has in hand, with what their letters are made of."""
    related = ("account", "case__card", "case__unit", "guest", "place", "note")
    rows = OutboxMessage.objects.select_related(*related).filter(state=MessageState.DUE, try_at__lte=at)
    return rows.order_by("try_at", "id")


def _taken(rows: QuerySet[OutboxMessage]) -> QuerySet[OutboxMessage]:
    return rows.select_for_update(skip_locked=True, of=("self",))[:1]


_FIRST: Final = FixedRows(lambda lane, at: _taken(_due(at).filter(lane=lane)))


def _next(at: datetime) -> OutboxMessage | None:
    """Lane by lane: each is read along its index, however many wait."""
    found = (_next_in(lane, at) for lane in (URGENT, NORMAL, DIGEST))
    return next((message for message in found if message is not None), None)


def _next_in(lane: str, at: datetime) -> OutboxMessage | None:
    """Of messages that leave with others, the first of somebody to whom nobody else is sending just now."""
    busy: set[UUID] = set()
    while True:
        with transaction.atomic():
            message = _first(lane, at, busy)
            if message is None or message.account_id is None or not goes_together(message) or _has_turn(message):
                return message
            busy.add(message.account_id)
            transaction.set_rollback(True)  # the row is let go: whoever has the turn may take it along


def _first(lane: str, at: datetime, busy: Collection[UUID]) -> OutboxMessage | None:
    if not busy:  # as nearly always
        return _FIRST.one(lane, at)
    others = _due(at).filter(lane=lane).exclude(Q() if lane == DIGEST else Q(template=REMINDER), account_id__in=busy)
    return _taken(others).first()


def _has_turn(message: OutboxMessage) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_TURN, [f"kesu.outbox/{message.account_id}"])
        return bool(cursor.fetchone()[0])


def _with(message: OutboxMessage, at: datetime) -> list[OutboxMessage]:
    """What leaves with it. Whoever looked at one of them and had no turn lets it go at once, so that it is waited for
    and not passed over."""
    if message.account_id is None or not goes_together(message):
        return []
    like = Q() if message.lane == DIGEST else Q(template=REMINDER)
    theirs = _due(at).filter(like, lane=message.lane, account_id=message.account_id, channel=message.channel)
    rows = theirs.exclude(pk=message.pk).select_for_update(of=("self",))[: _TOGETHER - 1]
    return [row for row in rows if _may_know(row, at)]


def _may_know(message: OutboxMessage, at: datetime) -> bool:
    """Whether its case is still there for whom it is meant, in the posts that he has today: it may have become
    confidential since, or he may have gone to another place."""
    case = message.case
    if case is not None and is_for_robot(message):
        return not case.card.confidential
    if case is None or message.account is None:
        return True
    on = calendar_of(case.calendar_version_id).local(at).date()
    return sees(actor_of(message.account, on), case.pk)


def _send(rows: list[OutboxMessage], way: Go, at: datetime, sender: Sender | None, carried: Collection[str]) -> None:
    if way.channel == SCREEN or sender is None:
        for row in rows:
            _sent(row, SCREEN, at)
        return
    letters = [_letter(row, way) for row in rows]
    try:
        done = sender.send(letters, channel=way.channel, to=way.to, robot=dict(way.robot))
    except NotDelivered as failure:
        at_fault = [row for row in rows if row.key == failure.key] or rows
        for row in at_fault:
            row.channel, row.masked = way.channel, masked(way.channel, way.to)
            _try_again(row, failure, at, carried)
        others = [row for row in rows if row not in at_fault]
        if others:
            _send(others, way, at, sender, carried)
        return
    for row, letter, (subject, text) in zip(rows, letters, done.said, strict=True):
        row.called, row.masked = done.called[:200], masked(way.channel, way.to)
        keep(row, Kept(way.to, subject, text), letter)
        _sent(row, way.channel, at)


def _letter(row: OutboxMessage, way: Go) -> Letter:
    with _or_failed(row):
        if row.case is not None:
            data_key(row.case)  # what could not be kept afterwards must not leave
        return letter_of(row, language=way.language, secret=_secret(row))


def _secret(message: OutboxMessage) -> str:
    """Of the link that goes with words to the customer himself: only where the house made it."""
    if message.recipient != Recipient.CUSTOMER or message.case is None:
        return ""
    return desk_link(message.case, kind_of(message.case.policy_version_id, message.case.kind))


def _sent(message: OutboxMessage, channel: str, at: datetime) -> None:
    message.state, message.channel, message.sent_at, message.error = MessageState.SENT, channel, at, ""
    message.attempts += 1
    message.ask_at = at + _FIRST_ASKED if channel == SMS and message.called and message.case_id else None
    message.arrived_at = None
    fields = ["state", "channel", "sent_at", "error", "attempts", "called", "masked", "sealed", "ask_at", "arrived_at"]
    message.save(update_fields=fields)


def _note(message: OutboxMessage, state: MessageState, error: str, channel: str = "") -> None:
    message.state, message.error, message.channel = state, error, channel or message.channel
    message.save(update_fields=["state", "error", "channel"])


def _try_again(message: OutboxMessage, failure: NotDelivered, at: datetime, carried: Collection[str]) -> None:
    """Later, or by the next of his channels when this one will never do."""
    message.attempts += 1
    message.error = failure.reason[:200]
    if failure.is_final or _is_worn_out(message, carried):
        pass_on(message, carried, at)
    else:
        usual = min(_FIRST_WAIT * 2 ** (message.attempts - 1), _USUAL_WAIT)
        message.try_at = at + min(failure.wait or usual, _LONGEST_WAIT)
    message.save(update_fields=["attempts", "error", "state", "try_at", "channel", "masked"])


def _is_worn_out(message: OutboxMessage, carried: Collection[str]) -> bool:
    """Whether it has been tried often enough by this way."""
    if message.attempts < MAX_ATTEMPTS:
        return False
    return message.lane == URGENT or message.attempts >= LAST_ATTEMPT or bool(channels_after(message, carried))


def next_try_at() -> datetime | None:
    """Lane by lane, as they are sent."""
    found = [_NEXT_TRY(lane) for lane in (URGENT, NORMAL, DIGEST)]
    return min((rows[0][0] for rows in found if rows), default=None)


_NEXT_TRY: Final = Fixed(
    lambda lane: (
        OutboxMessage.objects.filter(state=MessageState.DUE, lane=lane).order_by("try_at").values_list("try_at")[:1]
    )
)


@transaction.atomic
def release_held(*, at: datetime, channels: Collection[str] | None = None) -> int:
    """A way out was set up: what waited for one is due again. `channels`: those that are; robots of work chats, which
    need no setting of the operator, carry nothing that waits for one."""
    if channels is not None and not set(channels) - set(ROBOTS):
        return 0
    return OutboxMessage.objects.filter(state=MessageState.HELD, error="no_server").update(
        state=MessageState.DUE, try_at=at
    )
