"""What reaches the demonstration group by programs of others, and what it tells these. Nothing of it leaves the
machine: whoever carries it here only says that he has."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings

from kesu.access.actor import Actor
from kesu.commands.arrivals.make_source import make_source
from kesu.commands.arrivals.receive_report import receive_report
from kesu.commands.arrivals.ring_line import ring_line
from kesu.commands.hooks.deliver_one import NotTaken, Parcel, deliver_one
from kesu.commands.hooks.make_hook import make_hook
from kesu.commands.hooks.set_hook_open import set_hook_open
from kesu.commands.messages.send_one import Delivered, next_try_at, send_one
from kesu.commands.organisation.set_chat_place import set_chat_place
from kesu.commands.people.change_account import AccountState, change_account
from kesu.commands.people.choose_notices import choose_notices
from kesu.config.demonstration.stories import Stage, Told, actor_at, began
from kesu.core.letter import Letter
from kesu.store.models import Account

_MAIL, _CHAT = "mail", "webhook"
_RUNG: timedelta = timedelta(minutes=1)


@dataclass(slots=True)
class Outside:
    """`refused`: the first event of this type is refused by the program that is told, and no other."""

    refused: str = ""
    channels: frozenset[str] = field(default=frozenset({_MAIL, _CHAT}))

    def send(self, letters: Sequence[Letter], *, channel: str, to: str, robot: Mapping[str, str]) -> Delivered:  # noqa: ARG002
        return Delivered("", tuple(("", "") for _ in letters))

    def carry(self, parcel: Parcel) -> int:
        if parcel.content["type"] != self.refused:
            return 204
        self.refused = ""
        raise NotTaken("HTTP 400", status=400, is_final=True)

    def hears(self, at: datetime) -> None:
        """Every message that is due; one look where none is, for it is asked at every step of every story."""
        first = next_try_at()
        while first is not None and first <= at and send_one(at=at, sender=self):
            first = next_try_at()

    def is_told(self, at: datetime) -> None:
        """Everything that the hooks have laid down."""
        while deliver_one(at=at, carry=self.carry, base_url=settings.KESU_BASE_URL):
            pass


def connect(book: Mapping[str, Any], stage: Stage, at: datetime) -> UUID:
    """Says whom the house tells, and how its people want to be told. Returns the hook."""
    actor, hook, chat = actor_at(book["by"], stage, at), book["hook"], book["chat"]
    for login, choice in book["choices"].items():
        choose_notices(actor=actor_at(login, stage, at), addresses={}, **choice)
    set_chat_place(
        actor=actor, at=at, unit_id=stage.units[chat["at"]], channel=_CHAT, name=chat["name"], url=chat["url"]
    )
    said = {name: hook[name] for name in ("name", "address", "kinds", "events")}
    return make_hook(actor=actor, at=at, unit_id=stage.units[hook["at"]], **said).hook_id


def disconnect(book: Mapping[str, Any], stage: Stage, hook_id: UUID) -> None:
    """Whatever happens once the demonstration runs is told nobody."""
    set_hook_open(actor=actor_at(book["by"], stage, stage.at), at=stage.at, hook_id=hook_id, is_open=False)


def handed_in(book: Mapping[str, Any], stage: Stage) -> Iterator[tuple[datetime, Told]]:
    """By programs that knock at the signed door."""
    for source in book["sources"]:
        at = began(source, stage) if "days" in source else stage.at - _RUNG
        yield at, _handed_in(source, book["by"], at, stage)


def _handed_in(source: Mapping[str, Any], by: str, at: datetime, stage: Stage) -> Told:
    actor, delivers = actor_at(by, stage, at), source["delivers"]
    said = {"name": source["name"], "delivers": delivers, "kind": source.get("kind", "")}
    source_id = make_source(actor=actor, at=at, unit_id=stage.units[source["at"]], **said).source_id
    key = source["key"]
    delivery: dict[str, Any] = {"at": at, "source_id": source_id, "key": key}
    delivery["digest"] = hashlib.sha256(key.encode()).hexdigest()
    if delivers == "calls":
        _give_line(actor, at, source)
        ring_line(**delivery, call=key, line=source["line"], caller=source["caller"], is_over=False)
    else:
        given = {name: (text,) for name, text in source["given"].items()}
        receive_report(**delivery, unit_code="", subject=None, happened_at=at, given=given, uploads=())
    yield from ()


def _give_line(actor: Actor, at: datetime, source: Mapping[str, Any]) -> None:
    account = Account.objects.get(login=source["login"])
    wanted = AccountState(account.name, account.login, account.email, source["line"])
    change_account(actor=actor, at=at, account_id=account.pk, wanted=wanted)
