"""What a message says, as codes and typed values, and what of it the case keeps."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError

from kesu.casefile import notes
from kesu.casefile.books import kind_of
from kesu.casefile.log import data_key, read_ahead, read_bodies, read_logs
from kesu.casefile.shown import is_of_policy, latest
from kesu.casefile.spokesmen import secret_of
from kesu.casefile.tongues import Tongue
from kesu.core.keyring import seal, unseal
from kesu.core.letter import UNREADABLE, Letter
from kesu.core.masking import masked_phone
from kesu.core.policy_words import Sentence
from kesu.policy.events import Event
from kesu.policy.model.facts import DataClass, FactType
from kesu.policy.model.pack import Kind
from kesu.store.models import Case, Note, Obligation, OutboxMessage, Recipient

URGENT, NORMAL, DIGEST = "urgent", "normal", "digest"
NOTICE: Final = "notice"
REMINDER: Final = "reminder"
TO_CUSTOMER: Final = "to_customer"
"""The template of the policy's own words to a customer, and to those who hear what he is told."""
GUEST_INVITED: Final = "guest_invited"
GUEST_TOLD: Final = "guest_told"
UNTOLD: Final = frozenset({"sealed", "coded"})
"""Templates of messages of which only the one whom they are for may know that there are any."""
CODED: Final = "coded"
_OWN_VALUES: Final = frozenset({"stage", "level"})
_NAMING: Final = ("unit", "post", "coded", "until", "copies")
"""Of the values of a message that is about no case: those that its heading names."""
_LONGEST: Final = 100
"""Signs of what somebody wrote that a message holds."""
_UNSAID: Final = "…"
"""In its place, where nothing that somebody wrote is told."""
_MAIL_SHOWN: Final = 1
_OTHER_SHOWN: Final = 2


@dataclass(frozen=True, slots=True)
class Kept:
    """Where a message went and what it said."""

    to: str = ""
    subject: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class _Beside:
    """What messages say beside their own rows. `owed`: by case and key; `logs`: of the cases that they quote."""

    owed: Mapping[tuple[UUID, str], Obligation]
    logs: Mapping[UUID, Sequence[Event]]


def letters_shown(messages: Sequence[OutboxMessage], *, language: str) -> list[Letter]:
    """Those of a whole page. Three queries at most, however many there are and whatever they quote. One that cannot be
    read is told to be so, and keeps nothing else from being shown."""
    cases: dict[UUID, Case] = {}
    for message in messages:
        if message.case is not None:  # one row of each, which keeps what was read of it
            message.case = cases.setdefault(message.case.pk, message.case)
    try:
        beside = _read_beside(messages)
    except DatabaseError:
        raise
    except Exception:  # then each is read by itself
        beside = None
    return [_shown(message, language, beside) for message in messages]


def letter_of(message: OutboxMessage, *, language: str, secret: str = "") -> Letter:
    """`secret`: of the customer's own link, where the house knows it. The rows that it is made of are read here, each
    where the message names one."""
    return _letter(message, language, secret, _read_beside([message]))


def _read_beside(messages: Sequence[OutboxMessage]) -> _Beside:
    about = [(message, message.case) for message in messages if message.case is not None]
    named = {(case.pk, str(message.payload.get("obligation") or "")) for message, case in about}
    keys = {key for _case, key in named if key}
    rows = Obligation.objects.filter(case__in={case for case, key in named if key}, key__in=keys) if keys else ()
    owed = {(row.case_id, row.key): row for row in rows}
    quoted = {case.pk: case for message, case in about if _quoted(message, case)}
    if not quoted:
        return _Beside(owed, {})
    read_ahead(list(quoted.values()), [DataClass.INTERNAL.value])
    return _Beside(owed, read_logs([(case, _kind(case)) for case in quoted.values()]))


def _kind(case: Case) -> Kind:
    return kind_of(case.policy_version_id, case.kind)


def _letter(message: OutboxMessage, language: str, secret: str, beside: _Beside) -> Letter:
    case = message.case
    if message.guest_id is not None:
        secret = secret_of(message.guest_id)
    tongue = Tongue(language, case.policy_version_id if case is not None else "")
    due, subject = _subject(message, tongue, beside)
    says_words = not is_for_robot(message) or (message.place is not None and message.place.tells_words)
    return Letter(
        key=message.key,
        template=message.template,
        recipient=message.recipient,
        language=language,
        case_id=str(case.pk) if case else "",
        number=case.number if case else "",
        title=(case.card.title if says_words else "") if case else _title(message, tongue),
        subject=subject,
        due_at=due,
        clauses=tuple(map(tongue.word, message.payload.get("clauses", ()))),
        policy_words=tongue.word(_notice_text(message)),
        own_words=_own_words(message),
        sentence=_sentence(message, tongue),
        secret=secret,
        is_urgent=message.lane == URGENT,
        data={**message.payload, "values": _values(message, tongue, beside, says_words=says_words)},
    )


def _shown(message: OutboxMessage, language: str, beside: _Beside | None) -> Letter:
    try:
        return _letter(message, language, "", beside or _read_beside([message]))
    except DatabaseError:
        raise
    except Exception:
        case_id, number = (str(message.case.pk), message.case.number) if message.case else ("", "")
        return Letter(message.key, UNREADABLE, message.recipient, language, case_id=case_id, number=number)


def _title(message: OutboxMessage, tongue: Tongue) -> str:
    """Of a message about no case: what a policy to be signed is called, or what whoever works blind is told of."""
    title = str(message.payload.get("title", ""))
    return tongue.word(title) if message.template == CODED else tongue.known(title) or title


def _values(message: OutboxMessage, tongue: Tongue, beside: _Beside, *, says_words: bool) -> Any:
    """`says_words`: what somebody wrote of the case may be in it. What cannot be read is left to whoever words the
    letter: there it stops no other."""
    values = message.payload.get("values", {})
    if message.case is None or not isinstance(values, Mapping):
        return values
    kind = _kind(message.case)
    own = {code for code in values if code in _OWN_VALUES or is_of_policy(kind, code)}
    said = {code: tongue.word(one) if code in own else one for code, one in values.items()}
    written = _written(message, message.case, beside) if says_words else _unsaid(kind, values)
    return {**said, **written}


def _unsaid(kind: Kind, codes: Iterable[str]) -> dict[str, str]:
    return {code: _UNSAID for code in codes if code in kind.facts and kind.facts[code].type is FactType.TEXT}


def _quoted(message: OutboxMessage, case: Case) -> set[str]:
    """What of the texts of the case it names, as far as it is nobody's own."""
    values, kind = message.payload.get("values", {}), _kind(case)
    codes = values if isinstance(values, Mapping) else ()
    facts = [kind.facts[code] for code in codes if code in kind.facts and code != kind.title_fact]
    return {one.code for one in facts if one.type is FactType.TEXT and one.data is DataClass.INTERNAL}


def _written(message: OutboxMessage, case: Case, beside: _Beside) -> dict[str, str]:
    """What somebody wrote of the case, as far as a notice names it: read when the message leaves, so that no row of the
    outbox holds it. Cut short: the rest stands behind the link."""
    wanted = _quoted(message, case)
    if not wanted:
        return {}
    texts = latest(_kind(case), read_bodies(case, [DataClass.INTERNAL.value]), beside.logs[case.pk])
    lines = {code: " ".join(str(texts.get(code, "")).split()) for code in wanted}
    return {code: line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…" for code, line in lines.items()}


def _sentence(message: OutboxMessage, tongue: Tongue) -> Sentence | None:
    """Of what the policy's own words to somebody outside are made, where he reads another language than they are in."""
    if message.note is None or message.case is None or tongue.language == settings.LANGUAGE_CODE:
        return None
    message.note.case = message.case
    sentence = notes.sentence_of(message.note)
    return sentence.said(tongue.word) if sentence is not None else None


def _subject(message: OutboxMessage, tongue: Tongue, beside: _Beside) -> tuple[datetime | None, str]:
    if message.case is not None and message.payload.get("obligation"):
        owed = beside.owed.get((message.case.pk, str(message.payload["obligation"])))
        return (owed.due_at, tongue.word(owed.name)) if owed else (None, "")
    named = {part: str(message.payload[part]) for part in _NAMING if part in message.payload}
    if set(named) == {"copies"}:
        subject = tongue.word(named["copies"])
    else:
        subject = " ".join((tongue.known(one) or one) if part == "post" else one for part, one in named.items())
    due = message.payload.get("due")
    return (datetime.fromisoformat(due) if due else None), subject


def to_customer(
    case: Case, key: str, note: Note, ways: Sequence[str], at: datetime, *, code: str = "", urgent: bool = False
) -> OutboxMessage:
    """The words that stand on his case, on their way to him; where to is asked when they leave. `key`: of what sends
    them; `code`: of the notice, empty for words of a person."""
    return OutboxMessage(
        key=f"{case.pk}/{key}/{Recipient.CUSTOMER}",
        lane=URGENT if urgent else NORMAL,
        recipient=Recipient.CUSTOMER,
        case=case,
        note=note,
        template=TO_CUSTOMER,
        payload={"code": code, "ways": list(ways)},
        created_at=at,
        try_at=at,
    )


def _notice_text(message: OutboxMessage) -> str:
    """With placeholders as the pack wrote them; empty for a code that is no notice of this kind."""
    case, code = message.case, str(message.payload.get("code", ""))
    if case is None or message.template != NOTICE:
        return ""
    found = kind_of(case.policy_version_id, case.kind).notices.get(code)
    return (found.text or found.name) if found else ""


def _own_words(message: OutboxMessage) -> str:
    if message.note is None or message.case is None:
        return ""
    message.note.case = message.case
    return notes.numbered(message.note, notes.text_of(message.note), message.case)


def keep(message: OutboxMessage, kept: Kept, letter: Letter) -> None:
    """On the row, not yet written. Without a case there is no key that could be destroyed, and nothing is kept; of
    words to somebody outside the case has the text already, unless they went in another language."""
    if message.case is not None:
        has_text = message.note_id is not None and letter.sentence is None
        said = kept.text.replace(letter.secret, "…") if letter.secret else kept.text
        document = {"to": kept.to, "subject": kept.subject, "text": "" if has_text else said}
        message.sealed = _sealed(message.case, message.key, "sent", document)


def kept_of(message: OutboxMessage) -> Kept:
    if message.case is None or not message.sealed:
        return Kept()
    return Kept(**_opened(message.case, message.key, "sent", bytes(message.sealed)))


def kept_shown(message: OutboxMessage) -> Kept:
    """The same for a page, empty where it cannot be read."""
    try:
        return kept_of(message)
    except Exception:
        return Kept()


def put_address(message: OutboxMessage, to: str) -> None:
    """Where somebody said that it goes. Only of a message about a case."""
    assert message.case is not None
    message.address = _sealed(message.case, message.key, "address", {"to": to})


def address_of(message: OutboxMessage) -> str:
    if message.case is None or not message.address:
        return ""
    return _opened(message.case, message.key, "address", bytes(message.address))["to"]


def seal_address(case: Case, owner: str, channel: str, to: str) -> bytes:
    """Of somebody outside who has a link (`owner`: its identifier)."""
    return _sealed(case, owner, "guest", {"channel": channel, "to": to})


def open_address(case: Case, owner: str, sealed: bytes) -> tuple[str, str]:
    """Channel and address; empty where nobody said any."""
    if not sealed:
        return "", ""
    found = _opened(case, owner, "guest", sealed)
    return found["channel"], found["to"]


def _sealed(case: Case, owner: str, what: str, document: Mapping[str, str]) -> bytes:
    return seal(data_key(case), json.dumps(document, ensure_ascii=False).encode(), f"{what}/{owner}".encode())


def _opened(case: Case, owner: str, what: str, sealed: bytes) -> dict[str, str]:
    found: dict[str, str] = json.loads(unseal(data_key(case), sealed, f"{what}/{owner}".encode()))
    return found


def masked(channel: str, to: str) -> str:
    """An address as screens show it."""
    if channel == "sms":
        return masked_phone(to)
    name, at, house = to.partition("@")
    if at:
        return f"{name[:_MAIL_SHOWN]}***@{house}"[:80]
    return f"{to[:_OTHER_SHOWN]}***" if to else ""


def is_for_robot(message: OutboxMessage) -> bool:
    """Whether a group of a work chat reads it, in which more people may be than see the case."""
    return message.recipient == Recipient.ROBOT
