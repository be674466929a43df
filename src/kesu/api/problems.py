"""Refusals as programs read them: `application/problem+json` (RFC 9457) with the fields that are wrong, the clauses
that say so, and what to do."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.http import HttpResponse
from django.utils.translation import gettext as _

from kesu.core.errors import NoRoom, Refused, TooMany, Unacceptable, Unproven
from kesu.web import sentences
from kesu.web.lacking import lack_in_words

_TYPE: Final = "urn:kesu:problem:"
_RETRY: Final = 60


def problem(status: int, code: str, title: str, advice: str, **more: Any) -> HttpResponse:
    """`title`: what happened; `advice`: what to do; `more`: members of its own."""
    document = {"type": f"{_TYPE}{code}", "title": title, "status": status, "advice": advice, **more}
    text = json.dumps(document, ensure_ascii=False)
    return HttpResponse(text, status=status, content_type="application/problem+json")


def of(refused: Refused, printed: Mapping[str, str] | None = None) -> HttpResponse:
    """`printed`: how clauses are printed, by identifier."""
    errors = list(_errors(refused, printed or {}))
    more = {"errors": errors} if errors else {}
    response = problem(refused.status, refused.reason, _title(refused), _advice(refused), **more)
    if isinstance(refused, TooMany | NoRoom):
        response.headers["Retry-After"] = str(_RETRY)
    return response


def lacking(refused: Refused) -> tuple[str, ...]:
    """Codes of the fields that were wrong, and of the rules that refused."""
    missing = [m.code for one in refused.data.get("refusals", ()) for m in one.missing]
    rules = [one.code for one in refused.data.get("refusals", ()) if not one.missing]
    return tuple(dict.fromkeys([*map(str, refused.data.get("fields", {})), *missing, *rules]))


def _title(refused: Refused) -> str:
    """A form says that it lacks something; here nobody fills one in."""
    has_more = bool(refused.data.get("refusals") or refused.data.get("fields"))
    return _("有几项不对，没有登记") if isinstance(refused, Unacceptable) and has_more else sentences.reason(refused)


def _advice(refused: Refused) -> str:
    if isinstance(refused, Unproven):
        return _("核对地址里的来源、密钥和时钟；密钥换过的，用新的")
    if isinstance(refused, TooMany):
        return _("过一分钟用同一个幂等键再送")
    if refused.data.get("refusals") or refused.data.get("fields"):
        return _("照 errors 改好再送；什么都没有登记")
    return _("照接口说明改好再送；什么都没有登记")


def _errors(refused: Refused, printed: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """One for each field, then one for each rule that has a sentence of its own."""
    clauses = _clauses_of_fields(refused, printed)
    for code, says in sentences.field_errors(refused).items():
        yield {"field": code, "detail": says, "clauses": clauses.get(code, [])}
    for one in refused.data.get("refusals", ()):
        cited = [printed.get(clause, clause) for clause in one.clauses]
        if one.says:
            yield {"rule": one.code, "detail": sentences.refusal(one.code, one.says), "clauses": cited}
        elif not one.missing:
            yield {"rule": one.code, "detail": sentences.refusal(one.code, ""), "clauses": cited}
        rest = [lack for lack in one.missing if not lack.code]
        yield from ({"rule": one.code, "detail": lack_in_words(lack), "clauses": cited} for lack in rest)


def _clauses_of_fields(refused: Refused, printed: Mapping[str, str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in refused.data.get("refusals", ()):
        for lack in one.missing:
            found.setdefault(lack.code, [printed.get(clause, clause) for clause in one.clauses])
    return found
