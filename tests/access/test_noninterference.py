"""Nobody off the list learns anything of a sealed case, not even that there is one.

Every address and every query is walked as an outsider in a world without the case and in the same world with it: the
status, the words and the SQL must be the same.
"""

from __future__ import annotations

import importlib
import inspect
import io
import pkgutil
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from types import ModuleType
from typing import Any

import pytest
from django.db import connection, reset_queries, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

import kesu.queries
from kesu.core.errors import Refused
from kesu.web.sheets import MEDIA_TYPE
from tests import calendars, deposits, desk
from tests.access import house_samples, sample
from tests.access.sample import Sample
from tests.full import is_full, only_in_full

OUTSIDERS = ("", "zhouyining", "tangshu", "wutong", "admin")
"""Nobody; the accused; the other office that may receive reports; who takes them in and is on no list; the keeper of
policies."""

_VARYING = (
    re.compile(r'name="(csrfmiddlewaretoken|form_token|token|csrf-token|seen_at)"( value| content)?="[^"]*"'),
    re.compile(r'<meta name="csrf-token" content="[^"]*">'),
    re.compile(r"(\d+ (天|小时|分|个工作日) ?)+"),
    re.compile(r"\d{2}:\d{2}"),
    re.compile(r'<rect class="past" x[^>]*>|<line class="nowl"[^>]*>'),  # the ruler's hand moves on
    re.compile(r'id="n[0-9a-f]{32}"'),
    re.compile(r"\d+\.\d GiB"),
    re.compile(r'"challenge": "[^"]*"'),
    re.compile(r'<p class="num enrol-key">[^<]*|<path [^>]*class="qr"[^>]*>|<svg [^>]*class="qr".*?</svg>', re.DOTALL),
    re.compile(r'<b class="num">[A-Z0-9-]*</b>|data-copy="[A-Z0-9-]*"'),  # a password, shown once
    re.compile(r'"(exported_at|at)": "[^"]*"'),
    re.compile(r'"digest":"[^"]*","format"|"made_at":"[^"]*"'),  # of a file of receipts
    re.compile(r"whsec_[\w+/=]+"),
    re.compile(r"/feed/[\w-]+\.ics"),  # a new secret at every press
    re.compile(r"(^(# \w+ )?kesu_request.*\n?)+", re.MULTILINE),  # the walk counts itself; see test_metrics
    re.compile(r"^kesu_\w+_seconds\S* .*$", re.MULTILINE),
)
_STAMP = re.compile(
    r"_django_curs_\w+|'\d{4}-\d\d-\d\d[T ][^']*'(::timestamptz)?|'[A-Za-z0-9:_.-]{32,}'|'argon2[^']*'"
    r"|s\d+_x\d+|'\\+x[0-9a-f]+'"
)
_MADE = re.compile(r"<dcterms:\w+[^>]*>[^<]*<")
"""The instant of making, in the properties of a spreadsheet."""

Answer = tuple[Any, ...]


def _blotted(text: str, *ids: object) -> str:
    for pattern in _VARYING:
        text = pattern.sub("~", text)
    for one in ids:
        text = text.replace(str(one), "the-case")
    return text


def _text(page: HttpResponse) -> str:
    """The words of a page or a printed document; packed bytes would differ by the minute alone."""
    media = page.headers.get("Content-Type", "")
    if "pdf" in media:
        return "\n".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(page.content)).pages)
    if media == MEDIA_TYPE:
        with zipfile.ZipFile(io.BytesIO(page.content)) as book:
            return "\n".join(f"{name} {_MADE.sub('', book.read(name).decode())}" for name in sorted(book.namelist()))
    if "wordprocessingml" in media:
        with zipfile.ZipFile(io.BytesIO(page.content)) as packed:
            return packed.read("word/document.xml").decode()
    return page.content.decode("utf-8", "replace")


def _statements(caught: CaptureQueriesContext, *ids: object) -> tuple[str, ...]:
    """The SQL with its values, without the times and the keys of sessions."""
    texts = [str(query["sql"]) for query in caught.captured_queries]
    for one in ids:
        texts = [text.replace(str(one), "the-case").replace(str(one).replace("-", ""), "the-case") for text in texts]
    return tuple(_STAMP.sub("~", text) for text in texts)


def differing(after: dict[str, Answer], before: dict[str, Answer]) -> list[str]:
    """Which answers changed, and the first part of each that did."""
    assert after.keys() == before.keys()
    return [f"{name}: {_first(after[name], before[name])}" for name in after if after[name] != before[name]]


def _first(after: Answer, before: Answer) -> str:
    for new, old in zip(after, before, strict=True):
        if new == old:
            continue
        parts = [one if isinstance(one, tuple) else str(one).split("\n") for one in (new, old)]
        pairs = zip(*parts, strict=False)
        return next((f"{a!r} was {b!r}" for a, b in pairs if a != b), f"{len(new)} parts, were {len(old)}")
    return ""


def pages(found: Sample, outsiders: tuple[str, ...] = OUTSIDERS) -> Iterator[tuple[str, Answer]]:
    for login in outsiders:
        for name in sample.names():
            client = desk.client_of(login) if login else Client()
            send = client.post if name in sample.POSTED else client.get
            reset_queries()  # the framework keeps some thousands, and a capture counts from the first of them
            with transaction.atomic():
                with CaptureQueriesContext(connection) as caught:
                    page = send(found.address(name))
                transaction.set_rollback(True)  # what a look writes (who had a number shown) is no part of the world
            ids = (found.sealed_id, found.sealed_file)
            yield f"{login} {name}", (page.status_code, _blotted(_text(page), *ids), _statements(caught, *ids))


def queries() -> Iterator[tuple[str, Callable[..., object]]]:
    """Every query of the program: a public function of `kesu.queries` whose arguments are all named."""
    for module in _modules():
        for name, function in inspect.getmembers(module, inspect.isfunction):
            parameters = inspect.signature(function).parameters.values()
            is_named = parameters and all(one.kind is inspect.Parameter.KEYWORD_ONLY for one in parameters)
            if function.__module__ == module.__name__ and not name.startswith("_") and is_named:
                yield f"{module.__name__}.{name}", function


def _modules() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(kesu.queries.__path__, "kesu.queries."):
        yield importlib.import_module(found.name)


def given(found: Sample, login: str) -> dict[str, Any]:
    """A value for every argument that any query takes. A query that takes another one fails the walk."""
    at = found.now
    return {
        "actor": found.world.actor(login, at.date()),
        "at": at,
        "on": at.date(),
        "happened_at": at,
        "today": (at - timedelta(hours=12), at + timedelta(hours=12)),
        "language": "en",
        "page": 1,
        "words": "",
        "size": 50,
        "most": 100,
        "before": "",
        "older_than": None,
        "newer_than": 0,
        "since": at,
        "text": "材料",
        "token": "",
        "folder": None,
        "preview": False,
        "credential": b"none",
        "provider": "none",
        **_of_sources(found),
        "account_id": found.world.people["zhouyining"],
        "unit": found.world.units["qingtang"].hex,
        "unit_id": found.world.units["qingtang"],
        **_of_cases(found),
        **_of_estate(found),
        **_of_policies(found),
        **_of_calendars(found),
    }


def _of_calendars(found: Sample) -> dict[str, Any]:
    from kesu.casefile.calendar_drafts import Draft

    return {
        "calendar_version": calendars.calendar_in_use(),
        "month": "",
        "day": found.now.date().isoformat(),
        "change_id": found.customer_id,
        "plan": (),
        "draft": Draft(("09:00-17:00",) * 5 + ("", ""), "09:00-17:00", {}, "", "夏令"),
    }


def _of_cases(found: Sample) -> dict[str, Any]:
    from kesu.access.measures import DutySlice, Period, Span
    from kesu.queries.cases.case_list import ListFilter
    from kesu.queries.registers.entry_list import RegisterFilter

    span = Span(found.now - timedelta(days=30), found.now + timedelta(days=1))
    return {
        "case_id": found.sealed_id,
        "case_ids": [found.sealed_id],
        "case_ref": str(found.sealed_id),
        "file_id": found.file_id,
        "matter_id": sample.matter_of(found),
        "number": "JB-26-0001",
        "secret": "0" * 32,
        "code": "AAAA-BBBB-CCCC-DDDD",
        "kind": "whistle_report",
        "step": "route",
        "given": {},
        "held": {},
        "acts": (),
        "version": 0,
        "seq": 1,
        "subject": "none",
        "document": "complaint_file",
        "is_sealed": False,
        "is_chat": False,
        "uploads": (),
        "is_sent": True,
        "chosen": ListFilter(state="", text="材料"),
        "period": Period(span, Span(found.now - timedelta(days=60), span.start)),
        "sought": DutySlice(),
        "ledger": deposits.CHOICE,
        "ledger_account": found.ledger_id,
        "register": RegisterFilter(text="材料"),
        "credential_id": found.customer_id,
        "publisher": "",
        "publication_id": found.customer_id,
    }


def _of_sources(found: Sample) -> dict[str, Any]:
    return {
        "source_id": sample.source_of(found),
        "hook_id": house_samples.hook_of(found.world, found.now),
        "state": "",
        "delivers": "reports",
        "key": "k-1",
        "digest": "0" * 64,
        "time": "0",
        "signatures": "v1,none",
        "body": b"{}",
        "unit_code": "",
        "place_id": house_samples.chat_place(found.world, found.now),
        "mailbox_id": house_samples.mailbox(found.world, found.now),
        "mail_id": house_samples.mail(found.world, found.now),
        "tab": "done",
    }


def _of_estate(found: Sample) -> dict[str, Any]:
    from kesu.access.permissions import Permission
    from kesu.queries.customers.customer_list import CustomerFilter
    from kesu.queries.estate.room_list import RoomFilter

    return {
        "room_id": found.room_id,
        "customer_id": found.customer_id,
        "numbers": ["13800002016"],
        "phones": "13800002016",
        "run_id": found.customer_id,
        "room_filter": RoomFilter(text="1702"),
        "customer_filter": CustomerFilter(text="苏晴"),
        "needs": Permission.ROOM_READ,
    }


def _of_policies(found: Sample) -> dict[str, Any]:
    return {
        "policy": "",
        "policy_hash": found.policy,
        "digest": found.policy[:8],
        "clause_id": "1.2",
        "notice": "received",
        "role": "cs_manager",
        "pack_code": "p10",
        "stages": {},
        "levels": {},
        "post": "",
        "proposal_id": found.proposal_id,
    }


def answers(found: Sample, outsiders: tuple[str, ...] = OUTSIDERS[1:]) -> Iterator[tuple[str, Answer]]:
    for login in outsiders:
        values = given(found, login)
        for name, query in queries():
            wanted = {one: values[one] for one in inspect.signature(query).parameters}
            reset_queries()
            with CaptureQueriesContext(connection) as caught:
                result = _told(query, wanted)
            words = result.replace(str(found.sealed_id), "the-case")
            yield f"{login} {name}", (words, _statements(caught, found.sealed_id))


def _told(query: Callable[..., object], wanted: dict[str, Any]) -> str:
    try:
        result = query(**wanted)
        return repr(result) + repr(list(getattr(result, "rows", ())))  # rows of a file come while it is written
    except (Refused, KeyError) as refused:  # a kind that a policy has not is no secret
        return repr(refused)


@pytest.mark.django_db
def test_it_answers_outsiders_the_same_at_every_address_with_and_without_a_sealed_case() -> None:
    found = sample.build()
    outsiders = OUTSIDERS if is_full else (OUTSIDERS[1], OUTSIDERS[3])
    # Compiled policies, and how the cases of each stand, stay in memory: the next walk asks less.
    dict(pages(found, (OUTSIDERS[1], OUTSIDERS[3])))
    without = dict(pages(found, outsiders))

    _, sealed_id = sample.report(found, accused=f"cs_specialist:{found.world.people['zhouyining'].hex}")

    assert differing(dict(pages(found.with_sealed(sealed_id), outsiders)), without) == []


@pytest.mark.django_db
def test_it_answers_outsiders_the_same_in_every_query_with_and_without_a_sealed_case() -> None:
    found = sample.build()
    dict(answers(found))
    without = dict(answers(found))

    _, sealed_id = sample.report(found, accused=f"cs_specialist:{found.world.people['zhouyining'].hex}")

    assert differing(dict(answers(found.with_sealed(sealed_id))), without) == []


@only_in_full
@pytest.mark.django_db
def test_it_would_notice_a_single_row_more() -> None:
    """The walk is no formality: an ordinary case in the reader's scope changes its answers."""
    found = sample.build()
    specialist = OUTSIDERS[1:2]
    dict(pages(found, specialist))
    without = dict(pages(found, specialist))

    found.world.submit(at=found.now, title="再来一件", person__phone="13800009999")

    assert dict(pages(found, specialist)) != without
