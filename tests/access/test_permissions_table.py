"""Who gets what from every address. An address that is missing in the table fails: nobody forgets to decide."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client

from tests import desk
from tests.access import sample
from tests.access.sample import Sample

ROLES = ("", "wutong", "zhouyining", "zhaolang", "qiubai", "admin")
"""Nobody; the operator who heard the case; the specialist of its project; the one of another company's project; the
person on the sealed case's list; the keeper of policies, who sees no case."""

OPEN = (200, 200, 200, 200, 200, 200)
STAFF = (302, 200, 200, 200, 200, 200)
PARTY = (302, 200, 200, 404, 404, 404)
LISTED = (302, 404, 404, 404, 200, 404)
COUNTERS = (302, 403, 200, 200, 403, 403)
READERS = (302, 403, 200, 200, 403, 200)
KEEPERS = (302, 403, 403, 403, 403, 200)
CARERS = (302, 403, 200, 200, 403, 403)
"""Of lists of rooms and customers; one row of another company is none of theirs."""
CARED = (302, 404, 200, 404, 404, 404)
ASKED = (302, 404, 422, 404, 404, 404)
"""A form of a customer sent empty."""

TABLE = {
    "absence-end": (302, 422, 422, 422, 422, 422),
    "adoption-withdraw": (302, 404, 404, 404, 404, 404),
    "overlay-lift": (302, 404, 404, 404, 404, 404),
    "adoptions": READERS,
    "api-calls": (405,) * 6,
    "api-reports": (405,) * 6,
    "approvals": STAFF,
    "approvals-copied": STAFF,
    "approvals-copies-read": (302, 302, 302, 302, 302, 302),
    "approvals-live": STAFF,
    "approvals-phrase-drop": (302, 302, 302, 302, 302, 302),
    "approvals-phrases": STAFF,
    "approvals-submitted": STAFF,
    "approvals-signed": STAFF,
    "approvals-sign": (302, 422, 422, 422, 422, 422),
    "board": STAFF,
    "calendar": STAFF,
    "calendar-change": (302, 404, 404, 404, 404, 404),
    "calendar-edit": KEEPERS,
    "calendar-save": (302, 403, 403, 403, 403, 422),
    "calendars": STAFF,
    "call-aside": (302, 302, 302, 302, 302, 302),
    "calls-live": STAFF,
    "notices": STAFF,
    "notices-live": STAFF,
    "notices-read": (302,) * 6,
    "notice-choice": STAFF,
    "undelivered": STAFF,
    "message-again": (302, 404, 302, 404, 404, 404),
    "message-give-up": (302, 404, 422, 404, 404, 404),
    "message-handed": (302, 404, 422, 404, 404, 404),
    "board-notice": (302, 404, 404, 404, 404, 404),
    "case-archive": PARTY,
    "case-receipts": PARTY,
    "case-side-by-side": PARTY,
    "case-people": PARTY,
    "case-sent": PARTY,
    "case-document": PARTY,
    "case-document-docx": PARTY,
    "case-document-pdf": PARTY,
    "case-file": PARTY,
    "case-file-preview": PARTY,
    "case-file-view": PARTY,
    "case-evidence": PARTY,
    "case-evidence-file": PARTY,
    "case-evidence-hands": (302, 403, 422, 404, 404, 404),
    "case-evidence-marks": (302, 403, 422, 404, 404, 404),
    "case-evidence-words": (302, 403, 422, 404, 404, 404),
    "case-guest-tell": (302, 403, 404, 404, 404, 404),
    "case-guest-withdraw": (302, 403, 404, 404, 404, 404),
    "case-guests": (302, 403, 200, 404, 404, 404),
    "case-import": (302, 200, 200, 200, 403, 403),
    "case-import-errors": (302, 404, 404, 404, 404, 404),
    "case-import-template": (302, 200, 200, 200, 403, 403),
    "case-join": (302, 422, 422, 404, 404, 404),
    "case-set-aside": (302, 404, 404, 404, 404, 404),
    "case-part": (302, 403, 422, 404, 404, 404),
    "matter-list": STAFF,
    "matter-name": (302, 403, 302, 404, 404, 404),
    "matter-page": PARTY,
    "case-list": STAFF,
    "case-list-export": STAFF,
    "case-list-receipts": STAFF,
    "receipt-verifier": STAFF,
    "case-message": (302, 403, 422, 404, 404, 404),
    "case-new": (302, 200, 200, 200, 403, 403),
    "case-new-preview": (302, 200, 200, 200, 403, 403),
    "case-note": (302, 403, 422, 404, 404, 404),
    "case-page": PARTY,
    "case-panel": PARTY,
    "case-step": PARTY,
    "case-step-many": PARTY,
    "case-step-many-template": PARTY,
    "case-step-preview": PARTY,
    "case-timeline": PARTY,
    "case-take-back": (302, 404, 404, 404, 404, 404),  # this policy lets nobody take anything back
    "case-unmask": (302, 403, 200, 404, 404, 404),
    "changes": KEEPERS,
    "coded-list": (302, 403, 403, 403, 403, 403),  # for whoever works blind: tests/access/test_blind.py
    "coded-sample": (302, 403, 403, 403, 403, 403),
    "coded-step": (302, 403, 403, 403, 403, 403),
    "case-label": (302, 404, 404, 404, 404, 404),
    "credentials": (302, 403, 200, 403, 403, 200),
    "credential-proof": (302, 404, 404, 404, 404, 404),
    "credential-remove": (302, 404, 404, 404, 404, 404),
    "register-day": (302, 404, 404, 404, 404, 404),
    "register-export": (302, 403, 200, 200, 403, 403),
    "register-list": (302, 403, 200, 200, 403, 403),
    "chat": OPEN,
    "chat-live": OPEN,
    "chat-start": OPEN,
    "chat-talk": OPEN,
    "chat-words": (422, 422, 422, 422, 422, 422),
    "customer-change": ASKED,
    "customer-apart": (302, 404, 404, 404, 404, 404),
    "customer-consent": ASKED,
    "customer-duplicates": CARERS,
    "customer-erase": (302, 404, 403, 404, 404, 404),
    "customer-export": CARED,
    "customer-import": (302, 403, 403, 403, 403, 403),
    "customer-import-errors": (302, 403, 403, 403, 403, 403),
    "customer-import-run": (302, 403, 403, 403, 403, 403),
    "customer-import-template": (302, 403, 403, 403, 403, 403),
    "customer-join": (302, 404, 404, 404, 404, 404),
    "customer-list": CARERS,
    "customer-new": CARERS,
    "customer-page": CARED,
    "customer-part": (302, 404, 404, 404, 404, 404),
    "customer-purchase": ASKED,
    "customer-room": ASKED,
    "customer-room-end": (302, 404, 404, 404, 404, 404),
    "customer-shown": CARED,
    "customer-withdraw": (302, 404, 404, 404, 404, 404),
    "exports": KEEPERS,
    "follow-publication": (404,) * 6,
    "follow-publications": OPEN,
    "front": (200, 302, 302, 302, 302, 302),
    "guest": OPEN,
    "guest-step": (404, 404, 404, 404, 404, 404),
    "guest-words": (422, 422, 422, 422, 422, 422),
    "channel-try": (302, 403, 403, 403, 403, 404),  # none is set up
    "channels": KEEPERS,
    "hand-over": KEEPERS,
    "health": (302, 403, 403, 403, 403, 200),
    "healthz": OPEN,
    "hook": KEEPERS,
    "hook-again": (302, 403, 403, 403, 403, 404),
    "hook-open": (302, 403, 403, 403, 403, 302),
    "hook-renew": (302, 403, 403, 403, 403, 200),
    "hook-try": (302, 403, 403, 403, 403, 302),
    "hooks": KEEPERS,
    "chats": KEEPERS,
    "chat-place": (302, 403, 403, 403, 403, 404),  # none is set up
    "chat-try": (302, 403, 403, 403, 403, 404),
    "chat-remove": (302, 403, 403, 403, 403, 404),
    "language": (302, 302, 302, 302, 302, 302),
    "ledger-account": COUNTERS,
    "ledger-list": COUNTERS,
    "ledger-list-export": COUNTERS,
    "metrics": OPEN,  # to this machine
    "numbers": COUNTERS,
    "numbers-ahead": COUNTERS,
    "numbers-duties": COUNTERS,
    "numbers-export": COUNTERS,
    "organisation": KEEPERS,
    "organisation-book": KEEPERS,
    "organisation-import": KEEPERS,
    "people": KEEPERS,
    "person": (302, 403, 200, 403, 403, 200),
    "policies": READERS,
    "policy": READERS,
    "policy-changes": KEEPERS,
    "policy-clause": STAFF,
    "policy-coverage": READERS,
    "policy-coverages": READERS,
    "policy-notices": READERS,
    "policy-offer": KEEPERS,
    "policy-offers": KEEPERS,
    "policy-renewal": (302, 403, 404, 404, 403, 404),
    "policy-trial": KEEPERS,
    "proposal": (302, 404, 200, 404, 404, 200),
    "proposal-refuse": (302, 404, 422, 404, 404, 403),
    "proposal-sign": (302, 404, 422, 404, 404, 403),
    "proposal-signer": (302, 404, 403, 404, 404, 404),
    "proposal-withdraw": (302, 404, 403, 404, 404, 302),
    "proposals": STAFF,
    "post-end": (302, 404, 404, 404, 404, 404),
    "post-give": (302, 403, 403, 403, 403, 422),
    "public-follow": OPEN,
    "public-form": OPEN,
    "public-step": OPEN,
    "public-submit": OPEN,
    "public-submitted": OPEN,
    "public-words": (422, 422, 422, 422, 422, 422),
    "publication": (404,) * 6,
    "publication-feed": OPEN,
    "publication-list": OPEN,
    "readings": KEEPERS,
    "report": OPEN,
    "report-add": (404, 404, 404, 404, 404, 404),
    "report-form": OPEN,
    "report-status": OPEN,
    "room-list": CARERS,
    "room-new": CARERS,
    "room-page": CARED,
    "room-remove": (302, 404, 422, 404, 404, 404),
    "role": KEEPERS,
    "roles": KEEPERS,
    "root-add": (302, 403, 403, 403, 403, 422),
    "sealed-case": LISTED,
    "sealed-file": LISTED,
    "sealed-list": LISTED,
    "sealed-new": (302, 200, 404, 404, 200, 404),  # the operator takes reports in
    "sealed-step": LISTED,
    "setup": (404, 403, 403, 403, 403, 200),
    "passkey-options": OPEN,
    "person-factors-reset": (302, 403, 403, 403, 403, 302),
    "person-password": (302, 403, 403, 403, 403, 200),
    "person-reopen": (302, 403, 403, 403, 403, 422),
    "person-sessions-end": (302, 403, 403, 403, 403, 302),
    "person-identity": (302, 404, 404, 404, 404, 404),
    "person-export": (302, 403, 200, 403, 403, 200),
    "person-change": (302, 403, 403, 403, 403, 422),
    "person-shut": (302, 403, 403, 403, 403, 422),
    "security": STAFF,
    "security-app": STAFF,
    "feed": (404,) * 6,
    "feed-make": STAFF,
    "feed-end": (302,) * 6,
    "security-app-remove": (302,) * 6,
    "security-codes": (302, 403, 403, 403, 403, 403),
    "security-passkey-add": (302, 422, 422, 422, 422, 422),
    "security-passkey-remove": (302, 404, 404, 404, 404, 404),
    "security-password": (302, 422, 422, 422, 422, 422),
    "security-sessions-end": (302,) * 6,
    "sign-in-app": (302,) * 6,
    "sign-in-passkey": (422, 422, 422, 422, 422, 422),
    "sign-in-password": (302,) * 6,
    "sign-in-second": (302,) * 6,
    "sign-in": (200, 302, 302, 302, 302, 302),
    "sign-on": (404,) * 6,
    "sign-on-back": (404,) * 6,
    "sign-out": (302, 302, 302, 302, 302, 302),
    "slot-map": (302, 403, 403, 403, 403, 302),
    "slots": KEEPERS,
    "source": KEEPERS,
    "source-open": (302, 403, 403, 403, 403, 302),
    "source-renew": (302, 403, 403, 403, 403, 200),
    "sources": KEEPERS,
    "mail": (302, 200, 200, 404, 403, 403),
    "mail-original": (302, 200, 200, 404, 403, 403),
    "mailbox": KEEPERS,
    "mailbox-open": (302, 403, 403, 403, 403, 302),
    "mailbox-try": (302, 403, 403, 403, 403, 302),
    "mailboxes": KEEPERS,
    "mails": (302, 200, 200, 200, 403, 403),
    "unit-add": (302, 404, 404, 404, 404, 404),
    "unit-move": (302, 403, 403, 403, 403, 422),
    "unit-change": (302, 404, 404, 404, 404, 422),
    "work": STAFF,
    "work-live": STAFF,
}


def rows(found: Sample) -> Iterator[tuple[str, tuple[int, ...]]]:
    for name in TABLE:
        yield name, tuple(status(found, name, login) for login in ROLES)


def status(found: Sample, name: str, login: str) -> int:
    client = desk.client_of(login) if login else Client()
    send = client.post if name in sample.POSTED else client.get
    return int(send(found.address(name)).status_code)


def test_it_decides_for_every_address() -> None:
    assert sorted(TABLE) == sample.names()


@pytest.mark.django_db
def test_it_gives_every_role_exactly_what_the_table_says() -> None:
    found = sample.build()
    _, sealed_id = sample.report(found)

    assert dict(rows(found.with_sealed(sealed_id))) == TABLE


@pytest.mark.django_db
def test_it_names_the_missing_right_and_who_can_grant_it() -> None:
    desk.opened()

    page = desk.client_of("wutong").get("/policies")

    assert page.status_code == 403
    assert "看制度" in page.content.decode()
    assert "制度管理员 系统管理员" in page.content.decode()
