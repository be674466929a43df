"""Receipts as a document that somebody without this program can work out again: the due instants of cases, and all that
each rests on. No person and no text stands in it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, Final

from kesu.policy.calendar import Calendar, Duration, Interval
from kesu.policy.lasting import lasting
from kesu.policy.model.conditions import FactRef
from kesu.policy.model.facts import Value
from kesu.policy.model.limits import Ahead, Limit
from kesu.policy.standing.grounds import Grounds
from kesu.policy.standing.results import Obligation

FORMAT: Final = "kesu-receipts/1"


@lasting
class ReceiptsOf:
    """The obligations of one case, under which policy, and how far its log had come: `version` events, the hash of the
    last is `head`. `calendars`: those that counted, the last one last."""

    number: str
    policy: str
    version: int
    head: str
    obligations: tuple[Obligation, ...]
    calendars: tuple[Calendar, ...]


def canonical(document: Mapping[str, Any]) -> str:
    """As digests are made of it."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def receipts_document(cases: Iterable[ReceiptsOf], made_at: datetime) -> dict[str, Any]:
    """Every receipt of these cases with the calendars that they need, sealed by digests."""
    held = sorted(cases, key=lambda one: one.number)
    document: dict[str, Any] = {
        "format": FORMAT,
        "made_at": made_at.isoformat(),
        "calendars": {
            each.version: each.to_document() for one in held for whole in one.calendars for each in whole.with_posts()
        },
        "receipts": [receipt for one in held for receipt in _receipts(one)],
    }
    return _sealed(document)


def _receipts(case: ReceiptsOf) -> Iterator[dict[str, Any]]:
    for one in case.obligations:
        if one.grounds is None:
            continue  # an opinion that somebody was asked for has no limit, what was taken back none any more
        earlier = one.history.earlier if one.history is not None else ()
        yield _sealed(
            {
                "case": case.number,
                "policy": case.policy,
                "log": {"version": case.version, "head": case.head},
                "key": one.key,
                "name": one.name,
                "clauses": list(one.clauses),
                "state": one.state.value,
                "paused_since": _written(one.paused_since),
                "met_at": _written(one.met_at),
                **_reckoned(one.grounds, case),
                "earlier": [
                    {**_reckoned(was.grounds, case), "until": _written(was.until), "why": was.why.value}
                    for was in earlier
                ],
            }
        )


def _reckoned(grounds: Grounds, case: ReceiptsOf) -> dict[str, Any]:
    receipt = grounds.receipt
    return {
        "calendar": receipt.calendar_version if receipt is not None else case.calendars[-1].version,
        "basis": {
            "starts_at": _written(grounds.starts_at),
            "limits": list(_limits(grounds)),
            "uncounted": [_interval(one) for one in grounds.uncounted],
            "extensions": [_extension(one) for one in grounds.extensions],
            "cap": None if grounds.cap is None else str(grounds.cap),
            "floor": _written(grounds.floor),
        },
        "due_at": _written(grounds.due_at),
        "provisional": bool(receipt and receipt.provisional),
        "lines": [line.to_document() for line in receipt.lines] if receipt is not None else [],
    }


def _limits(grounds: Grounds) -> Iterator[dict[str, Any]]:
    stated = iter(grounds.stated)
    for limit in grounds.limits:
        value = next(stated, None) if limit.stated_by is not None else None
        yield {**_limit(limit, value), "clauses": list(limit.clauses)}


def _limit(limit: Limit, value: Value | None) -> dict[str, Any]:
    when = value.isoformat() if isinstance(value, date) else None  # an instant is a date too
    match limit.length:
        case FactRef(code):
            return {"fact": code, "stated": when}
        case Ahead(length, FactRef(code)):
            return {"fact": code, "before": str(length), "of": when}
        case length:
            holiday = None if limit.holiday is None else {"if": limit.holiday.when, "to": limit.holiday.to}
            return {"length": str(length), "holiday": holiday}


def _interval(one: Interval) -> dict[str, Any]:
    factor = None if one.factor is None else str(one.factor)
    return {"from": _written(one.start), "to": _written(one.end), "name": one.label, "factor": factor}


def _extension(one: Duration | datetime) -> dict[str, Any]:
    return {"until": _written(one)} if isinstance(one, datetime) else {"length": str(one)}


def _written(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def _sealed(document: dict[str, Any]) -> dict[str, Any]:
    return {**document, "digest": hashlib.sha256(canonical(document).encode()).hexdigest()}
